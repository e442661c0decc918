"""Codes of warnings about numbers and dates that do not go together."""

from loyalty_dsl.language.codes.code import Code, Example


def _gold(points: str) -> str:
    return f"""\
    earn extra {{ on    purchase
                 give  1 point per $1
                 limit 10,000 points per calendar year }}
    tiers status {{
        hold  through end of calendar year
        level member
        level gold when points earned by extra in calendar year >= {points} points
    }}
"""


def _bands(high: str) -> str:
    return f"""\
        on    purchase
        give  by band of amount {{
            from $0    2 points per $1
            from $100  {high} points per $1
        }}
"""


def _christmas(year: str) -> str:
    return f"        on     purchase\n        dates  2026-12-24, {year}-12-24\n        give   100 points\n"


def _visits(counter: str) -> str:
    return f"""\
    event stay {{ visits number }}
    counter {counter} = spend in calendar year
    earn stays {{ on   stay where visits >= 3
                 give 100 points }}
"""


CODES = (
    Code(
        "L623",
        "a threshold that limits keep out of reach",
        """\
A level, a rule or a reward asks for more of a currency in a window than the limits of the rules that earn it
let anybody earn in that window. Often a limit has been lowered and the threshold forgotten.""",
        Example("program", _gold("12,400"), _gold("9,400")),
    ),
    Code(
        "L624",
        "more for a purchase that is split",
        """\
Whoever pays in two parts gets more than for the whole: a band in which more money earns less, or a limit per
event on points that grow with the money, without another one that counts longer.""",
        Example("earn", _bands("1"), _bands("3")),
    ),
    Code(
        "L625",
        "a date outside of the program's life",
        "One of several dates comes before the program starts, or when another version counts already.",
        Example("earn", _christmas("2025"), _christmas("2027")),
    ),
    Code(
        "L626",
        "a name that shadows another",
        """\
Behind `where` a name is that of the event's field, although a counter or a ladder has it too; behind `when`
both are meant, which is refused (L208). A reader may take the one for the other.""",
        Example("program", _visits("visits"), _visits("year_spend")),
    ),
)
