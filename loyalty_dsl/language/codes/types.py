"""Codes of types, units, ranges and dates."""

from loyalty_dsl.language.codes.code import Code, Example


def _give(amount: str) -> str:
    return f"        on    purchase\n        give  {amount}\n"


def _where(test: str) -> str:
    return f"        on    purchase where {test}\n        give  1 point per $1\n"


def _rule(line: str) -> str:
    return f"        on     purchase\n        {line}\n        give   1 point per $1\n"


def _table(key: str, rows: str) -> str:
    return f"        on    purchase\n        give  by {key} {{\n            {rows}\n        }}\n"


def _two_shares(first: str) -> str:
    return f"""\
    earn first {{ on   purchase
                 give {first} }}
    earn second {{ on   purchase
                  give 50% of first }}
"""


def _share_of_group(name: str) -> str:
    return f"""\
    group promotions {{ combine best of }}
    earn double {{ on   purchase
                  give 2 points per $1
                  in   promotions }}
    earn guests_too {{ on   purchase
                      give 1 point per guest
                      in   promotions }}
    earn extra {{ on   purchase
                 give 10% of {name} }}
"""


def _levels(second: str) -> str:
    return f"""\
    tiers status {{
        hold  through end of calendar year
        level member
        {second}
    }}
"""


_DRINKS = "        on    purchase\n        for   items where category is drink\n"
_CURRENCY = "        round    down per rule\n"

