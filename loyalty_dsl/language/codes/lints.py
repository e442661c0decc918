"""Codes of warnings: the file can be used, and probably means something else."""

from loyalty_dsl.language.codes.code import Code, Example
from loyalty_dsl.language.codes.versions import version_pair


def _rule(lines: str) -> str:
    return f"        on     purchase\n{lines}        give   100 points\n"


def _program(currency: str, rest: str) -> str:
    return f"""\
program shop {{
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    currency points {{ round  down per rule
{currency}    }}
{rest}}}
"""


_YEAR = "                      expire 12 months after earning\n"
_NEVER = "                      expire never\n"
_EARN = "    earn base { on   purchase\n                give 1 point per $1 }\n"
_REWARD = "    reward five_off { price 500 points\n                      give  $5 off up to the basket }\n"


def _capped(limit: str) -> str:
    return _program(
        _YEAR,
        f"""\
    earn base {{ on    purchase
                give  1 point per $1
                limit {limit} points per calendar year }}
{_REWARD}""",
    )


def _costs(each: str) -> str:
    return f"""\
    currency miles {{ round  down per rule
                     expire never
                     cost   {each} }}
    earn flown {{ on   purchase
                 give 1 mile per $1 }}
    reward flight {{ price 900 miles
                    give  $9 off in full
                    cost  $9 }}
"""


def _rule_by(rows: str) -> str:
    return f"        on    purchase\n        give  by online {{\n            {rows}\n        }}\n"


def _levels(silver: str, gold: str) -> str:
    return f"""\
    tiers status {{
        hold  through end of calendar year
        level member
        level silver when spend in calendar year >= {silver}
        level gold when spend in calendar year >= {gold}
    }}
"""


_LOUNGE = """\
program lounge {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    item { FIELD }
    currency points { round  down per rule
                      expire 12 months after earning }
    earn base { on   purchase
                for  items where TEST
                give 1 point per $1 }
    reward drink { price 5 points
                   give  $4 off up to the basket }
}
population guests {
    start  1,000 members
    segment all_guests 100% {
        purchases  2 per month
        basket     median $20 sigma 0.5
        redeem     40% when a reward is affordable
    }
}
"""

