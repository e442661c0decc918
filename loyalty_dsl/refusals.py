"""What a stage says when its input cannot be used at all: a file that is missing, corrupt or unusable.

Invariant: the message is one a user can act on, in lower case, with names in backticks and `help` for
the way out. Mistakes inside a rule file are diagnostics; `ProgramRefused` carries them to a caller who
needs rules without mistakes.
"""

from collections.abc import Sequence

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.source import SourceText


def quoted_for_a_shell(argument: str) -> str:
    """Help where an argument of a command has lost its money: `"$12.50"` comes to us as `2.50`."""
    return f"with single quotes, '{argument}': else the terminal takes a `$` and what follows for itself"


class InputRefused(Exception):
    """Input that cannot be read or used; a command ends with exit code 2.

    Attributes:
        message: what is wrong, in one line or a few.
        help: what to do about it, where there is something.
    """

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message if help is None else f"{message}\nhelp: {help}")
        self.message = message
        self.help = help


class ProgramRefused(InputRefused):
    """Rule files with errors, where correct ones are needed.

    Attributes:
        diagnostics: all that was found; at least one is an error.
        sources: the files.
    """

    def __init__(self, diagnostics: Sequence[Diagnostic], sources: Sequence[SourceText]) -> None:
        self.diagnostics = tuple(diagnostics)
        self.sources = tuple(sources)
        places = "\n".join(f"  {found.span}: [{found.code}] {found.message}" for found in self.errors)
        super().__init__(f"the rules have errors:\n{places}")

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(found for found in self.diagnostics if found.is_error)
