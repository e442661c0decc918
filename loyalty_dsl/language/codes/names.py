"""Codes of names and of the structure of blocks."""

from loyalty_dsl.language.codes.code import Code, Example

_BASE = "        on    purchase\n        give  1 point per $1\n"

CODES = (
    Code(
        "L201",
        "unknown name",
        """\
Nothing in scope has this name. Programs, events, fields, currencies and rewards are declared before or
after they are used, in the same file or in another that is given with it.""",
        Example(
            "earn",
            "        on    purchase where paymnet is card\n        give  1 point per $1\n",
            "        on    purchase where payment is card\n        give  1 point per $1\n",
        ),
    ),
    Code(
        "L202",
        "declared twice",
        """\
Two things of one kind have one name, so a mention of it could mean either. Rules, groups, rewards, benefits
and referrals share their names; so do counters, ladders and the fields of members, which conditions read.""",
        Example(
            "program",
            "    event visit\n    event visit\n",
            "    event visit\n    event stay\n",
        ),
    ),
    Code(
        "L203",
        "names one `s` apart",
        """\
`1 point` and `2 points` mean one currency, so names that differ only in singular and plural would be
mistaken for each other.""",
        Example("program", "    event visit\n    event visits\n", "    event visit\n    event web_visit\n"),
    ),
    Code(
        "L204",
        "missing clause",
        """\
Programs in the field differ here, so there is no default: how amounts are rounded, when they expire, what
fires a rule. The help line shows a clause that would do.""",
        Example(
            "currency",
            "        expire  12 months after earning\n",
            "        round   half up per rule\n        expire  12 months after earning\n",
        ),
    ),
    Code(
        "L205",
        "clause repeated",
        """\
This clause may be written once. Of the clauses that may be repeated, `on` means any of them, `when` and
`dates` all of them, and `limit` every one.""",
        Example(
            "currency",
            "        round   down per rule\n        round   up per rule\n        expire  never\n",
            "        round   down per rule\n        expire  never\n",
        ),
    ),
    Code(
        "L206",
        "clause of another block",
        """\
Earn rules and rewards share `when`, `dates` and `limit`. A rule has `on`, `for items` and gives amounts
of a currency; a reward has `price`, `minimum`, `issue` and `cost` and gives money off.""",
        Example(
            "earn",
            _BASE + "        minimum  $20\n",
            "        on    purchase where amount >= $20\n        give  1 point per $1\n",
        ),
    ),
    Code(
        "L207",
        "name that the language keeps",
        "The language uses this word itself, so a program that used it as a name could not be read.",
        Example(
            "program",
            "    event stay { basket number }\n",
            "    event stay { baskets_ordered number }\n",
        ),
    ),
    Code(
        "L208",
        "which one is meant?",
        """\
There are several candidates, and guessing one would be right by luck. Name the one that is meant. Behind
`when`, a name that is both a counter and a field of the event could mean either; behind `where` of the event
it is the field.""",
        Example(
            "program",
            """\
    currency credit in money { round down per rule
                               expire 12 months after earning }
    currency cash in money { round down per rule
                             expire 12 months after earning }
    reward credit_note { price $5 credit
                         give $5 off up to the basket }
    reward cash_note { price $5 cash
                       give $5 off up to the basket }
    earn cash_back { on   purchase
                     give 5% back }
    earn more { on   purchase
                give $1 credit }
""",
            """\
    currency credit in money { round down per rule
                               expire 12 months after earning }
    reward credit_note { price $5 credit
                         give $5 off up to the basket }
    earn cash_back { on   purchase
                     give 5% back }
""",
        ),
    ),
    Code(
        "L209",
        "a strategy that cannot be used",
        """\
`use strategy` asks a Python function of a package that is installed. It has to be there, registered as an
entry point of `loyalty_dsl.strategies`, and take as many values as it is told, at most six, each a whole
number. What rules can say by themselves needs no strategy.""",
        Example(
            "earn",
            "        on   purchase\n        use  strategy nowhere of basket for up to 500 points\n",
            "        on    purchase\n        give  1 point per $1\n",
        ),
    ),
)
