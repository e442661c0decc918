"""`loyalty fmt`: the one canonical layout of rule files, written in place, checked, or shown as a diff."""

import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import attrs
import click

from loyalty_dsl.cli.exits import FINDINGS, FINE, UNUSABLE
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.printing import print_source
from loyalty_dsl.reading import read_sources
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.style import Style, counted, printable
from loyalty_dsl.source import SourceText

_MARK = b"\xef\xbb\xbf"
"""The byte order mark that some editors put before a text; the canonical layout has none."""


@attrs.frozen
class _File:
    """A file as it is, and as it is laid out."""

    source: SourceText
    text: str
    mistakes: tuple[Diagnostic, ...]
    changes: bool


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@click.option("--check", is_flag=True, help="Write nothing: name the files that would change.")
@click.option("--diff", is_flag=True, help="Write nothing: show what would change.")
def command(files: tuple[str, ...], check: bool, diff: bool) -> int:
    """Lay out rule files, the one way.

    FILES are *.loyalty files or folders of them, which are written in place; `-` lays out standard input on
    standard output. Words, comments and their order stay: blanks, line ends and the commas between thousands
    are what changes. A file with mistakes is left as it is.

    Ends with 1 if a file has mistakes, or if one would change and this was to --check.
    """
    if "-" in files:
        return _filter(files, check, diff)
    laid_out = [_lay_out(source) for source in read_sources(map(Path, files))]
    changed = [file for file in laid_out if file.changes]
    code = FINDINGS if any(file.mistakes for file in laid_out) or (check and changed) else FINE
    if diff:
        for file in changed:
            _show(file)
    for file in laid_out:
        _tell_mistakes(file.mistakes)
    for file in changed:
        if not (check or diff):
            code = max(code, _write(file))
        if not diff:
            click.echo(printable(file.source.name))
    _summarize(laid_out, would=check or diff)
    return code


def _lay_out(source: SourceText) -> _File:
    printed = print_source(source)
    changes = not printed.mistakes and (printed.text != source.text or _has_mark(Path(source.name)))
    return _File(source, printed.text, printed.mistakes, changes)


def _has_mark(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MARK)) == _MARK


def _write(file: _File) -> int:
    from loyalty_dsl.report.files import rewrite

    failure = rewrite(Path(file.source.name), file.text.encode())
    if failure is None:
        return FINE
    click.echo(f"error: {printable(failure.message)}", err=True)
    return UNUSABLE


def _filter(files: tuple[str, ...], check: bool, diff: bool) -> int:
    """Standard input, laid out on standard output; with mistakes in it nothing is written there."""
    if len(files) > 1:
        raise InputRefused(
            "`-` is standard input, and stands alone", "lay out files in a command of their own"
        )
    try:
        source = SourceText("<stdin>", sys.stdin.buffer.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputRefused("standard input is not text in UTF-8") from None
    printed = print_source(source)
    _tell_mistakes(printed.mistakes)
    changes = printed.text != source.text
    if diff and changes:
        _show(_File(source, printed.text, printed.mistakes, changes))
    elif not (check or diff or printed.mistakes):
        click.echo(printed.text.encode(), nl=False)
    return FINDINGS if printed.mistakes or (check and changes) else FINE


def _tell_mistakes(mistakes: tuple[Diagnostic, ...]) -> None:
    if mistakes:
        from loyalty_dsl.report.diagnostics import render_diagnostics

        click.echo(render_diagnostics(mistakes, Style.of(sys.stderr)), err=True)


def _show(file: _File) -> None:
    """The difference as a patch: for a terminal in colour and without what it would obey."""
    style = Style.of_stdout()
    for line in _difference(file):
        if sys.stdout.isatty():
            role = {"+": "good", "-": "error", "@": "accent"}.get(line[0])
            shown = printable(line.rstrip("\r\n"))
            click.echo(style.paint(shown, role) if role else shown)
        else:
            click.echo(line.encode(), nl=False)


def _difference(file: _File) -> Iterator[str]:
    name = file.source.name
    for line in unified_diff(_lines(file.source.text), _lines(file.text), name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """The lines, with their ends; only a line feed ends one."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1].removesuffix("\n")
    return lines if lines[-1] else lines[:-1]


def _summarize(laid_out: list[_File], *, would: bool) -> None:
    changed = sum(file.changes for file in laid_out)
    broken = sum(bool(file.mistakes) for file in laid_out)
    told = [f"{counted(changed, 'file')} {'would change' if would else 'laid out'}"] if changed else []
    as_it_is = len(laid_out) - changed - broken
    if as_it_is:
        told.append(f"{counted(as_it_is, 'file')} {'is' if as_it_is == 1 else 'are'} laid out already")
    if broken:
        told.append(f"{counted(broken, 'file')} with mistakes left alone")
    click.echo(", ".join(told), err=True)