CODES = (
    Code(
        "L301",
        "unlike things compared",
        "Money, amounts of a currency, numbers, dates and names are different kinds, and only like compare.",
        Example("earn", _where("amount >= 500 points"), _where("amount >= $5")),
    ),
    Code(
        "L302",
        "another currency",
        """\
A rule and its limits count in one currency, the one that it gives; a reward's minimum balance counts in
the currency of its price. Two currencies never mix.""",
        Example(
            "program",
            """\
    currency miles { round down per rule
                     expire 12 months after earning }
    reward flight { price 100 miles
                    give  $9 off up to the basket }
    earn flown { on    purchase
                 give  1 mile per $1
                 limit 100 points per event }
""",
            """\
    currency miles { round down per rule
                     expire 12 months after earning }
    reward flight { price 100 miles
                    give  $9 off up to the basket }
    earn flown { on    purchase
                 give  1 mile per $1
                 limit 100 miles per calendar day }
""",
        ),
    ),
    Code(
        "L303",
        "money where a currency is counted",
        """\
`give $10` would hand out money. A reward takes money off (`give $10 off`), and a rule gives an amount of a
currency; only a currency declared `in money` has amounts of money.""",
        Example("earn", _give("$10"), _give("10 points")),
    ),
    Code(
        "L304",
        "another money",
        "A program has one money, and its amounts are written with the sign of that money.",
        Example("earn", _where("amount >= £5"), _where("amount >= $5")),
    ),
    Code(
        "L305",
        "too many decimals",
        """\
An amount of money that is paid is a whole number of its smallest unit, a cent of USD. What a point is
worth or costs may be finer, with at most 8 decimals, as may percentages and rates.""",
        Example("earn", _where("amount >= $5.005"), _where("amount >= $5.00")),
    ),
    Code(
        "L306",
        "not a whole number",
        """\
Points, members, times and days are counted one by one. A rate may have decimals (`1.5 points per $1`): its
exact amount is rounded as the currency says.""",
        Example("earn", _give("2.5 points"), _give("2.5 points per $1")),
    ),
    Code(
        "L307",
        "yes/no and the rest",
        "A yes/no field holds or does not: write `online` or `not online`. Everything else is compared.",
        Example("earn", _where("online is yes"), _where("online")),
    ),
    Code(
        "L308",
        "not among the values",
        "A field that is one of several values can have no other.",
        Example("earn", _where("payment is crad"), _where("payment is card")),
    ),
    Code(
        "L309",
        "cannot be read here",
        """\
What a condition reads depends on where it stands. Behind `on EVENT where` it reads that event; behind
`for items where` the fields of items and nothing else; behind `when` the member's state, and the event
only if the rule fires on one kind of event. A join carries no amount, and a midnight neither amount nor
fields. Levels are earned by counters, other ladders and fields of the member; the filter of a counter reads
the event and the member's fields.""",
        Example(
            "earn",
            "        on    join where amount >= $5\n        give  500 points\n",
            "        on    join\n        give  500 points\n",
        ),
    ),
    Code(
        "L310",
        "an amount of nothing",
        "The clause could never do anything, or would divide by nothing.",
        Example("earn", _give("1 point per $0"), _give("1 point per $1")),
    ),
    Code(
        "L311",
        "too large",
        """\
All amounts are exact integers of 64 bits. For baskets of up to a thousand million cents the checker proves
that no product of a program's rates and amounts can exceed them, and refuses a rate for which it cannot. A
cost or a worth is at most a thousand million cents for one unit or one use, and 1,000% of a face value.""",
        Example("earn", _give("2,000,000,000 points per $1"), _give("20 points per $1")),
    ),
    Code(
        "L312",
        "expires before it is available",
        """\
A lot expires counting from the day on which it was earned, pending or not. What is pending for as long as
it lives could never be spent.""",
        Example(
            "currency",
            _CURRENCY + "        pending  30 days\n        expire   1 month after earning\n",
            _CURRENCY + "        pending  30 days\n        expire   2 months after earning\n",
        ),
    ),
    Code(
        "L313",
        "unknown time zone",
        "A program's days begin and end in one time zone of the IANA database, named by a city.",
        Example(
            "file",
            """\
program shop {
    money     USD
    timezone  "New York"
    starts    2026-01-01 by purchase date
}
""",
            """\
program shop {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
}
""",
        ),
    ),
    Code(
        "L314",
        "unknown money",
        "Money is named by its ISO 4217 code, which says how many decimals it has.",
        Example(
            "file",
            """\
program shop {
    money     USX
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
}
""",
            """\
program shop {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
}
""",
        ),
    ),
    Code(
        "L315",
        "no such day of a month",
        "Days of a month are 1 through 31. Day 31 does not come in every month.",
        Example("earn", _rule("dates  on day 32 of a month"), _rule("dates  on day 31 of a month")),
    ),
    Code(
        "L316",
        "dates backwards",
        "A range ends on or after the day on which it begins; both its days belong to it.",
        Example(
            "earn",
            _rule("dates  2026-05-31 through 2026-03-01"),
            _rule("dates  2026-03-01 through 2026-05-31"),
        ),
    ),
    Code(
        "L317",
        "times per event",
        "A rule fires at most once for an event. Limit its times per calendar day, or its amount per event.",
        Example("earn", _rule("limit  4 times per event"), _rule("limit  4 times per calendar day")),
    ),
    Code(
        "L318",
        "what if the basket is smaller?",
        """\
Programs differ when less is left to pay than a reward takes off. `up to the basket` takes at most what is
left; `in full` takes all of it, whatever is left.""",
        Example(
            "reward",
            "        price  500 points\n        give   $5 off\n",
            "        price  500 points\n        give   $5 off up to the basket\n",
        ),
    ),
    Code(
        "L319",
        "number without its unit",
        "Every number says what it counts: `500 points`, `$5 credit`, `4 times`.",
        Example(
            "earn",
            _rule("when   balance of points >= 500"),
            _rule("when   balance of points >= 500 points"),
        ),
    ),
    Code(
        "L320",
        "nothing for the filter to count",
        """\
`for items where` says whose prices count towards an amount per money. A fixed amount counts no prices, and
only purchases have items.""",
        Example(
            "earn",
            _DRINKS + "        give  10 points\n",
            _DRINKS + "        give  10 points per $1\n",
        ),
    ),
    Code(
        "L321",
        "a share of money is money",
        "A percentage of the basket is an amount of money, which only a currency `in money` can hold.",
        Example("earn", _give("5% of basket"), _give("5 points per $1 of basket")),
    ),
    Code(
        "L322",
        "too far away",
        "Dates lie in the years 1900 to 2199, so that expiry and windows can always be computed.",
        Example("earn", _rule("dates  through 9999-12-31"), _rule("dates  through 2199-12-31")),
    ),
    Code(
        "L323",
        "thousands or decimals?",
        """\
A comma separates thousands and a point decimals. A number with a point and three digits that end in 0 looks
like thousands to half of the world, so it is refused.""",
        Example("earn", _give("1.000 points"), _give("1,000 points")),
    ),
    Code(
        "L324",
        "a case without an amount",
        """\
A table says what is given for every value of its key: each name, and all from the lowest number or the first
day of the program. What is not listed is said by `others`.""",
        Example(
            "earn",
            _table("payment", "card 2 points per $1"),
            _table("payment", "card 2 points per $1\n            others nothing"),
        ),
    ),
    Code(
        "L325",
        "a case twice",
        "A value has one row or column of a table, so that there is one amount for it.",
        Example(
            "earn",
            _table("payment", "card 2 points per $1\n            cash, card 1 point per $1"),
            _table("payment", "card 2 points per $1\n            cash 1 point per $1"),
        ),
    ),
    Code(
        "L326",
        "rows out of order",
        "Rows that begin with `from` ascend: each holds up to where the next one begins.",
        Example(
            "earn",
            _table(
                "band of basket",
                "from $0 1 point per $1\n            from $100 3 points per $1\n"
                "            from $50 2 points per $1",
            ),
            _table(
                "band of basket",
                "from $0 1 point per $1\n            from $50 2 points per $1\n"
                "            from $100 3 points per $1",
            ),
        ),
    ),
    Code(
        "L327",
        "a circle",
        """\
What depends on other rules or counters is worked out after them, so in a circle nothing could come first. A
share of a group, or of one of its rules, waits for all rules of that group. A rule that fires when a counter
reaches something cannot give what that counter counts.""",
        Example(
            "program",
            _two_shares("60% of second"),
            _two_shares("3 points per $1"),
        ),
    ),
    Code(
        "L328",
        "a share of a rule that may not be paid",
        """\
Of a group that is combined by `best of`, `first` or `newest` one rule is paid. A share of one of its rules
would be of what the members may never have got; name the group.""",
        Example("program", _share_of_group("double"), _share_of_group("promotions")),
    ),
    Code(
        "L329",
        "a table that does not fit its key",
        """\
A yes/no, a one-of and a status have a row for each value; dates, and bands of amounts and numbers, have rows
that begin with `from`. The `columns` of a second key are its values, and each row has an amount for each.""",
        Example(
            "earn",
            _table("guests", "from 0 1 point\n            from 4 2 points"),
            _table("band of guests", "from 0 1 point\n            from 4 2 points"),
        ),
    ),
    Code(
        "L330",
        "a window that cannot stand here",
        """\
Counters measure in calendar windows, declared periods, rolling windows, years of membership or a lifetime.
Limits need windows that begin and end (`per lifetime` is one). What ends for everybody on one day is a
calendar window or a period. Only a measure inside a condition reads the `previous` window. A rule `on end of`
a window reads the counters of that window; a threshold is of a counter whose window does not roll.""",
        Example(
            "earn",
            _rule("limit  100 points per member"),
            _rule("limit  100 points per lifetime"),
        ),
    ),
    Code(
        "L331",
        "how a level is earned",
        "Everybody holds the lowest level, so it has no `when`; every other level says how it is earned.",
        Example("program", _levels("level gold"), _levels("level gold when spend in calendar year >= $500")),
    ),
)
