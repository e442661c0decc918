"""Codes of expiry, rewards, benefits, returns and referral."""

from loyalty_dsl.language.codes.code import Code, Example

_HEAD = """\
program shop {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    member { cardholder yes/no }
    event stay
    item { category one of drink, food }
"""
_STATUS = """\
    counter year_spend = spend in calendar year
    tiers status {
        hold   through end of calendar year
        level  member
        level  gold when year_spend >= $500
    }
"""
_POINTS = """\
    currency points {
        round   down per rule
        expire  12 months after earning
    }
    currency cash in money {
        round   down per rule
        expire  never
    }
    currency notes in money {
        round   down per rule
        expire  12 months after earning
    }
"""
_BASE = """\
    earn base { on purchase
                give 1 point per $1 }
    earn back { on purchase
                give 2% of amount as cash }
    earn more { on purchase
                give 1% of amount as notes }
    reward five_off { price 500 points
                      give  $5 off up to the basket }
    reward pay { price $1 notes per $1 off }
    reward spend { price $1 cash per $1 off }
"""


def _shop(more: str) -> str:
    return _HEAD + _POINTS + _BASE + more + "}\n"


def _two(first: str, second: str) -> str:
    """Two rewards after earning, each its price and what it gives."""
    blocks = (
        f"    reward {name} {{\n        price  {price}\n        give   {give}\n"
        "        issue  automatically\n    }\n"
        for name, (price, give) in zip("ab", (first.split(" > "), second.split(" > ")), strict=True)
    )
    return _shop("".join(blocks))


def _expiry(lines: str) -> str:
    points = f"    currency points {{\n        round   down per rule\n{lines}    }}\n"
    rest = """\
    earn base { on purchase
                give 1 point per $1 }
    reward five_off { price 500 points
                      give  $5 off up to the basket }
"""
    return _HEAD + _STATUS + points + rest + "}\n"


def _reward(lines: str) -> str:
    return _shop(f"    reward it {{\n{lines}    }}\n")


def _benefit(lines: str) -> str:
    return _shop(f"    benefit it {{\n{lines}    }}\n")


def _referral(lines: str) -> str:
    return _shop(f"    referral friends {{\n{lines}    }}\n")


_CASH = "        give  $10 cash\n"
_PRICE = "        price  500 points\n"
_HALF_A_YEAR = "        expire  6 months after earning\n"


def _exchange(more: str) -> str:
    return _shop(
        "    currency miles { round down per rule\n"
        "                     expire 12 months after earning }\n"
        "    transfer to_miles {\n        exchange  400 points for 250 miles\n" + more + "    }\n"
        "    reward flight { price 500 miles\n                    give  1 flight }\n"
    )


