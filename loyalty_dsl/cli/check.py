"""`loyalty check`: every diagnostic of every file, in one run, and the mending of what can be mended."""

import sys
from pathlib import Path

import attrs
import click

from loyalty_dsl import pipeline
from loyalty_dsl.cli.exits import FINDINGS, FINE
from loyalty_dsl.cli.options import files_argument, format_option, repository_root, set_option
from loyalty_dsl.cli.standard_input import reads_input, sources_with_input, verify_input_alone
from loyalty_dsl.language.allowing import ABOUT_ALLOWING
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.diagnostics import check_summary, render_diagnostics
from loyalty_dsl.report.style import PLAIN, Style


@attrs.frozen
class _Asked:
    """The options of one run."""

    files: tuple[str, ...]
    settings: tuple[str, ...]
    show_population: bool
    format_: str
    strict: bool
    fix: bool
    unsafe: bool
    diff: bool
    stdin_path: str | None


@click.command()
@files_argument
@set_option
@click.option("--strict", is_flag=True, help="End with 1 for warnings, too.")
@click.option("--fix", is_flag=True, help="Write into the files what can be mended without a doubt.")
@click.option("--diff", is_flag=True, help="With --fix: show what it would change, and write nothing.")
@click.option("--unsafe-fixes", "unsafe", is_flag=True, help="With --fix: mend what is probably meant, too.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@click.option(
    "--show-population", is_flag=True, help="Print populations with what they are `like` written out."
)
@click.option(
    "--stdin-path", metavar="FILE", help="With - among FILES: what the text of the standard input is called."
)
@format_option("text", "plain", "json", "github", "sarif", "junit")
def command(watch: bool, **options: object) -> int:
    """Report every mistake in rule files.

    FILES are *.loyalty files, folders of them, or - for the standard input; together they are one book. Ends
    with 1 if there are errors; warnings alone end with 0, unless --strict. A comment such as
    `# allow L603: the reason`, at the end of a line or above a clause, allows a warning.

    Formats: plain is a line a finding, github shows annotations in a workflow, sarif is for code scanning,
    junit for CI servers.
    """
    asked = _Asked(**options)  # type: ignore[arg-type]  # click gives each option what its type says
    _verify_together(asked, watch)
    if not watch:
        return _run(asked)
    from loyalty_dsl.cli.watching import watch_files

    return watch_files([Path(file) for file in asked.files], lambda: _run(asked))


def _verify_together(asked: _Asked, watch: bool) -> None:
    """Refuses options that mean nothing together.

    Raises:
        InputRefused: with what to leave out, or to add.
    """
    needs_files = "--fix" if asked.fix else "--watch" if watch else None
    verify_input_alone(asked.files, asked.stdin_path, needs_files)
    for option, given in (("--diff", asked.diff), ("--unsafe-fixes", asked.unsafe)):
        if given and not asked.fix:
            raise InputRefused(
                f"{option} says how --fix mends, and there is no --fix", f"write --fix {option}"
            )
    if asked.fix and asked.settings:
        raise InputRefused("--fix writes files, and --set changes numbers that no file has", "leave one out")
    if asked.fix and watch:
        raise InputRefused("--fix and --watch do not go together", "mend once, then watch")
    if asked.diff and asked.format_ != "text":
        raise InputRefused(f"--diff shows a diff, which is no {asked.format_}", "leave out --format")
    if watch and asked.format_ not in ("text", "plain"):
        raise InputRefused(
            f"--watch is for people, and {asked.format_} is for machines", "leave out --format"
        )


