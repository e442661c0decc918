"""The syntax of a program, where the checked program keeps of a block only what follows from it.

Invariant: the text is that of the checked program, so what is found here has been checked.
"""

from fractions import Fraction
from typing import assert_never

from loyalty_dsl.explanation.terms.words import Words, counted, date_words, human, number
from loyalty_dsl.language import syntax
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.syntax import leaves
from loyalty_dsl.quantities import MINOR_DIGITS


def block_of(program: Program) -> syntax.ProgramBlock:
    """The block in which a program, or its newest version, is declared."""
    file, _ = parse_file(program.span.source)
    return next(
        block
        for block in file.blocks
        if isinstance(block, syntax.ProgramBlock) and block.span.start == program.span.start
    )


def duration_of(duration: leaves.Duration) -> str:
    """`7 days`, as written."""
    count = duration.count.value
    return counted(count, duration.unit.text.removesuffix("s"))


def money_of(words: Words, money: leaves.Money) -> str:
    return words.money(money.value * 10 ** MINOR_DIGITS[words.program.money])


def window_of(words: Words, window: leaves.AnyWindow) -> str:
    """`calendar month`, as written."""
    match window:
        case leaves.Window(unit):
            return "day" if unit.text == "day" else f"calendar {unit.text}"
        case leaves.NamedWindow(name):
            return human(name.text)
        case leaves.MembershipYear():
            return "year of your membership"
        case leaves.RollingWindow(duration):
            return duration_of(duration)
        case leaves.LifetimeWindow():
            return "membership"
        case leaves.PastWindow(of):
            return window_of(words, of)
        case _:
            assert_never(window)


def date_of_literal(date: leaves.DateLiteral) -> str:
    return date_words(date.day)


def quantity_words(words: Words, quantity: leaves.Quantity) -> str:
    """`3 items`, `$50 spend`: the number, with its unit as written."""
    amount: Fraction = quantity.number.value
    told = money_of(words, quantity.number) if isinstance(quantity.number, leaves.Money) else number(amount)
    return told if quantity.unit is None else f"{told} {human(quantity.unit.text)}"
