"""Studies: which program and population, and bounds in the units of what they bound.

Invariant: of a program or population with mistakes a study says nothing that follows from them.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.book import PopulationSetAside
from loyalty_dsl.language.checking.amounts import whole_number
from loyalty_dsl.language.checking.asked_outcomes import check_bounds, check_outcome
from loyalty_dsl.language.checking.clauses import at_most_one, only
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.study import (
    MONTHS,
    Accepted,
    Gate,
    Layer,
    NumberSetTo,
    Study,
    StudyOutcome,
    numbers_about_value,
    numbers_to_accept,
)
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.syntax import studies as written

MOST_MONTHS = 1200
MOST_SAMPLE = 10**9
LARGEST_SEED = 2**63 - 1
LEAST_LEVEL, MOST_LEVEL = Fraction(1, 2), Fraction(999, 1000)
USUAL_LEVEL = Fraction(19, 20)

Populations = Sequence[Population | PopulationSetAside | None]


def check_study(
    block: syntax.StudyBlock,
    programs: Names[ProgramScope],
    populations: Names[syntax.PopulationBlock],
    checked: Populations,
    findings: Findings,
) -> Study | None:
    """The study that a block writes, or `None` when something in it is wrong."""
    errors = findings.errors
    bound = _bound_to(block, programs, populations, checked, findings)
    if bound is None:
        return None
    scope, population = bound
    program = scope.program
    if program is None:
        return None
    months = _number(scope, block, written.StudyMonths, "months", most=MOST_MONTHS)
    sample = _number(scope, block, written.StudySample, "sample", most=MOST_SAMPLE)
    seed = _number(scope, block, written.StudySeed, "seed", most=LARGEST_SEED, least=0)
    horizon = MONTHS if months is None else months
    aim = at_most_one(findings, block.clauses, written.ObjectiveClause, "objective")
    objective = None if aim is None else check_outcome(aim.outcome, program, horizon, findings)
    gates = [
        _gate(clause, scope, horizon) for clause in block.clauses if isinstance(clause, written.GateClause)
    ]
    compare, settings = _compared(block, scope, programs)
    accepted = _accepted(block, scope, population)
    spared = scope.losses.spared(block.span)
    if aim is None and not gates and spared:
        findings.report(
            "L555", block.span, f"the study `{block.name.text}` asks nothing",
            help="add a line such as `objective liability at month 36` or `warn breakage between 8% and 25%`",
        )  # fmt: skip
    if findings.errors > errors:
        return None
    return Study(
        name=block.name.text,
        title=None if block.title is None else block.title.text,
        program=program.name,
        population=population.name,
        months=horizon,
        sample=sample,
        seed=1 if seed is None else seed,
        compare=compare,
        settings=settings,
        objective=objective if isinstance(objective, StudyOutcome) else None,
        gates=tuple(gate for gate in gates if gate is not None),
        accepted=accepted,
        span=block.span,
    )


# ---- what it is about


def _bound_to(
    block: syntax.StudyBlock,
    programs: Names[ProgramScope],
    populations: Names[syntax.PopulationBlock],
    checked: Populations,
    findings: Findings,
) -> tuple[ProgramScope, Population | PopulationSetAside] | None:
    """The program and the population of a study, each the one named or the only one there can be."""
    program = at_most_one(findings, block.clauses, written.StudyProgram, "program")
    population = at_most_one(findings, block.clauses, written.StudyPopulation, "population")
    under = None if program is None else programs.resolve(program.name)
    lives = None if population is None else populations.resolve(population.name)
    if (program is not None and under is None) or (population is not None and lives is None):
        return None
    right = [one for one in checked if one is not None]
    if lives is not None:
        candidates = [one for one in right if one.name == lives.name.text]
    else:
        candidates = [one for one in right if under is None or one.program == under.name.text]
    if len(candidates) > 1:
        names = [one.name for one in candidates]
        if len(set(names)) == 1:  # one that is declared twice, which is told already
            return None
        findings.report(
            "L208", block.span, f"the study `{block.name.text}` could be of {listed(names, 'or')}",
            help=f"add a line such as `population {names[0]}`",
        )  # fmt: skip
        return None
    if not candidates:
        if lives is None and len(right) == len(checked):
            told = "" if under is None else f" under `{under.name.text}`"
            findings.report(
                "L201", block.span, f"the study `{block.name.text}` has no population to simulate{told}",
                help="declare a `population` in this file or in another that is given with it",
            )  # fmt: skip
        return None
    chosen = candidates[0]
    if under is not None and chosen.program != under.name.text and program is not None:
        findings.report(
            "L556", program.name.span,
            f"`{chosen.name}` lives under `{chosen.program}`, not under `{under.name.text}`",
            help=f"write `program {chosen.program}`, or name another population",
        )  # fmt: skip
        return None
    scope = programs.find(chosen.program)
    return None if scope is None else (scope, chosen)


def _number(
    scope: ProgramScope,
    block: syntax.StudyBlock,
    kind: type[written.StudyMonths] | type[written.StudySample] | type[written.StudySeed],
    word: str,
    *,
    most: int,
    least: int = 1,
) -> int | None:
    clauses = [clause for clause in block.clauses if isinstance(clause, kind)]
    clause = only(scope.findings, clauses, word)
    number = None if clause is None else whole_number(scope, clause.number, most=most)
    if clause is not None and number is not None and number < least:
        scope.findings.report("L306", clause.number.span, f"`{word}` is at least {least}")
        return None
    return number


def _compared(
    block: syntax.StudyBlock, scope: ProgramScope, programs: Names[ProgramScope]
) -> tuple[str | None, tuple[NumberSetTo, ...]]:
    clauses = [
        each for each in block.clauses if isinstance(each, written.CompareProgram | written.CompareSettings)
    ]
    clause = only(scope.findings, clauses, "compare")
    match clause:
        case written.CompareProgram(name=name):
            other = programs.resolve(name)
            if other is scope:
                scope.findings.report(
                    "L556", name.span, f"`{name.text}` is compared with itself",
                    help="name the version that it is compared with, or write `compare with PATH = VALUE`",
                )  # fmt: skip
            return name.text, ()
        case written.CompareSettings(settings=settings):
            return None, tuple(
                NumberSetTo(each.path.text, each.value.span.text, each.span) for each in settings
            )
        case None:
            return None, ()


# ---- what it asks


def _gate(clause: written.GateClause, scope: ProgramScope, months: int) -> Gate | None:
    program = scope.program
    assert program is not None
    outcome = check_outcome(clause.outcome, program, months, scope.findings)
    if outcome is None:
        return None
    bounds = check_bounds(clause.bound, outcome, program, scope.findings)
    layer, level = Layer.POINT, USUAL_LEVEL
    match clause.layer:
        case written.NoiseLayer():
            layer = Layer.NOISE
        case written.ConfidenceLayer(percent=percent):
            layer, level = Layer.CONFIDENCE, percent.value
            if not LEAST_LEVEL < level <= MOST_LEVEL:
                scope.findings.report(
                    "L553", percent.span, f"`{percent.span.text}` is no confidence to decide by",
                    help="write one above 50% and at most 99.9%, such as `with 95% confidence`",
                )  # fmt: skip
        case None:
            pass
    if bounds is None:
        return None
    return Gate(clause.word.text == "require", outcome, bounds, layer, level, clause.span)


def _accepted(
    block: syntax.StudyBlock, scope: ProgramScope, population: Population | PopulationSetAside
) -> tuple[Accepted, ...]:
    assert scope.program is not None
    numbers = dict(numbers_to_accept(scope.program))
    if isinstance(population, Population):
        numbers |= numbers_about_value(population)
    known = (*numbers, f"{population.name}.redeem")
    found: dict[str, Accepted] = {}
    for clause in block.clauses:
        if not isinstance(clause, written.AcceptClause):
            continue
        path = clause.path.text
        number = numbers.get(path)
        if path not in known:
            near = nearest(path, known)
            scope.findings.report(
                "L554", clause.path.span, f"there is no number `{path}` to accept",
                help=f"did you mean `{near}`?" if near else _acceptable(known),
                edit=Edit(clause.path.span, near) if near else None,
            )  # fmt: skip
        elif number is not None and number.source is not None:
            scope.findings.report(
                "L554", clause.path.span, f"`{path}` has a source, so there is nothing to accept",
                secondary=[(number.span, "its source is here")], help="delete this line",
            )  # fmt: skip
        elif path in found:
            scope.findings.report(
                "L205", clause.span, f"`{path}` may be accepted once here",
                label="again here", secondary=[(found[path].span, "first accepted here")],
                help="keep the one that is meant",
            )  # fmt: skip
        else:
            found[path] = Accepted(path, clause.why.text, clause.span)
    return tuple(found.values())


def _acceptable(known: Iterable[str]) -> str:
    return f"a study may accept {listed(known, 'and')}"
