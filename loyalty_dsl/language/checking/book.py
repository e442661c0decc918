"""The entry of checking: all blocks of all files of a command, as one namespace."""

from collections.abc import Iterable, Sequence

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language import syntax
from loyalty_dsl.language.allowing import allow_warnings
from loyalty_dsl.language.book import Book, PopulationSetAside
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.losses import Losses, Unseen, is_stand_in, losses_of
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.checking.population import check_population
from loyalty_dsl.language.checking.program import check_program
from loyalty_dsl.language.checking.scenario import check_scenario
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.sources import check_source
from loyalty_dsl.language.checking.studies import check_study
from loyalty_dsl.language.checking.version_scopes import declare_versions
from loyalty_dsl.language.lints import lint_program
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.version_names import name_without_version
from loyalty_dsl.source import Span


def check_book(
    files: Sequence[syntax.File], broken: Iterable[Diagnostic] = ()
) -> tuple[Book | None, tuple[Diagnostic, ...]]:
    """Checks everything that a command's files declare.

    Args:
        files: the syntax trees, whose names form one namespace.
        broken: the diagnostics of parsing. A block that lost a clause is checked as far as it goes, and
            nothing is said of what may have stood in that clause.

    Returns:
        The book, or `None` when there is any error, here or in `broken`; and the findings of checking, in
        the order of the files and of their text, warnings that a comment allows among them.
    """
    findings, losses = Findings(), losses_of(files)
    broken = tuple(broken)
    blocks = [block for file in files for block in file.blocks]
    programs: Names[ProgramScope] = Names("program", findings, _unseen_programs(files, losses))
    populations: Names[syntax.PopulationBlock] = Names("population", findings)
    program_blocks = [block for block in blocks if isinstance(block, syntax.ProgramBlock)]
    own_scopes = [check_program(block, findings, losses) for block in program_blocks]
    alone = [(scope, scope.program) for scope in own_scopes]
    versions = declare_versions(programs, program_blocks, own_scopes, findings)
    scopes = [*versions.current, *versions.earlier]
    checked_populations, checked_scenarios = [], []
    titles: dict[tuple[str, str], Span] = {}
    for block in blocks:
        match block:
            case syntax.PopulationBlock():
                populations.declare(block.name, block)
                near = _seen_from(block, programs, scopes)
                checked_populations.append(check_population(block, near, findings))
            case syntax.ScenarioBlock():
                _verify_title(block, titles, findings)
                near = _seen_from(block, programs, scopes)
                checked_scenarios.append(check_scenario(block, near, findings))
            case syntax.ProgramBlock() | syntax.StudyBlock() | syntax.sources.SourceBlock():
                pass
    studies: Names[syntax.StudyBlock] = Names("study", findings)
    sources: Names[syntax.sources.SourceBlock] = Names("source", findings)
    checked_studies, checked_sources = [], []
    for block in blocks:
        if isinstance(block, syntax.sources.SourceBlock):
            sources.declare(block.name, block)
            checked_sources.append(check_source(block, _seen_from(block, programs, scopes), findings))
        if isinstance(block, syntax.StudyBlock):
            studies.declare(block.name, block)
            near = _seen_from(block, programs, scopes)
            checked_studies.append(check_study(block, near, populations, checked_populations, findings))
    mistaken = [finding.span for finding in broken if finding.is_error]
    ends = _ends(program_blocks, own_scopes)
    for block, (scope, program) in zip(program_blocks, alone, strict=True):
        if program is not None and not any(span.source is scope.name.span.source for span in mistaken):
            findings.diagnostics.extend(
                lint_program(program, follows=scope.replaces is not None, ends=ends.get(_version_of(block)))
            )
    order = {id(file.source): number for number, file in enumerate(files)}
    mended = [span for file in files for span in file.mended]
    news = [finding for finding in findings.diagnostics if not _is_told(finding, mistaken, mended)]
    incomplete = any(file.unread for file in files) or bool(mistaken)
    usable = not (findings.errors or incomplete)
    found = sorted(
        allow_warnings((file.source for file in files), news, complete=usable),
        key=lambda each: (order.get(id(each.span.source), len(files)), each.span.start, each.code),
    )
    if not usable:
        return None, tuple(found)
    book = Book(
        sources=tuple(file.source for file in files),
        programs=tuple(scope.program for scope in versions.current if scope.program is not None),
        populations=tuple(each for each in checked_populations if isinstance(each, Population)),
        scenarios=tuple(scenario for scenario in checked_scenarios if scenario is not None),
        set_aside=tuple(each for each in checked_populations if isinstance(each, PopulationSetAside)),
        studies=tuple(study for study in checked_studies if study is not None),
        earlier=tuple(scope.program for scope in versions.earlier if scope.program is not None),
        data_sources=tuple(source for source in checked_sources if source is not None),
        alone=_with_versions(alone, versions.earlier),
    )
    return book, tuple(found)


