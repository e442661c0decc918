"""What a return takes back where the file does not say: the latest purchase that has it.

Invariant: no purchase is taken back twice, and none that is later than the return.
"""

from collections import Counter
from collections.abc import Sequence

import polars as pl

from loyalty_dsl.transactions.opening import ROW
from loyalty_dsl.transactions.schema import AMOUNT, KIND, MEMBER, PURCHASE, RETURN_WORD, RETURNS
from loyalty_dsl.transactions.source_orders import ORDER

_CENT = ("a minor unit",)

Left = Counter[tuple[object, ...]]
"""What is left of a purchase: how many of each item, or how much money."""


def latest_purchases(frame: pl.DataFrame, item_fields: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Names the purchase that each return takes back (SOURCE-7).

    Args:
        frame: rows under our names in order of time, with `ROW` and `ORDER`.
        item_fields: of the program; where it has any, a return is of items of the same price and fields.

    Returns:
        The rows with `RETURNS`, and `ROW` and `ORDER` of the returns that no purchase has enough left for.
    """
    named: list[str | None] = [None] * frame.height
    back = frame.filter(pl.col(KIND) == RETURN_WORD)
    members = set(back[MEMBER].to_list())
    left: dict[str, dict[str, Left]] = {}
    returned: dict[tuple[str, int], tuple[list[int], Left]] = {}
    columns = frame.select(MEMBER, KIND, PURCHASE, ORDER, AMOUNT, *item_fields)
    none: list[int] = []
    rows = list(enumerate(columns.iter_rows()))
    for position, (at, (member, kind, id_, order, amount, *fields)) in enumerate(rows):
        if member not in members or amount is None or id_ is None:
            continue
        what: Left = Counter({(amount, *fields): 1} if item_fields else {_CENT: int(amount.replace(".", ""))})
        if kind != RETURN_WORD:
            if kind == "purchase":
                left.setdefault(member, {}).setdefault(id_, Counter()).update(what)
            continue
        places, wanted = returned.setdefault((member, order), ([], Counter()))
        places.append(at)
        wanted.update(what)
        following = rows[position + 1][1] if position + 1 < len(rows) else None
        if following is not None and (following[3], following[1]) == (order, RETURN_WORD):
            continue  # another row of the same return
        bought = left.get(member, {})
        found = next((one for one in reversed(bought) if wanted <= bought[one]), None)
        if found is None:
            none += places
            continue
        bought[found] -= wanted
        for place in places:
            named[place] = found
    return frame.with_columns(pl.Series(RETURNS, named, pl.String)), frame[none].select(ROW, ORDER)
