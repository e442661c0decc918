"""An outcome that a study asks for, and the bounds on it."""

from fractions import Fraction

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.outcomes import (
    OUTCOME_NAMES,
    Of,
    OutcomeName,
    Unit,
    When,
    WrongSubject,
    find_outcome,
    nearest_outcome,
    subject_of,
)
from loyalty_dsl.language.plurals import other_numbers
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.study import Bound, StudyOutcome
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.syntax import studies as written
from loyalty_dsl.quantities import symbol_of


def check_outcome(
    asked: written.AskedOutcome, program: Program, months: int, findings: Findings
) -> StudyOutcome | None:
    """The outcome that is asked for, or `None` when something in it is wrong.

    Args:
        months: of the study.
    """
    name = find_outcome(asked.name.text)
    if name is None:
        near = nearest_outcome(asked.name.text)
        known = listed((one.name for one in OUTCOME_NAMES), most=len(OUTCOME_NAMES))
        findings.report(
            "L551", asked.name.span, f"there is no outcome `{asked.name.text}`",
            help=f"did you mean `{near}`?" if near else f"there are {known}",
            edit=Edit(asked.name.span, near) if near else None,
        )  # fmt: skip
        return None
    subject = subject_of(name, None if asked.of is None else asked.of.text, program)
    if isinstance(subject, WrongSubject):
        span = asked.span if asked.of is None else asked.of.span
        findings.report(
            "L552", span, subject.message, help=subject.help,
            edit=Edit(span, subject.guess) if subject.guess and asked.of is not None else None,
        )  # fmt: skip
        return None
    month = _month(asked, name, months, findings)
    return None if month is None else StudyOutcome(name, subject, month, asked.span)


def _month(asked: written.AskedOutcome, name: OutcomeName, months: int, findings: Findings) -> int | None:
    if asked.months is None:
        return months
    said = When.AT if isinstance(asked.months, written.AtMonth) else When.OVER
    if said is not name.when:
        of = "" if asked.of is None else f" of {asked.of.text}"
        number = asked.months.number.span.text
        told = {
            When.AT: f"{name.name}{of} at month {number}",
            When.OVER: f"{name.name}{of} over {number} months",
            When.EVER: f"{name.name}{of}",
        }[name.when]
        why = {
            When.AT: "is what there is at the end of a month",
            When.OVER: "adds up over months",
            When.EVER: "is of all that is ever issued",
        }[name.when]
        findings.report("L552", asked.months.span, f"`{name.name}` {why}", help=f"write `{told}`")
        return None
    at = asked.months.number
    if at.value.denominator != 1 or not 1 <= at.value <= months:
        findings.report(
            "L552", at.span, f"month {at.span.text} is not among the {months:,} months of the study",
            help=f"write a month from 1 to {months:,}, or study more with `months {at.span.text}`"
            if at.value.denominator == 1 and at.value > months
            else f"write a month from 1 to {months:,}",
        )  # fmt: skip
        return None
    return int(at.value)


# ---- bounds


def check_bounds(
    bound: written.OneBound | written.TwoBounds, outcome: StudyOutcome, program: Program, findings: Findings
) -> tuple[Bound, ...] | None:
    """The bounds on an outcome, or `None` when something in them is wrong."""
    match bound:
        case written.OneBound(sign=sign, value=value):
            number = _value(value, outcome, program, findings)
            return None if number is None else (Bound(sign, number, value.span.text),)
        case written.TwoBounds(least=least, most=most):
            low, high = (_value(each, outcome, program, findings) for each in (least, most))
    if low is None or high is None:
        return None
    if low >= high:
        findings.report(
            "L553", bound.span, f"nothing is between {least.span.text} and {most.span.text}",
            help="write the smaller one first",
        )  # fmt: skip
        return None
    return Bound(">=", low, least.span.text), Bound("<=", high, most.span.text)


def _value(
    value: written.BoundValue, outcome: StudyOutcome, program: Program, findings: Findings
) -> Fraction | None:
    """A bound in the unit of its outcome: dollars, points, members or shares of 1."""
    unit = outcome.name.unit
    in_money = unit is Unit.MONEY or _in_money(outcome, program)
    symbol = symbol_of(program.money)
    match value:
        case syntax.Money(symbol=written_with, value=amount) if in_money and written_with == symbol:
            return amount
        case syntax.Percent(value=share) if unit is Unit.SHARE:
            return share
        case syntax.Number(value=number) if not in_money and unit is not Unit.SHARE:
            return number
        case syntax.Quantity(number=syntax.Number(value=number), unit=syntax.Name(text=counted)) if (
            not in_money and unit is not Unit.SHARE and _counts(counted, outcome)
        ):
            return number
        case _:
            pass
    example = f"{symbol}4,000,000" if in_money else "25%" if unit is Unit.SHARE else "12,000"
    what = "money" if in_money else _of_units(outcome)
    findings.report(
        "L553", value.span, f"`{value.span.text}` is no bound of {outcome.name.name}, which is {what}",
        help=f"write a bound such as `{example}`",
    )  # fmt: skip
    return None


def _of_units(outcome: StudyOutcome) -> str:
    match outcome.name.unit:
        case Unit.UNITS:
            return f"a number of {outcome.subject}"
        case Unit.MEMBERS:
            return "a number of members"
        case Unit.COUNT:
            return "a number of times"
        case _:
            return str(outcome.name.unit.value)


def _in_money(outcome: StudyOutcome, program: Program) -> bool:
    return outcome.name.unit is Unit.UNITS and any(
        one.in_money for one in program.currencies if one.name == outcome.subject
    )


def _counts(word: str, outcome: StudyOutcome) -> bool:
    """Whether a word behind a number says what the outcome counts."""
    match outcome.name.unit:
        case Unit.UNITS:
            counted = outcome.subject or ""
        case Unit.MEMBERS:
            counted = "members"
        case Unit.COUNT:
            counted = outcome.name.name if outcome.name.of is Of.NOTHING else "times"
        case _:
            return False
    return word == counted or word in other_numbers(counted)
