"""The entry of checking: all blocks of all files of a command, as one namespace."""

from collections.abc import Iterable, Iterator, Sequence

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language import syntax
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.checking.population import check_population
from loyalty_dsl.language.checking.program import check_program
from loyalty_dsl.language.checking.scenario import check_scenario
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.lints import lint_program
from loyalty_dsl.source import Span


def check_book(
    files: Sequence[syntax.File], broken: Iterable[Diagnostic] = ()
) -> tuple[Book | None, tuple[Diagnostic, ...]]:
    """Checks everything that a command's files declare.

    Args:
        files: the syntax trees, whose names form one namespace.
        broken: what the parser could not read. A block that lost a part is checked as far as it goes:
            nothing is said of what may have stood in the part that is lost.

    Returns:
        The book, or `None` when there is any error, here or in `broken`; and the findings of checking, in
        the order of the files and of their text.
    """
    findings = Findings()
    lost = [finding.span for finding in broken if finding.is_error]
    blocks = [(block, not _lost_a_part(block, end, lost)) for file in files for block, end in _extents(file)]
    programs: Names[ProgramScope] = Names("program", findings, whole=not lost)
    populations: Names[syntax.PopulationBlock] = Names("population", findings)
    scopes = []
    for block, whole in blocks:
        if isinstance(block, syntax.ProgramBlock):
            scope = check_program(block, findings, whole)
            programs.declare(block.name, scope)
            scopes.append(scope)
    checked_populations, checked_scenarios = [], []
    for block, whole in blocks:
        match block:
            case syntax.PopulationBlock():
                populations.declare(block.name, block)
                checked_populations.append(check_population(block, programs, findings, whole))
            case syntax.ScenarioBlock():
                checked_scenarios.append(check_scenario(block, programs, findings, whole))
            case syntax.ProgramBlock():
                pass
    for scope in scopes:
        if scope.program is not None:
            findings.diagnostics.extend(lint_program(scope.program))
    order = {id(file.source): number for number, file in enumerate(files)}
    found = sorted(
        findings.diagnostics, key=lambda each: (order[id(each.span.source)], each.span.start, each.code)
    )
    if findings.errors or lost:
        return None, tuple(found)
    book = Book(
        sources=tuple(file.source for file in files),
        programs=tuple(scope.program for scope in scopes if scope.program is not None),
        populations=tuple(population for population in checked_populations if population is not None),
        scenarios=tuple(scenario for scenario in checked_scenarios if scenario is not None),
    )
    return book, tuple(found)


def _extents(file: syntax.File) -> Iterator[tuple[syntax.Block, int]]:
    """Each block with the offset at which the next one, or the end of the file, comes."""
    starts = [block.span.start for block in file.blocks[1:]]
    yield from zip(file.blocks, [*starts, len(file.source.text) + 1], strict=True)


def _lost_a_part(block: syntax.Block, end: int, lost: Sequence[Span]) -> bool:
    source = block.span.source
    return any(span.source is source and block.span.start <= span.start < end for span in lost)
