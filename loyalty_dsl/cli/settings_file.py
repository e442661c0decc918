"""What a project says once for all its commands: `loyalty.toml`, or `[tool.loyalty]` of a `pyproject.toml`.

Invariant: a setting stands for an option that is not given. The command line wins; whatever is in the file
and means nothing is refused with its line; and where figures depend on the file, it is named among their
inputs. `--set` is another thing: numbers of the rules.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import attrs
import click
from click.core import ParameterSource

from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.refusals import InputRefused

OWN, SHARED = "loyalty.toml", "pyproject.toml"
PROGRAMS = "programs"
"""The key of the files and folders that a command reads where none is named."""

_FORECASTS = ("simulate", "compare", "sweep", "solve")
KEYS: Mapping[str, tuple[str, ...] | None] = {
    PROGRAMS: None,
    "format": None,
    "strict": None,
    "quiet": None,
    "coverage": None,
    "threshold": None,
    "engine": None,
    "threads": None,
    "sample": _FORECASTS,
    "months": _FORECASTS,
    "seed": _FORECASTS,
    "program": _FORECASTS,
    "population": _FORECASTS,
    "basis": ("simulate",),
    "parameters": ("simulate",),
    "like": ("simulate",),
    "template": ("new",),
    "money": ("new",),
    "timezone": ("new",),
}
"""Each key and the commands that take it; None: all that have an option of this name. What is asked for one
run alone has none: what to write, what to mend, which numbers to set."""

_FIGURES = {
    "sample",
    "months",
    "seed",
    "program_name",
    "population_name",
    "population",
    "basis",
    "parameters",
}
"""The parameters of commands, by which figures are others."""

_META = "loyalty_dsl.settings"
_Made = TypeVar("_Made", bound=Any)


@attrs.frozen
class SettingsFile:
    """A file with settings.

    Attributes:
        path: of the file, from the working directory if it is below it.
        text: all of it.
        header: the table that they are in, such as `tool.loyalty`; empty for all of the file.
        table: the settings, as TOML says them.
    """

    path: Path
    text: str
    header: str
    table: Mapping[str, Any]

    def place(self, key: str, command: str | None = None) -> str:
        """`loyalty.toml:3`, the line of a key, of all commands or of one."""
        line = _line_of(self.text, ".".join(filter(None, (self.header, command))), key)
        return f"{self.path}:{line}" if line else str(self.path)


def add_settings(command: click.Command) -> click.Command:
    """Lets a command take settings: adds the option that ignores them, and reads them where not given."""
    if not any(parameter.callback is _take for parameter in command.params) and any(
        _key_of(parameter) in KEYS for parameter in command.params
    ):
        ignoring = click.Option(
            ["--no-settings"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_take,
            help=f"Ignore {OWN} and [tool.loyalty] of {SHARED}.",
        )
        command.params.append(ignoring)
    return command


def _take(context: click.Context, parameter: click.Parameter, ignored: bool) -> None:
    if ignored or os.environ.get("LOYALTY_NO_SETTINGS") or context.resilient_parsing:
        return
    file = find_settings()
    if file is not None:
        context.default_map = defaults_of(file, context.command, context.info_name or "", context)
        context.meta[_META] = file


def name_settings(made: _Made) -> _Made:
    """What says where figures come from, with the settings among its inputs where these depend on them."""
    context = click.get_current_context()
    file = context.meta.get(_META)
    taken = (name for name in _FIGURES if context.get_parameter_source(name) is ParameterSource.DEFAULT_MAP)
    if file is None or next(taken, None) is None:
        return made
    from hashlib import sha256

    named: _Made = attrs.evolve(
        made, inputs=(*made.inputs, (str(file.path), sha256(file.text.encode()).hexdigest()))
    )
    return named


def find_settings() -> SettingsFile | None:
    """The settings of the nearest folder that has some, from the working directory to the repository's root.

    Raises:
        InputRefused: a file that is no TOML or cannot be read, or two in one folder.
    """
    try:
        here = Path.cwd()
    except OSError:  # it was removed under us
        return None
    for folder in (here, *here.parents):
        found = [file for name in (OWN, SHARED) if (file := _read(folder / name, here)) is not None]
        if len(found) == 2:
            raise InputRefused(
                f"`{found[0].path}` and `{found[1].path}` both have settings", "keep them in one of the two"
            )
        if found:
            return found[0]
        if (folder / ".git").exists():
            return None
    return None


def _read(path: Path, here: Path) -> SettingsFile | None:
    if not os.path.isfile(path):  # noqa: PTH113  # unlike Path.is_file it never raises
        return None
    shown = Path(os.path.relpath(path, here))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InputRefused(f"`{shown}` cannot be read as text") from None
    if path.name == SHARED and "loyalty" not in text:
        return None  # most have none, and reading TOML takes longer than reading rules
    import tomllib

    try:
        table: Any = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:  # a number of 5,000 digits is no TOMLDecodeError
        if path.name == SHARED and not re.search(r"tool\s*\.\s*\"?loyalty", text):
            return None  # its owners will hear of it from others
        raise InputRefused(f"`{shown}` is no TOML: {problem}") from None
    if path.name == OWN:
        return SettingsFile(shown, text, "", table)
    tools = table.get("tool")
    table = tools.get("loyalty") if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise InputRefused(f"`{shown}`: `tool.loyalty` is no table", "write `[tool.loyalty]`, once")
    return None if table is None else SettingsFile(shown, text, "tool.loyalty", table)


def defaults_of(
    file: SettingsFile, command: click.Command, name: str, context: click.Context | None = None
) -> dict[str, Any]:
    """What options of a command are where they are not given; what its own table says comes before the rest.

    Args:
        name: of the command.

    Returns:
        By the names of its parameters.

    Raises:
        InputRefused: a key or a value that means nothing, wherever it is in the file.
    """
    from loyalty_dsl.cli import COMMANDS

    context = context or click.Context(command)
    parameters = {_key_of(parameter): parameter for parameter in command.params}
    found: dict[str, Any] = {}
    for table, key, value in _entries(file):
        if table is None and isinstance(value, dict):
            near = nearest(key, COMMANDS)
            hint = f"did you mean `[{near}]`?" if near else None
            raise InputRefused(f"{file.place(key)}: there is no command `{key}`", hint)
        if key not in KEYS:
            raise _unknown(file.place(key, table), key)
        takers = KEYS[key]
        if table is not None and takers is not None and table not in takers:
            raise InputRefused(
                f"{file.place(key, table)}: `{key}` is no setting of `loyalty {table}`",
                f"it is one of the settings of {listed(takers)}",
            )
        parameter = parameters.get(key)
        if parameter is None or parameter.name is None:
            if table == name:
                raise InputRefused(f"{file.place(key, table)}: `loyalty {table}` has no option `--{key}`")
            continue
        if table in (None, name) and (takers is None or name in takers):
            taken = _verified(file, table, key, value, (parameter, context))
            if taken is not None:
                found[parameter.name] = taken
    return found


def _entries(file: SettingsFile) -> Iterator[tuple[str | None, str, Any]]:
    """Each setting with the command that it is for, and those for all commands first."""
    from loyalty_dsl.cli import COMMANDS

    tables = {key: value for key, value in file.table.items() if key in COMMANDS and isinstance(value, dict)}
    yield from ((None, key, value) for key, value in file.table.items() if key not in tables)
    for command, table in tables.items():
        yield from ((command, key, value) for key, value in table.items())


def _verified(
    file: SettingsFile,
    table: str | None,
    key: str,
    value: Any,
    taker: tuple[click.Parameter, click.Context],
) -> Any:
    """A value as its option takes it; None where it is for all commands, and this one has other choices.

    Raises:
        InputRefused: it is none.
    """
    place = file.place(key, table)
    parameter, context = taker
    if key == PROGRAMS:
        return _paths(file, place, value)
    if getattr(parameter, "is_flag", False):
        if not isinstance(value, bool):
            raise InputRefused(f"{place}: `{key}` is yes or no", f"write `{key} = true`")
        return value
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise InputRefused(f"{place}: `{key}` is one number or one text")
    choices = parameter.type.choices if isinstance(parameter.type, click.Choice) else ()
    if choices and value not in choices:
        if table is None and value in _choices(key):
            return None
        hint = f"it is one of {', '.join(map(str, choices))}"
        raise InputRefused(f"{place}: `{value}` is none of the values of `{key}`", hint)
    try:
        parameter.type.convert(value, parameter, context)
    except click.UsageError as problem:
        raise InputRefused(f"{place}: `{key}`: {problem.message}") from None
    return value


def _choices(key: str) -> set[str]:
    """What any command takes for a key. All of them are looked through: only where one does not take it."""
    from loyalty_dsl.cli import COMMANDS, loyalty

    top = click.Context(loyalty)
    commands = filter(None, (loyalty.get_command(top, name) for name in COMMANDS))
    options = [each for command in commands for each in command.params if _key_of(each) == key]
    return {choice for each in options if isinstance(each.type, click.Choice) for choice in each.type.choices}


def _paths(file: SettingsFile, place: str, value: Any) -> list[str]:
    """Files and folders of rules, as they are named from the working directory."""
    named = [value] if isinstance(value, str) else value
    if not isinstance(named, list) or not named or not all(isinstance(each, str) and each for each in named):
        raise InputRefused(f"{place}: `{PROGRAMS}` is a list of files and folders", 'such as ["programs"]')
    paths = [os.path.normpath(file.path.parent / each) for each in named]
    for each, path in zip(named, paths, strict=True):
        if not os.path.lexists(path):
            raise InputRefused(
                f"{place}: there is no file or folder `{each}`",
                f"paths are counted from the folder of `{file.path}`",
            )
    return paths


def _key_of(parameter: click.Parameter) -> str:
    """The setting that a parameter would be of: the files, or the long name of an option."""
    if isinstance(parameter, click.Argument):
        return PROGRAMS if parameter.name == "files" else ""
    return next((word[2:] for word in parameter.opts if word.startswith("--")), "")


def _unknown(place: str, key: str) -> InputRefused:
    """The refusal of a key that is none: options that only a command line may say are known by name."""
    from loyalty_dsl.cli import COMMANDS, loyalty

    top = click.Context(loyalty)
    for name in COMMANDS:
        command = loyalty.get_command(top, name)
        if command is not None and any(_key_of(each) == key for each in command.params):
            return InputRefused(
                f"{place}: `{key}` is no setting, but said each time", f"`loyalty {name} --{key}`"
            )
    near = nearest(key, KEYS)
    hint = f"did you mean `{near}`?" if near else f"there are {', '.join(KEYS)}"
    return InputRefused(f"{place}: there is no setting `{key}`", hint)


def _line_of(text: str, header: str, key: str) -> int:
    """The line of a key in a TOML text, or of the table that it names; 0 where that is not found."""
    at = ""
    for number, line in enumerate(text.splitlines(), 1):
        named = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line)
        if named:
            at = named[1].replace('"', "").replace(" ", "")
        said = re.match(r'\s*(?:[\w"-]+\s*\.\s*)*"?([\w-]+)"?\s*=', line)
        if (said and said[1] == key and at == header) or at == ".".join(filter(None, (header, key))):
            return number
    return 0
