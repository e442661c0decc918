"""A program with everything that rules refer to, for tests that add one thing to it."""

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.conditions import Compare, Condition, Literal, Operand, Order
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import Kind
from loyalty_dsl.source import SourceText

HEAD = """\
program club {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by event date
    period season = year from march 1
    member {
        cardholder yes/no
        birthday   date
        card       one of none, platinum, reserve
    }
    event purchase { payment one of card, cash
                     zone one of us, eu
                     cabin one of economy, business
                     booked date }
    event stay { nights number
                 fare money }
    item { category one of drink, food }
    currency points { round down per rule
                      expire never }
    currency cash in money { round down per rule
                             expire never }
    counter nights = nights of stay in calendar year
    counter spent = spend in calendar year
    tiers status {
        hold  through end of calendar year
        level member
        level silver when nights >= 10 or spent >= $1,000
        level gold when nights >= 25
    }
"""


def check(body: str) -> tuple[Book | None, list[Diagnostic]]:
    file, broken = parse_file(SourceText("club.loyalty", HEAD + body + "\n}\n"))
    assert not broken, broken
    book, found = check_book([file], broken)
    return book, list(found)


def program_of(body: str) -> Program:
    book, found = check(body)
    assert book is not None, found
    return book.programs[0]


def errors(body: str) -> list[str]:
    return [f"{finding.code} {finding.message}" for finding in check(body)[1] if finding.is_error]


def rule(lines: str, name: str = "base") -> str:
    return f"    earn {name} {{\n{lines}\n    }}\n"


def is_value(operand: Operand, value: int, kind: Kind, order: Order = Order.EQUAL) -> Condition:
    return Compare(operand, order, Literal(value, kind))
