"""Rule files with edits applied, as a diff or on the disk.

Invariant: either every file gets its new text or none does; a file keeps its mode, its line ends, the mark of
its byte order and its links, and is not written if it has changed since it was read.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from difflib import unified_diff
from pathlib import Path

from loyalty_dsl.report.files import WriteFailure, discard, publish, reason_of, stage
from loyalty_dsl.report.style import Style, printable
from loyalty_dsl.report.visible import visible
from loyalty_dsl.source import SourceText

_MARK = b"\xef\xbb\xbf"


def changed(before: Sequence[SourceText], after: Sequence[SourceText]) -> list[tuple[SourceText, SourceText]]:
    """The files whose text is another now, before and after."""
    return [pair for pair in zip(before, after, strict=True) if pair[0].text != pair[1].text]


def render_diff(
    before: Sequence[SourceText], after: Sequence[SourceText], style: Style, *, exact: bool
) -> str:
    """A unified diff of all files that change, with its line end.

    Args:
        exact: whether it is for `patch`, and not for a terminal, which hidden characters could deceive.
    """
    shown: Callable[[str], str] = str if exact else printable
    return "".join(
        f"{style.paint(shown(line), role) if role else shown(line)}\n"
        for old, new in changed(before, after)
        for line, role in _diff(old, new)
    )


def _diff(old: SourceText, new: SourceText) -> Iterator[tuple[str, str | None]]:
    lines = unified_diff(_lines(old), _lines(new), visible(old.name), visible(new.name), lineterm="")
    for number, line in enumerate(lines):
        if number < 2:
            yield line, "bold"
            continue
        role = {"+": "good", "-": "error", "@": "accent"}.get(line[:1])
        yield line.removesuffix("\n"), role
        if not line.startswith("@") and not line.endswith("\n"):
            yield "\\ No newline at end of file", None


def _lines(source: SourceText) -> list[str]:
    """The lines of a text with their ends; only a line feed ends a line."""
    lines = source.text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def write_mended(before: Sequence[SourceText], after: Sequence[SourceText]) -> WriteFailure | None:
    """Writes the files whose text is another now.

    Returns:
        `None`, or why nothing was written: a file cannot be, or is not as it was read.
    """
    pairs = changed(before, after)
    staged: list[tuple[Path, Path, Path]] = []
    for old, new in pairs:
        path = Path(old.name).resolve()
        prepared = _prepare(path, old, new)
        if isinstance(prepared, WriteFailure):
            _discard_all(staged)
            return WriteFailure(Path(old.name), prepared.reason)
        staged.append((path, *prepared))
    for number, (path, temporary, _) in enumerate(staged):
        failure = publish(temporary, path)
        if failure is not None:
            for done, _, former in staged[:number]:
                publish(former, done)
            _discard_all(staged[number:])
            return failure
    for _, _, former in staged:
        discard(former)
    return None


def _discard_all(staged: Sequence[tuple[Path, Path, Path]]) -> None:
    for _, temporary, former in staged:
        discard(temporary)
        discard(former)


def _prepare(path: Path, old: SourceText, new: SourceText) -> tuple[Path, Path] | WriteFailure:
    """The new text and the old one on the disk, each under a temporary name."""
    try:
        data, mode = path.read_bytes(), path.stat().st_mode
    except OSError as error:
        return WriteFailure(path, reason_of(error))
    if not os.access(path, os.W_OK):  # a new file could take its place, and a file that is closed is meant so
        return WriteFailure(path, "it is read-only")
    mark = _MARK if data.startswith(_MARK) else b""
    if data != mark + old.text.encode():
        return WriteFailure(path, "it has changed since it was read")
    temporary = stage(path, mark + new.text.encode())
    if isinstance(temporary, WriteFailure):
        return temporary
    former = stage(path, data)
    if isinstance(former, WriteFailure):
        discard(temporary)
        return former
    for each in (temporary, former):
        each.chmod(mode & 0o7777)
    return temporary, former
