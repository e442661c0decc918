"""Which two programs a comparison is about, and the population that lives under both.

Invariant: nothing is guessed, as in `choosing`; the population is one block, bound to each version.
"""

import attrs

from loyalty_dsl.choosing import choose_population, choose_program
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.transplant import Arm, transplant


@attrs.frozen(eq=False)
class Versions:
    """Two versions of a program, each with the same population bound to it.

    Attributes:
        left_out: what the population describes and a version does not have, in sentences.
    """

    old: Arm
    new: Arm
    left_out: tuple[str, ...]


def choose_versions(
    old: Book, new: Book, *, program: str | None = None, population: str | None = None
) -> Versions:
    """The two programs that are meant and the population that lives under both.

    Args:
        old, new: from `load`, each with a program; one and the same for a program that replaced a version of
            itself, which is compared with that version as if it had gone on.
        program: where there are several, the one that is meant in both.
        population: where there are several; one of `new` comes before one of `old`.

    Raises:
        ProgramRefused: a version reads something that the population does not describe.
        InputRefused: no program or population, or several and none named.
    """
    after = choose_program(new, program)
    before = replaced_version(new, after) if old is new else None
    if before is None:
        before = choose_program(old, program)
    ours = _has_population(new, after.name, population) or not _has_population(old, before.name, population)
    book, home, away = (new, after, before) if ours else (old, before, after)
    chosen = choose_population(book, population, home.name)
    moved = transplant(chosen, away)
    at_home, elsewhere = Arm(home, chosen), Arm(away, moved.population)
    version = "old" if ours else "new"
    words = dict.fromkeys(" ".join(span.text.split()[:2]) for span in moved.left_out)
    left_out = tuple(
        f"The {version} version has nothing that `{text} ...` of {chosen.name} is about: left out there."
        for text in words
    )
    return Versions(elsewhere, at_home, left_out) if ours else Versions(at_home, elsewhere, left_out)


def replaced_version(book: Book, program: Program) -> Program | None:
    """The version that a program of the book has replaced; `None` where it has replaced none."""
    earlier = [one for one in book.earlier if one.span in program.replaced]
    return earlier[-1] if earlier else None


def _has_population(book: Book, program: str, name: str | None) -> bool:
    known = [(one.program, one.name) for one in book.populations]
    known += [(one.program, one.name) for one in book.set_aside]
    return any(of == program and name in (None, own) for of, own in known)
