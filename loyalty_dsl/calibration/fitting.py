"""From files to a population: the stages of `loyalty fit`, without its output.

Invariant: the population that leaves here has been checked with the program that it is for.
"""

import os
from datetime import date
from pathlib import Path

import attrs

from loyalty_dsl import __version__
from loyalty_dsl.calendar import day_of
from loyalty_dsl.calibration.calibrating import Calibration, calibrate
from loyalty_dsl.calibration.plain_program import NAME, plain_program
from loyalty_dsl.calibration.population_text import population_text
from loyalty_dsl.choosing import choose_program
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language import syntax
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import Program
from loyalty_dsl.reading import hash_of_file, hash_of_text
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.source import SourceText
from loyalty_dsl.transactions.histories import HistoryResult
from loyalty_dsl.transactions.refused import verify_none_refused
from loyalty_dsl.transactions.ways_to_read import way_to_read

_OTHERS = (syntax.PopulationBlock, syntax.ScenarioBlock, syntax.StudyBlock, syntax.sources.SourceBlock)


@attrs.frozen(eq=False)
class Fitted:
    """What fitting a file gave.

    Attributes:
        calibration: everything that was found.
        population: the text of a rule file.
        read: the history, and the rows that were set aside.
        inputs: each file's name, as it was written, and its hash.
    """

    calibration: Calibration
    population: str
    read: HistoryResult
    inputs: tuple[tuple[str, str], ...]
    version: str = __version__


def fit_file(
    transactions: str | os.PathLike[str],
    *,
    book: Book | None = None,
    program: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    set_aside: bool = False,
    unit: str = "week",
    until: date | None = None,
    source: str | None = None,
    key_file: str | os.PathLike[str] | None = None,
) -> Fitted:
    """Fits the customers of a file of transactions.

    Args:
        transactions: a CSV or Parquet file; member, time and amount are enough.
        book: with the program whose fields are counted; without one, no more than those three are read.
        program: which, where the book holds several.
        mapping: a TOML file that says what the file calls its columns and values.
        set_aside: whether rows that cannot be used are left out; otherwise one of them refuses the file.
        unit: of time of the parameters, `day` or `week`.
        until: the last day of calibration; later purchases are forecast and compared.
        source: the source of the book by which the file is read; the program's only one, by default.
        key_file: a file with the key for hashes of members, in place of the environment's.

    Raises:
        InputRefused: a file cannot be read, has bad rows, or is too small to fit.
    """
    chosen = plain_program() if book is None else choose_program(book, program)
    path = Path(transactions)
    way = way_to_read(book, chosen, mapping=mapping, source=source, key_file=key_file)
    read = way.read(chosen, path)
    if not set_aside:
        _verify_rows(path, read, book is None)
    last = None if until is None else day_of(until)
    calibration = calibrate(chosen, read.history, unit=unit, until=last)
    files = [path, *way.files]
    inputs = [(str(file), hash_of_file(file)) for file in files]
    if book is not None:
        rules = [chosen.span.source, *([] if way.source is None else [way.source.span.source])]
        inputs += dict.fromkeys((text.name, hash_of_text(text)) for text in rules)
    text = population_text(calibration, made_by=f"loyalty-dsl {__version__}", inputs=inputs)
    _verify_population(text, chosen)
    return Fitted(calibration, text, read, tuple(inputs))


def _verify_rows(path: Path, read: HistoryResult, without_program: bool) -> None:
    try:
        verify_none_refused(path, read.refused)
    except InputRefused as refusal:
        if without_program and "`reward` names" in refusal.message:
            help = f"{refusal.help}; a file with rewards needs its program: --program FILE"
            raise InputRefused(refusal.message, help) from None
        raise


def _verify_population(text: str, program: Program) -> None:
    """Refuses a population that the program cannot use, such as one without a field that the data lacks.

    The program is checked with it alone: the populations and studies of its file are not told apart from the
    new one yet, and that is for the user to say.

    Raises:
        InputRefused: with the first mistake that checking finds.
    """
    sources = [SourceText("the population", text)]
    if program.name != NAME:
        sources.append(program.span.source)
    trees: list[syntax.File] = []
    found: list[Diagnostic] = []
    for source in sources:
        tree, mistakes = parse_file(source)
        if trees:
            blocks = tuple(block for block in tree.blocks if not isinstance(block, _OTHERS))
            tree = syntax.File(tree.source, blocks, tree.unread, tree.mended)
        trees.append(tree)
        found += mistakes
    _, more = check_book(trees, found)
    errors = [one for one in (*found, *more) if one.is_error]
    if errors:
        raise InputRefused(
            f"the customers cannot be described for `{program.name}`: {errors[0].message}",
            errors[0].help or "give a file whose columns the program reads",
        )
