"""A ledger's valuation as one page: what is owed, by which method and age, why it moved, and what is
deferred.

Invariant: a page of `page_parts`; every figure is one of the valuation's, and titles are computed from them.
"""

from loyalty_dsl.calendar import date_of, format_day, month_start
from loyalty_dsl.report.page_parts import escape, panel_html, table_html, tiles, whole_page
from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.valuation_charts import age_chart, balance_chart, bridge_chart
from loyalty_dsl.report.valuation_ledger_figures import (
    BASES,
    LiabilityFigures,
    amount_of,
    mix_text,
    noun_of,
    sent_text,
    why_young,
)
from loyalty_dsl.report.valuation_page import made_by, methods_panel, notices
from loyalty_dsl.report.wording import account_text, long_date, money_text
from loyalty_dsl.valuation.bridge import Bridge
from loyalty_dsl.valuation.cautions import GOING_CONCERN, cautions_of
from loyalty_dsl.valuation.estimates import LEVEL
from loyalty_dsl.valuation.ledger_run_off import says
from loyalty_dsl.valuation.ledger_valuation import CurrencyValuation
from loyalty_dsl.valuation.rollforward import RollForward

UNKNOWN = "-"


def liability_page(figures: LiabilityFigures) -> str:
    """The whole page, in UTF-8's characters; the same for the same figures."""
    valued = figures.valued
    warned = [
        caution.message
        for one in valued.currencies
        if one.found is not None
        for caution in cautions_of(one.found)
    ]
    parts = [_header(figures), notices(warned)]
    for one in valued.currencies:
        parts.append(_tiles(one, figures))
        parts += [panel_html(panel) for panel in _panels(one, figures)]
    parts.append(made_by(figures.command, figures.version, figures.inputs))
    return whole_page(f"{valued.program.label}: what is owed", parts)


def liability_panels(figures: LiabilityFigures) -> list[Panel]:
    """Every section with a chart, of every currency."""
    return [panel for one in figures.valued.currencies for panel in _panels(one, figures)]


def _header(figures: LiabilityFigures) -> str:
    valued = figures.valued
    return (
        f'<header>\n<p class="eyebrow">Points liability from a ledger · {escape(valued.program.label)}</p>\n'
        f"<h1>{escape(figures.headline)}</h1>\n"
        f'<p class="meta">Valued at the end of {escape(long_date(date_of(valued.at)))} · '
        f"<em>going concern</em></p>\n"
        f'<p class="basis">{escape(GOING_CONCERN)}</p></header>'
    )


def _tiles(one: CurrencyValuation, figures: LiabilityFigures) -> str:
    money = figures.money
    if one.young:
        told = [("Outstanding", amount_of(one, one.held, money), "too young to tell what will be redeemed")]
        if one.liability is not None:
            told.insert(0, ("Owed at most", money_text(one.liability, money), "all points at full cost"))
        why = f'<p class="basis">{escape(why_young(one))}</p>'
        return f"<section><h2>{escape(noun_of(one))}</h2>{tiles(told)}{why}</section>"
    shown = [
        ("Outstanding", amount_of(one, one.held, money), f"{float(one.phi):.1%} of it will be redeemed"),
        ("Ultimate redemption rate", f"{float(one.urr):.1%}", "of everything issued"),
    ]
    if one.liability is not None:
        soon = "" if one.current is None else f"{money_text(one.current, money)} of it within a year"
        shown.insert(0, ("Liability at cost", money_text(one.liability, money), soon))
    if one.per_point_of_urr is not None:
        shown.append(("A point of URR", money_text(one.per_point_of_urr, money), "more or less of liability"))
    why = "" if one.found is None else f'<p class="basis">{escape(one.found.why)}</p>'
    why += "".join(f'<p class="basis">{escape(mix_text(mix, one, money))}</p>' for mix in one.mixes)
    if sent := sent_text(one, money):
        why += f'<p class="basis">{escape(sent)}</p>'
    if (rows := figures.bases_of(one)) and one.run_off is not None:
        why += table_html(Table(BASES, rows)) + f'<p class="basis">{escape(says(one.run_off))}</p>'
    return f"<section><h2>{escape(noun_of(one))}</h2>{tiles(shown)}{why}</section>"