def _version_of(block: syntax.ProgramBlock) -> tuple[str, int]:
    return block.name.text, 0 if block.version is None else int(block.version.value)


def _ends(
    blocks: Sequence[syntax.ProgramBlock], scopes: Sequence[ProgramScope]
) -> dict[tuple[str, int], tuple[int, Span]]:
    """From which day of its events each version is replaced, where the day of the event decides that."""
    return {
        (block.name.text, int(scope.replaces.version.value)): (scope.replaces.date.day, scope.replaces.span)
        for block, scope in zip(blocks, scopes, strict=True)
        if scope.replaces is not None
        and scope.replaces.deciding.text in ("event", *(kind.name for kind in scope.events.things()))
    }


def _with_versions(
    alone: Iterable[tuple[ProgramScope, Program | None]], earlier: Iterable[ProgramScope]
) -> tuple[Program, ...]:
    """Each version of a program of which one replaced another, by itself."""
    names = {name_without_version(scope.program.name) for scope in earlier if scope.program is not None}
    return tuple(
        program for _, program in alone if program is not None and name_without_version(program.name) in names
    )


def _is_told(finding: Diagnostic, mistaken: Iterable[Span], mended: Iterable[Span]) -> bool:
    """Whether a finding judges what the parser had to make up, and has reported.

    Of a clause that was not read as it stands nothing is said, but for what its block lacks.
    """
    span = finding.span
    if finding.code == "L204":
        return False
    return any(_overlaps(span, other) for other in mistaken) or any(
        span.source is other.source and other.start <= span.start < other.end for other in mended
    )


def _overlaps(span: Span, other: Span) -> bool:
    return span.source is other.source and span.start < other.end and other.start < span.end


def _unseen_programs(files: Sequence[syntax.File], losses: Losses) -> Unseen:
    """The programs whose header could not be read, or not its name."""
    blocks = [block for file in files for block in file.blocks]
    nameless = any(isinstance(block, syntax.ProgramBlock) and is_stand_in(block.name) for block in blocks)
    lost = losses.words_in(None) if losses.may_hold(None, "program") else Unseen()
    return lost | Unseen(anything=nameless)


def _verify_title(
    block: syntax.ScenarioBlock, titles: dict[tuple[str, str], Span], findings: Findings
) -> None:
    """Reports a second scenario of a program with the same title."""
    first = titles.setdefault((block.program.text, block.title.text), block.span)
    if first is not block.span:
        findings.report(
            "L202", block.title.span, f"the scenario {block.title.span.text} is written twice",
            label="again here", secondary=[(first, "first written here")],
            help="say in the title what differs, or delete one",
        )  # fmt: skip


def _seen_from(
    block: syntax.Block, programs: Names[ProgramScope], scopes: Sequence[ProgramScope]
) -> Names[ProgramScope]:
    """The programs as a block means them: where two files declare one name, its own file's."""
    near: Names[ProgramScope] = Names(programs.kind, programs.findings, programs.unseen)
    for text in programs:
        known = programs.find(text)
        assert known is not None
        near.include(text, known, programs.span_of(text))
    for scope in scopes:
        name = scope.name
        if near.find(name.text) is None or name.span.source is block.span.source:
            near.include(name.text, scope, name.span)
    return near
