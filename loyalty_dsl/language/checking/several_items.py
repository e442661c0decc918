"""How many items a purchase has.

Invariant: counts are at least one, and their shares are everything together.
"""

from fractions import Fraction

from loyalty_dsl.diagnostics import deletion
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import positive_number
from loyalty_dsl.language.checking.clauses import at_most_one
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.shares import report_total
from loyalty_dsl.language.population import ItemCounts

MOST_ITEMS = 100
"""The most items that a simulated purchase has."""


def check_items(scope: ProgramScope, block: syntax.SegmentBlock) -> ItemCounts | None:
    """How many items the purchases of a segment have; `None` where nothing is said, or it is wrong."""
    trait = at_most_one(scope.findings, block.traits, syntax.ItemsTrait, "items")
    if trait is None:
        return None
    errors = scope.findings.errors
    if scope.program is not None and not scope.program.item_fields:
        scope.findings.report(
            "L418", trait.span, f"`{scope.name.text}` declares no `item`, so a purchase is one amount",
            secondary=[(scope.name.span, "the program")],
            help="delete this line", edit=deletion(trait.span),
        )  # fmt: skip
    buys = any(isinstance(each, syntax.PurchasesTrait) for each in block.traits)
    if not buys and not scope.losses.may_hold(block.span, "purchases"):
        scope.findings.report(
            "L415", trait.span, f"the segment `{block.name.text}` has no purchases, so this does nothing",
            secondary=[(block.name.span, "the segment")], help="delete this line",
        )  # fmt: skip
    shares: dict[int, Fraction] = {}
    for number, percent in trait.counts:
        if isinstance(number, syntax.Money):
            scope.findings.report(
                "L301", number.span, f"`{number.span.text}` is money, and items are counted",
                help="write a number of items, such as `items 1 60%, 2 40%`",
            )  # fmt: skip
            continue
        count = positive_number(scope, number, "items", MOST_ITEMS)
        if count is None:
            continue
        if count in shares:
            scope.findings.report(
                "L202", number.span, f"the value `{number.span.text}` is listed twice",
                help="add the two shares up",
            )  # fmt: skip
        shares[count] = Fraction(1) if percent is None else percent.value
    total = sum(shares.values(), Fraction(0))
    if scope.findings.errors == errors and total != 1:
        report_total(scope.findings, trait.span, "the shares of `items`", total, [])
    if scope.findings.errors > errors:
        return None
    counts, each = zip(*sorted(shares.items()), strict=True)
    return ItemCounts(tuple(counts), tuple(each), trait.span)
