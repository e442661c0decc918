"""The section on partners: what each pays for points, and what it receives for them.

Invariant: a panel as of `panel_parts`; its bars and its title are sums of the bills in its table.
"""

from collections.abc import Iterator

from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.quantities import format_money, format_units
from loyalty_dsl.report.charts_mechanics import bars_chart
from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.settlement_tables import month_of
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.wording import money_text, one_line


def settlement_title(forecast: Forecast) -> str:
    """What partners pay, receive, and leave to the program."""
    money = forecast.program.money
    pays = sum(bill.invoiced for bill in forecast.bills)
    receives = sum(bill.repaid for bill in forecast.bills)
    leaves = pays - receives
    rest = f"{money_text(abs(leaves), money)} {'stays' if leaves >= 0 else 'is paid on top'}"
    months = counted(len(forecast.months), "month")
    return (
        f"Partners pay {money_text(pays, money)} and receive {money_text(receives, money)} "
        f"in {months}: {rest}"
    )


def settlement_panels(forecast: Forecast) -> Iterator[Panel]:
    """The section, of a program that has partners."""
    program = forecast.program
    if not program.partners:
        return
    bars = []
    for partner in program.partners:
        own = [bill for bill in forecast.bills if bill.partner.index == partner.index]
        net = sum(bill.net for bill in own)
        said = f"{'pays' if net >= 0 else 'is paid'} {money_text(abs(net), program.money)}"
        bars.append((one_line(partner.label), float(net), said, net < 0))
    header = ("Month", "Partner", "Currency", "Issued", "Redeemed", "Pays", "Receives", "Net")
    yield Panel(
        name="partners",
        kind="partners",
        title=settlement_title(forecast),
        reading=(
            "Each bar is what a partner pays for the points that it issues, less what it receives for those "
            "spent with it; a partner in grey is paid more than it pays. Points that a return takes back are "
            "taken off the bill of that month. What is not spent yet is still owed to members, as above."
        ),
        chart=bars_chart(bars),
        table=Table(header, tuple(_rows(forecast)), "ttnnnnn"),
        subtitle="Billed month by month, each bill rounded to the cent.",
    )


def _rows(forecast: Forecast) -> Iterator[tuple[str, ...]]:
    program = forecast.program
    for bill in sorted(forecast.bills, key=lambda each: (each.month, each.partner.index, each.currency)):
        currency = program.currencies[bill.currency]
        yield (
            month_of(bill),
            one_line(bill.partner.label),
            one_line(currency.label),
            *(
                format_money(units, program.money)
                if currency.in_money
                else format_units(units, currency.scale)
                for units in (bill.issued, bill.redeemed)
            ),
            *(format_money(minor, program.money) for minor in (bill.invoiced, bill.repaid, bill.net)),
        )