CODES = (
    Code(
        "L601",
        "dates that never come",
        "Every `dates` line must hold; within one line, any of the dates behind commas.",
        Example(
            "earn",
            _rule("        dates  from 2026-03-01 through 2026-03-31\n        dates  2026-12-24\n"),
            _rule("        dates  from 2026-03-01 through 2026-03-31, 2026-12-24\n"),
        ),
    ),
    Code(
        "L602",
        "conditions that exclude each other",
        "No event can meet all of them, so the rule never fires. Alternatives are joined with `or`.",
        Example(
            "earn",
            _rule("        when   amount >= $50\n        when   amount < $20\n"),
            _rule("        when   amount >= $50 or amount < $20\n"),
        ),
    ),
    Code(
        "L603",
        "limit that never binds",
        "The rule never gives so much, or another limit is always reached first.",
        Example(
            "earn",
            _rule(
                "        limit  200 points per calendar day\n        limit  100 points per calendar month\n"
            ),
            _rule(
                "        limit  200 points per calendar day\n        limit  1,000 points per calendar month\n"
            ),
        ),
    ),
    Code(
        "L604",
        "earned and never spent",
        "Members earn this currency, and no reward has a price in it.",
        Example("file", _program(_YEAR, _EARN), _program(_YEAR, _EARN + _REWARD)),
    ),
    Code(
        "L605",
        "never earned",
        "No rule gives this currency, so a reward with a price in it can only be paid from opening balances.",
        Example("file", _program(_YEAR, _REWARD), _program(_YEAR, _EARN + _REWARD)),
    ),
    Code(
        "L606",
        "a liability that only grows",
        "What never expires and cannot be spent is owed for ever.",
        Example("file", _program(_NEVER, _EARN), _program(_NEVER, _EARN + _REWARD)),
    ),
    Code(
        "L607",
        "gives back more than half",
        """\
A rule's rate, together with the best reward that it pays for, gives back more than half of what members
spend. Often a price or a rate has a zero too few or too many. Rules and rewards with limits or conditions are
not judged.""",
        Example(
            "earn",
            "        on    purchase\n        give  100 points per $1\n",
            "        on    purchase\n        give  10 points per $1\n",
        ),
    ),
    Code(
        "L608",
        "price out of reach",
        """\
Every rule that earns the currency is limited per calendar window, and what is earned expires: no member can
ever hold the price at once.""",
        Example("file", _capped("100"), _capped("400")),
    ),
    Code(
        "L609",
        "worth more than it buys",
        """\
The currency's own `worth`, times the reward's price, is more than the reward takes off: here $5.00 for 500
points.""",
        Example(
            "currency",
            "        round   down per rule\n        expire  never\n        worth   $0.02\n",
            "        round   down per rule\n        expire  never\n        worth   $0.01\n",
        ),
    ),
    Code(
        "L610",
        "redemption described in vain",
        "Every reward of the program is issued automatically, so members choose nothing.",
        Example(
            "file",
            _program(
                _YEAR,
                _EARN + _REWARD.replace(" }", "\n                      issue automatically at checkout }"),
            )
            + """\
population shoppers {
    start  1,000 members
    segment everyone 100% {
        purchases  2 per month
        basket     median $20 sigma 0.5
        redeem     40% when a reward is affordable
    }
}
""",
            _program(_YEAR, _EARN + _REWARD)
            + """\
population shoppers {
    start  1,000 members
    segment everyone 100% {
        purchases  2 per month
        basket     median $20 sigma 0.5
        redeem     40% when a reward is affordable
    }
}
""",
        ),
    ),
    Code(
        "L611",
        "two costs of one currency",
        """\
What is outstanding is valued at the currency's `cost`, and a use of a reward at the reward's. If they
disagree about the cost of one point, a change of the reward leaves the liability as it was.""",
        Example("program", _costs("$0.02"), _costs("$0.01")),
    ),
    Code(
        "L612",
        "an amount that is never given whole",
        "The limit is below what the rule gives each time, or no basket is as large as the rule asks for.",
        Example(
            "earn",
            "        on     purchase\n        limit  60 points per event\n        give   100 points\n",
            "        on     purchase\n        limit  99 points per calendar day\n        give   90 points\n",
        ),
    ),
    Code(
        "L613",
        "a reward that nobody can use",
        "A use `in full` is never cut, so a limit below it lets none through. Baskets stop at $10,000,000.",
        Example(
            "reward",
            "        price  500 points\n        give   $5 off in full\n        limit  $4 per calendar day\n",
            "        price  500 points\n        give   $5 off in full\n        limit  $5 per calendar day\n",
        ),
    ),
    Code(
        "L614",
        "costs more than it takes off",
        "What the member saves is the most that money off usually costs. Often the sum is of several uses.",
        Example(
            "reward",
            "        price  500 points\n        give   $5 off in full\n        cost   $50\n",
            "        price  500 points\n        give   $5 off in full\n        cost   $4.50\n",
        ),
    ),
    Code(
        "L615",
        "a population that cannot be simulated yet",
        """\
Items of simulated purchases have yes/no fields and one-of fields. A program that reads a number, an amount
of money or a date of an item can be checked, tested and replayed over data; its population is set aside,
and `loyalty simulate` refuses it.""",
        Example(
            "file",
            _LOUNGE.replace("FIELD", "grams number").replace("TEST", "grams >= 100"),
            _LOUNGE.replace("FIELD", "large yes/no")
            .replace("TEST", "large")
            .replace("        redeem", "        large      30%\n        redeem"),
        ),
    ),
    Code(
        "L616",
        "a group of one rule",
        "A group says how several rules are paid together. A rule alone has limits of its own.",
        Example(
            "program",
            """\
    group promotions { combine best of }
    earn double { on   purchase where online
                  give 1 point per $1
                  in   promotions }
""",
            """\
    group promotions { combine best of }
    earn double { on   purchase where online
                  give 1 point per $1
                  in   promotions }
    earn card { on   purchase where payment is card
                give 1 point per $1
                in   promotions }
""",
        ),
    ),
    Code(
        "L617",
        "a row that never counts",
        """\
Other rows hold for every value, or for every day of the program; or what the rule asks for behind `when` or
`where` excludes the row.""",
        Example(
            "earn",
            _rule_by("yes 2 points per $1\n            no 1 point per $1\n            others nothing"),
            _rule_by("yes 2 points per $1\n            no 1 point per $1"),
        ),
    ),
    Code(
        "L618",
        "a level that nobody earns",
        """\
What it asks for can never hold together, or always holds, or waits for a level that waits for it; or whoever
earns it earns a higher level too. Often two numbers are swapped.""",
        Example("program", _levels("$1,000", "$500"), _levels("$500", "$1,000")),
    ),
    Code(
        "L619",
        "a clause that changes nothing",
        """\
What it says is so without it: a rule that raises to what is given already, a share of what never comes at the
same event, a rule of a group in which another one is always paid, one level alone, `tier rechecks` without
levels.""",
        Example(
            "program",
            "    earn twice { on    purchase where online\n                 raise base to 1.5% of base }\n",
            "    earn twice { on    purchase where online\n                 raise base to 150% of base }\n",
        ),
    ),
    Code(
        "L620",
        "a change that members are not told of",
        """\
A version changes the terms of what members hold, or brings levels that nobody has yet. Its `transition` says
with what they begin: `keep` what they have, or `start` or `honour` their status. Without a word they keep it,
and begin new levels at what they have earned.""",
        Example("file", version_pair(""), version_pair("    transition { keep points }\n")),
    ),
)
