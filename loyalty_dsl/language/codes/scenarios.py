"""Codes of scenarios."""

from loyalty_dsl.language.codes.code import Code, Example

_SHOP = """\
program lounge {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by event date
    event visit { seats number }
    currency points { round  down per rule
                      expire 12 months after earning }
    earn each_visit { on   visit where seats >= 2
                      give 1 point }
    reward drink { price 5 points
                   give  $4 off up to the basket
                   issue automatically at checkout }
}
scenario "an example" for lounge {
"""


def _club(more: str, lines: str) -> str:
    return f"""\
program club {{
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by event date
    counter year_spend = spend in calendar year
    currency points {{ round  down per rule
                      expire 12 months after earning }}
    earn base {{ on   purchase
                give 1 point per $1 }}
    reward pay {{ price 100 points per $1 off
                 steps $1 }}
    benefit gift {{ on   purchase
                   give 1 gift }}
{more}}}
scenario "an example" for club {{
{lines}}}
"""


_MILES = """\
    currency miles { round  down per rule
                     expire 12 months after earning }
    transfer to_miles { exchange 400 points for 250 miles }
    reward flight { price 500 miles
                    give  1 flight }
"""

_SENDING = "    transfer to_member { exchange 10 points for 10 points to recipient }\n"

CODES = (
    Code(
        "L501",
        "out of order",
        "A scenario is told in the order of time: first what is given, then what happens, day after day.",
        Example(
            "scenario",
            "    on 2026-02-02 purchase $6.00\n    on 2026-02-01 purchase $5.00\n",
            "    on 2026-02-01 purchase $5.00\n    on 2026-02-02 purchase $6.00\n",
        ),
    ),
    Code(
        "L502",
        "before the program starts",
        "An event before the program's first day is refused.",
        Example("scenario", "    on 2025-12-31 purchase $5.00\n", "    on 2026-01-01 purchase $5.00\n"),
    ),
    Code(
        "L503",
        "field not given",
        """\
The program reads this field of the event, so the answer depends on it. A field that nothing reads may be
left out.""",
        Example(
            "file",
            _SHOP + "    on 2026-02-01 visit\n    expect earned 0 points\n}\n",
            _SHOP + "    on 2026-02-01 visit with seats 2\n    expect earned 1 point\n}\n",
        ),
    ),
    Code(
        "L504",
        "items do not make the amount",
        "A purchase's basket is the sum of its items. Leave the amount out, or make them agree.",
        Example(
            "scenario",
            "    on 2026-02-01 purchase $10.00 {\n        item $6.00\n        item $3.00\n    }\n",
            "    on 2026-02-01 purchase $10.00 {\n        item $6.00\n        item $4.00\n    }\n",
        ),
    ),
    Code(
        "L505",
        "nothing to expect of",
        "An expectation is about the event above it, or about a day: `on D expect ...`.",
        Example(
            "scenario",
            "    given  100 points\n    expect 100 points\n",
            "    given  100 points earned 2026-01-01\n    on 2026-02-01 expect 100 points\n",
        ),
    ),
    Code(
        "L506",
        "amount, items or reward of the wrong event",
        """\
A purchase has an amount, or items that make one. A join carries no amount and no reward is taken at it;
only purchases have items.""",
        Example("scenario", "    on 2026-02-01 join $5.00\n", "    on 2026-02-01 join\n"),
    ),
    Code(
        "L507",
        "nobody chooses this reward",
        """\
A reward that is issued automatically is taken at every checkout that allows it. Only rewards without that
line are chosen by members.""",
        Example(
            "file",
            _SHOP + "    on 2026-02-01 redeem drink\n    expect refused\n}\n",
            _SHOP.replace("                   issue automatically at checkout }", "    }")
            + "    on 2026-02-01 redeem drink\n    expect refused\n}\n",
        ),
    ),
    Code(
        "L508",
        "a scenario that expects nothing",
        "A scenario is a test: without an expectation it can neither pass nor fail.",
        Example(
            "file",
            _SHOP + "    on 2026-02-01 visit with seats 2\n}\n",
            _SHOP + "    on 2026-02-01 visit with seats 2\n    expect earned 1 point\n}\n",
        ),
    ),
    Code(
        "L509",
        "a return that the program says nothing of",
        """\
What a return does to balances is a decision: with `balance goes negative` a member may owe points, with
`balance stops at zero` what is missing is let go. A program without a `returns` block knows no returns.""",
        Example(
            "file",
            _club(
                "", "    on 2026-02-01 purchase $5.00\n    on 2026-02-02 return $5.00\n    expect 0 points\n"
            ),
            _club(
                "    returns { balance goes negative }\n",
                "    on 2026-02-01 purchase $5.00\n    on 2026-02-02 return $5.00\n    expect 0 points\n",
            ),
        ),
    ),
    Code(
        "L510",
        "nothing to return",
        "A return takes back an event above it: the latest one with an amount, or the one that it names.",
        Example(
            "file",
            _club(
                "    returns { balance goes negative }\n",
                "    on 2026-02-02 return $5.00\n    expect 0 points\n",
            ),
            _club(
                "    returns { balance goes negative }\n",
                "    on 2026-02-01 purchase $5.00 as shirt\n    on 2026-02-02 return $5.00 of shirt\n"
                "    expect 0 points\n",
            ),
        ),
    ),
    Code(
        "L511",
        "cannot be given so",
        """\
A counter has no last day, a total is given by the counters that it is made of, uses are kept only of what has
a limit of times, and only a rule with a `chance` comes up.""",
        Example(
            "file",
            _club("", "    given  3 times base\n    on 2026-02-01 purchase $5.00\n    expect 5 points\n"),
            _club("", "    given  year_spend $90\n    on 2026-02-01 purchase $5.00\n    expect 5 points\n"),
        ),
    ),
    Code(
        "L512",
        "steps of points as money",
        "Points as money are used for an amount in whole steps, every other reward a number of times.",
        Example(
            "file",
            _club("", "    on 2026-02-01 purchase $9.00 redeeming $2.50 of pay\n    expect refused\n"),
            _club("", "    on 2026-02-01 purchase $9.00 redeeming $3 of pay\n    expect refused\n"),
        ),
    ),
    Code(
        "L513",
        "not a figure to expect",
        """\
Amounts are of currencies. Uses of a reward or benefit are those of the step above, `expect used 1 gift`, or
of a day, `on 2026-05-14 expect used 1 gift`.""",
        Example(
            "file",
            _club("", "    on 2026-02-01 purchase $5.00\n    expect 1 gift\n"),
            _club("", "    on 2026-02-01 purchase $5.00\n    expect used 1 gift\n"),
        ),
    ),
    Code(
        "L514",
        "an exchange is no reward",
        """\
A transfer exchanges an amount, `exchange 400 points by to_miles`; a reward is redeemed a number of times.""",
        Example(
            "file",
            _club(_MILES, "    given 500 points\n    on 2026-02-01 redeem to_miles\n    expect 250 miles\n"),
            _club(
                _MILES,
                "    given 500 points\n    on 2026-02-01 exchange 400 points by to_miles\n"
                "    expect 250 miles\n",
            ),
        ),
    ),
    Code(
        "L515",
        "a name that nobody has",
        """\
Where members send to each other, those in a scenario have names: `given joined 2026-01-01 for ben`, `purchase
$5.00 by ana`. Without a name it is the member; those whom it brings are `friend`, in other scenarios.""",
        Example(
            "file",
            _club("", "    on 2026-02-01 purchase $5.00\n    expect 5 points for ben\n"),
            _club("", "    on 2026-02-01 purchase $5.00\n    expect 5 points\n"),
        ),
    ),
    Code(
        "L516",
        "nothing to send by",
        """\
`transfer 10 points to ben` needs a transfer in the program whose `exchange` ends in `to recipient`. Of
several that take the currency, the line says by which: `through to_member`.""",
        Example(
            "file",
            _club(
                "", "    given 50 points\n    on 2026-02-01 transfer 10 points to ben\n    expect 40 points\n"
            ),
            _club(
                _SENDING,
                "    given 50 points\n    given joined 2026-01-15 for ben\n"
                "    on 2026-02-01 transfer 10 points to ben\n    expect 40 points\n",
            ),
        ),
    ),
)
