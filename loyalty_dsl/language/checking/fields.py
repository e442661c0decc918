"""What a declared field can be: its kind in words, an example, the position of a value."""

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.types import Field, Kind


def type_in_words(field: Field) -> str:
    """A field's kind as a message says it behind "is"."""
    match field.kind:
        case Kind.ONE_OF:
            return f"one of {listed(field.values, 'or')}"
        case Kind.YES_NO | Kind.MONEY:
            return str(field.kind.value)
        case _:
            return f"a {field.kind.value}"


def example_value(field: Field) -> str:
    """A value that the field could have, as one writes it."""
    match field.kind:
        case Kind.YES_NO:
            return "yes"
        case Kind.ONE_OF:
            return field.values[0] if field.values else "..."
        case Kind.MONEY:
            return "$1.00"
        case Kind.DATE:
            return "2026-01-31"
        case _:
            return "1"


def position_of(findings: Findings, field: Field, value: syntax.Name) -> int | None:
    """The position of a value among those of a one-of field; an unknown one is reported."""
    if value.text in field.values:
        return field.values.index(value.text)
    guess = nearest(value.text, field.values)
    findings.report(
        "L308",
        value.span,
        f"`{value.text}` is not among the values of `{field.name}`",
        secondary=[(field.span, f"`{field.name}` is {type_in_words(field)}")],
        help=f"did you mean `{guess}`?" if guess else f"write one of {listed(field.values, 'or')}",
        edit=Edit(value.span, guess) if guess else None,
    )
    return None
