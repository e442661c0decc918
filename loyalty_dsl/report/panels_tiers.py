"""Sections on levels: who holds them, who moves, and who falls just short."""

from collections.abc import Iterator

from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.forecast.status import JUST_SHORT, LadderForecast, NearMissForecast
from loyalty_dsl.language.types import Kind
from loyalty_dsl.quantities import MINOR_DIGITS, format_units, prefix_of
from loyalty_dsl.report.charts_mechanics import near_miss_chart, often_left, tier_mix_chart, tier_moves_chart
from loyalty_dsl.report.findings import (
    at_year_end,
    levels_used,
    near_miss_title,
    tier_mix_title,
    tier_moves_title,
    unused_text,
)
from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.wording import (
    day_text,
    money_text,
    one_line,
    percent_text,
    small_percent_text,
    units_text,
)


def tier_panels(forecast: Forecast) -> Iterator[Panel]:
    """The sections of each ladder."""
    for one in forecast.ladders:
        yield _mix(one, forecast)
        yield _moves(one, forecast)
        if one.near_misses:
            yield _near_misses(one, forecast)


def _name(one: LadderForecast, forecast: Forecast) -> str:
    """Which ladder it is, where there are several: `Companion: `."""
    return f"{one_line(one.ladder.label).capitalize()}: " if len(forecast.ladders) > 1 else ""


def _what(one: LadderForecast) -> str:
    return "plan" if one.ladder.bought else "level"


def _mix(one: LadderForecast, forecast: Forecast) -> Panel:
    used = levels_used(one)
    levels = [one_line(one.ladder.levels[i].label) for i in used]
    rows = tuple(
        (
            month.label,
            *(f"{one.held[i][m]:,}" for i in used),
            *(small_percent_text(one.held[i][m] / forecast.members[m].enrolled) for i in used),
        )
        for m, month in enumerate(forecast.months)
        if forecast.members[m].enrolled
    )
    return Panel(
        name=f"tier-mix-{one.ladder.index}",
        kind="tiers",
        title=_name(one, forecast) + tier_mix_title(one, forecast),
        reading=(
            f"Members by {_what(one)} at each month's end; all who ever joined are among them, since a "
            "business cannot see who has left for good. A band without a name holds less than 5%."
            f"{unused_text(one)}"
        ),
        chart=tier_mix_chart(one, forecast, used),
        table=Table(("Month end", *levels, *(f"{level}, share" for level in levels)), rows),
    )


def _moves(one: LadderForecast, forecast: Forecast) -> Panel:
    levels = [one_line(level.label) for level in one.ladder.levels]
    pairs = [
        (before, after)
        for before in range(len(levels))
        for after in range(len(levels))
        if before != after and one.moved(before, after)
    ]
    total = ("All months", *(f"{one.moved(*pair):,}" for pair in pairs))
    monthly = tuple(
        (month.label, *(f"{one.moves[before][after][m]:,}" for before, after in pairs))
        for m, month in enumerate(forecast.months)
    )
    header = ("Month", *(f"{levels[before]} to {levels[after]}" for before, after in pairs))
    return Panel(
        name=f"tier-moves-{one.ladder.index}",
        kind="tiers",
        title=_name(one, forecast) + tier_moves_title(one, forecast),
        reading=(
            f"A row is the {_what(one)} that members held, a column the one they went to. A percentage is "
            f"moves in a year per hundred members at the {_what(one)}, over all reported months"
            f"{_quick(one)}{unused_text(one)}"
        ),
        chart=tier_moves_chart(one, levels_used(one)),
        table=Table(header, (total, *monthly)),
    )


def _quick(one: LadderForecast) -> str:
    """How to read the moves of those who stay shortly."""
    if one.ladder.bought:
        if not often_left(one):
            return "."
        return "; 12.0x is twelve moves in a year for each member there at a time, as a trial is short."
    return "; quick climbers are counted at each step." + (
        " 12.0x is twelve moves in a year for each member there at a time." if often_left(one) else ""
    )


def _near_misses(one: LadderForecast, forecast: Forecast) -> Panel:
    shown = []
    for miss in one.near_misses:
        short = at_year_end(miss)
        share = small_percent_text(short.near / short.below) if short.below else "nobody"
        name = f"{one_line(miss.level.label)}: {needed_text(miss, forecast)}"
        shown.append((name, miss, short.near, f"{short.near:,} ({share} of those below)"))
    rows = tuple(
        (
            f"{one_line(miss.level.label)}, {day_text(day.day)}",
            f"{one_line(miss.what)} {needed_text(miss, forecast)}",
            f"{day.below:,}",
            f"{day.near:,}",
            percent_text(day.near / day.below) if day.below else "",
            f"{day.met:,}",
        )
        for miss in one.near_misses
        for day in miss.days
    )
    header = ("Level", "Asks for", "Below the level", "Just short", "Share", "There, but short elsewhere")
    return Panel(
        name=f"near-misses-{one.ladder.index}",
        kind="tiers",
        title=_name(one, forecast) + near_miss_title(one.near_misses),
        reading=(
            f"Just short is {JUST_SHORT}, whatever else the level asks; members who hold the level already "
            f"are not counted. Bars are as of {day_text(at_year_end(one.near_misses[0]).day)}."
        ),
        chart=near_miss_chart(shown),
        table=Table(header, rows),
    )


def needed_text(miss: NearMissForecast, forecast: Forecast) -> str:
    """What a level asks for: `$5,000`, `500 stars`, `20 one-way flights`."""
    money = forecast.program.money
    match miss.kind:
        case Kind.MONEY:
            unit = 10 ** MINOR_DIGITS[money]
            if miss.needed % unit == 0:
                return f"{prefix_of(money)}{miss.needed // unit:,}"
            return money_text(float(miss.needed), money)
        case Kind.UNITS:
            one = forecast.currency(miss.currency)
            whole, part = divmod(miss.needed, one.currency.scale)
            if not part and not one.currency.in_money:
                return f"{whole:,} {one_line(one.noun)}"
            return units_text(one, round(miss.needed), money)
        case _:
            return f"{format_units(round(miss.needed), 1)} {one_line(miss.what).lower()}"
