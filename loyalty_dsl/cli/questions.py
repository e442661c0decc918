"""What `loyalty sweep` and `loyalty solve` ask in the same words: of whom, which months, with which luck.

Invariant: the options of `question_options` are keys of `Asked`, but `--from`, which may be a ledger as well.
"""

from datetime import date
from typing import TYPE_CHECKING, Unpack

import click

from loyalty_dsl.cli.options import (
    begins_option,
    months_option,
    population_option,
    sample_option,
    seed_option,
    set_option,
    threads_option,
    together,
)
from loyalty_dsl.cli.rules import verify_used

if TYPE_CHECKING:
    from loyalty_dsl.decisions.sweeping import Asked, Study
    from loyalty_dsl.forecast.figures import Forecast
    from loyalty_dsl.language.book import Book

_program_option = click.option(
    "--program", "program", default=None, metavar="NAME", help="The program, where there are several."
)

_OPTIONS = (
    sample_option,
    months_option,
    seed_option,
    begins_option,
    population_option,
    _program_option,
    threads_option,
    set_option,
)


question_options = together(_OPTIONS)
"""The options of a question, in the order in which its help shows them."""


def study_asked(
    book: "Book", settings: tuple[str, ...], begins: date | str | None, **asked: Unpack["Asked"]
) -> "Study":
    """What is studied, with all that was set in it used.

    Args:
        begins: the first day, or the folder of a ledger whose members go on.

    Raises:
        InputRefused: as `study_of` or `begin_from`, or a setting is of another program or population.
    """
    from loyalty_dsl.decisions.sweeping import study_of

    if isinstance(begins, str):
        from loyalty_dsl.forecast.beginning import begin_from

        book = begin_from(book, begins)
    elif begins is not None:
        asked["first_day"] = begins
    study = study_of(book, **asked)
    verify_used(book, settings, study.names)
    return study


def question_words(forecast: "Forecast", settings: tuple[str, ...], begins: date | str | None) -> list[str]:
    """The words of a command that ask the same question again.

    Args:
        forecast: of the files as they are.
        begins: as of `study_asked`.
    """
    words = [word for each in settings for word in ("--set", each)]
    words += ["--from", str(begins)] if begins is not None else []
    words += ["--population", forecast.population.name, "--sample", str(forecast.sample)]
    return [*words, "--months", str(len(forecast.months)), "--seed", str(forecast.seed)]
