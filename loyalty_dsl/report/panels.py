"""The sections of a forecast's page: each a title computed from the data, a way to read it, a chart and
the figures behind it."""

from collections.abc import Iterator, Sequence

from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast
from loyalty_dsl.forecast.scaling import scaled
from loyalty_dsl.language.expiry import Never
from loyalty_dsl.report import charts
from loyalty_dsl.report.charts_fan import Bound, fan_chart
from loyalty_dsl.report.charts_mechanics import HELD_AT_START, shown_fates, vintage_chart, vintage_text
from loyalty_dsl.report.findings import total_liability_title, vintage_title
from loyalty_dsl.report.headlines import (
    active_title,
    did_something,
    liability_title,
    triangle_title,
    waterfall_title,
)
from loyalty_dsl.report.lift_tables import lift_panels
from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.panels_mechanics import mechanics_panels
from loyalty_dsl.report.panels_tiers import tier_panels
from loyalty_dsl.report.quiet_balances import is_quiet
from loyalty_dsl.report.settlement_panel import settlement_panels
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.value_panel import value_panels
from loyalty_dsl.report.wording import (
    amount_text,
    becomes_text,
    day_text,
    money_text,
    month_text,
    noise_text,
    one_line,
    percent_text,
)

BANDS = "Bands: simulation noise alone, 50 and 80 times in 100."
"""What the bands of a liability show; other layers of doubt are not in them."""


BLANK = " Rows of months in which nothing was issued are blank."


def panels_of(forecast: Forecast, bounds: Sequence[Bound] = ()) -> Iterator[Panel]:
    """Every section of the page, in its order: the liability, each currency, members and their levels, and
    what rules and rewards did.

    Args:
        bounds: on liabilities, that a study sets.
    """
    if len(forecast.owed) > 1 and forecast.liability is not None:
        yield _total_liability(forecast, bounds)
    for one in forecast.by_currency:
        if is_quiet(one, forecast):
            continue
        if not one.is_score:
            yield _liability(one, forecast, bounds)
        yield _waterfall(one, forecast)
        if not one.is_score and one.fate.redeemed:
            yield _triangle(one, forecast)
        if one.fate.issued and not (one.is_score and all_held(one)):
            yield _vintages(one, forecast)
    if forecast.value is not None:
        yield from value_panels(forecast)
    yield from settlement_panels(forecast)
    yield from lift_panels(forecast)
    yield _active(forecast)
    yield from tier_panels(forecast)
    yield from mechanics_panels(forecast)


def _total_liability(forecast: Forecast, bounds: Sequence[Bound]) -> Panel:
    money = forecast.program.money
    known = [one for one in forecast.owed if one.liability is not None]
    liability, noise = forecast.liability or (), forecast.liability_noise or ()
    rows = tuple(
        (
            month.label,
            *(money_text(one.liability[m], money) if one.liability else "" for one in known),
            money_text(liability[m], money),
            noise_text(noise[m], liability[m], money),
        )
        for m, month in enumerate(forecast.months)
    )
    header = ("Month end", *(one_line(one.currency.label) for one in known), "Together", "Simulation noise")
    turned = " ".join(filter(None, (becomes_text(one, forecast) for one in known)))
    return Panel(
        name="liability",
        kind="liability",
        title=total_liability_title(forecast),
        reading=(
            "What is owed at each month's end, currency by currency: cost per unit, times the share of the "
            f"units that will be redeemed, times the units outstanding. {turned}"
        ).strip(),
        chart=charts.total_liability_chart(forecast, [bound for bound in bounds if bound.subject is None]),
        table=Table(header, rows),
        subtitle="Going concern, at cost.",
    )


def _liability(one: CurrencyForecast, forecast: Forecast, bounds: Sequence[Bound]) -> Panel:
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
    alone = len(forecast.owed) == 1
    own = [bound for bound in bounds if bound.subject == one.currency.name or (alone and not bound.subject)]
    return Panel(
        name=f"liability-{one.currency.index}",
        kind="liability",
        title=liability_title(one, forecast),
        reading=(
            f"Each point is what the {noun} outstanding at a month's end will cost when they are redeemed: "
            f"cost per unit, times what members go on to redeem. {_unused(one)} Where a band is thinner "
            "than the line, more members would change nothing."
        ),
        chart=fan_chart(one.liability, one.liability_noise, forecast, own)
        if one.liability and one.liability_noise
        else None,
        table=Table(header, rows),
        subtitle=f"Going concern, at cost. {BANDS}" if one.liability else "Going concern.",
    )