def _panels(one: CurrencyValuation, figures: LiabilityFigures) -> list[Panel]:
    panels = []
    name, money, scale = f"currency-{one.currency.index}", figures.money, one.currency.scale
    moved = figures.bridge_of(one)
    if moved is not None and figures.before is not None:
        panels.append(_bridge(moved, f"{name}-bridge", figures))
    if one.found is not None:
        header = ("", "To come", f"{LEVEL:.0%} interval", "URR", "phi")
        rows = []
        for each in one.found.methods:
            bounds = each.interval(LEVEL)
            told = UNKNOWN
            if bounds is not None:
                told = f"{amount_of(one, bounds[0], money)} to {amount_of(one, bounds[1], money)}"
            rates = [UNKNOWN if rate is None else f"{rate:.1%}" for rate in (each.urr, each.phi)]
            rows.append((each.label, amount_of(one, each.total_future, money), told, *rates))
        panels.append(methods_panel(one.found, header, rows, scale, f"{name}-methods"))
    panels.append(_ages(one, f"{name}-ages", figures))
    if one.roll is not None:
        panels.append(_roll(one.roll, f"{name}-deferred", figures))
    return panels


def _ages(one: CurrencyValuation, name: str, figures: LiabilityFigures) -> Panel:
    money = figures.money
    young = sum(band.held for band in one.ages if band.age < 3)
    share = young / one.held if one.held else 0.0
    rows = []
    for band in one.ages:
        if band.held:
            cells = (amount_of(one, band.held, money), f"{float(band.future / band.held):.1%}")
            owed = UNKNOWN if one.cost is None else money_text(float(one.cost * band.future), money)
            rows.append((str(band.age), *cells, owed))
    return Panel(
        name,
        "ages",
        f"{share:.0%} of what is outstanding was issued in the last three months",
        "Each bar is what is held of lots of one age in months, parted by what will become of it. Older lots "
        "are what members left lying, so less of them is ever used.",
        age_chart(one, money),
        Table(("Age, months", "Outstanding", "phi", "Liability"), tuple(rows)),
    )


def _bridge(moved: Bridge, name: str, figures: LiabilityFigures) -> Panel:
    assert figures.before is not None
    money = figures.money
    first, last = format_day(figures.before.at), format_day(figures.valued.at)
    change = moved.closing - moved.opening
    verb = "rose" if change > 0 else "fell" if change < 0 else "stayed"
    by = f" by {money_text(abs(change), money)}" if change else ""
    terms = (
        (first, moved.opening),
        ("Volume: issued less redeemed", moved.volume),
        ("Experience: members acted otherwise", moved.experience),
        ("Assumptions: new rates", moved.assumptions),
        ("Cost per point", moved.cost_per_point),
        (last, moved.closing),
    )
    return Panel(
        name,
        "bridge",
        f"The liability {verb}{by} since {first}",
        "From the left: what was owed then; points issued since at the rate expected then, less those "
        "redeemed; what is held now against what that led to expect; new rates on the same points; the cost "
        "of a point.",
        bridge_chart(moved, first, last, money),
        Table(("", "Liability"), tuple((name, account_text(amount, money)) for name, amount in terms)),
    )


def _roll(roll: RollForward, name: str, figures: LiabilityFigures) -> Panel:
    money = figures.money
    total = roll.total()
    names = [date_of(month_start(row.month)).isoformat()[:7] for row in total]
    rows = []
    for row in roll.rows:
        month = date_of(month_start(row.month)).isoformat()[:7]
        flows = (row.opening, row.deferred, row.recognised, row.catch_up, row.breakage, row.closing)
        rows.append((f"{month} {row.accounting.value}", *(account_text(flow, money) for flow in flows)))
    closing = total[-1].closing if total else 0
    parts = [
        f"{one.value.capitalize()}: {money_text(part, money)} current, "
        f"{money_text(roll.closing_of(one) - part, money)} non-current"
        for one, part in roll.current.items()
    ]
    told = f"{'; '.join(parts)}." if parts else ""
    header = ("Month", "Opening", "Deferred", "Recognised", "Catch-up", "Breakage", "Closing")
    return Panel(
        name,
        "deferred",
        f"{money_text(closing, money)} of revenue is deferred",
        f"The deferred balance at the end of each month, {figures.method} method. " + told,
        balance_chart(names, total, money) if total else None,
        Table(header, tuple(rows)),
    )
