"""Books whose populations begin as the members of a replayed ledger stand.

Invariant: nothing of a ledger is used that is not of the program's name and as its manifest says.
"""

import os
from pathlib import Path

import attrs

from loyalty_dsl.calendar import format_day
from loyalty_dsl.forecast.figures import Notice
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.opening import Opening
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.simulation.opening import open_population
from loyalty_dsl.simulation.opening_names import left_out_of
from loyalty_dsl.valuation.ledger_files import read_opening


def begin_from(book: Book, ledger: str | os.PathLike[str]) -> Book:
    """Lets the populations of a book begin as the members of a ledger stand at its end.

    Args:
        book: from `load`; its populations of other programs stay as they are.
        ledger: a folder that `loyalty replay --out` wrote.

    Raises:
        InputRefused: the folder is no ledger, is of no program of the book, or a counter under the same name
            counts otherwise now.
    """
    return begin_with(book, read_opening(Path(ledger)))


def begin_with(book: Book, opening: Opening) -> Book:
    """The same with a ledger that has been read."""
    program = next((one for one in book.programs if one.name == opening.program), None)
    if program is None:
        names = ", ".join(f"`{one.name}`" for one in book.programs) or "none"
        raise InputRefused(
            f"the ledger in `{opening.source}` is of the program `{opening.program}`, and these files have "
            f"{names}",
            "give the program that was replayed",
        )
    populations = tuple(
        open_population(one, program, opening) if one.program == program.name else one
        for one in book.populations
    )
    return attrs.evolve(book, populations=populations)


def opening_notices(
    program: Program, population: Population, sample_of_first: int | None, gone_before: int = 0
) -> list[Notice]:
    """What to know of a forecast that begins with a ledger; nothing of any other.

    Args:
        sample_of_first: simulated first members, where that is known; gone_before: those of them who are
            taken to have left before.
    """
    opening = population.opening
    if opening is None:
        return []
    members = len(opening.names)
    drawn = ""
    if sample_of_first is not None and sample_of_first != members:
        drawn = f" {sample_of_first:,} of them, drawn by a hash, were simulated."
    gone = ""
    if sample_of_first and opening.bought:
        gone = f", and {gone_before / sample_of_first:.0%} are taken to have left already"
    said = (
        f"The first members are the {members:,} of the ledger in {opening.source}, with what they held, had "
        f"counted and used on {format_day(opening.as_of)}; `start` is not used.{drawn} How often they buy, "
        f"how much and whether they stay is drawn given what each has bought{gone}; how readily they redeem "
        "is drawn as for anybody. Nothing that was bought before is returned."
    )
    found = [Notice("opened", said)]
    found += [Notice("opening-left-out", sentence) for sentence in left_out_of(program, opening)]
    return found
