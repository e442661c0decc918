"""Programs and populations in text for tests of responses, and when their members bought."""

from functools import cache

import numpy as np

from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.simulation.recording import record_history
from loyalty_dsl.source import SourceText

STAMPS = """
    currency stamps { round down per rule
                      expire never }
    earn stamp { on   purchase
                 give 1 stamp }
    reward free { price 10 stamps
                  give  $5 off up to the basket
                  issue automatically at checkout }
"""
"""Balances of 1 to 10 stamps; the next purchase then takes 10 and gives 1."""


def write(
    rules: str = STAMPS,
    responses: str = "",
    traits: str = "purchases 20 per month spread 0.5",
    people: str = "start 200 members",
) -> str:
    """A program and its population; clauses of `responses` are separated by semicolons."""
    lines = "\n".join(responses.split(";"))
    block = "" if not responses else f"responses {{\n{lines}\n}}"
    if responses.startswith("literature"):
        block = "responses literature"
    return f"""
program club {{
    money     USD
    timezone  "America/New_York"
    starts    2027-01-01 by purchase date
{rules}
}}
population people {{
    {people}
    {block}
    segment everyone 100% {{
        {traits}
        basket median $20 sigma 0.5
    }}
}}
"""


@cache
def read(text: str) -> Book:
    """What a text declares; nothing in it is wrong."""
    file, found = parse_file(SourceText("people.loyalty", text))
    book, checked = check_book((file,))
    assert book is not None and not found, [one.message for one in (*found, *checked)]
    return book


def times(text: str, months: int = 12, **options: int) -> list[np.ndarray]:
    """When each member bought, in days since the first day, to the minute."""
    book = read(text)
    history = record_history(book.programs[0], book.populations[0], months=months, **options)
    when = history.day - book.programs[0].starts + history.minute / 1440
    return [
        when[first:end][history.kind[first:end] == 0]
        for first, end in zip(history.starts[:-1], history.starts[1:], strict=True)
    ]
