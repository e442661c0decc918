"""What came of scenarios, for a program's designer and for machines.

Invariant: a failed expectation is shown where it is written, with what was expected and what happened,
and then the member's whole story up to it in the designer's units: every event, every posting with its
rule and its last usable day, what was refused, and each rule that stayed silent, with the reason.

Worked case:

    failed  the oldest points are spent first
     --> rules/points.loyalty:86: expected 50 points earned, got 40
       |
    86 |     expect  earned 50 points
       |     ^^^^^^^^^^^^^^^^^^^^^^^^

        day         what               change  last usable day  balance
        2026-01-05  purchase $40.00
                      earned by base  +40 points    2026-07-03       40
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import groupby
from typing import assert_never

from loyalty_dsl import __version__
from loyalty_dsl.calendar import NEVER, date_of, format_day, month_start
from loyalty_dsl.evaluation.wording import amount_in_words
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import Expect, ExpectCounter, GivenJoined, Measure
from loyalty_dsl.quantities import MINOR_DIGITS, display_number, format_money
from loyalty_dsl.report.coverage import coverage_as_data
from loyalty_dsl.report.example_tables import table_as_diff
from loyalty_dsl.report.excerpts import Mark, draw_line
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.stories import story_as_data, story_table
from loyalty_dsl.report.style import Style, counted, printable
from loyalty_dsl.report.values import measured_in_words
from loyalty_dsl.report.visible import visible
from loyalty_dsl.testing.coverage import Coverage
from loyalty_dsl.testing.results import (
    AllowanceCheck,
    ChargedCheck,
    Check,
    CounterCheck,
    Difference,
    LevelCheck,
    OffCheck,
    RefusedCheck,
    ScenarioResult,
    SettledCheck,
    UnitsCheck,
    UsesCheck,
)

FORMAT = "loyalty.test/1"


def render_scenarios(results: Sequence[ScenarioResult], style: Style, *, quiet: bool = False) -> str:
    """Every scenario, those that failed with their story, and one line that counts.

    Args:
        results: in the order in which they are shown, those of a file together.
        style: colour and width of the terminal.
        quiet: one line for the passed scenarios of a file, instead of one each.
    """
    rows: list[str] = []
    for file, of_file in groupby(results, key=_file):
        told = list(of_file)
        tables = {
            id(examples[-1]): examples
            for _, each in groupby(told, key=lambda result: result.scenario.span.start)
            if len(examples := list(each)) > 1 and not all(example.passed for example in examples)
        }
        passed = [result for result in told if result.passed]
        if quiet and passed:
            rows.append(
                f"{style.paint('passed', 'good')}  {visible(file)}: {counted(len(passed), 'scenario')}"
            )
        for result in told:
            if not result.passed:
                rows += _failed(result, style)
            elif not quiet:
                rows.append(f"{style.paint('passed', 'good')}  {printable(result.scenario.title)}")
            if id(result) in tables:
                rows += _table(tables[id(result)], style)
    return "\n".join([*rows, scenarios_summary(results, style)])


def scenarios_summary(results: Sequence[ScenarioResult], style: Style) -> str:
    """The closing line: `2 of 14 scenarios failed`, or how many passed."""
    failed = sum(not result.passed for result in results)
    if failed:
        return style.paint(f"{failed:,} of {counted(len(results), 'scenario')} failed", "error")
    if not results:
        return "no scenarios to run"
    return style.paint(f"{counted(len(results), 'scenario')} passed", "good")


def _file(result: ScenarioResult) -> str:
    return result.scenario.span.source.name


def _failed(result: ScenarioResult, style: Style) -> list[str]:
    rows = [f"{style.paint('failed', 'error')}  {style.paint(printable(result.scenario.title), 'bold')}"]
    for check in result.failures:
        rows += _picture(check, verdict(result.program, check, result.scenario.names), style)
    for difference in result.differences:
        for row in difference_in_words(difference):
            rows.append(f" {style.paint('=', 'accent')} {printable(row)}")
    joined = any(isinstance(each, GivenJoined) for each in result.scenario.given)
    table = story_table(result.program, result.told, style, joined=joined)
    return [*rows, "", *(f"    {row}".rstrip() for row in table), ""]


def _table(rows: Sequence[ScenarioResult], style: Style) -> list[str]:
    """The table of a scenario with `each`, where a row of it failed."""
    verdicts = {
        id(check): verdict(row.program, check, row.scenario.names).rpartition(", got ")
        for row in rows
        for check in row.failures
    }
    got = {check: words for check, (_, said, words) in verdicts.items() if said}
    table = list(table_as_diff(rows, got, style))
    return [*table, ""] if table else []


def _picture(check: Check, words: str, style: Style) -> list[str]:
    """The expectation where it is written, under its place and the verdict."""
    span = check.expectation.span
    gutter = len(str(span.line))
    bar = style.paint("|", "accent")
    place = f"{visible(span.source.name)}:{span.line}"
    rows = [
        f"{' ' * gutter}{style.paint('-->', 'accent')} {place}: {style.paint(words, 'bold')}",
        f"{' ' * gutter} {bar}",
    ]
    narrower = Style(style.colour, style.width - gutter - 3)
    for row in draw_line(span.line, [Mark(span, "", True, "error")], narrower):
        number = "" if row.number is None else str(row.number)
        rows.append(f"{style.paint(number.rjust(gutter), 'accent')} {bar} {row.text}".rstrip())
    return rows


def verdict(program: Program, check: Check, names: tuple[str, ...] = ()) -> str:
    """What was expected and what happened: `expected 10 points earned, got 9`.

    Args:
        names: of the members of the scenario from the second on; none where those are friends.
    """
    match check:
        case UnitsCheck(expectation, actual, _):
            currency = program.currencies[expectation.currency]
            wanted = amount_in_words(program, currency, expectation.units)
            got = amount_in_words(program, currency, actual).removesuffix(f" {currency.name}")
            return f"expected {_measured(expectation, wanted, names)}, got {got}"
        case OffCheck(expectation, actual, _):
            wanted, got = (format_money(minor, program.money) for minor in (expectation.minor, actual))
            return f"expected {wanted} off, got {got}"
        case SettledCheck(expectation, actual):
            partner = program.partners[expectation.partner].name
            side = "to" if expectation.receives else "from"
            wanted, got = (format_money(minor, program.money) for minor in (expectation.minor, actual))
            return f"expected {wanted} {side} {partner}, got {got}{_bills(program, check)}"
        case ChargedCheck(expectation, actual, _):
            wanted, got = (format_money(minor, program.money) for minor in (expectation.minor, actual))
            done = "refunded" if expectation.refunded else "charged"
            return f"expected {wanted} {done}{_on(expectation.day)}, got {got}"
        case RefusedCheck(expectation, _, _, reasons):
            wanted = "a refusal" if expectation.reason is None else f'a refusal "{expectation.reason}"'
            got = " and ".join(f'"{reason}"' for reason in reasons)
            return f"expected {wanted}, and {f'it was refused: {got}' if reasons else 'nothing was refused'}"
        case LevelCheck():
            return _level_verdict(program, check, names)
        case AllowanceCheck(expectation, actual, _):
            known = program.allowances[expectation.allowance]
            wanted = f"{known.name} {expectation.value:,} {known.unit}{_whose(expectation.actor, names)}"
            return f"expected {wanted}{_on(expectation.day)}, got {actual:,}"
        case CounterCheck(expectation, actual, _):
            name, words = _counter_in_words(program, expectation)
            wanted, got = words(Fraction(expectation.value)), words(actual)
            return (
                f"expected {name} {wanted}{_whose(expectation.actor, names)}{_on(expectation.day)}, got {got}"
            )
        case UsesCheck(expectation, actual, _):
            name = program.rewards[expectation.reward].name
            wanted = counted(expectation.times, "use")
            return f"expected {wanted} of {name}{_on(expectation.day)}, got {actual:,}"
        case _:
            assert_never(check)


def _bills(program: Program, check: SettledCheck) -> str:
    """What an amount that is settled is made of: `: £0.60 for 100 points in 2026-01`."""
    receives = check.expectation.receives
    parts = []
    for bill in check.bills:
        units = bill.redeemed if receives else bill.issued
        if units:
            amount = format_money(bill.repaid if receives else bill.invoiced, program.money)
            words = amount_in_words(program, program.currencies[bill.currency], units)
            parts.append(f"{amount} for {words} in {format_day(month_start(bill.month))[:7]}")
    return f": {', '.join(parts)}" if parts else ""


def difference_in_words(difference: Difference) -> tuple[str, str, str]:
    """What the two evaluators answered: a line that says of what, and one for each of them."""
    return (
        f"the evaluators differ in {difference.what}",
        f"  reference: {difference.reference}",
        f"  compiled:  {difference.compiled}",
    )


def _level_verdict(program: Program, check: LevelCheck, names: tuple[str, ...]) -> str:
    expectation, ladder = check.expectation, program.ladders[check.expectation.ladder]
    wanted, got = (ladder.levels[level].name for level in (expectation.level, check.actual))
    if check.actual == expectation.level and expectation.through is not None:
        wanted += f" through {format_day(expectation.through)}"
        got += "" if check.through is None else f" through {format_day(check.through)}"
    whose = _whose(expectation.actor, names)
    return f"expected {ladder.name} {wanted}{whose}{_on(expectation.day)}, got {got}"


def _whose(actor: int, names: tuple[str, ...]) -> str:
    """Of whom something is expected, where it is not the member."""
    if not actor:
        return ""
    return f" of {names[actor - 1]}" if names else f" of friend {actor}"


def _on(day: int | None) -> str:
    return "" if day is None else f" on {format_day(day)}"


def _counter_in_words(program: Program, expectation: ExpectCounter) -> tuple[str, Callable[[Fraction], str]]:
    """The name of a counter or of a declared total, and how its values are written."""
    ((_, first), *more) = expectation.terms
    counter = program.counters[first]
    name, kind, currency = counter.name, counter.kind, counter.currency
    for total in program.totals:
        if more and (total.terms, total.scale) == (expectation.terms, expectation.scale):
            name, kind, currency = total.name, total.kind, total.currency

    def words(value: Fraction) -> str:
        whole = measured_in_words(program, kind, currency, value.numerator // value.denominator)
        over = value - value.numerator // value.denominator
        return f"{whole} and {over}" if over else whole

    return name, words


def _measured(expectation: Expect, wanted: str, names: tuple[str, ...]) -> str:
    words = (
        f"a balance of {wanted}"
        if expectation.measure is Measure.BALANCE
        else f"{wanted} {expectation.measure.value}"
    )
    if expectation.through is not None:
        words += f" through {date_of(expectation.through)}"
    words += _whose(expectation.actor, names)
    return words if expectation.day is None else f"{words} on {date_of(expectation.day)}"


# ---- for machines


def scenarios_to_json(results: Sequence[ScenarioResult], coverage: Coverage | None = None) -> str:
    """The outcome of a test run as JSON text. Amounts are numbers in the display unit of their currency,
    days are ISO dates, and `line` counts from 1.

    Args:
        coverage: what the scenarios touch, where somebody asked.
    """
    failed = sum(not result.passed for result in results)
    outcome: dict[str, object] = {
        "format": FORMAT,
        "version": __version__,
        "passed": len(results) - failed,
        "failed": failed,
        "scenarios": [_result_as_data(result) for result in results],
    }
    if coverage is not None:
        outcome["coverage"] = coverage_as_data(coverage)
    return json_text(outcome)


def _result_as_data(result: ScenarioResult) -> dict[str, object]:
    return {
        "title": result.scenario.title,
        "program": result.program.name,
        "file": _file(result),
        "line": result.scenario.span.line,
        "passed": result.passed,
        "expectations": list(_checks_as_data(result)),
        "differences": [
            {"what": each.what, "reference": each.reference, "compiled": each.compiled}
            for each in result.differences
        ],
        "story": story_as_data(result.program, result.story),
    }


def _checks_as_data(result: ScenarioResult) -> Iterable[dict[str, object]]:
    program = result.program
    for check in result.checks:
        yield {
            "line": check.expectation.span.line,
            "passed": check.passed,
            **_figures(program, check),
            "message": "" if check.passed else verdict(program, check, result.scenario.names),
        }


def _figures(program: Program, check: Check) -> dict[str, object]:
    match check:
        case UnitsCheck(expectation, actual, _):
            currency = program.currencies[expectation.currency]
            return {
                "measure": expectation.measure.value,
                "currency": currency.name,
                "day": None if expectation.day is None else str(date_of(expectation.day)),
                "through": None if expectation.through is None else str(date_of(expectation.through)),
                **({"friend": expectation.actor} if expectation.actor else {}),
                "expected": display_number(expectation.units, currency.scale),
                "actual": display_number(actual, currency.scale),
            }
        case OffCheck(expectation, actual, _):
            scale = 10 ** MINOR_DIGITS[program.money]
            return {
                "measure": "off",
                "expected": display_number(expectation.minor, scale),
                "actual": display_number(actual, scale),
            }
        case SettledCheck(expectation, actual):
            scale = 10 ** MINOR_DIGITS[program.money]
            return {
                "measure": "receives" if expectation.receives else "pays",
                "partner": program.partners[expectation.partner].name,
                "expected": display_number(expectation.minor, scale),
                "actual": display_number(actual, scale),
            }
        case ChargedCheck(expectation, actual, _):
            scale = 10 ** MINOR_DIGITS[program.money]
            return {
                "measure": "refunded" if expectation.refunded else "charged",
                "day": None if expectation.day is None else format_day(expectation.day),
                "expected": display_number(expectation.minor, scale),
                "actual": display_number(actual, scale),
            }
        case RefusedCheck(expectation, actual, _, reasons):
            if expectation.reason is None:
                return {"measure": "refused", "expected": True, "actual": actual}
            return {"measure": "refused", "expected": expectation.reason, "actual": " and ".join(reasons)}
        case LevelCheck(expectation, actual, through, _):
            ladder = program.ladders[expectation.ladder]
            return {
                "measure": "status",
                "ladder": ladder.name,
                "day": None if expectation.day is None else format_day(expectation.day),
                "expected": ladder.levels[expectation.level].name,
                "actual": ladder.levels[actual].name,
                "through": None if expectation.through is None else format_day(expectation.through),
                "actual_through": None if through is None or through == NEVER else format_day(through),
            }
        case AllowanceCheck(expectation, actual, _):
            return {
                "measure": "allowance",
                "allowance": program.allowances[expectation.allowance].name,
                "day": None if expectation.day is None else format_day(expectation.day),
                "expected": expectation.value,
                "actual": actual,
            }
        case CounterCheck(expectation, actual, _):
            name, words = _counter_in_words(program, expectation)
            return {
                "measure": "counter",
                "counter": name,
                "day": None if expectation.day is None else format_day(expectation.day),
                "expected": words(Fraction(expectation.value)),
                "actual": words(actual),
            }
        case UsesCheck(expectation, actual, _):
            name = program.rewards[expectation.reward].name
            return {
                "measure": "uses",
                "reward": name,
                "day": None if expectation.day is None else format_day(expectation.day),
                "expected": expectation.times,
                "actual": actual,
            }
        case _:
            assert_never(check)
