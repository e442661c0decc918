"""`loyalty check --watch`: doing something again whenever rule files change.

Invariant: every change is answered, also one that comes while the last is being answered; changes that come
close together are answered once.
"""

import gc
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from loyalty_dsl.cli.exits import INTERRUPTED
from loyalty_dsl.reading import files_of
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.style import counted, printable

PAUSE = 0.3
"""Seconds between two looks at the files."""

MOST_LOOKS = 20
"""Looks that wait for a file which is still being written."""

Look = dict[str, tuple[int, int, int] | None]


def look_at(paths: Sequence[Path]) -> Look:
    """The rule files that there are, and by what a change of each is noticed."""
    found: Look = {}
    for path in paths:
        try:
            for file in files_of(path):
                found[str(file)] = _stamp(file)
        except (InputRefused, OSError):  # a folder that is empty for now, or gone
            found[str(path)] = None
    return found


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def wait(seconds: float) -> None:
    time.sleep(seconds)


def watch(paths: Sequence[Path], act: Callable[[Look], None], sleep: Callable[[float], None]) -> None:
    """Acts now, and again whenever a file has changed, is new or is gone; until Ctrl-C.

    Args:
        paths: files, and folders that are searched anew at every look.
        act: what is done, with the files that there are.
        sleep: how time passes.
    """
    seen = look_at(paths)
    act(seen)
    while True:
        sleep(PAUSE)
        now = look_at(paths)
        if now == seen:
            continue
        for _ in range(MOST_LOOKS):
            sleep(PAUSE / 3)
            before, now = now, look_at(paths)
            if now == before:
                break
        seen = now
        act(seen)


def watch_files(paths: Sequence[Path], run: Callable[[], object]) -> int:
    """Runs a command on files now and whenever they change; a file that cannot be read ends nothing.

    Returns:
        The exit code, when Ctrl-C ends it.
    """
    gc.enable()  # a check alone runs without it (`cli.main`)

    def act(files: Look) -> None:
        click.clear()  # a terminal; anything else is left as it is
        try:
            run()
        except InputRefused as refusal:
            click.echo(f"error: {printable(refusal.message)}", err=True)
        there = sum(stamp is not None for stamp in files.values())
        click.echo(f"{time.strftime('%H:%M:%S')} watching {counted(there, 'file')}; Ctrl-C ends", err=True)

    try:
        watch(paths, act, wait)
    except KeyboardInterrupt:
        # A terminal has `^C` on the line already.
        click.echo("\nstopped" if sys.stderr.isatty() else "stopped", err=True)
    return INTERRUPTED