def all_held(one: CurrencyForecast) -> bool:
    """Whether nothing has become of any unit: a chart of that would tell nothing."""
    return all(vintage.outstanding == vintage.issued for vintage in one.triangle.vintages())


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
    taken_back = any(month.reversed for month in one.total)
    opening = (one.opening, *(month.outstanding for month in one.total))
    rows = tuple(
        (
            forecast.months[m].label,
            *(
                amount_text(one, units, money)
                for units in (
                    opening[m],
                    month.issued,
                    month.redeemed,
                    month.expired,
                    *((month.reversed,) if taken_back else ()),
                    month.outstanding,
                )
            ),
        )
        for m, month in balances
    )
    return Panel(
        name=f"balance-{one.currency.index}",
        kind="waterfall",
        title=waterfall_title(one, forecast),
        reading=(
            "From left to right: what members held, what they were given, what they used, what lapsed, "
            f"{'what returns took back, ' if taken_back else ''}and what is left. The steps tie to the "
            "ledger: "
            f"opening + issued - redeemed - expired{' - reversed' if taken_back else ''} = closing, in every "
            f"month and segment. {_owing(one, forecast)}{becomes_text(one, forecast)}"
        ).strip(),
        chart=charts.waterfall_chart(one, forecast),
        table=Table(
            (
                "Month",
                "Opening",
                "Issued",
                "Redeemed",
                "Expired",
                *(("Reversed",) if taken_back else ()),
                "Closing",
            ),
            rows,
        ),
    )


def _owing(one: CurrencyForecast, forecast: Forecast) -> str:
    returns = forecast.program.returns
    if returns is None or not returns.negative or not any(month.reversed for month in one.total):
        return ""
    return "What members owe after returns is taken off the balance. "


def _vintages(one: CurrencyForecast, forecast: Forecast) -> Panel:
    money = forecast.program.money
    fates = shown_fates(one)
    rows = tuple(
        (
            vintage_text(vintage, forecast.months),
            amount_text(one, scaled(vintage.issued, forecast.weight), money),
            *(
                percent_text(getattr(vintage, field) / vintage.issued) if vintage.issued else ""
                for field, *_ in fates
            ),
        )
        for vintage in one.triangle.vintages()
    )
    return Panel(
        name=f"vintages-{one.currency.index}",
        kind="vintages",
        title=vintage_title(one, forecast),
        reading=(
            f"A bar is everything issued in {'a quarter' if len(forecast.months) > 24 else 'a month'} and "
            f"what has become of it by {day_text(forecast.as_of)}; pending units are among those still held."
            + (HELD_AT_START if one.triangle.opened else "")
        ),
        chart=vintage_chart(one, forecast),
        table=Table(("Issued in", "Issued", *(name for _, name, _ in fates)), rows),
    )


def _triangle(one: CurrencyForecast, forecast: Forecast) -> Panel:
    shares = charts.triangle_shares(one)
    ages = range(charts.triangle_ages(one))
    rows = tuple(
        (
            month.label,
            *(percent_text(share) if issued else "" for share in row),
            *("" for _ in ages[len(row) :]),
        )
        for month, row, issued in zip(forecast.months, shares, one.triangle.issued, strict=True)
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
            f"has run its course.{'' if all(one.triangle.issued) else BLANK}"
        ),
        chart=charts.triangle_chart(one, forecast),
        table=Table(("Issued in", *(f"after {age}" for age in ages)), rows),
    )


def _active(forecast: Forecast) -> Panel:
    segments = forecast.population.segments
    returns = any(month.returns for month in forecast.members)
    friends = any(month.friends for month in forecast.members)
    others = (
        *(("Returns",) if returns else ()),
        *(("Friends who joined",) if friends else ()),
        *(one_line(event.kind.name).replace("_", " ").capitalize() for event in forecast.events),
    )
    rows = tuple(
        (
            month.label,
            f"{members.enrolled:,}",
            f"{members.active:,}",
            percent_text(members.active_rate),
            f"±{forecast.active_noise[m]:,.0f}",
            *(f"{forecast.segment_members[segment.index][m].active:,}" for segment in segments),
            f"{members.purchases:,}",
            *((f"{members.returns:,}",) if returns else ()),
            *((f"{members.friends:,}",) if friends else ()),
            *(f"{event.count[m]:,}" for event in forecast.events),
        )
        for m, (month, members) in enumerate(zip(forecast.months, forecast.members, strict=True))
    )
    header = ("Month", "Members", "Active", "Share", "Simulation noise")
    return Panel(
        name="active",
        kind="active",
        title=active_title(forecast),
        reading=(
            f"Members who {did_something(forecast)} at least once in the month, by segment. "
            "Members are all who ever joined, "
            f"from {month_text(forecast.months[0].start)} on: a business cannot see who has left for good."
        ),
        chart=charts.active_chart(forecast),
        table=Table((*header, *(one_line(segment.name) for segment in segments), "Purchases", *others), rows),
    )
