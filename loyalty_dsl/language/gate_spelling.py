"""The clauses that let something in or refuse it, each with an example.

Invariant: as of `spelling`.
"""

from collections.abc import Mapping

REFUSE = 'refuse when days since join < 7 "new members wait a week"'

EVENT_CLAUSES: Mapping[str, str] = {
    "refuse": 'refuse when amount < $5 "it is too small"',
    "accept": 'accept when amount >= $5 "it is too small"',
    "counts": "counts on sold",
}
