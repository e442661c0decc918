"""Conditions: every name resolved, both sides of a comparison of one kind.

A test says what is read (`measures`) and what it is compared with; dates are compared in words, names by
`is`, and a yes/no holds or does not.
"""

from fractions import Fraction
from typing import assert_never

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import (
    LARGEST,
    day,
    fine_enough,
    whole_money,
    whole_number,
    whole_quantity,
)
from loyalty_dsl.language.checking.being_in import check_being_in, names_audience
from loyalty_dsl.language.checking.compared import how_to_compare, value_in_words
from loyalty_dsl.language.checking.counting import names_event
from loyalty_dsl.language.checking.dates import days_of_week
from loyalty_dsl.language.checking.fields import example_value, level_named, position_of
from loyalty_dsl.language.checking.having import check_has
from loyalty_dsl.language.checking.lengths import check_within
from loyalty_dsl.language.checking.measures import (
    Measured,
    Readable,
    check_measure,
    report_mismatch,
    sum_of,
)
from loyalty_dsl.language.checking.scope import LadderName, ProgramScope, Terms
from loyalty_dsl.language.checking.times import between_times
from loyalty_dsl.language.conditions import (
    All,
    Any,
    Compare,
    Condition,
    EventWeekday,
    Literal,
    Not,
    OneAmong,
    Order,
)
from loyalty_dsl.language.syntax.leaves import TimeLiteral
from loyalty_dsl.language.types import Field, Kind

_ORDERS = {
    "<": Order.LESS,
    "<=": Order.AT_MOST,
    ">": Order.MORE,
    ">=": Order.AT_LEAST,
}
_DATE_ORDERS = {"before": Order.LESS, "through": Order.AT_MOST, "from": Order.AT_LEAST}
_DATE_WORDS = {
    "<": "{0} before {1}",
    "<=": "{0} through {1}",
    ">": "not {0} through {1}",
    ">=": "{0} from {1}",
}


def check_condition(scope: ProgramScope, readable: Readable, tree: syntax.Condition) -> Condition | None:
    """A condition with its names resolved, or `None` when something in it is wrong (all of it reported)."""
    match tree:
        case syntax.AllOf(tests=tests):
            checked = _each(scope, readable, tests)
            return None if checked is None else All(checked)
        case syntax.AnyOf(tests=tests):
            checked = _each(scope, readable, tests)
            return None if checked is None else Any(checked)
        case syntax.Negated(test=test):
            inner = check_condition(scope, readable, test)
            return None if inner is None else Not(inner)
        case syntax.Holds():
            return (
                check_being_in(scope, readable, tree)
                if names_audience(tree)
                else _holds(scope, readable, tree)
            )
        case syntax.Equals():
            return _equals(scope, readable, tree)
        case syntax.OneAmong():
            return _one_among(scope, readable, tree)
        case syntax.Compares():
            return _compares(scope, readable, tree)
        case syntax.conditions.Between():
            return _between(scope, readable, tree)
        case syntax.Dated():
            return _dated(scope, readable, tree)
        case syntax.conditions.WithinLength():
            return check_within(scope, readable, tree)
        case syntax.conditions.OnWeekday():
            return _on_weekday(scope, readable, tree)
        case syntax.conditions.Has():
            return check_has(scope, readable, tree)
        case _:
            assert_never(tree)


def _each(
    scope: ProgramScope, readable: Readable, tests: tuple[syntax.Condition, ...]
) -> tuple[Condition, ...] | None:
    checked = [check_condition(scope, readable, test) for test in tests]
    whole = tuple(test for test in checked if test is not None)
    return whole if len(whole) == len(checked) else None


# ---- tests


def _holds(scope: ProgramScope, readable: Readable, test: syntax.Holds) -> Condition | None:
    event = readable.event
    if names_event(scope, test.measure) and not (event and event.field(test.measure.name.text)):
        name = test.measure.name.text
        scope.findings.report(
            "L309", test.span, f"`{name}` is an event, which does not hold or fail",
            help=f"a rule fires on it: `on {name}`",
        )  # fmt: skip
        return None
    measured = check_measure(scope, readable, test.measure)
    if measured is None:
        return None
    if measured.kind is Kind.YES_NO:
        return Compare(measured.operand, Order.EQUAL, Literal(1, Kind.YES_NO))
    match measured:
        case Measured(kind=Kind.ONE_OF, field=Field() as field):
            example = f"is {example_value(field)}"
        case Measured(kind=Kind.DATE, field=Field(name=name) as field) if (
            scope.member_fields.find(name) is field
        ):
            report_mismatch(
                scope, measured, test.span, "so it does not hold or fail on its own", code="L307",
                help=f"what comes on that day of every year fires on it: `on {name}`",
            )  # fmt: skip
            return None
        case Measured(kind=Kind.DATE):
            example = "from 2026-01-01"
        case Measured(kind=Kind.TIME):
            example = "from 14:00"
        case Measured(kind=Kind.LEVEL, ladder=LadderName(levels=(*_, top))):
            example = f">= {top}"
        case _:
            example = ">= ..."
    fix = f"compare it: `{test.span.text} {example}`"
    report_mismatch(
        scope, measured, test.span, "so it does not hold or fail on its own", help=fix, code="L307"
    )
    return None


