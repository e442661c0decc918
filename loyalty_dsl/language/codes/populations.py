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


_REFERRAL = """\
    referral friends { on   join by friend
                       give 50 points }
"""


def _reacting(responses: str) -> str:
    """The same with responses."""
    block = f"    responses {{\n{responses}    }}\n    segment"
    return _people("        payment  cash 100%\n").replace("    segment", block, 1)


def _people(traits: str, more: str = "") -> str:
    """A population of one segment, card holders among them, in a program with a benefit."""
    return f"""\
program shop {{
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    member {{ cardholder yes/no }}
    event purchase {{ payment one of card, cash }}
    event visit
    currency points {{ round  down per rule
                      expire 12 months after earning }}
    earn base {{ on   purchase where payment is card
                give 1 point per $1 }}
    reward five_off {{ price 500 points
                      give  $5 off up to the basket }}
    benefit gift {{ on   join
                   give 1 gift }}
{more}}}
population shoppers {{
    start  1,000 members
    segment regulars 100% {{
{_TRAITS}        cardholder  40%
{traits}    }}
}}
"""


def _visitors(traits: str) -> str:
    """A population of one segment that comes and never buys."""
    return f"""\
program club {{
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by visit date
    event visit
    currency points {{ round  down per rule
                      expire 12 months after earning }}
    earn base {{ on   visit
                give 10 points }}
    reward shirt {{ price 500 points
                   give 1 shirt }}
}}
population visitors {{
    start  1,000 members
    segment everyone 100% {{
        redeem  40% when a reward is affordable
{traits}    }}
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
    Code(
        "L408",
        "and for everybody else?",
        """\
Of several lines for a field the first that holds is drawn. The last one has no `when`, so that every member
has a value.""",
        Example(
            "file",
            _people("        payment  card 70%, cash 30% when cardholder\n"),
            _people("        payment  card 70%, cash 30% when cardholder\n        payment  cash 100%\n"),
        ),
    ),
    Code(
        "L409",
        "what a draw depends on",
        "Values depend on fields of the member and on status. A date lies days or weeks before its event.",
        Example(
            "file",
            _people(
                "        payment  card 70%, cash 30% when days since join >= 30\n        payment  cash 100%\n"
            ),
            _people("        payment  card 70%, cash 30% when cardholder\n        payment  cash 100%\n"),
        ),
    ),
    Code(
        "L410",
        "an event that never happens",
        """\
The program gives something on this event, or counts it, and nobody in the population does it. Some segment
says how often.""",
        Example(
            "file",
            _people(
                "        payment  cash 100%\n",
                "    earn more { on   visit\n                give 5 points }\n",
            ),
            _people(
                "        payment  cash 100%\n        event visit 1 per month { }\n",
                "    earn more { on   visit\n                give 5 points }\n",
            ),
        ),
    ),
    Code(
        "L411",
        "returns that the program says nothing of",
        "What is returned takes points back only in a program with a `returns` block.",
        Example(
            "file",
            _people("        payment  cash 100%\n        returns  4% of purchases within 30 days\n"),
            _people(
                "        payment  cash 100%\n        returns  4% of purchases within 30 days\n",
                "    returns { balance goes negative }\n",
            ),
        ),
    ),
    Code(
        "L412",
        "friends that bring nothing",
        "Members bring friends in a program with a `referral` block; in any other they would just join.",
        Example(
            "file",
            _people("        payment  cash 100%\n        refer    1% of purchases\n"),
            _people("        payment  cash 100%\n        refer    1% of purchases\n", _REFERRAL),
        ),
    ),
    Code(
        "L413",
        "referral not described",
        "The program pays for friends, so some segment says how often members bring one.",
        Example(
            "file",
            _people("        payment  cash 100%\n", _REFERRAL),
            _people("        payment  cash 100%\n        refer    1% of purchases\n", _REFERRAL),
        ),
    ),
    Code(
        "L414",
        "take-up of what is no benefit",
        "`take_up` says how often benefits are used. How often members choose rewards is said by `redeem`.",
        Example(
            "file",
            _people("        payment  cash 100%\n        take_up  five_off 60%\n"),
            _people("        payment  cash 100%\n        take_up  gift 60%\n"),
        ),
    ),
    Code(
        "L415",
        "a rhythm of no purchases",
        """\
`regularity`, `season`, `weekday` and `items` of a segment are those of its purchases. Those of other events
stand in their blocks.""",
        Example(
            "file",
            _visitors("        season  december 1.5\n        event visit 1 per month { }\n"),
            _visitors("        event visit 1 per month { season december 1.5 }\n"),
        ),
    ),
    Code(
        "L416",
        "a correlation with nothing that differs",
        """\
Members who differ in one thing may differ in another together with it: who buys often may spend more. Where
all are alike in one of the two, or draw no basket of their own, no correlation exists.""",
        Example(
            "segment",
            "        purchases  2 per month spread 0.8\n"
            "        basket     median $20 sigma 0.5 correlation 0.1 with purchases\n"
            "        redeem     40% when a reward is affordable\n",
            "        purchases  2 per month spread 0.8\n"
            "        basket     median $20 sigma 0.5 within 70% correlation 0.1 with purchases\n"
            "        redeem     40% when a reward is affordable\n",
        ),
    ),
    Code(
        "L417",
        "a part of what is taken whole",
        "Only points that are paid like money (`price 100 points per $1 off`) can be used in part.",
        Example(
            "segment",
            "        purchases  2 per month\n        basket     median $20 sigma 0.5\n"
            "        redeem     40% when a reward is affordable share 60%\n",
            _TRAITS,
        ),
    ),
    Code(
        "L418",
        "items that the program does not know",
        "A program that declares `item` looks at the items of a purchase; for any other it is one amount.",
        Example(
            "file",
            _people("        payment  cash 100%\n        items    3\n"),
            _people("        payment  cash 100%\n"),
        ),
    ),
    Code(
        "L419",
        "responses that exclude each other",
        """\
Some responses describe the same weeks in opposite ways, or the same effect twice. A population turns on one
of them.""",
        Example(
            "file",
            _reacting("        post_reward_reset 10%\n        redemption_momentum 5%\n"),
            _reacting("        post_reward_reset 10%\n"),
        ),
    ),
)
