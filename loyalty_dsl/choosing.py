"""What a command is about: the one program or population that is meant.

Invariant: nothing is guessed. What is not named must be the only one, and a name that is unknown is refused
with those that there are.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from loyalty_dsl.language.book import Book
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.skeletons import population_skeleton
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.language.version_names import name_without_version
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.source import Span


def choose_program(book: Book, name: str | None = None) -> Program:
    """The program that is meant: the one named, or the only one.

    Raises:
        InputRefused: there is none, none of that name, or several; it lists them.
    """
    return _choose(book.programs if name is None else (*book.programs, *book.earlier), "program", name)


def choose_population(book: Book, name: str | None = None, program: str | None = None) -> Population:
    """The population that is meant: the one named, or the only one (of the program named).

    Raises:
        InputRefused: there is none, none of that name, or several; it lists them.
    """
    populations, set_aside = book.populations, book.set_aside
    if program is not None:
        version = choose_program(book, program)
        under = version.name
        own = {one.program for one in populations} | {one.program for one in set_aside}
        if version in book.earlier and under not in own:
            return _of_newest(book, name, version)
        populations = tuple(each for each in populations if each.program == under)
        set_aside = tuple(each for each in set_aside if each.program == under)
    for each in set_aside:
        if each.name == name or (name is None and not populations):
            raise InputRefused(f"{each.reason.span}: {each.reason.message}", each.reason.help)
    if not populations and name is None and (program is not None or len(book.programs) == 1):
        under_it = choose_program(book, program)
        raise InputRefused(
            "there is no population in these files",
            "add one; its figures are yours to say, those here are made up:\n\n"
            + population_skeleton(under_it),
        )
    return _choose(populations, "population", name)


def _of_newest(book: Book, name: str | None, version: Program) -> Population:
    """The population of the newest version under one that it replaced."""
    from loyalty_dsl.language.transplant import transplant  # which checks a book of its own

    return transplant(choose_population(book, name, name_without_version(version.name)), version).population


class _Named(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def span(self) -> Span: ...


Thing = TypeVar("Thing", bound=_Named)


def _choose(things: Sequence[Thing], noun: str, name: str | None) -> Thing:
    listed = "\n".join(f"  {thing.name}  ({thing.span})" for thing in things)
    if name is not None:
        found = next((thing for thing in things if thing.name == name), None)
        if found is None:
            near = nearest(name, [thing.name for thing in things])
            raise InputRefused(
                f"there is no {noun} `{name}`" + (f"; there are:\n{listed}" if things else ""),
                f"did you mean `{near}`?" if near else None,
            )
        return found
    if not things:
        raise InputRefused(
            f"there is no {noun} in these files", f"a file needs a block `{noun} NAME {{ ... }}`"
        )
    if len(things) > 1:
        raise InputRefused(
            f"there are {len(things)} {noun}s, and one is wanted:\n{listed}",
            f"choose one with --{noun} {things[0].name}",
        )
    return things[0]