def _equals(scope: ProgramScope, readable: Readable, test: syntax.Equals) -> Condition | None:
    measured = check_measure(scope, readable, test.measure)
    if measured is None:
        return None
    if measured.kind is Kind.YES_NO:
        _report_yes_no(scope, test, measured, test.value, test.negated)
        return None
    if measured.ladder is not None and measured.ladder.bought and test.value.span.text == "active":  # FEE-1
        order = Order.LESS if test.negated else Order.AT_LEAST
        return Compare(measured.operand, order, Literal(1, Kind.LEVEL))
    equal = compared_with(scope, measured, Order.EQUAL, test.value)
    return Not(equal) if test.negated and equal is not None else equal


def _one_among(scope: ProgramScope, readable: Readable, test: syntax.OneAmong) -> Condition | None:
    measured = check_measure(scope, readable, test.measure)
    if measured is None:
        return None
    if measured.kind not in (Kind.ONE_OF, Kind.LEVEL):
        text = test.measure.span.text
        fix = (
            f"write `{text}` or `not {text}`"
            if measured.kind is Kind.YES_NO
            else "compare it with `>=` or `is`"
        )
        report_mismatch(scope, measured, test.span, "and `one of` compares names", help=fix)
        return None
    values = [_position(scope, measured, value) for value in test.values]
    known = tuple(value for value in values if value is not None)
    if len(known) < len(values):
        return None
    among = OneAmong(measured.operand, tuple(sorted(set(known))))
    return Not(among) if test.negated else among


def _compares(scope: ProgramScope, readable: Readable, test: syntax.Compares) -> Condition | None:
    measured = check_measure(scope, readable, test.measure)
    if measured is None:
        return None
    text = test.measure.span.text
    match measured.kind:
        case Kind.YES_NO:
            _report_yes_no(scope, test, measured, test.value, negated=False)
            return None
        case Kind.ONE_OF:
            fix = f"write `{text} is {test.value.span.text}` or `{text} is one of ...`"
            report_mismatch(scope, measured, test.span, "which have no order", help=fix)
            return None
        case Kind.DATE:
            _report_in_words(scope, measured, test, "dates")
            return None
        case Kind.TIME:
            _report_in_words(scope, measured, test, "times")
            return None
    return compared_with(scope, measured, _ORDERS[test.sign], test.value)


def _between(scope: ProgramScope, readable: Readable, test: syntax.conditions.Between) -> Condition | None:
    """Two comparisons, both ends included."""
    measured = check_measure(scope, readable, test.measure)
    if measured is None:
        return None
    text, least, most = test.measure.span.text, test.least.span.text, test.most.span.text
    match measured.kind:
        case Kind.YES_NO:
            fix = f"write `{text}` or `not {text}`"
        case Kind.ONE_OF:
            fix = f"write `{text} is one of {least}, {most}`"
        case Kind.DATE:
            fix = f"write `{text} from {least} and {text} through {most}`"
        case _:
            fix = ""
    if fix:
        report_mismatch(scope, measured, test.span, "and `between` compares amounts", help=fix)
        return None
    if measured.kind is Kind.TIME:
        start, end = literal_of(scope, measured, test.least), literal_of(scope, measured, test.most)
        return None if start is None or end is None else between_times(measured.operand, start, end)
    ends = [
        compared_with(scope, measured, order, value)
        for order, value in ((Order.AT_LEAST, test.least), (Order.AT_MOST, test.most))
    ]
    whole = tuple(end for end in ends if end is not None)
    if len(whole) < len(ends):
        return None
    first, last = literal_of(scope, measured, test.least), literal_of(scope, measured, test.most)
    if measured.ratio is None and first is not None and last is not None and first.value > last.value:
        scope.findings.report(
            "L316", test.span, f"`{least}` is more than `{most}`",
            secondary=[(test.most.span, "the end")], help="write the smaller first",
        )  # fmt: skip
        return None
    return All(whole)


def _on_weekday(
    scope: ProgramScope, readable: Readable, test: syntax.conditions.OnWeekday
) -> Condition | None:
    why = "an item filter reads the fields of items; put this behind `when`" if readable.of_items else None
    why = why or readable.no_day
    if why is not None:
        scope.findings.report("L309", test.span, f"`{test.span.text}` cannot be asked here", help=why)
        return None
    return OneAmong(EventWeekday(), days_of_week(test.word))


def _dated(scope: ProgramScope, readable: Readable, test: syntax.Dated) -> Condition | None:
    measured = check_measure(scope, readable, test.measure)
    if measured is None:
        return None
    if isinstance(test.date, TimeLiteral):
        at = literal_of(scope, measured, test.date)
        return None if at is None else Compare(measured.operand, _DATE_ORDERS[test.word], at)
    if measured.kind is Kind.TIME:
        fix = "compare it with a time of day, such as `14:00`"
        report_mismatch(scope, measured, test.span, f"and `{test.date.span.text}` is a date", help=fix)
        return None
    if measured.kind is not Kind.DATE:
        fix = "the dates on which a rule holds are its `dates` clause"
        report_mismatch(scope, measured, test.span, f"and `{test.date.span.text}` is a date", help=fix)
        return None
    when = day(scope, test.date)
    if when is None:
        return None
    return Compare(measured.operand, _DATE_ORDERS[test.word], Literal(when, Kind.DATE))


