"""`loyalty fmt`: the one canonical layout of rule files, written in place, checked, or shown as a diff."""

import sys
from pathlib import Path

import attrs
import click

from loyalty_dsl.cli.exits import FINDINGS, FINE
from loyalty_dsl.cli.options import files_argument, format_option, repository_root
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.printing import print_source
from loyalty_dsl.reading import MAX_BYTES, read_sources, text_of
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.mended_files import render_diff, write_mended
from loyalty_dsl.report.style import Style, counted
from loyalty_dsl.report.visible import visible
from loyalty_dsl.source import SourceText


@attrs.frozen(eq=False)
class _File:
    """A file as it is, and as it is laid out; the same where it has mistakes."""

    source: SourceText
    laid_out: SourceText
    mistakes: tuple[Diagnostic, ...]

    @property
    def changes(self) -> bool:
        return self.laid_out.text != self.source.text


@click.command()
@files_argument
@click.option("--check", is_flag=True, help="Write nothing: name the files that would change.")
@click.option("--diff", is_flag=True, help="Write nothing: show what would change.")
@format_option("text", "json", "github")
def command(files: tuple[str, ...], check: bool, diff: bool, format_: str) -> int:
    """Lay out rule files, the one way.

    FILES are *.loyalty files or folders of them, which are written in place; `-` lays out standard input on
    standard output. Words, comments and their order stay: blanks, line ends and the commas between thousands
    are what changes. A file with mistakes is left as it is.

    Ends with 1 if a file has mistakes, or if one would change and this was to --check.
    """
    from_stdin = "-" in files
    if from_stdin and len(files) > 1:
        raise InputRefused(
            "`-` is standard input, and stands alone", "lay out files by a command of their own"
        )
    if from_stdin and format_ != "text":
        raise InputRefused("`-` has the text itself on standard output", f"leave out `--format {format_}`")
    if format_ == "github" and (diff or not check):
        raise InputRefused("--format github names what is not laid out", "write --check --format github")
    sources = (_standard_input(),) if from_stdin else read_sources(map(Path, files))
    laid_out = [_lay_out(source) for source in sources]
    if not (check or diff or from_stdin):
        _write(laid_out)
    if format_ == "json":
        from loyalty_dsl.report.fmt_json import fmt_json

        told = [(file.source.name, file.changes, file.mistakes) for file in laid_out]
        click.echo(fmt_json(told, written=not (check or diff)), nl=False)
    elif format_ == "github":
        from loyalty_dsl.report.fmt_github import fmt_github

        pairs = [(file.source, file.laid_out, file.mistakes) for file in laid_out]
        click.echo(fmt_github(pairs, repository_root()), nl=False)
        _summarize(laid_out, would=True)
    else:
        _tell(laid_out, diff=diff, whole=from_stdin and not (check or diff), names=not from_stdin)
        if not from_stdin:
            _summarize(laid_out, would=check or diff)
    is_found = any(file.mistakes or (check and file.changes) for file in laid_out)
    return FINDINGS if is_found else FINE


def _standard_input() -> SourceText:
    content = sys.stdin.buffer.read(MAX_BYTES + 1)
    return SourceText("<stdin>", text_of(content, "<stdin>"))


def _lay_out(source: SourceText) -> _File:
    printed = print_source(source)
    return _File(source, SourceText(source.name, printed.text), printed.mistakes)


def _write(laid_out: list[_File]) -> None:
    failure = write_mended([file.source for file in laid_out], [file.laid_out for file in laid_out])
    if failure is not None:
        raise InputRefused(failure.message, "no file was written")


def _tell(laid_out: list[_File], *, diff: bool, whole: bool, names: bool) -> None:
    """Mistakes on stderr; on stdout the difference, the text, or the names of what changes."""
    mistakes = [mistake for file in laid_out for mistake in file.mistakes]
    if mistakes:
        from loyalty_dsl.report.diagnostics import render_diagnostics

        click.echo(render_diagnostics(mistakes, Style.of(sys.stderr)), err=True)
    if diff:
        text = render_diff(
            [file.source for file in laid_out],
            [file.laid_out for file in laid_out],
            Style.of_stdout(),
            exact=not sys.stdout.isatty(),
        )
        click.echo(text.encode(), nl=False)
    elif whole:
        for file in laid_out:
            if not file.mistakes:
                click.echo(file.laid_out.text.encode(), nl=False)
    elif names:
        for file in laid_out:
            if file.changes:
                click.echo(visible(file.source.name))


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
