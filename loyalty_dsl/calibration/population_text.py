"""A calibration as a `population` block in the language, with what it rests on as comments.

Invariant: the text checks, with the program that the calibration was read under; every number that was fitted
has its standard error beside it; what was not fitted says so.
"""

from collections.abc import Iterable, Iterator, Sequence

from loyalty_dsl.calendar import format_day, format_time
from loyalty_dsl.calibration.backtest import Weeks
from loyalty_dsl.calibration.calibrating import Calibration
from loyalty_dsl.calibration.certainty import fitted_clause
from loyalty_dsl.calibration.field_frequencies import Frequencies
from loyalty_dsl.calibration.incumbents import Behaviour, of_members_there, of_new_members
from loyalty_dsl.calibration.models import Fit, Leaving
from loyalty_dsl.calibration.plain_program import NAME, TEXT
from loyalty_dsl.calibration.redemption_text import redeem_lines
from loyalty_dsl.calibration.seasons import Multiplier
from loyalty_dsl.calibration.written_numbers import MOST_SPREAD, decimal, percents
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.quantities import MINOR_DIGITS, symbol_of

LEAST_SHARE = 0.00001


def population_text(
    calibration: Calibration,
    *,
    made_by: str,
    inputs: Sequence[tuple[str, str]] = (),
    as_they_began: bool = False,
) -> str:
    """The rule file.

    Args:
        made_by: the name and version of what fitted it.
        inputs: the files that were read, with their hashes.
        as_they_began: whether members start with the data, as they were then, and live its months again; by
            default they start after it, those who are expected to be there still.
    """
    lines = [*_about(calibration, made_by, inputs), ""]
    program = calibration.program.name
    if program == NAME:
        lines += ["# No program was given. Put yours in place of this one, which pays nothing.", TEXT]
        program = NAME
    source = next((name for name, _ in inputs), "transactions")
    lines += [f"population fitted for {program} {{", f"    {fitted_clause(calibration, source)}"]
    clauses = _clauses_of_the_past(calibration) if as_they_began else _clauses(calibration)
    lines += [*clauses, "}"]
    lines += ["", *_backtest(calibration)]
    return "\n".join(lines).rstrip() + "\n"


def _about(calibration: Calibration, made_by: str, inputs: Iterable[tuple[str, str]]) -> Iterator[str]:
    chosen = calibration.choice.chosen
    yield f"# Fitted by {made_by}."
    for name, digest in inputs:
        yield f"# from {_one_line(name)}, sha256 {digest}"
    until = format_day(calibration.until)
    yield f"# {calibration.customers.count:,} members, {format_day(calibration.first_day)} to {until}."
    yield f"# {chosen.form.label}, in {calibration.unit}s: log-likelihood {chosen.log_likelihood:,.1f}, with"
    yield "#     " + ", ".join(parameters_with_errors(chosen))
    for tried in calibration.choice.candidates:
        if tried is not chosen:
            yield f"# {tried.form.label}: log-likelihood {tried.log_likelihood:,.1f}"
    if calibration.gamma_gamma is not None:
        found = calibration.gamma_gamma
        told = zip(found.names, found.values, found.standard_errors, strict=True)
        yield "# gamma-gamma spend: " + ", ".join(_with_error(*one) for one in told)
    for notice in calibration.notices:
        yield f"# {notice}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def parameters_with_errors(fitted: Fit) -> list[str]:
    """Each parameter with its standard error, as `r 0.5533 ± 0.048`."""
    errors = fitted.standard_errors
    return [_with_error(name, value, errors[name]) for name, value in fitted.parameters.items()]


def _with_error(name: str, value: float, error: float | None) -> str:
    return f"{name} {_digits(value, 4)}" + ("" if error is None else f" ± {_digits(error, 2)}")


def _digits(value: float, count: int) -> str:
    """So many digits that count, without a power of ten where it is no million: 410, and not 4.1e+02."""
    return f"{float(f'{value:.{count}g}'):g}"