# ---- values


def compared_with(
    scope: ProgramScope, measured: Measured, order: Order, value: syntax.Value
) -> Condition | None:
    """A comparison of a measure with a constant; of a ratio, one of sums."""
    if measured.ratio is not None and measured.ratio.divisor is not None:
        return _compare_ratio(scope, measured, measured.ratio.divisor, order, value)
    literal = literal_of(scope, measured, value)
    if literal is None:
        return None
    if measured.scale == 1:
        return Compare(measured.operand, order, literal)
    return Compare(measured.operand, order, Literal(literal.value * measured.scale, literal.kind))


def _compare_ratio(
    scope: ProgramScope,
    measured: Measured,
    below: Terms,
    order: Order,
    value: syntax.Value,
) -> Condition | None:
    """a / b >= p / q as q * a - p * b >= 0, where b is above 0."""
    if measured.kind is Kind.NUMBER and isinstance(value, syntax.Number | syntax.Percent):
        if not fine_enough(scope, value.value, value.span):
            return None
        limit = value.value
    else:
        literal = literal_of(scope, measured, value)
        if literal is None:
            return None
        limit = Fraction(literal.value)
    above = () if measured.ratio is None else measured.ratio.terms
    total: dict[int, int] = {}
    for factor, terms in ((limit.denominator, above), (-limit.numerator, below)):
        for each, counter in terms:
            total[counter] = total.get(counter, 0) + factor * each
    if sum(abs(each) for each in total.values()) > 2**62 // LARGEST:
        scope.findings.report(
            "L311", value.span,
            f"`{value.span.text}` is so fine or so large that the sum may not fit 64 bits",
            help="write it with fewer digits",
        )  # fmt: skip
        return None
    nothing = Literal(0, Kind.NUMBER)
    terms = tuple((each, counter) for counter, each in total.items() if each)
    return All((Compare(sum_of(terms), order, nothing), Compare(sum_of(below), Order.MORE, nothing)))


def literal_of(scope: ProgramScope, measured: Measured, value: syntax.Value) -> Literal | None:
    """The value as a constant of the measure's kind."""
    number: int | None
    match measured.kind, value:
        case Kind.MONEY, syntax.Money():
            number = whole_money(scope, value)
        case Kind.NUMBER, syntax.Number():
            number = whole_number(scope, value)
        case Kind.UNITS, syntax.Quantity():
            found = whole_quantity(scope, value, measured.currency)
            number = None if found is None else found[1]
        case Kind.UNITS, syntax.Number() | syntax.Money():
            unit = None
            if measured.bare and measured.currency is not None and isinstance(value, syntax.Number):
                unit = syntax.Name(measured.currency.name, value.span)
            found = whole_quantity(scope, syntax.Quantity(value, unit, value.span), measured.currency)
            number = None if found is None else found[1]
        case Kind.DATE, syntax.DateLiteral():
            number = day(scope, value)
        case Kind.TIME, TimeLiteral(minute=minute):
            number = minute
        case Kind.ONE_OF | Kind.LEVEL, syntax.Name():
            number = _position(scope, measured, value)
        case _:
            words = f"and `{value.span.text}` is {value_in_words(scope, value)}"
            report_mismatch(scope, measured, value.span, words, help=how_to_compare(scope, measured, value))
            return None
    return None if number is None else Literal(number, measured.kind)


def _position(scope: ProgramScope, measured: Measured, value: syntax.Name) -> int | None:
    if measured.ladder is not None:
        return level_named(scope.findings, measured.ladder, value)
    return None if measured.field is None else position_of(scope.findings, measured.field, value)


def _report_in_words(scope: ProgramScope, measured: Measured, test: syntax.Compares, what: str) -> None:
    words = _DATE_WORDS[test.sign].format(test.measure.span.text, test.value.span.text)
    edit = Edit(test.span, words, safe=test.sign != ">")  # `not` may stand before it already
    why = f"and {what} are compared in words"
    report_mismatch(scope, measured, test.span, why, help=f"write `{words}`", edit=edit)


_SAID = {"true": True, "false": False}


def _report_yes_no(
    scope: ProgramScope,
    test: syntax.Equals | syntax.Compares,
    measured: Measured,
    value: syntax.Value,
    negated: bool,
) -> None:
    text = test.measure.span.text
    said = value.value if isinstance(value, syntax.YesNo) else _SAID.get(value.span.text)
    meant = text if said is not negated else f"not {text}"
    scope.findings.report(
        "L307",
        test.span,
        f"`{text}` is yes/no and is not compared",
        secondary=[(measured.declared, "declared here")],
        help=f"write `{meant}`" if said is not None else f"write `{text}` or `not {text}`",
        edit=Edit(test.span, meant, safe=True) if said is not None else None,
    )
