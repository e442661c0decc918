"""Codes of populations."""

from loyalty_dsl.language.codes.code import Code, Example

_TRAITS = """\
        purchases  2 per month
        basket     median $20 sigma 0.5
        redeem     40% when a reward is affordable
"""
_SEGMENT = f"    segment regulars 100% {{\n{_TRAITS}    }}\n"


def _population(first: str, reading: str = "") -> str:
    return f"""\
program shop {{
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    event purchase {{ payment one of card, cash }}
    currency points {{ round  down per rule
                      expire 12 months after earning }}
    earn base {{ on   purchase{reading}
                give 1 point per $1 }}
    reward five_off {{ price 500 points
                      give  $5 off up to the basket }}
}}
population shoppers {{
    start  1,000 members
    segment regulars 100% {{
{_TRAITS}{first}    }}
}}
"""


CODES = (
    Code(
        "L401",
        "shares that are not 100%",
        "Segments together, and the values of a field together, are all customers or all purchases.",
        Example(
            "segment",
            _TRAITS + "        payment  card 60%, cash 30%\n",
            _TRAITS + "        payment  card 60%, cash 40%\n",
        ),
    ),
    Code(
        "L402",
        "field not described",
        """\
The program reads this field of a purchase or of its item, so a simulation has to know how often each value
occurs. The help line shows the clause to add.""",
        Example(
            "file",
            _population("", " where payment is card"),
            _population("        payment  card 60%, cash 40%\n", " where payment is card"),
        ),
    ),
    Code(
        "L403",
        "redemption not described",
        """\
Members choose a reward of this program, and how often they do decides what the program costs. Say it for
every segment.""",
        Example(
            "segment", "        purchases  2 per month\n        basket     median $20 sigma 0.5\n", _TRAITS
        ),
    ),
    Code(
        "L404",
        "out of range",
        "A share is at most 100%, and a spread small enough that the distribution exists.",
        Example("segment", _TRAITS + "        online  140%\n", _TRAITS + "        online  40%\n"),
    ),
    Code(
        "L405",
        "described as another kind of field",
        "A yes/no field is described by how often it is yes, a one-of field by the share of each value.",
        Example(
            "segment", _TRAITS + "        payment  40%\n", _TRAITS + "        payment  card 40%, cash 60%\n"
        ),
    ),
    Code(
        "L406",
        "before the program starts",
        "An event before the program's first day is refused, so a simulation cannot begin earlier.",
        Example(
            "population",
            "    start  1,000 members on 2025-12-31\n" + _SEGMENT,
            "    start  1,000 members on 2026-01-01\n" + _SEGMENT,
        ),
    ),
    Code(
        "L407",
        "nobody to simulate",
        "A population has members on its first day, or members who join.",
        Example(
            "population",
            "    start  0 members\n" + _SEGMENT,
            "    start  0 members\n    join   10 members per month\n" + _SEGMENT,
        ),
    ),
)
