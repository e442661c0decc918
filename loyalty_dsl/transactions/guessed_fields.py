"""The fields of a program, guessed: a column of the same name, one with the same words, or a constant.

Invariant: every field that the program needs has a guess; one that no column shows is the same on every row.
"""

import re
from collections.abc import Sequence

import attrs

from loyalty_dsl.language.parts_read import member_fields_read
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.quantities import symbol_of
from loyalty_dsl.transactions.seen_columns import SeenColumn

_MOST_TEXTS = 30
"""A column with more different texts is not read by naming them."""


@attrs.frozen
class GuessedField:
    """A `field` clause, what it rests on, and whether that is little."""

    text: str
    why: str
    unsure: bool


def guess_fields(columns: Sequence[SeenColumn], program: Program) -> tuple[GuessedField, ...]:
    """A clause for each field that purchases and items need, and that the program reads of members."""
    fields = (*program.events[0].fields, *program.item_fields, *member_fields_read(program))
    names = dict.fromkeys(field.name for field in fields if field.kind is not Kind.TIME)
    by_name = {field.name: field for field in reversed(fields)}
    return tuple(_guess(by_name[name], columns, program) for name in names)


def _guess(field: Field, columns: Sequence[SeenColumn], program: Program) -> GuessedField:
    words = field.name.replace("_", " ")
    column = next((one for one in columns if one.plain == words), None)
    why = f"by the name of `{column.name}`" if column is not None else ""
    if column is None and field.values:
        shares = [(_share_known(field, one), one) for one in columns]
        best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
        if best[0] >= 0.5:
            column = best[1]
            why = f"by the words in `{column.name}`" if column is not None else ""
    if column is None:
        value = _constant(field, program)
        return GuessedField(
            f"field {field.name} = {value}", "no column looks like it; the same on every row", True
        )
    if not field.values:
        return GuessedField(f'field {field.name} "{column.name}"', why, False)
    return _by_values(field, column, why)


def _share_known(field: Field, column: SeenColumn) -> float:
    texts = column.texts()
    if not 1 < len(texts) <= _MOST_TEXTS:
        return 0.0
    return sum(count for text, count in texts.items() if _word(text) in field.values) / sum(texts.values())


def _by_values(field: Field, column: SeenColumn, why: str) -> GuessedField:
    texts = column.texts()
    if texts and all(text in field.values for text in texts) and None not in column.cells:
        return GuessedField(
            f'field {field.name} "{column.name}"', f"{why}, whose cells are its values", False
        )
    meant: dict[str, list[str]] = {}
    unknown = 0
    for text in list(texts)[:_MOST_TEXTS] if len(texts) <= _MOST_TEXTS else ():
        value = _word(text) if _word(text) in field.values else nearest(_word(text), field.values)
        if value is None or '"' in text or not text.isprintable():
            unknown += 1
        else:
            meant.setdefault(value, []).append(text)
    pairs = [", ".join(f'"{text}"' for text in several) + f" = {value}" for value, several in meant.items()]
    pairs.append(f"others = {field.values[-1]}")
    if None in column.cells:
        pairs.append(f"blank = {field.values[-1]}")
    why += f"; `others` are {unknown} of its {len(texts)} words, or those to come"
    return GuessedField(f'field {field.name} "{column.name}" {{ {", ".join(pairs)} }}', why, True)


def _word(text: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", text.lower()))


def _constant(field: Field, program: Program) -> str:
    match field.kind:
        case Kind.ONE_OF:
            return field.values[0]
        case Kind.YES_NO:
            return "no"
        case Kind.MONEY:
            return f"{symbol_of(program.money)}0"
        case Kind.DATE:
            return "2000-01-01"
        case Kind.NUMBER | Kind.TIME | Kind.UNITS | Kind.LEVEL:
            return "0"
