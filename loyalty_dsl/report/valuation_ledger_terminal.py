"""A ledger's valuation and backtest on one screen."""

from collections.abc import Sequence
from textwrap import wrap

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from loyalty_dsl.calendar import date_of, format_day, month_start
from loyalty_dsl.report.style import Style
from loyalty_dsl.report.terminal import new_console, text_of
from loyalty_dsl.report.valuation_ledger_figures import (
    BASES,
    BacktestFigures,
    LiabilityFigures,
    amount_of,
    mix_text,
    noun_of,
    sent_text,
    why_young,
)
from loyalty_dsl.report.wording import account_text, long_date, money_text, one_line
from loyalty_dsl.valuation.bridge import Bridge
from loyalty_dsl.valuation.cautions import GOING_CONCERN, cautions_of
from loyalty_dsl.valuation.ledger_run_off import says
from loyalty_dsl.valuation.ledger_valuation import CurrencyValuation
from loyalty_dsl.valuation.rollforward import RollForwardRow

MOST_MONTHS = 12
UNKNOWN = "-"


def render_liability(figures: LiabilityFigures, style: Style) -> str:
    """The valuation, as lines without a last newline."""
    console = new_console(style)
    valued = figures.valued
    day = long_date(date_of(valued.at))
    console.print(Text(f"{one_line(valued.program.label)} · valued at the end of {day}", style="dim"))
    _say(console, figures.headline, "bold")
    for one in valued.currencies:
        _currency(console, one, figures)
    _say(console, GOING_CONCERN, "dim")
    return text_of(console)


def _currency(console: Console, one: CurrencyValuation, figures: LiabilityFigures) -> None:
    money = figures.money
    console.print()
    held, future = amount_of(one, one.held, money), amount_of(one, float(one.total_future), money)
    text = f"{noun_of(one)}: {held} outstanding"
    text += "" if one.young else f", of which {future} ({float(one.phi):.1%}) will be redeemed"
    if one.liability is not None:
        text += f"; {'at most ' if one.young else ''}{money_text(one.liability, money)} at cost"
    if one.current is not None and one.liability is not None:
        text += f", {money_text(one.current, money)} of it within a year"
    _say(console, text + ".", "bold")
    if one.found is None or one.young:
        _say(console, why_young(one), "dim")
    else:
        others = ", ".join(
            f"{each.label} {amount_of(one, each.total_future, money)}"
            for each in one.found.methods
            if each is not one.found.headline
        )
        _say(console, f"{one.found.why} Others expect: {others}.", "dim")
        _say(console, _band(one, money), "dim")
        for mix in one.mixes:
            _say(console, mix_text(mix, one, money), "dim")
    if rows := figures.bases_of(one):
        console.print(_table(BASES, rows))
    if rows and one.run_off is not None:
        _say(console, says(one.run_off), "dim")
    if one.per_point_of_urr is not None and not one.young:
        each = f"URR {float(one.urr):.1%}; one percentage point of it is worth "
        _say(console, each + f"{money_text(one.per_point_of_urr, money)}.", "dim")
    if one.debt:
        owing = f"Members owe {amount_of(one, one.debt, money)} after returns, which is not netted."
        _say(console, owing, "dim")
    if sent := sent_text(one, money):
        _say(console, sent, "dim")
    console.print(_ages(one, figures))
    moved = figures.bridge_of(one)
    if moved is not None and figures.before is not None:
        console.print(_bridge(moved, figures.before.at, figures.valued.at, money))
    if one.roll is None:
        _say(console, f"No deferred revenue: {one.why_no_roll}.", "dim")
    else:
        roll, in_cents = _roll(one.roll.rows, figures, console.width)
        console.print(roll)
        if not in_cents:
            _say(console, "Rounded to be read; --format json, --xlsx and --journal have the cents.", "dim")
        for accounting, part in one.roll.current.items():
            closing = one.roll.closing_of(accounting)
            split = f"current {account_text(part, money)}, non-current {account_text(closing - part, money)}"
            _say(console, f"{accounting.value}: {split}", "dim")
    if one.found is not None:
        for caution in cautions_of(one.found):
            for number, line in enumerate(wrap(caution.message, console.width - 2)):
                console.print(Text(("! " if number == 0 else "  ") + line, style="yellow"))


