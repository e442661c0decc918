"""A posting as an object of JSON, for whoever books it elsewhere.

Invariant: amounts are in display units, as in every other document; what a posting does not have is
left out.
"""

from typing import Any

from loyalty_dsl.calendar import NEVER, format_day
from loyalty_dsl.evaluation.ledger import Posting, PostingKind
from loyalty_dsl.language.program import Program
from loyalty_dsl.quantities import display_number


def posting_line(program: Program, member: str, posting: Posting) -> dict[str, Any]:
    """The keys of a posting, in the order in which they are written."""
    currency = program.currencies[posting.currency]
    line: dict[str, Any] = {"member": member, "day": format_day(posting.day), "kind": posting.kind.value}
    if posting.event:
        line["event"] = posting.event
    if posting.name:
        line["by"] = posting.name
    line["currency"] = currency.name
    line["units"] = display_number(posting.units, currency.scale)
    if posting.kind in (PostingKind.OPENING, PostingKind.EARNED):
        line["available"] = format_day(posting.available)
    if 0 < posting.expiry < NEVER:
        line["expires"] = format_day(posting.expiry)
    return line
