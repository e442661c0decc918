"""Rule files from disk: folders searched, text decoded, sizes bounded; and the hashes of inputs.

Invariant: only regular files of at most `MAX_BYTES` are read, each once, and a `SourceText` keeps the name
that the user wrote.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from loyalty_dsl.language.suggestions import nearest
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
        for file in files_of(path):
            identity = file.resolve()
            if identity not in seen:
                seen.add(identity)
                sources.append(SourceText(str(file), _read(file)))
    return tuple(sources)


def files_of(path: Path) -> Iterator[Path]:
    """The file of a path, whether or not there is one, or the rule files of a folder, in order of name.

    Raises:
        InputRefused: a folder without any, or one in it that cannot be looked into.
    """
    if not path.is_dir():
        yield path
        return
    found = False
    for folder, folders, names in os.walk(path, onerror=_refuse_folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(SUFFIX) and not name.startswith("."):
                found = True
                yield Path(folder, name)
    if not found:
        raise InputRefused(f"no *{SUFFIX} file in the folder `{path}`")


def _refuse_folder(problem: OSError) -> None:
    """Refuses a folder that cannot be looked into: what is not read must not pass as fine."""
    reason = (problem.strerror or "unknown reason").lower()
    raise InputRefused(f"the folder `{problem.filename}` cannot be read: {reason}")


def _read(path: Path) -> str:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputRefused(f"`{path}` is not a file")
        if status.st_size > MAX_BYTES:
            raise InputRefused(
                f"`{path}` has {status.st_size:,} bytes; a rule file has at most {MAX_BYTES:,}"
            )
        return text_of(path.read_bytes(), str(path))
    except FileNotFoundError:
        if path.is_symlink():
            raise InputRefused(
                f"`{path}` is a link to `{path.readlink()}`, and there is no such file"
            ) from None
        raise InputRefused(f"there is no file `{path}`", file_near(path, SUFFIX)) from None
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise InputRefused(f"`{path}` cannot be read: {(reason or 'unknown reason').lower()}") from None


def text_of(content: bytes, name: str) -> str:
    """The text of a rule file.

    Args:
        name: what it is called where it cannot be read.

    Raises:
        InputRefused: it is no text in UTF-8, or too large, or its lines end in a way of long ago.
    """
    if len(content) > MAX_BYTES:
        raise InputRefused(f"`{name}` has {len(content):,} bytes; a rule file has at most {MAX_BYTES:,}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise InputRefused(f"`{name}` is not text in UTF-8: line {line} has a byte that is none") from None
    if "\r" in text and "\n" not in text:
        raise InputRefused(
            f"`{name}` is one long line: its lines end in carriage returns alone",
            "save it with the line ends of Unix or Windows",
        )
    return text


def file_near(path: Path, suffix: str = "") -> str | None:
    """A question that names the file beside `path` that was probably meant, where there is one.

    Args:
        suffix: what may have been left out at the end of the name.
    """
    try:
        names = {entry.name: entry.name for entry in path.parent.iterdir()}
    except OSError:
        return None
    if suffix and not path.suffix:
        names |= {name.removesuffix(suffix): name for name in names if name.endswith(suffix)}
    near = nearest(path.name, names)
    return None if near is None else f"did you mean `{path.parent / names[near]}`?"


def hash_of_text(source: SourceText) -> str:
    """The SHA-256 of a source's text in UTF-8, in hexadecimal; of the file's, where numbers were set."""
    from hashlib import sha256

    return sha256((source.as_read or source).text.encode("utf-8", "surrogatepass")).hexdigest()


def hash_of_file(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal.

    Raises:
        InputRefused: it is missing or cannot be read.
    """
    from hashlib import file_digest

    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise InputRefused(f"there is no file `{path}`", file_near(path)) from None
    except OSError as problem:
        raise InputRefused(f"`{path}` cannot be read: {(problem.strerror or str(problem)).lower()}") from None
