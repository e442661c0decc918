"""Everything that a program is made of, and which fields of the member that asks for.

Invariant: a part that stands inside another is found, however deep.
"""

from collections.abc import Iterator

import attrs

from loyalty_dsl.language.clocks import YearlyOf
from loyalty_dsl.language.conditions import MemberField
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import Field
from loyalty_dsl.source import Span


def parts_of(thing: object) -> Iterator[object]:
    """Everything that a program is made of: rules, their conditions, what those read, and so on."""
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting += part
        elif not isinstance(part, Span) and attrs.has(kind := type(part)):
            yield part
            waiting += [getattr(part, field.name) for field in attrs.fields(kind)]


def member_fields_read(program: Program) -> tuple[Field, ...]:
    """The fields of the member that a rule or a clock reads."""
    read = {
        part.field.name
        for part in parts_of(program)
        if isinstance(part, MemberField | YearlyOf) and isinstance(part.field, Field)
    }
    return tuple(field for field in program.member_fields if field.name in read)