def _clauses(calibration: Calibration) -> Iterator[str]:
    cohorts = calibration.cohorts
    if cohorts is None:
        there = of_members_there(calibration.choice.chosen, calibration.customers)
        joiners: tuple[Behaviour, ...] = ()
    else:
        there = of_members_there(cohorts.incumbents, cohorts.customers[0])
        there += of_members_there(cohorts.joiners, cohorts.customers[1])
        joiners = of_new_members(cohorts.joiners)
    alive = sum(one.members for one in there)
    start = max(1, round(alive))
    share = alive / calibration.customers.count
    yield f"    # of {calibration.customers.count:,} members, {share:.1%} are expected to be there still"
    yield f"    start    {start:,} members on {format_day(calibration.until + 1)}"
    if cohorts is None:
        yield "    # Nobody is seen to join: add `join N members per month` if they do."
    else:
        yield f"    # first purchases a month since {format_day(cohorts.since)}"
        yield f"    join     {max(1, round(cohorts.joins_per_month)):,} members per month"
    yield from _segments(calibration, there, joiners)


def _clauses_of_the_past(calibration: Calibration) -> Iterator[str]:
    cohorts = calibration.cohorts
    count = calibration.customers.count if cohorts is None else cohorts.customers[0].count
    yield f"    start    {count:,} members on {format_day(calibration.first_day)}"
    if cohorts is not None:
        yield f"    join     {max(1, round(cohorts.joins_per_month)):,} members per month"
    there = of_new_members(calibration.choice.chosen if cohorts is None else cohorts.incumbents)
    yield from _segments(calibration, there, () if cohorts is None else of_new_members(cohorts.joiners))


def _segments(
    calibration: Calibration, there: tuple[Behaviour, ...], joiners: tuple[Behaviour, ...]
) -> Iterator[str]:
    shares = percents([one.members for one in there])
    names = _names(there, joiners)
    if joiners:
        joining = percents([one.members for one in joiners])
        segments = [(one, f"{share} joining 0%") for one, share in zip(there, shares, strict=True)]
        segments += [(one, f"0% joining {share}") for one, share in zip(joiners, joining, strict=True)]
    else:
        segments = list(zip(there, shares, strict=True))
    for name, (behaviour, written) in zip(names, segments, strict=True):
        yield ""
        yield f"    segment {name} {written} {{"
        yield from (f"        {line}" for line in _traits(behaviour, calibration))
        yield "    }"


def _names(there: tuple[Behaviour, ...], joiners: tuple[Behaviour, ...]) -> list[str]:
    """Names of segments, each once."""
    names: list[str] = []
    for group, word in ((there, ""), (joiners, "new_")):
        for one in group:
            name = word + ("stayers" if one.stays else "leavers" if len(group) > 1 else "members")
            while name in names:
                name = f"later_{name}"
            names.append(name)
    return names


def _traits(one: Behaviour, calibration: Calibration) -> Iterator[str]:
    unit = calibration.unit
    yield f"purchases  {decimal(one.rate)} per {unit} spread {decimal(min(MOST_SPREAD, one.spread))}"
    if one.k > 1:
        yield f"regularity {one.k}"
    yield from _rhythm("weekday", calibration.weekdays)
    yield from _rhythm("season", calibration.months)
    yield from _leave(one, unit)
    spend = calibration.spend
    if spend is not None:
        money = calibration.program.money
        median = f"{symbol_of(money)}{spend.median / 10 ** MINOR_DIGITS[money]:.{MINOR_DIGITS[money]}f}"
        within = percents([spend.within**2, spend.sigma**2 - spend.within**2])[0]
        yield f"basket     median {median} sigma {decimal(spend.sigma)} within {within}"
        yield (
            f"# ± {spend.median_error:.1%} of the median, ± {spend.sigma_error:.2g} of sigma, from "
            f"{spend.baskets:,} purchases"
        )
    else:
        yield f"basket     median {symbol_of(calibration.program.money)}1 sigma 0  # no amounts in the data"
    described = calibration.fields
    for frequencies in (*described.purchases, *described.members):
        yield from _field(frequencies, calibration.program.money)
    rewards = calibration.program.rewards
    if any(not reward.automatic and not reward.taking.of_menu for reward in rewards):
        yield from redeem_lines(calibration.redemption, one, calibration.choice.chosen)


