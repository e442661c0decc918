"""What a file calls our columns and values: the TOML file behind `--map`.

    [columns]
    member = "Customer ID"
    [values.kind]
    "Sale" = "purchase"

Invariant: every key of a mapping means something; an unknown one is refused, with the nearest known name.
"""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs

from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.language.types import Kind
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.schema import KIND, REWARD, Schema

_MAX_BYTES = 1_000_000


@attrs.frozen
class ColumnMapping:
    """The file's words for ours.

    Attributes:
        columns: our column's name to the file's.
        values: by our column, the file's value to ours.
    """

    columns: Mapping[str, str] = attrs.field(factory=dict)
    values: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)

    def theirs(self, column: str) -> str:
        """What the file calls our `column`."""
        return self.columns.get(column, column)


def parse_mapping(path: Path, schema: Schema) -> ColumnMapping:
    """Reads a mapping and holds it against the program's columns.

    Args:
        path: a TOML file with the tables `columns` and `values.COLUMN`, both optional.
        schema: the columns of the program.

    Raises:
        InputRefused: it cannot be read, or names what the program does not have.
    """
    document = _read(path)
    for key in document:
        if key not in ("columns", "values"):
            raise _unknown(path, "table", key, ("columns", "values"))
    columns = _texts(path, "columns", document.get("columns", {}))
    for name in columns:
        if name == "amount_paid":
            raise InputRefused(
                f"`{path}` maps `amount_paid`, which is not supported yet",
                "map `amount`: what the purchase cost before this program's own rewards",
            )
        if name not in schema.names:
            raise _unknown(path, "column", name, schema.names)
    tables = document.get("values", {})
    if not isinstance(tables, dict):
        raise InputRefused(f"`{path}`: `values` is a table for each column, such as [values.kind]")
    values = {}
    for name, table in tables.items():
        known = _known_values(schema, name)
        if known is None:
            raise _unknown(path, "column with named values", name, _with_values(schema))
        values[name] = _texts(path, f"values.{name}", table)
        for value in values[name].values():
            if value not in known:
                raise _unknown(path, f"value of `{name}`", value, known)
    return ColumnMapping(columns, values)


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.exists() and not path.is_file():
            raise InputRefused(f"`{path}` is not a file")
        if path.stat().st_size > _MAX_BYTES:
            raise InputRefused(f"`{path}` is too large to be a mapping")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputRefused(f"there is no file `{path}`") from None
    except OSError as problem:
        raise InputRefused(f"`{path}` cannot be read: {(problem.strerror or '').lower()}") from None
    except (ValueError, RecursionError) as problem:  # a number of 5,000 digits is no TOMLDecodeError
        raise InputRefused(f"`{path}` is no TOML: {problem}") from None


def _texts(path: Path, name: str, table: object) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise InputRefused(f"`{path}`: `{name}` is a table of quoted texts")
    return table


def _known_values(schema: Schema, column: str) -> tuple[str, ...] | None:
    if column == KIND:
        return tuple(schema.kinds())
    if column == REWARD:
        return tuple(reward.name for reward in schema.program.rewards)
    known: list[str] = []
    members = (field for field in schema.program.member_fields if field.name == column)
    for field in (*(field for _, field in schema.fields.get(column, ())), *members):
        known += field.values
        known += ("yes", "no") if field.kind is Kind.YES_NO else ()
    return tuple(dict.fromkeys(known)) or None


def _with_values(schema: Schema) -> tuple[str, ...]:
    return tuple(name for name in schema.names if _known_values(schema, name))


def _unknown(path: Path, what: str, name: str, known: Iterable[str]) -> InputRefused:
    known = tuple(known)
    near = nearest(name, known)
    hint = f"did you mean `{near}`?" if near else f"there are {', '.join(f'`{k}`' for k in known)}"
    return InputRefused(f"`{path}` names the unknown {what} `{name}`", hint)
