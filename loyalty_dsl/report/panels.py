"""The sections of a forecast's page: each a title computed from the data, a way to read it, a chart and
the figures behind it."""

from collections.abc import Iterator
from typing import Any

import attrs

from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast
from loyalty_dsl.language.expiry import Never
from loyalty_dsl.report import charts
from loyalty_dsl.report.headlines import active_title, liability_title, triangle_title, waterfall_title
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.wording import amount_text, money_text, month_text, noise_text, one_line, percent_text


@attrs.frozen
class Table:
    """A table: the first column names the row, the others are figures. All of it is plain text."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@attrs.frozen(eq=False)
class Panel:
    """One section.

    Attributes:
        name: unique on the page; letters, digits and hyphens.
        kind: which chart it is, for its style.
        title: what the data say.
        reading: how to read the chart.
        chart: a Vega-Lite specification, or `None` when there is nothing to draw.
        table: the figures behind it.
    """

    name: str
    kind: str
    title: str
    reading: str
    chart: dict[str, Any] | None
    table: Table


def panels_of(forecast: Forecast) -> Iterator[Panel]:
    """Every section of the page, in its order: for each currency its liability, balance and triangle."""
    for one in forecast.by_currency:
        yield _liability(one, forecast)
        yield _waterfall(one, forecast)
        yield _triangle(one, forecast)
    yield _active(forecast)


def _liability(one: CurrencyForecast, forecast: Forecast) -> Panel:
    money = forecast.program.money
    rows = tuple(
        (
            month.label,
            amount_text(one, one.total[m].outstanding, money),
            amount_text(one, one.total[m].pending, money),
            amount_text(one, one.future_redemptions[m], money),
            percent_text(one.phi[m]),
            money_text(one.liability[m], money) if one.liability else "unknown",
            noise_text(one.liability_noise[m], one.liability[m], money)
            if one.liability and one.liability_noise
            else "",
        )
        for m, month in enumerate(forecast.months)
    )
    header = (
        "Month end",
        "Outstanding",
        "of which pending",
        "Will be redeemed",
        "Share of outstanding",
        "Liability",
        "Simulation noise",
    )
    noun = one_line(one.noun)
    return Panel(
        name=f"liability-{one.currency.index}",
        kind="liability",
        title=liability_title(one, forecast),
        reading=(
            f"Each point is what the {noun} outstanding at a month's end will cost when they are redeemed: "
            f"cost per unit, times what members go on to redeem. {_unused(one)} The band is simulation "
            "noise; where it is thinner than the line, more members would change nothing."
        ),
        chart=charts.liability_chart(one, forecast) if one.liability else None,
        table=Table(header, rows),
    )


def _unused(one: CurrencyForecast) -> str:
    """What becomes of units that nobody redeems."""
    if one.fate.is_open:
        return "What members still held when the simulation stopped is left out, so it may well be more."
    if isinstance(one.currency.expiry, Never):
        return "Units that are never used cost nothing."
    return "Units that will expire cost nothing."


def _waterfall(one: CurrencyForecast, forecast: Forecast) -> Panel:
    money = forecast.program.money
    balances = enumerate(one.total)
    opening = (0, *(month.outstanding for month in one.total))
    rows = tuple(
        (
            forecast.months[m].label,
            *(
                amount_text(one, units, money)
                for units in (opening[m], month.issued, month.redeemed, month.expired, month.outstanding)
            ),
        )
        for m, month in balances
    )
    return Panel(
        name=f"balance-{one.currency.index}",
        kind="waterfall",
        title=waterfall_title(one, forecast),
        reading=(
            "From left to right: what members held, what they were given, what they used, what lapsed, and "
            "what is left. The steps tie to the ledger: opening + issued - redeemed - expired = closing, in "
            "every month and segment."
        ),
        chart=charts.waterfall_chart(one, forecast),
        table=Table(("Month", "Opening", "Issued", "Redeemed", "Expired", "Closing"), rows),
    )


def _triangle(one: CurrencyForecast, forecast: Forecast) -> Panel:
    shares = charts.triangle_shares(one)
    ages = range(charts.triangle_ages(one))
    rows = tuple(
        (month.label, *(percent_text(share) for share in row), *("" for _ in ages[len(row) :]))
        for month, row in zip(forecast.months, shares, strict=True)
    )
    tail = counted(forecast.tail, "month")
    return Panel(
        name=f"triangle-{one.currency.index}",
        kind="triangle",
        title=triangle_title(one),
        reading=(
            "A row is everything issued in one month; the colour is the share of it redeemed so far, month "
            "by month. Above and left of the orange line lie the reported months; below and right of it, up "
            f"to {tail} in which members go on and nobody joins. A row whose colours stop changing "
            "has run its course."
        ),
        chart=charts.triangle_chart(one, forecast),
        table=Table(("Issued in", *(f"after {age}" for age in ages)), rows),
    )


def _active(forecast: Forecast) -> Panel:
    segments = forecast.population.segments
    rows = tuple(
        (
            month.label,
            f"{members.enrolled:,}",
            f"{members.active:,}",
            percent_text(members.active_rate),
            f"±{forecast.active_noise[m]:,.0f}",
            *(f"{forecast.segment_members[segment.index][m].active:,}" for segment in segments),
            f"{members.purchases:,}",
        )
        for m, (month, members) in enumerate(zip(forecast.months, forecast.members, strict=True))
    )
    header = ("Month", "Members", "Active", "Share", "Simulation noise")
    return Panel(
        name="active",
        kind="active",
        title=active_title(forecast),
        reading=(
            "Members who bought at least once in the month, by segment. Members are all who ever joined, "
            f"from {month_text(forecast.months[0].start)} on: a business cannot see who has left for good."
        ),
        chart=charts.active_chart(forecast),
        table=Table((*header, *(one_line(segment.name) for segment in segments), "Purchases"), rows),
    )
