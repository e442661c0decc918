"""The command `loyalty`: a click group whose subcommands are imported when they run.

Invariant: importing this package imports click and nothing heavier, so that `loyalty check` answers at
once. Results go to stdout, everything else to stderr, and the exit codes are those of `exits`.
"""

import gc
import importlib
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, NoReturn

import click

from loyalty_dsl import __version__
from loyalty_dsl.cli.exits import BUG, FINDINGS, FINE, INTERRUPTED, PIPE_CLOSED, UNUSABLE
from loyalty_dsl.cli.settings_file import add_settings
from loyalty_dsl.refusals import InputRefused, ProgramRefused

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "new": "Write a program to begin with.",
    "check": "Report every mistake in rule files.",
    "fmt": "Lay out rule files, the one way.",
    "test": "Run the scenarios of rule files.",
    "diff": "Show what a change of rule files changes in meaning.",
    "replay": "Run real transactions through a program.",
    "trace": "Show what a program does at each event, and why.",
    "statement": "Show what one member has, loses and can reach.",
    "simulate": "Forecast what a program will cost and do.",
    "compare": "Compare two versions of a program over the same customers.",
    "sweep": "Forecast at many values of some numbers.",
    "solve": "Find the value of a number that meets a target.",
    "estimate": "Estimate what is still to be redeemed, from a triangle and no program.",
    "fit": "Fit a population to real transactions.",
    "liability": "Value the points of a replayed ledger.",
    "backtest": "Hold past valuations of a ledger against what happened.",
    "bridge": "Explain the change between two forecasts' liabilities.",
    "track": "Set the forecast of a study beside what happened.",
    "schema": "Print the JSON Schema of what a command writes.",
    "completion": "Print the script for completion in a shell.",
    "explain": "Explain a diagnostic code, or write the terms of a program.",
}
"""Every subcommand and its line of help; the module of the same name holds its `command`."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only to run it or to show its help."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = importlib.import_module(f"loyalty_dsl.cli.{name}").command
        assert isinstance(command, click.Command)
        if context.resilient_parsing:  # a shell asks what may come next
            from loyalty_dsl.cli.completing import offer

            command = offer(name, command)
        return add_settings(command)

    def shell_complete(self, context: click.Context, incomplete: str) -> "list[CompletionItem]":
        if incomplete.startswith("-"):
            return super().shell_complete(context, incomplete)
        from click.shell_completion import CompletionItem

        near = (name for name in COMMANDS if name.startswith(incomplete))
        return [CompletionItem(name, help=COMMANDS[name]) for name in near]

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(_unknown_command(args[0]), context)
        return super().resolve_command(context, args)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _unknown_command(name: str) -> str:
    from loyalty_dsl.language.suggestions import nearest

    near = nearest(name, COMMANDS)
    return f"there is no command `{name}`" + (f"; did you mean `{near}`?" if near else "")


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="loyalty", message="%(prog)s %(version)s")
def loyalty() -> None:
    """Write a loyalty program as a text file; check, test, replay and simulate it.

    Every command takes files or folders of *.loyalty. Exit codes: 0 fine, 1 findings or failed tests,
    2 bad usage or unreadable input, 4 a bug of ours, 130 interrupted, 141 nobody reads the output.
    """


def main() -> NoReturn:
    """Runs the command line and exits with a code of `exits`.

    Start and end are most of what a quick command takes. So a check or a layout, which leave next to no
    garbage, run without the collector, which would look through all that is imported; and the process ends
    without taking the interpreter apart. Nothing is lost by that: what was printed is flushed first, every
    file is on the disk, under its own name, before the function that writes it returns (`report.files`).
    Threads are joined by whoever started them, but for work that Ctrl-C gives up (`cli.interrupts`): it ends
    with the process and can leave no more behind than a temporary file.
    """
    _open_closed_streams()
    _write_any_character()
    asked = os.environ.get("_LOYALTY_COMPLETE")
    if asked:
        from loyalty_dsl.cli.completing import complete

        sys.exit(complete(loyalty, asked))
    arguments = sys.argv[1:]
    if arguments[:1] in (["check"], ["fmt"]):
        gc.disable()
    code = run(arguments)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # already told by `run`
            stream.flush()
    os._exit(code)


def _open_closed_streams() -> None:
    """Gives a process that was started without one of its streams (`>&-`) one that goes nowhere, so that no
    file that is opened later takes its number."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), "w"))


def _write_any_character() -> None:
    """Lets every character of a name or a text be written: escaped where the terminal's encoding lacks it,
    and in UTF-8 where it is no terminal, as readers of a file or a pipe expect of SARIF and Markdown."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            asked = stream.isatty() or "PYTHONIOENCODING" in os.environ
            stream.reconfigure(encoding=None if asked else "utf-8", errors="backslashreplace")


def run(arguments: list[str]) -> int:
    """Runs one command.

    Args:
        arguments: the command line without the program's name.

    Returns:
        The exit code; whatever goes wrong is told in words on stderr.
    """
    try:
        result = loyalty.main(arguments, prog_name="loyalty", standalone_mode=False)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # click exits by itself when a pipe is closed, and only then
        # Point stdout away, so that what is still in its buffer does not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as problem:
        problem.show()
        return UNUSABLE
    except click.ClickException as problem:
        _tell(InputRefused(_lower(problem.format_message().rstrip(".")), _usage_of(problem)))
        return UNUSABLE
    except ProgramRefused as refusal:
        _show(refusal)
        return FINDINGS
    except InputRefused as refusal:
        _tell(refusal)
        return UNUSABLE
    except OSError as problem:
        place = f": `{problem.filename}`" if problem.filename else ""
        _tell(InputRefused((problem.strerror or str(problem)).lower() + place))
        return UNUSABLE
    except Exception as problem:
        _apologise(problem)
        return BUG
    return result if isinstance(result, int) else FINE


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _usage_of(problem: click.ClickException) -> str | None:
    context = problem.ctx if isinstance(problem, click.UsageError) else None
    return None if context is None else f"`{context.command_path} --help` shows how it is used"


def _show(refusal: ProgramRefused) -> None:
    from loyalty_dsl.report.diagnostics import render_diagnostics
    from loyalty_dsl.report.style import Style, counted

    click.echo(render_diagnostics(refusal.errors, Style.of(sys.stderr)), err=True)
    click.echo(f"{counted(len(refusal.errors), 'error')}; nothing was run", err=True)


def _tell(refusal: InputRefused) -> None:
    click.echo(f"error: {_logged(refusal.message)}", err=True)
    if refusal.help:
        click.echo(f"help: {_logged(refusal.help)}", err=True)


def _logged(text: str) -> str:
    """Text that may have lines, but none that a job's log would obey: a name in it is anybody's."""
    from loyalty_dsl.report.visible import visible

    first, *rest = visible(text, keep="\n").split("\n")
    return first + "".join(f"\\n{line}" if line.lstrip().startswith("::") else f"\n{line}" for line in rest)


def _apologise(problem: Exception) -> None:
    if os.environ.get("LOYALTY_DEBUG"):
        import traceback

        traceback.print_exc()
    text = " ".join(str(problem).split())[:200]
    click.echo(
        f"error: loyalty {__version__} broke ({type(problem).__name__}: {text}); this is our bug, not yours\n"
        "help: run it again with LOYALTY_DEBUG=1 and report what it prints, with the files if you can",
        err=True,
    )
