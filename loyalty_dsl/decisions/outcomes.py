"""The registry of outcomes, and how one is written: `liability at month 36`, `active_rate >= 40%`.

Invariant: every outcome that a command or a study knows is a row of `OUTCOMES`.
"""

import re
from fractions import Fraction

from loyalty_dsl.decisions.forecast_outcomes import FORECAST_OUTCOMES
from loyalty_dsl.decisions.outcome_kinds import Of, Outcome, OutcomeKind, Reading, Target, Unit, Unknown, When
from loyalty_dsl.decisions.value_outcomes import VALUE_OUTCOMES
from loyalty_dsl.decisions.written import EXAMPLES, Kind, parse_number, spelled
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.quantities import symbol_of
from loyalty_dsl.refusals import InputRefused, quoted_for_a_shell

__all__ = [
    "OUTCOMES",
    "Outcome",
    "OutcomeKind",
    "Reading",
    "Target",
    "Unknown",
    "parse_outcome",
    "parse_target",
    "spelled_bound",
]

OUTCOMES = (*FORECAST_OUTCOMES, *VALUE_OUTCOMES)
"""Every outcome. Another module's rows are added here."""


# ---- reading


_SHAPE = re.compile(
    r"(?P<name>[a-z][a-z_ ]*?)(?: of (?P<of>[a-z][\w.]*))?"
    r"(?: (?P<when>at month|over) (?P<month>\d[\d,]*)(?P<months> months?)?)?"
    r"(?: ?(?P<sign><=|>=|<|>|=) ?(?P<bound>.+))?"
)


def parse_outcome(text: str, program: Program, months: int) -> Outcome:
    """Reads an outcome, such as `liability at month 36`.

    Args:
        program: which has its currencies, levels and rewards.
        months: of the forecast, all of which are meant where no month is said.

    Raises:
        InputRefused: it is no outcome, or not one of this program or of these months.
    """
    outcome, target = _read(text, program, months)
    if target is not None:
        raise InputRefused(f"`{text}` has a bound, and only an outcome is wanted", f"write `{outcome.text}`")
    return outcome


def parse_target(text: str, program: Program, months: int) -> Target:
    """Reads an outcome and its bound, such as `liability at month 36 <= $4M`.

    Raises:
        InputRefused: as of `parse_outcome`, or the bound is missing or in another unit.
    """
    outcome, target = _read(text, program, months)
    if target is None:
        example = _example(outcome)
        raise InputRefused(f"`{text}` has no bound", f"write `{outcome.text} <= {example}`")
    return target


def _read(text: str, program: Program, months: int) -> tuple[Outcome, Target | None]:
    plain = " ".join(text.split())
    found = _SHAPE.fullmatch(plain)
    if found is None:
        raise InputRefused(
            f"`{text}` is no outcome",
            "write one as `liability at month 12` or `reward cost over 12 months`",
        )
    kind = _kind(found["name"], text)
    subject = _subject(kind, found["of"], program)
    in_money = kind.unit is Unit.UNITS and any(
        one.in_money for one in program.currencies if one.name == subject
    )
    outcome = Outcome(kind, subject, _month(kind, found, months, text), program.money, in_money)
    if found["sign"] is None:
        return outcome, None
    return outcome, Target(outcome, found["sign"], _bound(found["bound"], outcome), found["bound"])


def _kind(written: str, text: str) -> OutcomeKind:
    name = " ".join(written.replace("_", " ").split())
    for kind in OUTCOMES:
        if name == kind.name or name in kind.words:
            return kind
    names = {each: each for kind in OUTCOMES for each in (kind.name, *kind.words)}
    near = nearest(name, names)
    known = listed((kind.name for kind in OUTCOMES), most=len(OUTCOMES))
    told = f"did you mean `{near}`?" if near else f"there are {known}"
    raise InputRefused(f"there is no outcome `{written}` in `{text}`", told)


def _subject(kind: OutcomeKind, name: str | None, program: Program) -> str | None:
    match kind.of:
        case Of.NOTHING:
            known: list[str] = []
        case Of.CURRENCY:
            known = [one.name for one in program.currencies]
        case Of.REWARD:
            known = [one.name for one in program.rewards]
        case Of.LEVEL:
            levels = [level.name for one in program.ladders for level in one.levels]
            known = [
                level.name if levels.count(level.name) == 1 else f"{one.name}.{level.name}"
                for one in program.ladders
                for level in one.levels
            ]
    if name is None:
        return _only(kind, known)
    if name not in known and name.partition(".")[2] in known and kind.of is Of.LEVEL:
        return name.partition(".")[2]
    if name not in known:
        what = (
            f"there is no {kind.of.value} `{name}`" if known else f"`{kind.name}` is of all, not of `{name}`"
        )
        near = nearest(name, known)
        told = f"did you mean `{near}`?" if near else f"it has {listed(known)}" if known else None
        raise InputRefused(what, told)
    return name


def _only(kind: OutcomeKind, known: list[str]) -> str | None:
    """The one currency, where units of one are meant and none is named."""
    if kind.of is not Of.CURRENCY or kind.unit is Unit.MONEY:
        return None
    if len(known) != 1:
        what = f"`{kind.name}` is of one currency, and there are {len(known)}"
        raise InputRefused(what, f"write `{kind.name} of {known[0]}`" if known else None)
    return known[0]


def _month(kind: OutcomeKind, found: re.Match[str], months: int, text: str) -> int:
    if found["month"] is None:
        return months
    said = When.AT if found["when"] == "at month" else When.OVER
    if said is not kind.when or (said is When.OVER) != bool(found["months"]):
        example = f"{kind.name} {kind.when.value}" if kind.when is not When.EVER else kind.name
        raise InputRefused(f"`{text}`: {kind.name} is not told in this way", f"write `{example}`")
    month = int(found["month"].replace(",", ""))
    if not 1 <= month <= months:
        raise InputRefused(
            f"`{text}`: month {month:,} is not among the {months:,} months of the forecast",
            f"forecast more with --months {month}" if month else "the first month is 1",
        )
    return month


def _wanted(outcome: Outcome) -> Kind:
    """What a bound of an outcome is."""
    if outcome.in_money or outcome.kind.unit is Unit.MONEY:
        return Kind.MONEY
    return Kind.PERCENT if outcome.kind.unit is Unit.SHARE else Kind.NUMBER


def _bound(text: str, outcome: Outcome) -> Fraction:
    written = parse_number(text)
    wanted = _wanted(outcome)
    allowed = {"", outcome.kind.unit.value, outcome.subject or ""}
    if written is None or written.kind is not wanted or written.rest not in allowed:
        such = f"{outcome.text} <= {_example(outcome)}"
        lost = wanted is Kind.MONEY and "$" in such and "$" not in text
        raise InputRefused(
            f"`{text}` is no bound of {outcome.text}, which is {wanted.value}",
            f"write it {quoted_for_a_shell(such)}" if lost else f"write it as in `{such}`",
        )
    return written.value


def _example(outcome: Outcome) -> str:
    return EXAMPLES[_wanted(outcome)].replace("$", symbol_of(outcome.money))


def spelled_bound(value: Fraction, outcome: Outcome) -> str:
    """A value as a bound is written."""
    return spelled(value, _wanted(outcome), symbol_of(outcome.money))
