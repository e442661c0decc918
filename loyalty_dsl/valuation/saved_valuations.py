"""Valuations read back from the JSON of `loyalty simulate`, so that a bridge can explain what moved between
two.

Invariant: a valuation that is read has the liability that the file says: the cost of a unit is that over
the units that will be redeemed. Units are thousandths of a display unit, as the file does not say how fine
a currency is.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs

from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.valuation.bridge import Bridge, Valuation, ValuedVintage, bridge

FORMAT = "loyalty.simulate/1"
FINENESS = 1000
FIRST_YEAR = 1970


@attrs.frozen
class SavedValuation:
    """One file's valuation.

    Attributes:
        name: of the file, and the SHA-256 of its bytes.
        day: of the valuation, as it is written.
        by_currency: of those with a cost.
    """

    name: str
    digest: str
    program: str
    money: str
    day: str
    by_currency: Mapping[str, Valuation]


def read_valuation(path: Path) -> SavedValuation:
    """Reads a file that `loyalty simulate --format json` wrote.

    Raises:
        InputRefused: it cannot be read, or is no such file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputRefused(f"cannot read `{path}`: {(error.strerror or 'unknown reason').lower()}") from None
    help_ = "write one with `loyalty simulate FILES --format json > FILE.json`"
    try:
        document = json.loads(data)
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise InputRefused(f"`{path}` is no forecast: its format is not {FORMAT}", help_)
        if "valuation" not in document:
            raise InputRefused(f"`{path}` holds no valuation: an older version wrote it", help_)
        money, valued = document["money"], document["valuation"]
        return SavedValuation(
            name=str(path),
            digest=sha256(data).hexdigest(),
            program=document["program"],
            money=money,
            day=valued["day"],
            by_currency={
                name: _valuation(valued["day"], one, MINOR_DIGITS[money])
                for name, one in valued["currencies"].items()
                if one["liability"] is not None
            },
        )
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise InputRefused(f"`{path}` is not JSON", help_) from None
    except (KeyError, TypeError, AttributeError, ValueError, IndexError):
        raise InputRefused(f"`{path}` is not as `loyalty simulate` wrote it", help_) from None


def bridge_between(before: SavedValuation, after: SavedValuation) -> dict[str, Bridge]:
    """Explains each currency's change.

    Raises:
        InputRefused: the two are not of one program and money, nothing in them can be compared, or the
        second is the earlier one.
    """
    if before.money != after.money or before.program != after.program:
        raise InputRefused(
            f"`{before.name}` is of {before.program} in {before.money}, `{after.name}` of {after.program} in "
            f"{after.money}: a bridge explains one program"
        )
    if before.day > after.day:
        raise InputRefused(
            f"`{before.name}` is valued on {before.day}, after `{after.name}` on {after.day}",
            "write the earlier one first",
        )
    both = [name for name in before.by_currency if name in after.by_currency]
    if not both:
        raise InputRefused("no currency has a liability in both files")
    try:
        return {name: bridge(before.by_currency[name], after.by_currency[name]) for name in both}
    except ValueError as reason:
        raise InputRefused(f"`{after.name}` cannot be explained from `{before.name}`: {reason}") from None


def _valuation(day: str, one: Mapping[str, Any], digits: int) -> Valuation:
    vintages = tuple(
        ValuedVintage(
            month=_month(row["month"]),
            issued=_units(row["issued"]),
            redeemed=_units(row["redeemed"]),
            outstanding=_units(row["outstanding"]),
            future=Fraction(_units(row["future_redemptions"])),
        )
        for row in one["lots"]
    )
    issued = sum(each.issued for each in vintages)
    future = sum((each.future for each in vintages), Fraction(0))
    ever = future + sum(each.redeemed for each in vintages)
    liability = round(Fraction(str(one["liability"])) * 10**digits)
    return Valuation(
        month=_month(day[:7]),
        cost=liability / future if future else Fraction(0),
        urr=ever / issued if issued else Fraction(0),
        vintages=vintages,
    )


def _units(display: float) -> int:
    return round(Fraction(str(display)) * FINENESS)


def _month(text: str) -> int:
    """`2027-03` as a `calendar.month_index`."""
    year, month = text.split("-")
    return (int(year) - FIRST_YEAR) * 12 + int(month) - 1
