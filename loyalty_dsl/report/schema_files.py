"""The JSON Schemas of everything that a command writes as JSON; they ship inside the package.

Invariant: a schema's name is that of its file, and its title the `format` of the documents that it is of.
"""

import json
from importlib.resources import files
from typing import Any

from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.refusals import InputRefused

_SUFFIX = ".schema.json"


def schema_names() -> tuple[str, ...]:
    """The names of all schemas, such as `simulate`."""
    folder = files("loyalty_dsl.report") / "schemas"
    names = (file.name for file in folder.iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


def schema_text(name: str) -> str:
    """A schema as the text of its file.

    Raises:
        InputRefused: there is none of this name.
    """
    known = schema_names()
    if name not in known:
        near = nearest(name, known)
        hint = f"is it `{near}`? " if near else ""
        raise InputRefused(f"there is no schema `{name}`", f"{hint}there are {', '.join(known)}")
    return (files("loyalty_dsl.report") / "schemas" / f"{name}{_SUFFIX}").read_text(encoding="utf-8")


def schema(name: str) -> dict[str, Any]:
    """A schema as plain dicts and lists: "simulate" is that of `loyalty simulate --format json`.

    Raises:
        InputRefused: there is none of this name.
    """
    document: dict[str, Any] = json.loads(schema_text(name))
    return document
