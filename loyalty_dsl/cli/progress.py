"""Progress of long work, on stderr and only on a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import click

from loyalty_dsl.report.style import Style


def tell_if_compiling(entry: Literal["run_members", "live_members", "operate"]) -> None:
    """Says that the first run on a machine takes some seconds longer, where it will.

    Args:
        entry: the function that will be called: that of a replay, of a simulation or of scenarios.
    """
    if not sys.stderr.isatty():
        return
    from loyalty_dsl.evaluation.kernel_cache import is_cached

    if not is_cached(entry):
        click.echo("compiling the kernel for this machine, once", err=True)


@contextmanager
def _percentage(words: str) -> Iterator[Callable[[int, int], None]]:
    """A line that is written over as the work goes on, and is gone in the end."""
    last = ""

    def tell(done: int, total: int) -> None:
        nonlocal last
        now = f"{words} {100 * done // max(total, 1)}%"
        if now != last:
            sys.stderr.write(f"\r{now:<{len(last)}}")
            sys.stderr.flush()
            last = now

    try:
        yield tell
    finally:
        sys.stderr.write(f"\r{'':<{len(last)}}\r" if last else "")
        sys.stderr.flush()


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar with the time that is left.

    Args:
        words: what is being done.

    Yields:
        A function of (done, all), or `None` where stderr is no terminal. A terminal that is asked for no
        colour, or knows no escape codes, gets a percentage and none of them.
    """
    if not sys.stderr.isatty():
        yield None
        return
    if not Style.of(sys.stderr).colour:
        with _percentage(words) as progress:
            yield progress
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
