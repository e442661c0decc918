"""What a declared field can be: its kind in words, an example, the position of a value."""

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.scope import LadderName
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.types import Field, Kind


def type_in_words(field: Field) -> str:
    """A field's kind as a message says it behind "is"."""
    match field.kind:
        case Kind.ONE_OF:
            return f"one of {listed(field.values, 'or')}"
        case Kind.YES_NO | Kind.MONEY:
            return str(field.kind.value)
        case Kind.TIME:
            return "the time of day of the event"
        case _:
            return f"a {field.kind.value}"


def example_value(field: Field) -> str:
    """A value that the field could have, as one writes it."""
    match field.kind:
        case Kind.YES_NO:
            return "yes"
        case Kind.ONE_OF:
            return field.values[0] if field.values else "..."
        case Kind.TIME:
            return "14:30"
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


def level_named(findings: Findings, ladder: LadderName, name: syntax.Name) -> int | None:
    """The position of a level in its ladder; an unknown one is reported."""
    if name.text in ladder.levels:
        return ladder.levels.index(name.text)
    if not ladder.levels:
        return None  # none could be read, which has been reported
    guess = nearest(name.text, ladder.levels)
    findings.report(
        "L308", name.span, f"`{name.text}` is not a level of `{ladder.name}`",
        secondary=[(ladder.span, "declared here")],
        help=f"did you mean `{guess}`?" if guess else f"write one of {listed(ladder.levels, 'or')}",
        edit=Edit(name.span, guess) if guess else None,
    )  # fmt: skip
    return None
