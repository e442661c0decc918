"""Where a report comes from: enough to make it again, and to notice that an input has changed."""

import shlex
from collections.abc import Sequence

import attrs

from loyalty_dsl import __version__
from loyalty_dsl.calendar import format_day
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.reading import hash_of_text
from loyalty_dsl.source import SourceText


@attrs.frozen
class Provenance:
    """Attributes:
    version: of this package.
    inputs: each file's name, as the user wrote it, and the SHA-256 of its text.
    command: the command that makes the same figures again.
    """

    version: str
    inputs: tuple[tuple[str, str], ...]
    command: str


def provenance_of(forecast: Forecast, command: str | None = None, options: Sequence[str] = ()) -> Provenance:
    """The provenance of a forecast, from the sources that its program and population were written in.

    Args:
        forecast: any forecast.
        command: the command to print; by default one that says all that the figures depend on.
        options: words that its end says besides.
    """
    sources = _distinct(forecast.program.span.source, forecast.population.span.source)
    if command is None:
        words = ["loyalty", "simulate", *(source.name for source in sources)]
        words += ["--population", forecast.population.name]
        first = forecast.months[0].start
        declared = forecast.population.first_day
        opening = forecast.population.opening
        if opening is not None:
            words += ["--from", opening.source]
        elif first != (forecast.program.starts if declared is None else declared):
            words += ["--from", format_day(first)]
        words += ["--sample", str(forecast.sample), "--months", str(len(forecast.months))]
        words += ["--seed", str(forecast.seed)]
        words += [word for source in sources for setting in source.settings for word in ("--set", setting)]
        words += options
        command = shlex.join(words)
    inputs = [(source.name, hash_of_text(source)) for source in sources]
    return Provenance(__version__, (*inputs, *hashes_of_opening(forecast)), command)


def hashes_of_opening(forecast: Forecast) -> tuple[tuple[str, str], ...]:
    """The files of the ledger that a forecast begins with, and their SHA-256."""
    opening = forecast.population.opening
    return () if opening is None else opening.hashes


def _distinct(*sources: SourceText) -> tuple[SourceText, ...]:
    return tuple({source.name: source for source in sources}.values())
