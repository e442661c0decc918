"""What a return takes back where the file does not say: the latest purchase that has so much left.

Invariant: no purchase is taken back twice, and none that is later than the return.
"""

import polars as pl

from loyalty_dsl.transactions.opening import ROW
from loyalty_dsl.transactions.schema import AMOUNT, KIND, MEMBER, PURCHASE, RETURN_WORD, RETURNS
from loyalty_dsl.transactions.source_orders import ORDER


def latest_purchases(frame: pl.DataFrame, digits: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Names the purchase that each return takes back (SOURCE-7).

    Args:
        frame: rows under our names in order of time, with `ROW` and `ORDER`.
        digits: of the money.

    Returns:
        The rows with `RETURNS`, and `ROW` and `ORDER` of the returns that no purchase has enough left for.
    """
    back = frame.filter(pl.col(KIND) == RETURN_WORD)
    named: list[str | None] = [None] * frame.height
    if back.is_empty():
        return frame.with_columns(pl.Series(RETURNS, named, pl.String)), back.select(ROW, ORDER)
    members = set(back[MEMBER].to_list())
    left: dict[str, dict[str, int]] = {}
    none: list[int] = []
    columns = frame.select(
        MEMBER, KIND, PURCHASE if PURCHASE in frame.columns else pl.lit(None).alias(PURCHASE), AMOUNT
    )
    for at, (member, kind, id_, amount) in enumerate(columns.iter_rows()):
        if member not in members or amount is None:
            continue
        minor = int(amount.replace(".", "")) if digits else int(amount)
        bought = left.setdefault(member, {})
        if kind != RETURN_WORD:
            if id_ is not None and kind == "purchase":
                bought[id_] = bought.get(id_, 0) + minor
            continue
        found = next((one for one in reversed(bought) if bought[one] >= minor), None)
        if found is None:
            none.append(at)
        else:
            bought[found] -= minor
            named[at] = found
    return frame.with_columns(pl.Series(RETURNS, named, pl.String)), frame[none].select(ROW, ORDER)
