"""Codes of menus."""

from loyalty_dsl.language.codes.code import Code, Example

_HEAD = """\
program hotel {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by stay date

    event stay {
        nights  number
    }
    counter year_nights = nights of stay in calendar year
"""


def menu_with(clauses: str) -> str:
    """A program with a menu of these clauses."""
    return _HEAD + "    menu choice {\n        on      year_nights reaches 50\n" + clauses + "    }\n}\n"


_OPTIONS = "        option  gift give 1 gift\n        option  bed give 1 bed\n"

CODES = (
    Code(
        "L376",
        "a menu that does not fit",
        """\
A menu gives a number of choices, and each option uses one of them or more. What is given to whoever does not
choose is an option for everybody that uses one choice, and `through` says which is the last day for choosing.
Members choose outside a purchase, so an option gives a thing or an amount of a currency, not money off.""",
        Example(
            "file",
            menu_with("        choose  1 otherwise gift\n" + _OPTIONS),
            menu_with("        choose  1 through january 8 otherwise gift\n" + _OPTIONS),
        ),
    ),
)
