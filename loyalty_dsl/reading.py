"""Rule files from disk: folders searched, text decoded, sizes bounded.

Invariant: only regular files of at most `MAX_BYTES` are read, each once, and a `SourceText` keeps the name
that the user wrote.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.source import SourceText

SUFFIX = ".loyalty"

MAX_BYTES = 10_000_000
"""The largest rule file; the longest real program is a hundredth of it."""


def read_sources(paths: Iterable[Path]) -> tuple[SourceText, ...]:
    """Reads rule files, and those in folders, in the order of the paths.

    Args:
        paths: files of any name, or folders that are searched for `*.loyalty`, in order of name.

    Returns:
        One source a file; a file that is named twice is read once.

    Raises:
        InputRefused: a path that is missing, unreadable, too large or no text, or no file at all.
    """
    sources = []
    seen = set()
    for path in paths:
        for file in _files_of(path):
            identity = file.resolve()
            if identity not in seen:
                seen.add(identity)
                sources.append(SourceText(str(file), _read(file)))
    return tuple(sources)


def _files_of(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = False
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(SUFFIX) and not name.startswith("."):
                found = True
                yield Path(folder, name)
    if not found:
        raise InputRefused(f"no *{SUFFIX} file in the folder `{path}`")


def _read(path: Path) -> str:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputRefused(f"`{path}` is not a file")
        if status.st_size > MAX_BYTES:
            raise InputRefused(
                f"`{path}` has {status.st_size:,} bytes; a rule file has at most {MAX_BYTES:,}"
            )

        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputRefused(f"there is no file `{path}`", _nearby(path)) from None
    except UnicodeDecodeError as problem:
        line = path.read_bytes()[: problem.start].count(b"\n") + 1
        raise InputRefused(f"`{path}` is not text in UTF-8: line {line} has a byte that is none") from None
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise InputRefused(f"`{path}` cannot be read: {(reason or 'unknown reason').lower()}") from None


def _nearby(path: Path) -> str | None:
    from difflib import get_close_matches

    folder = path.parent
    try:
        names = [entry.name for entry in folder.iterdir()]
    except OSError:
        return None
    near = get_close_matches(path.name, names, 1) or get_close_matches(path.name + SUFFIX, names, 1, 0.8)
    return f"did you mean `{folder / near[0]}`?" if near else None