def _band(one: CurrencyValuation, money: str) -> str:
    """How far it may be off, and what of."""
    band = one.band
    if band is None:
        return (
            "No 90% band: no valuation of three months ago or more had seen the whole life of a lot, so "
            "nobody knows by how much such valuations miss."
        )
    low, high = amount_of(one, band.low, money), amount_of(one, band.high, money)
    return (
        f"90% band: {low} to {high}. Past valuations were off by ±{band.missed:.1%}, a year that all members "
        f"share by ±{band.common_year:.1%} (a judgement), the estimator by itself ±{band.estimator:.1%}."
    )


def _ages(one: CurrencyValuation, figures: LiabilityFigures) -> Table:
    rows = []
    for band in one.ages:
        if band.held:
            owed = "" if one.cost is None else money_text(float(one.cost * band.future), figures.money)
            rows.append(
                (
                    f"{band.age}",
                    amount_of(one, band.held, figures.money),
                    f"{float(band.future / band.held):.1%}",
                    owed,
                )
            )
    return _table(("Age, months", "Outstanding", "phi", "Liability"), rows)


def _bridge(moved: Bridge, before: int, at: int, money: str) -> Table:
    terms = (
        (f"At {format_day(before)}", moved.opening),
        ("Volume: issued less redeemed", moved.volume),
        ("Experience: members acted otherwise", moved.experience),
        ("Assumptions: new rates", moved.assumptions),
        ("Cost per point", moved.cost_per_point),
        (f"At {format_day(at)}", moved.closing),
    )
    return _table(
        ("Why it moved", "Liability"), [(name, account_text(amount, money)) for name, amount in terms]
    )


def _roll(rows: Sequence[RollForwardRow], figures: LiabilityFigures, width: int) -> tuple[Table, bool]:
    """The movements of the last months, and whether there was room for their cents."""
    heads = ("Deferred", "Opening", "Deferred", "Recognised", "Catch-up", "Breakage", "Closing")
    last = max(row.month for row in rows)
    several = len({row.accounting for row in rows}) > 1
    shown = []
    for row in rows:
        if row.month > last - MOST_MONTHS:
            name = date_of(month_start(row.month)).isoformat()[:7]
            flows = (row.opening, row.deferred, row.recognised, row.catch_up, row.breakage, row.closing)
            kind = f" {row.accounting.value}" if several else ""
            shown.append((name + kind, flows))
    exact = [(name, *(account_text(flow, figures.money) for flow in flows)) for name, flows in shown]
    if sum(max(map(len, column)) + 2 for column in zip(heads, *exact, strict=True)) <= width:
        return _table(heads, exact), True
    short = [(name, *(money_text(flow, figures.money) for flow in flows)) for name, flows in shown]
    return _table(heads, short), False


def render_backtest(figures: BacktestFigures, style: Style) -> str:
    """The backtest, as lines without a last newline."""
    console = new_console(style)
    money = figures.money
    text = f"{one_line(figures.program)} · past valuations against the ledger to {format_day(figures.as_of)}"
    console.print(Text(text, style="dim"))
    heads = ("Valued at", "Expected since", "Happened", "Off", "In money", "Points of URR", "Still open")
    for index in dict.fromkeys(past.valued.currency.index for past in figures.past):
        its = [past for past in figures.past if past.valued.currency.index == index]
        one = its[-1].valued
        console.print(Text(noun_of(one), style="bold"))
        rows = []
        for past in its:
            share = past.off_share
            rows.append(
                (
                    format_day(past.at),
                    amount_of(one, float(past.expected), money),
                    amount_of(one, past.happened, money),
                    UNKNOWN if share is None else f"{float(share):+.1%}",
                    UNKNOWN if past.off_money is None else money_text(past.off_money, money),
                    f"{float(past.points_of_urr):+.1f}",
                    amount_of(one, past.open, money),
                )
            )
        console.print(_table(heads, rows))
        if one.per_point_of_urr is not None:
            each = money_text(one.per_point_of_urr, money)
            _say(console, f"At the last of them, one percentage point of URR is worth {each}.", "dim")
    _say(
        console,
        "Above 0, too much was set aside. A valuation knows nothing after its day; what is still open at the "
        "ledger's end is in no figure.",
        "dim",
    )
    return text_of(console)


def _say(console: Console, text: str, style: str) -> None:
    for line in wrap(text, console.width):
        console.print(Text(line, style=style))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1), show_edge=False)
    table.add_column(heads[0])
    for heading in heads[1:]:
        table.add_column(heading, justify="right", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
