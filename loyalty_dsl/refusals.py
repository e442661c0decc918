"""What a stage says when its input cannot be used at all: a file that is missing, corrupt or unusable.

Invariant: the message is one a user can act on, in lower case, with names in backticks and `help` for
the way out. Mistakes inside a rule file are diagnostics, not refusals; they have a place to point at.
"""


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