def _run(asked: _Asked) -> int:
    if reads_input(asked.files):
        checked = pipeline.check_sources(sources_with_input(asked.files, asked.stdin_path))
    else:
        checked = pipeline.check_files(asked.files)
    if asked.settings and checked.book is not None:
        checked = _settled(checked, asked.settings)
    if asked.show_population and checked.book is not None:
        from loyalty_dsl.language.written_out import written_out

        click.echo("\n\n".join(written_out(population) for population in checked.book.populations))
        return FINE
    if not asked.fix:
        _show(checked, asked)
        return FINDINGS if _fails(checked, asked.strict) else FINE
    from loyalty_dsl.cli.fixing import fix_files, tell_mended

    mended = fix_files(checked, unsafe=asked.unsafe, diff=asked.diff)
    if not asked.diff:
        _show(mended.outcome, asked, mended.edits)
    sys.stdout.flush()
    tell_mended(mended, unsafe=asked.unsafe, diff=asked.diff)
    changes = asked.diff and mended.edits > 0
    return FINDINGS if changes or _fails(mended.outcome, asked.strict) else FINE


def _show(checked: pipeline.Checked, asked: _Asked, mended: int | None = None) -> None:
    """Shows an outcome.

    Args:
        mended: how many findings `--fix` has mended, where it was asked to.
    """
    if asked.format_ == "text":
        style = Style.of_stdout()
        if checked.diagnostics:
            click.echo(render_diagnostics(checked.diagnostics, style))
        told = _summary(checked, style)
        safe = sum(found.edit is not None and found.edit.safe for found in checked.diagnostics)
        if safe and mended is None:
            told += f"; --fix mends {'all' if safe == len(checked.diagnostics) else f'{safe:,} of them'}"
        click.echo(told)
    else:
        click.echo(_for_machines(checked, asked, mended or 0), nl=False)
    if asked.format_ == "github":  # the log of a job is read by people too
        click.echo(_summary(checked, PLAIN), err=True)
    if asked.strict and asked.format_ in ("text", "github") and _is_warned(checked):
        sys.stdout.flush()
        click.echo(_why_strict(checked), err=True)


def _fails(checked: pipeline.Checked, strict: bool) -> bool:
    return checked.book is None or (strict and bool(checked.diagnostics))


def _is_warned(checked: pipeline.Checked) -> bool:
    """Whether warnings are all that was found."""
    return checked.book is not None and bool(checked.diagnostics)


def _why_strict(checked: pipeline.Checked) -> str:
    """Why warnings alone end with 1, and what may stand beside those that are meant."""
    told = "error: with --strict a warning ends with 1, as an error does"
    code = next((found.code for found in checked.diagnostics if found.code not in ABOUT_ALLOWING), None)
    if code is not None:
        told += f"\nhelp: one that is meant has its reason beside it: `# allow {code}: the reason`"
    return told


def _summary(checked: pipeline.Checked, style: Style) -> str:
    return check_summary(checked.sources, checked.book, checked.diagnostics, style, len(checked.allowed))


def _settled(checked: pipeline.Checked, settings: tuple[str, ...]) -> pipeline.Checked:
    """What is found in the files with some numbers set; a value that is refused ends the command."""
    from loyalty_dsl.decisions.settings import check_settled, parse_setting

    return pipeline.Checked.of(*check_settled(checked.sources, [parse_setting(text) for text in settings]))


def _for_machines(checked: pipeline.Checked, asked: _Asked, mended: int) -> str:
    """The outcome in a format; only the module that writes it is imported."""
    match asked.format_:
        case "plain":
            from loyalty_dsl.report.check_plain import check_plain

            return check_plain(checked.diagnostics)
        case "json":
            from loyalty_dsl.report.check_json import check_json

            return check_json(
                checked.sources, checked.book, checked.diagnostics, checked.allowed, mended=mended
            )
        case "github":
            from loyalty_dsl.report.check_github import check_github

            return check_github(checked.diagnostics, repository_root(), strict=asked.strict)
        case "sarif":
            from loyalty_dsl.report.check_sarif import check_sarif

            return check_sarif(checked.sources, checked.diagnostics, repository_root(), checked.allowed)
        case "junit":
            from loyalty_dsl.report.check_junit import check_junit

            return check_junit(checked.sources, checked.diagnostics, strict=asked.strict)
        case _:
            raise AssertionError(f"no writer of {asked.format_}")
