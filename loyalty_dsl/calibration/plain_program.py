"""The program that a file of transactions is read under when none is given.

Invariant: it asks for no column but member, time and amount, and pays nothing.
"""

from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import Program
from loyalty_dsl.source import SourceText

NAME = "no_program_yet"
TEXT = f"""\
program {NAME} "No program yet" {{
    money     USD
    timezone  "UTC"
    starts    1900-01-01 by purchase date

    returns {{
        balance  stops at zero
    }}
}}
"""


def plain_program() -> Program:
    """The program, checked."""
    tree, found = parse_file(SourceText("no program", TEXT))
    book, more = check_book([tree], found)
    assert book is not None, [*found, *more]
    return book.programs[0]