def _leave(one: Behaviour, unit: str) -> Iterator[str]:
    if one.stays or one.leave <= 0:
        return
    from math import expm1, sqrt

    if one.leaving is Leaving.ANY_TIME:
        share, most, per = -expm1(-one.leave), MOST_SPREAD, unit
    else:
        share, per = one.leave, "purchase"
        most = min(MOST_SPREAD, 0.99 * sqrt((1 - share) / share))
        per += " or join" if one.leaving is Leaving.AFTER_PURCHASES else ""
    if share >= LEAST_SHARE:
        yield f"leave      {decimal(100 * share)}% per {per} spread {decimal(min(most, one.leave_spread))}"


def _rhythm(name: str, multipliers: dict[str, Multiplier]) -> Iterator[str]:
    told = {day: it for day, it in multipliers.items() if it.is_sure}
    if told:
        yield f"{name:<10} " + ", ".join(f"{day} {it.value:.2f}" for day, it in told.items())
        yield "# ± " + ", ".join(f"{it.error:.2f}" for it in told.values())


def _field(found: Frequencies, money: str) -> Iterator[str]:
    field = found.field
    if found.days_before is not None:
        before = "any day" if found.days_before < 0 else f"{found.days_before} days before"
        yield f"{field.name} {before}"
    elif found.logs is not None:
        from math import exp

        median = _value(max(1, round(exp(found.logs[0]))), field, money)
        yield f"{field.name} median {median} sigma {decimal(found.logs[1])}"
    elif field.kind is Kind.YES_NO:
        yield f"{field.name} {percents(list(found.counts))[1]}"
    else:
        shares = zip(found.values, percents(list(found.counts)), strict=True)
        yield f"{field.name} " + ", ".join(
            f"{_value(value, field, money)} {share}" for value, share in shares
        )


def _value(value: int, field: Field, money: str) -> str:
    if field.kind is Kind.ONE_OF:
        return field.values[value]
    if field.kind is Kind.MONEY:
        digits = MINOR_DIGITS[money]
        return f"{symbol_of(money)}{value / 10**digits:.{digits}f}"
    if field.kind is Kind.TIME:
        return format_time(value)
    return f"{value:,}"


def _backtest(calibration: Calibration) -> Iterator[str]:
    holdout = calibration.holdout
    if holdout is None:
        return
    yield f"# Backtest: purchase days after {format_day(holdout.origin)} of the {holdout.members:,} members"
    yield f"# known then, forecast by {holdout.form.label} from what they did until then."
    yield "#   week to      actual  forecast   error"
    for day, actual, forecast in zip(holdout.last, holdout.actual, holdout.forecast, strict=True):
        error = f"{forecast / actual - 1:+8.1%}" if actual else "       -"
        yield f"#   {format_day(int(day))} {actual:8,.0f} {forecast:9,.1f} {error}"
    yield _total("all weeks", holdout)
    for weeks in calibration.rolling:
        yield _total(
            f"{len(weeks.last)} weeks after {format_day(weeks.origin)}, which were calibrated", weeks
        )


def _total(name: str, weeks: Weeks) -> str:
    error = "-" if weeks.error is None else f"{weeks.error:+.1%}"
    return f"#   {name}: actual {weeks.actual.sum():,.0f}, forecast {weeks.forecast.sum():,.1f}, {error}"
