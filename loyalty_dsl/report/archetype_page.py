"""The registry of archetypes as a document: `docs/archetypes.md`.

Invariant: the page is made from the registry alone, every number with its source; a test holds the committed
page to it.
"""

from collections.abc import Iterator

from loyalty_dsl.language.archetypes import ARCHETYPES, Archetype, Known
from loyalty_dsl.language.five_facts import Facts, expand

HEAD = """\
# Archetypes

You know five facts about your customers, and not how far their buying rates are apart. Write the facts, and
say what kind of business yours is like; the rest comes from there.

```loyalty with square_visits
population cardholders {
    start  172,000 members
    segment everyone 100% like department_store {
        active          40% in 3 months
        orders          4.2 per year
        average basket  $62
        redeeming       30%
    }
}
```

| fact | is |
| --- | --- |
| `start 172,000 members` | how many there are |
| `active 40% in 3 months` | the share of them who buy at least once within that time, from the first day |
| `orders 4.2 per year` | purchases of a member in the first year, those who buy nothing included |
| `average basket $62` | the mean of all baskets |
| `redeeming 30%` | the share of members who ever choose a reward; the others never do |

Each may be left out: the archetype has its own. From them the mean rate and its spread over members, the
median of baskets and the share who never redeem are solved by closed forms, with the archetype's leaving,
regularity and sigma; simulated members come within noise of the facts, which is tested. Facts that cannot
be together are refused: with 4.2 orders a year, no more than two thirds of members can buy within three
months.

`loyalty check FILE --show-population` prints the population in full, with where each number comes from, to
paste and to edit. A trait that you write yourself, such as `leave` or `regularity`, takes the place of the
archetype's; whatever else the program reads, such as `payment`, you add as in any segment. Nobody joins
unless you say so.

An archetype is a place to begin. **Measured** numbers are of real customers, **published** ones of a
company, and **judgement** is ours: replace what matters with your own, or fit all of it with [`loyalty
fit`](calibration.md).
"""


def archetypes_page() -> str:
    """The whole document, ending in a newline."""
    return HEAD + "".join(_section(row) for row in ARCHETYPES)


def _section(row: Archetype) -> str:
    lines = "\n".join(line.text for line in expand(row, Facts(), "$", 2))
    figures = "\n".join(
        f"| {what} | {value} | {known.grade.value} | {known.source} |" for what, value, known in _figures(row)
    )
    return (
        f"\n## `like {row.name}`\n\n{row.title}. {row.says}\n\n| what | value | grade | source |\n"
        f"| --- | --- | --- | --- |\n{figures}\n\nWithout any fact it is:\n\n```text\n{lines}\n```\n"
    )


def _figures(row: Archetype) -> Iterator[tuple[str, str, Known]]:
    span = f"{row.within.count} {row.within.unit.value}{'s' if row.within.count > 1 else ''}"
    yield f"active in {span}", _percent(row.active), row.active
    yield "orders per year", f"{float(row.orders.value):g}", row.orders
    yield "average basket", f"${float(row.basket.value):,.2f}", row.basket
    yield "redeeming", _percent(row.redeeming), row.redeeming
    yield "regularity", f"{float(row.regularity.value):g}", row.regularity
    yield "leaving per month", _percent(row.leave), row.leave
    yield "sigma of baskets", f"{float(row.sigma.value):g}", row.sigma
    yield "of it within a member", _percent(row.own), row.own
    yield "redeeming at a purchase", _percent(row.redeem), row.redeem
    yield "its spread", f"{float(row.redeem_spread.value):g}", row.redeem_spread


def _percent(known: Known) -> str:
    return f"{float(known.value) * 100:g}%"