CODES = (
    Code(
        "L340",
        "no last line of expiry",
        """\
Of several `expire` lines the first that holds counts. The last one has no `when`, so that every amount has
a day; nothing behind a line without `when` would ever be asked.""",
        Example(
            "file",
            _expiry("        expire  never when status >= gold\n"),
            _expiry("        expire  never when status >= gold\n" + _HALF_A_YEAR),
        ),
    ),
    Code(
        "L341",
        "a whole balance has one day",
        """\
`after last ...` and `after first earning` lose the whole balance on one day. Such a term stands alone: it
has no condition, and single amounts can be neither postponed nor restarted.""",
        Example(
            "file",
            _expiry("        expire  24 months after last stay when cardholder\n" + _HALF_A_YEAR),
            _expiry("        expire  24 months after last stay\n"),
        ),
    ),
    Code(
        "L342",
        "nothing to move",
        "`postpone` and `restart` move days on which amounts would expire. `postpone` says when it does.",
        Example(
            "file",
            _expiry("        expire  never\n        postpone  1 month when cardholder\n"),
            _expiry(_HALF_A_YEAR + "        postpone  1 month when cardholder\n"),
        ),
    ),
    Code(
        "L343",
        "nobody falls below the lowest level",
        "Everybody holds the first level of a ladder, so no fall can be below it.",
        Example(
            "file",
            _expiry(_HALF_A_YEAR + "        restart on status falls below member\n"),
            _expiry(_HALF_A_YEAR + "        restart on status falls below gold\n"),
        ),
    ),
    Code(
        "L344",
        "issued after earning",
        """\
`issue automatically` turns a balance into another one whenever it holds the price, at midnight too. It gives
units of another currency; money off is taken at a purchase.""",
        Example(
            "file",
            _reward(_PRICE + "        give   $5 off in full\n        issue  automatically\n"),
            _reward(_PRICE + "        give   $5 notes\n        issue  automatically\n"),
        ),
    ),
    Code(
        "L345",
        "taken at checkout",
        "What is taken by itself at checkout takes money off the purchase.",
        Example(
            "file",
            _reward(_PRICE + "        give   1 sample\n        issue  automatically at checkout\n"),
            _reward(_PRICE + "        give   1 sample\n"),
        ),
    ),
    Code(
        "L346",
        "one use, one thing",
        """\
A word that is no currency is a thing, which no ledger holds: a sample, a treat. One use gives one of it. What
members can hold several of is a currency.""",
        Example(
            "file",
            _reward(_PRICE + "        give   2 samples\n"),
            _reward(_PRICE + "        give   1 sample\n"),
        ),
    ),
    Code(
        "L347",
        "gives back what it takes",
        "A reward takes units of one currency and gives something else.",
        Example(
            "file",
            _reward(_PRICE + "        give   100 points\n"),
            _reward(_PRICE + "        give   $1 notes\n"),
        ),
    ),
    Code(
        "L348",
        "a share of the whole balance",
        """\
`give 100% as notes` turns all of a balance into another currency, so the price is `price all ...`. Both are
held in money, or neither is.""",
        Example(
            "file",
            _reward("        price  $10 cash\n        give   100% as notes\n"),
            _reward("        price  all cash\n        give   100% as notes\n"),
        ),
    ),
    Code(
        "L349",
        "points as money",
        """\
`price 100 points per $1 off` pays for as much as the member wants, in the smallest steps or those that
`steps` says, each for a whole amount. It gives nothing else.""",
        Example(
            "file",
            _reward("        price  3 points per $1 off\n        steps  $0.50\n"),
            _reward("        price  3 points per $1 off\n        steps  $5\n"),
        ),
    ),
    Code(
        "L350",
        "no face value",
        """\
A cost in percent is of the money that a use takes off, or of money that it hands out. A thing, or units that
are not held in money, cost a sum for each use.""",
        Example(
            "file",
            _reward(_PRICE + "        give   1 sample\n        cost   50% of face value\n"),
            _reward(_PRICE + "        give   1 sample\n        cost   $0.75\n"),
        ),
    ),
    Code(
        "L351",
        "a limit of money without money off",
        "A limit of money counts what is taken off. What takes nothing off is limited in times.",
        Example(
            "file",
            _reward(_PRICE + "        give   1 sample\n        limit  $5 per calendar day\n"),
            _reward(_PRICE + "        give   1 sample\n        limit  1 time per calendar day\n"),
        ),
    ),
    Code(
        "L352",
        "money off without a purchase",
        "A benefit that takes money off comes on purchases. At other events it gives a thing or units.",
        Example(
            "file",
            _benefit("        on    stay\n        give  10% off\n"),
            _benefit("        on    purchase\n        give  10% off\n"),
        ),
    ),
    Code(
        "L353",
        "rewards that issue each other",
        "If what one issues pays for what the other issues, and back again, issuing never ends.",
        Example(
            "file",
            _two("500 points > $5 cash", "$5 cash > 500 points"),
            _two("500 points > $5 cash", "$5 cash > $5 notes"),
        ),
    ),
    Code(
        "L354",
        "what a friend does",
        """\
A referral is about a friend's join or purchases. Time counts in days from the friend's join: `within 30 days
of join`.""",
        Example(
            "file",
            _referral("        on    first purchase by friend within 2 months of join\n" + _CASH),
            _referral("        on    first purchase by friend within 60 days of join\n" + _CASH),
        ),
    ),
    Code(
        "L355",
        "a limit of a side that gets nothing",
        "`limit ... to friend` bounds what the friend gets, every other limit what the member gets.",
        Example(
            "file",
            _referral(
                "        on    join by friend\n" + _CASH + "        limit 1 time per lifetime to friend\n"
            ),
            _referral("        on    join by friend\n" + _CASH + "        limit 5 times per calendar year\n"),
        ),
    ),
    Code(
        "L356",
        "exact to what",
        """\
A currency that is not money can keep tenths, hundredths or thousandths: `round exact to 0.01`. Amounts of
money are exact to the money's own smallest amount.""",
        Example(
            "currency",
            "        round   exact to 0.03\n        expire  12 months after earning\n",
            "        round   exact to 0.01\n        expire  12 months after earning\n",
        ),
    ),
    Code(
        "L357",
        "times of points as money",
        """\
Points as money are used step by step, and without `steps` a step is the smallest that the price buys. So
`limit 1 time` would let a member pay one cent. Limit the money, or pay in steps.""",
        Example(
            "reward",
            "        price 100 points per $1 off\n        limit 1 time per calendar day\n",
            "        price 100 points per $1 off\n        limit $20 per calendar day\n",
        ),
    ),
    Code(
        "L358",
        "no accounting class",
        """\
What a rule gives is part of a `sale`, `marketing`, `sold to partner` or covered by a `fee`: that says whether
its points defer revenue or are an expense. Without the clause it is a sale on a purchase, and marketing
otherwise.""",
        Example(
            "earn",
            "        on       purchase\n        give     1 point per $1\n        account  gift\n",
            "        on       purchase\n        give     1 point per $1\n        account  marketing\n",
        ),
    ),
    Code(
        "L359",
        "steps of an exchange",
        """\
A `transfer` exchanges whole steps: what `exchange` names or, with `steps`, that many at the same rate, as
long as a step gives a whole amount. Its `minimum` and its limits are whole numbers of steps.""",
        Example(
            "file",
            _exchange("        steps     300 points\n"),
            _exchange("        steps     800 points\n"),
        ),
    ),
    Code(
        "L382",
        "a currency that is not for this",
        """\
`use gift_card` in a currency says which rewards and transfers may take it: all that do are named, and all
that are named do. It is how points that can only be given away are kept from rewards.""",
        Example(
            "file",
            _exchange("").replace("currency miles { round", "currency miles { use to_miles\n round"),
            _exchange("").replace("currency miles { round", "currency miles { use flight\n round"),
        ),
    ),
)
