"""What a code is: its page, and an example that is wrong with one that is right.

Invariant: the bad example of a code raises that code and no other; the good one raises nothing. The
tests run both, so a page cannot describe what the checker does not do.
"""

from loyalty_dsl.diagnostics import Severity
from loyalty_dsl.language.records import record

_PROGRAM = """\
program corner_shop "Corner Shop" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
"""
_PURCHASES = """\
    event purchase {
        payment  one of card, cash
        online   yes/no
        guests   number
        made     date
    }
    item { category  one of drink, food }
"""
_CURRENCY = """\
    currency points "Points" {
        round   down per rule
        expire  12 months after earning
    }
"""
_BASE = """\
    earn base {
        on    purchase
        give  1 point per $1
    }
"""
_REWARD = """\
    reward five_off {
        price  500 points
        give   $5 off up to the basket
    }
"""
_SHOP = _PROGRAM + _PURCHASES + _CURRENCY + _BASE + _REWARD + "}\n"
_SEGMENT = """\
        purchases  2 per month
        basket     median $20 sigma 0.5
        redeem     40% when a reward is affordable
"""

HOLE = "@@"

FRAMES = {
    "file": HOLE,
    "program": _PROGRAM + _PURCHASES + _CURRENCY + _BASE + _REWARD + HOLE + "}\n",
    "currency": _PROGRAM
    + _PURCHASES
    + '    currency points "Points" {\n'
    + HOLE
    + "    }\n"
    + _BASE
    + _REWARD
    + "}\n",
    "earn": _PROGRAM + _PURCHASES + _CURRENCY + "    earn base {\n" + HOLE + "    }\n" + _REWARD + "}\n",
    "reward": _PROGRAM + _PURCHASES + _CURRENCY + _BASE + "    reward five_off {\n" + HOLE + "    }\n}\n",
    "population": _SHOP + "population shoppers {\n" + HOLE + "}\n",
    "segment": _SHOP
    + "population shoppers {\n    start  1,000 members\n    segment regulars 100% {\n"
    + HOLE
    + "    }\n}\n",
    "study": _SHOP
    + "population shoppers {\n    start  1,000 members\n    segment regulars 100% {\n"
    + _SEGMENT.replace("        redeem", "        payment    cash 100%\n        redeem")
    + "    }\n}\nstudy launch {\n"
    + HOLE
    + "}\n",
    "source": _PROGRAM
    + "    event purchase { channel one of online, store }\n"
    + _CURRENCY
    + _BASE
    + _REWARD
    + "}\nsource orders {\n"
    + HOLE
    + "}\n",
    "scenario": _SHOP
    + 'scenario "an example" for corner_shop {\n'
    + HOLE
    + "    on 2027-12-31 expect 0 points\n}\n",
}
"""Whole files with a hole, by the block that an example is written in: a small shop program around it."""


@record
class Example:
    """A wrong text and a right one.

    Attributes:
        inside: the key in `FRAMES` of the block that both texts stand in.
    """

    inside: str
    bad: str
    good: str

    def bad_file(self) -> str:
        """The bad text as a whole file."""
        return FRAMES[self.inside].replace(HOLE, self.bad)

    def good_file(self) -> str:
        """The good text as a whole file."""
        return FRAMES[self.inside].replace(HOLE, self.good)


@record
class Code:
    """One kind of diagnostic.

    Attributes:
        code: `L203`; never given a new meaning once published.
        title: a few words, lower case.
        page: why it is refused (or warned of) and what to do, in Markdown.
        example: `None` only where an example would be too large to print.
    """

    code: str
    title: str
    page: str
    example: Example | None

    @property
    def severity(self) -> Severity:
        """Codes from L600 are lints: the file can be used."""
        return Severity.WARNING if self.code >= "L600" else Severity.ERROR

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR
