"""What may come next on a command line, for the shell that asks.

Invariant: an answer within a moment: rule files are looked through for names and never checked, no command
but the one on the line is imported, and whatever goes wrong offers nothing.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem, shell_complete

if TYPE_CHECKING:
    _ParamType = click.ParamType[Any]
else:  # older versions of click have no parameter for it
    _ParamType = click.ParamType

VARIABLE = "_LOYALTY_COMPLETE"
"""Set by the script that `loyalty completion` prints: which shell asks, and for what."""

_MOST = 2_000_000
"""Bytes of rule files that are looked through for names."""

_RULES = {"files", "program_file", "old", "new"}
"""The arguments that are rule files, or folders of them."""
_NAMES = {"--program": "program", "--population": "population", "--study": "study", "--source": "source"}
_UNQUOTED = re.compile(r"[\w./+@%,:-]+")
"""What a shell takes as it is; names with anything else are left to the shell's own completion."""


def complete(group: click.Group, instruction: str) -> int:
    """Answers a shell.

    Args:
        group: the command line.
        instruction: such as `bash_complete`; the words of the line are in the environment.

    Returns:
        The exit code.
    """
    try:
        return shell_complete(group, {}, "loyalty", VARIABLE, instruction)
    except Exception:
        if os.environ.get("LOYALTY_DEBUG"):
            raise
        return 1


class Answering(_ParamType):
    """The type of a parameter whose values are offered by a function; it takes every value as it is."""

    name = "text"

    def __init__(self, offered: Callable[[], Iterable[CompletionItem]]) -> None:
        self.offered = offered

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return [item for item in self.offered() if item.value.lower().startswith(incomplete.lower())]


class Files(_ParamType):
    """The type of a parameter that names rule files: they, folders and what else there may be are offered."""

    name = "text"

    def __init__(self, others: Callable[[], Iterable[CompletionItem]] = tuple) -> None:
        self.others = others

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        others = [item for item in self.others() if incomplete and item.value.startswith(incomplete.upper())]
        files = rule_files(incomplete)
        return others + [item for item in files if item.type == "plain" or not others]


def rule_files(begun: str) -> list[CompletionItem]:
    """The rule files, and the folders, whose path begins so.

    Returns:
        A file or a folder each; where only one folder is left, what makes the shell go into it; and where
        there is nothing that can be offered as it is, what makes the shell offer files by itself.
    """
    folder, _, name = begun.rpartition("/")
    at = Path(os.path.expanduser(folder + "/")) if "/" in begun else Path()  # noqa: PTH111
    files, folders = [], []
    for entry in sorted(os.scandir(at), key=lambda entry: entry.name) if at.is_dir() else ():
        if not entry.name.startswith(name) or (entry.name.startswith(".") and not name.startswith(".")):
            continue
        path = f"{folder}/{entry.name}" if "/" in begun else entry.name
        if entry.is_dir():
            folders.append(path)
        elif entry.name.endswith(".loyalty"):
            files.append(path)
    if not all(_UNQUOTED.fullmatch(path) for path in (*files, *folders)) or not (files or folders):
        return [CompletionItem(begun, type="file")]
    if not files and len(folders) == 1:
        return [CompletionItem(begun, type="dir")]
    return [CompletionItem(path) for path in (*files, *(f"{path}/" for path in folders))]


def declared(kind: str) -> Iterator[CompletionItem]:
    """The names of blocks of a kind, in the rule files that are on the command line or in the settings."""
    left = _MOST
    seen = set()
    for file in _files(_on_the_line() or _of_settings()):
        text = file.read_bytes()[:left].decode("utf-8", "replace")
        left -= len(text)
        for name, label in re.findall(rf'^\s*{kind}\s+([a-z]\w*)(?:\s+"([^"\n]*)")?', text, re.MULTILINE):
            if name not in seen:
                seen.add(name)
                yield CompletionItem(name, help=label or None)


def _on_the_line() -> list[str]:
    """The rule files and folders that are said already; of a line that is not whole click reads none."""
    words = os.environ.get("COMP_WORDS", "").split()[1:]
    return [word for word in words if word.endswith(".loyalty") or ("-" not in word and Path(word).is_dir())]


def _files(named: Iterable[str]) -> Iterator[Path]:
    for path in map(Path, named):
        yield from sorted(path.rglob("*.loyalty")) if path.is_dir() else [path] if path.is_file() else []


def _of_settings() -> list[str]:
    from loyalty_dsl.cli.settings_file import find_settings

    file = find_settings()
    named = [] if file is None else file.table.get("programs", [])
    return [str(file.path.parent / each) for each in named] if file is not None else []


def offer(name: str, command: click.Command) -> click.Command:
    """A copy of a command, whose parameters know what to offer; it is for this alone, and never run."""
    command = copy(command)
    command.params = [copy(parameter) for parameter in command.params]
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            parameter.type = _type_of_argument(name, parameter)
            continue
        for word in parameter.opts:
            if word in _NAMES and name != "fit":
                parameter.type = Answering(partial(declared, _NAMES[word]))
            elif name == "new" and word in _OF_NEW:
                parameter.type = Answering(_OF_NEW[word])
            elif _names_file(parameter):
                parameter.type = click.Path()
    return command


def _type_of_argument(name: str, argument: click.Argument) -> _ParamType:
    if name == "explain":
        return Files(_codes)
    if name == "schema":
        return Answering(_schemas)
    if argument.name in _RULES:
        return Files()
    return argument.type if name == "new" or isinstance(argument.type, click.Choice) else click.Path()


def _names_file(parameter: click.Parameter) -> bool:
    """Whether an option is a file or a folder, by what its help calls its value."""
    return bool(re.search(r"FILE|DIR|LEDGER|OUT\.|\.(csv|loyalty|html|toml)", parameter.metavar or ""))


def _codes() -> Iterator[CompletionItem]:
    from loyalty_dsl.language.codes import CODES

    return (CompletionItem(code, help=found.title) for code, found in CODES.items())


def _schemas() -> Iterator[CompletionItem]:
    from loyalty_dsl.report.schema_files import schema_names

    return map(CompletionItem, schema_names())


def _templates() -> Iterator[CompletionItem]:
    from loyalty_dsl.templates.filling import TEMPLATES

    return (CompletionItem(name, help=words) for name, words in TEMPLATES.items())


def _moneys() -> Iterator[CompletionItem]:
    from loyalty_dsl.quantities import SYMBOLS

    return map(CompletionItem, SYMBOLS)


def _zones() -> Iterator[CompletionItem]:
    from zoneinfo import available_timezones

    return map(CompletionItem, sorted(available_timezones()))


_OF_NEW: Mapping[str, Callable[[], Iterable[CompletionItem]]] = {
    "--template": _templates,
    "--money": _moneys,
    "--timezone": _zones,
}
