"""A bridge between two saved forecasts, on the screen and as JSON: `loyalty.bridge/1`.

Invariant: the steps of each currency, and of all together, add up to the minor unit.
"""

from collections.abc import Mapping

import attrs
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from loyalty_dsl import __version__
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.report.appraisal_headlines import TERM_NAMES, largest_term
from loyalty_dsl.report.appraisal_json import bridge_document
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.style import Style
from loyalty_dsl.report.terminal import new_console, text_of
from loyalty_dsl.report.wording import account_text, money_text, one_line
from loyalty_dsl.valuation.bridge import Bridge
from loyalty_dsl.valuation.saved_valuations import SavedValuation

FORMAT = "loyalty.bridge/1"


@attrs.frozen(eq=False)
class BridgeFigures:
    """Two valuations and what explains the change, by currency.

    Attributes:
        command: makes the same figures again.
    """

    before: SavedValuation
    after: SavedValuation
    moved: Mapping[str, Bridge]
    command: str

    @property
    def total(self) -> Bridge:
        """All currencies together."""
        columns = zip(*(attrs.astuple(each) for each in self.moved.values()), strict=True)
        return Bridge(*(sum(column) for column in columns))


def bridge_json(figures: BridgeFigures) -> str:
    """The bridge as one JSON document that ends in a newline."""
    digits = MINOR_DIGITS[figures.after.money]
    return json_text(
        {
            "format": FORMAT,
            "program": figures.after.program,
            "money": figures.after.money,
            "basis": "going concern",
            "from": figures.before.day,
            "to": figures.after.day,
            "total": bridge_document(figures.total, digits),
            "currencies": {name: bridge_document(each, digits) for name, each in figures.moved.items()},
            "inputs": {each.name: each.digest for each in (figures.before, figures.after)},
            "version": __version__,
            "command": figures.command,
        }
    )


def bridge_headline(figures: BridgeFigures) -> str:
    """How the liability moved, and what moved it most."""
    total, money = figures.total, figures.after.money
    change = total.closing - total.opening
    if not change:
        return f"The liability is the same on {figures.before.day} and {figures.after.day}."
    rose = "rose" if change > 0 else "fell"
    most = largest_term(total)
    return (
        f"The liability {rose} by {money_text(abs(change), money)} from {figures.before.day} to "
        f"{figures.after.day}; the largest step is {money_text(getattr(total, most), money)} for "
        f"{TERM_NAMES[most]}."
    )


def render_bridge(figures: BridgeFigures, style: Style) -> str:
    """The bridge as lines without a last newline."""
    console = new_console(style)
    money, several = figures.after.money, len(figures.moved) > 1
    console.print(Text(f"{one_line(figures.after.program)} · going concern", style="dim"))
    console.print(Text(bridge_headline(figures), style="bold"))
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1), show_edge=False)
    table.add_column("Why it moved")
    columns = [*figures.moved.items(), *([("together", figures.total)] if several else [])]
    for name, _ in columns:
        table.add_column(one_line(name).replace("_", " ").capitalize(), justify="right")
    terms = (
        (f"At {figures.before.day}", "opening"),
        ("Volume: issued less redeemed", "volume"),
        ("Experience: members acted otherwise", "experience"),
        ("Assumptions: other rates by age", "assumptions"),
        ("Cost per point", "cost_per_point"),
        (f"At {figures.after.day}", "closing"),
    )
    for label, term in terms:
        table.add_row(label, *(account_text(getattr(each, term), money) for _, each in columns))
    console.print(table)
    return text_of(console)
