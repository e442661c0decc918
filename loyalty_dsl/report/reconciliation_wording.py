"""A reconciliation in words: its headline, amounts and examples.

Invariant: amounts are exact; a share is the only figure that is rounded.
"""

from loyalty_dsl.calendar import date_of
from loyalty_dsl.quantities import MINOR_DIGITS, format_money, format_units
from loyalty_dsl.reconciliation.causes import Cause
from loyalty_dsl.reconciliation.examples import Example
from loyalty_dsl.reconciliation.reconciling import Reconciliation
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.wording import long_date, one_line


def amount(result: Reconciliation, units: int, currency: int) -> str:
    """Units in the display unit, without digits that say nothing: `1,250` or `$12.50`."""
    its, digits = result.program.currencies[currency], result.digits
    fewest = MINOR_DIGITS[result.program.money] if its.in_money else 0
    while digits > fewest and units % 10 == 0:
        units, digits = units // 10, digits - 1
    if its.in_money and digits == fewest:
        return format_money(units, result.program.money)
    return format_units(units, 10**digits)


def signed(result: Reconciliation, units: int, currency: int) -> str:
    """The same with its sign."""
    return ("+" if units > 0 else "") + amount(result, units, currency)


def headline(result: Reconciliation) -> str:
    """How many members agree, and by how much the two sides differ."""
    verb = "agrees" if result.agreeing == result.members == 1 else "agree"
    agree = f"{result.agreeing:,} of {counted(result.members, 'member')} {verb} to the point"
    every = [each.index for each in result.program.currencies]
    apart = [index for index in every if result.totals(index)[0] != result.totals(index)[1]]
    told = [_difference(result, index) for index in apart or every[:1]]
    others = len(every) - len(told)
    if others and apart:
        told.append(f"{counted(others, 'other currency agrees', 'other currencies agree')}")
    elif others:
        told.append("every other currency agrees")
    return "; ".join([agree, *told]) + "."


def _difference(result: Reconciliation, currency: int) -> str:
    ours, theirs = result.totals(currency)
    name = "" if result.program.currencies[currency].in_money else f" {_unit(result, currency)}"
    if ours == theirs:
        return f"both hold {amount(result, ours, currency)}{name}"
    way = "above" if ours > theirs else "below"
    share = f" ({_share(abs(ours - theirs), abs(theirs))})" if theirs else ""
    return f"ours is {amount(result, abs(ours - theirs), currency)}{name} {way} theirs{share}"


def _unit(result: Reconciliation, currency: int) -> str:
    return result.program.currencies[currency].name.replace("_", " ")


def _share(part: int, whole: int) -> str:
    percent = 100 * part / whole
    return "under 0.01%" if percent < 0.01 else f"{percent:,.2f}%"


def identity(result: Reconciliation, currency: int) -> str:
    """Ours, what is explained, and theirs, which it comes to."""
    ours, theirs = result.totals(currency)
    return (
        f"ours {amount(result, ours, currency)}, explained {signed(result, theirs - ours, currency)}, "
        f"theirs {amount(result, theirs, currency)}: 0 unexplained"
    )


def example_lines(result: Reconciliation, example: Example) -> tuple[str, str, str]:
    """One difference in three lines: what it is, our posting, their row."""
    event = "" if example.event is None else f" · {one_line(example.event)}"
    points = signed(result, example.points, example.currency)
    first = f"{one_line(example.member)}{event} · {example.cause} ({points})"
    return first, f"ours    {_ours(result, example)}", f"theirs  {_theirs(result, example)}"


def _ours(result: Reconciliation, example: Example) -> str:
    if example.ours is None:
        return "once" if example.cause == Cause.TWICE.value else "nothing"
    day, kind, units = example.ours
    by = f" by `{example.rule}`" if example.rule else ""
    said = f"{amount(result, abs(units), example.currency)} {kind} on {long_date(date_of(day))}"
    return f"{said}{by}, {example.place}"


def _theirs(result: Reconciliation, example: Example) -> str:
    if example.theirs is None:
        return "nothing"
    day, kind, units = example.theirs
    rows = f"row {example.row:,}" if example.rows == 1 else f"{example.rows:,} rows from row {example.row:,}"
    when = long_date(date_of(day))
    if example.cause == Cause.BROKEN_BALANCE.value:
        return f"a balance that is {signed(result, units, example.currency)} off on {when}, {rows}"
    return f"{amount(result, abs(units), example.currency)} {kind} on {when}, {rows}"
