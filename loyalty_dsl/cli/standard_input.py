"""Rule files of which one comes from the standard input: what an editor holds and nobody has saved.

Invariant: the text is called as the file that it will be, and that file is not read beside it.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from loyalty_dsl.reading import MAX_BYTES, files_of, read_sources, text_of
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.source import SourceText

STANDARD_INPUT = "-"
_NAMELESS = "untitled.loyalty"


def reads_input(files: Sequence[str]) -> bool:
    """Whether one of the files is the standard input."""
    return STANDARD_INPUT in files


def sources_with_input(files: Sequence[str], name: str | None) -> tuple[SourceText, ...]:
    """The standard input and the other files, as one book.

    Args:
        files: `-`, and files or folders.
        name: what the input is called; a file of this name in `files` or their folders is not read.

    Raises:
        InputRefused: something cannot be read.
    """
    name = name or _NAMELESS
    content = sys.stdin.buffer.read(MAX_BYTES + 1)
    own = SourceText(name, text_of(content, name))
    others = [file for each in files if each != STANDARD_INPUT for file in _others(Path(each), Path(name))]
    return (own, *(read_sources(others) if others else ()))


def _others(path: Path, own: Path) -> list[Path]:
    """The files of a path but for the one that the input stands for."""
    return [file for file in files_of(path) if file.resolve() != own.resolve()]


def verify_input_alone(files: Sequence[str], name: str | None, other: str | None) -> None:
    """Refuses what does not go with the standard input.

    Args:
        other: an option that needs files on a disk, where it is given.

    Raises:
        InputRefused: with what to leave out.
    """
    if not reads_input(files) and name is not None:
        raise InputRefused("--stdin-path names the text of the standard input", "write - among the files")
    if reads_input(files) and other is not None:
        raise InputRefused(f"{other} needs files, and - is the standard input", "name the file instead")
