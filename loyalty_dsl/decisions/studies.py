"""A study, run: one simulation in groups, its objective, its gates, and what it is compared with.

Invariants: what a study says is what is simulated, but for the members and the seed that a command may set;
the gates of a study are all decided over one simulation; what it is compared with lives with the same members
and the same luck.
"""

from collections.abc import Callable
from fractions import Fraction

import attrs

from loyalty_dsl.choosing import choose_population, choose_program
from loyalty_dsl.decisions.gates import GateResult, decide, outcome_of
from loyalty_dsl.decisions.groups import Grouped, difference_noise, noise_of, simulate_groups
from loyalty_dsl.decisions.outcomes import Outcome, Unknown
from loyalty_dsl.decisions.paths import paths_of
from loyalty_dsl.decisions.settings import Setting, find_path, settled_book
from loyalty_dsl.decisions.valuing import with_value
from loyalty_dsl.forecast.compared import Comparison
from loyalty_dsl.forecast.comparison import compare_pairs
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.study import Study
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.transplant import Arm, transplant
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.shown import Shown
from loyalty_dsl.simulation.pairs import simulate_pairs
from loyalty_dsl.simulation.pilot import joining_of, with_reward_rates
from loyalty_dsl.simulation.planning import Planned

Told = Callable[[int, int], None]


@attrs.frozen(eq=False)
class Against:
    """Other files that hold a study's program as well, such as those that a change starts from.

    Attributes:
        name: as the user wrote it.
    """

    book: Book
    name: str


@attrs.frozen(eq=False)
class Objective:
    """What a study is about.

    Attributes:
        value: `None` where the forecast does not tell it; `why` says so then.
        difference: from what the study is compared with; its noise is that of paired members.
    """

    outcome: Outcome
    value: Fraction | None
    noise: float | None
    why: str | None = None
    difference: Fraction | None = None
    difference_noise: float | None = None


@attrs.frozen(eq=False)
class StudyResult(Shown):
    """A study and what came of it.

    Attributes:
        seed: that was used.
        comparison: with the version that the study names, which `compared_with` says in words; `None` also
            where other files, which were to be compared with, have no such program: it is new.
    """

    study: Study
    run: Grouped
    seed: int
    objective: Objective | None
    gates: tuple[GateResult, ...]
    comparison: Comparison | None
    compared_with: str | None

    @property
    def passes(self) -> bool:
        """Whether every bound that is required holds."""
        return all(gate.passes for gate in self.gates)


def choose_studies(book: Book, names: tuple[str, ...] = ()) -> tuple[Study, ...]:
    """The studies that are meant: those named, or all.

    Raises:
        InputRefused: there is none of a name, or none at all.
    """
    known = [study.name for study in book.studies]
    for name in names:
        if name not in known:
            near = nearest(name, known)
            told = f"did you mean `{near}`?" if near else f"they have {listed(known)}" if known else None
            raise InputRefused(f"there is no study `{name}`", told or "these files have none")
    return tuple(study for study in book.studies if not names or study.name in names)


def run_study(
    book: Book,
    study: Study,
    *,
    against: Against | None = None,
    sample: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Told | None = None,
) -> StudyResult:
    """Runs a study.

    Args:
        book: which the study is of.
        against: what to compare with in place of what the study names.
        sample, seed: in place of the study's own.
        threads: all cores, by default.
        progress: called with the members done and all members, of each simulation.

    Raises:
        InputRefused: the population cannot be simulated, or the study cannot be compared with what it names.
    """
    program = choose_program(book, study.program)
    population = choose_population(book, study.population)
    planned = _planned(study, sample, seed)
    old = _compared_with(book, study, population, against)
    joining = None
    if old is not None:
        old, new = with_reward_rates(old, Arm(program, population), seed=planned["seed"], first_day=None)
        population, joining = new.population, joining_of(old, new)
    run = simulate_groups(program, population, threads=threads, progress=progress, joining=joining, **planned)
    if population.value.margin is not None:
        run.forecast = with_value(run)
    planned["first_day"] = run.forecast.months[0].start
    comparison, before = None, None
    if old is not None:
        pairs = simulate_pairs(old, Arm(program, population), threads=threads, progress=progress, **planned)
        comparison = compare_pairs(pairs)
        if study.objective is not None:
            before = simulate_groups(
                old.program,
                old.population,
                threads=threads,
                progress=progress,
                joining=joining,
                **planned,
            )
    return StudyResult(
        study,
        run,
        planned["seed"],
        _objective(study, run, before),
        tuple(decide(gate, study, run) for gate in study.gates),
        comparison,
        _in_words(study) if against is None else f"{study.program} of {against.name}",
    )


def simulate_study(
    book: Book,
    study: Study,
    *,
    sample: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Told | None = None,
) -> Grouped:
    """The simulation that a study is about; the arguments are those of `run_study`.

    Raises:
        InputRefused: the population cannot be simulated.
    """
    program = choose_program(book, study.program)
    population = choose_population(book, study.population)
    planned = _planned(study, sample, seed)
    old = _compared_with(book, study, population, None)
    joining = None
    if old is not None:  # members compare the version with that one, as in `run_study`
        old, new = with_reward_rates(old, Arm(program, population), seed=planned["seed"], first_day=None)
        population, joining = new.population, joining_of(old, new)
    return simulate_groups(
        program,
        population,
        threads=threads,
        progress=progress,
        joining=joining,
        **planned,
    )


def _planned(study: Study, sample: int | None, seed: int | None) -> Planned:
    """What a study says of its simulation, but for the members and the seed that are said in their place."""
    return {
        "sample": study.sample if sample is None else sample,
        "months": study.months,
        "seed": study.seed if seed is None else seed,
    }


def _objective(study: Study, run: Grouped, before: Grouped | None) -> Objective | None:
    if study.objective is None:
        return None
    outcome = outcome_of(study.objective, run.program)
    try:
        value = run.value(outcome)
    except Unknown as unknown:
        return Objective(outcome, None, None, unknown.message)
    noise = _known(lambda: noise_of(outcome, run))
    if before is None:
        return Objective(outcome, value, noise)
    try:
        old = before.value(outcome)
    except InputRefused:  # a level or a currency that the other version does not have
        return Objective(outcome, value, noise)
    between = _known(lambda: difference_noise(outcome, before, run))
    return Objective(outcome, value, noise, None, value - old, between)


def _known(noise: Callable[[], float | None]) -> float | None:
    """A noise, where it can be told with every group left out."""
    try:
        return noise()
    except Unknown:
        return None


# ---- what it is compared with


def _compared_with(book: Book, study: Study, population: Population, against: Against | None) -> Arm | None:
    if against is not None:
        if study.program not in [program.name for program in against.book.programs]:
            return None
        before = choose_program(against.book, study.program)
        return Arm(before, transplant(population, before).population)
    if study.compare is None and not study.settings:
        return None
    if study.compare is not None:
        other = choose_program(book, study.compare)
    else:
        other = choose_program(_set(book, study), study.program)
    return Arm(other, transplant(population, other).population)


def _set(book: Book, study: Study) -> Book:
    """The book of the version that a study is compared with, made by setting numbers of the program."""
    names = (study.program, study.population)
    paths = paths_of(book.sources)
    for one in study.settings:
        try:
            path = find_path(one.path, paths, names)
        except InputRefused as refusal:
            raise InputRefused(f"{one.span}: {refusal.message}", refusal.help) from None
        if path.owner != study.program:
            raise InputRefused(
                f"{one.span}: `{one.path}` is of `{path.owner}`; a study compares versions of its program",
                "the members are the same in both versions",
            )
    try:
        return settled_book(book.sources, [Setting(one.path, one.value) for one in study.settings], names)
    except InputRefused as refusal:
        raise InputRefused(f"{study.settings[0].span}: {refusal.message}", refusal.help) from None


def _in_words(study: Study) -> str | None:
    if study.compare is not None:
        return study.compare
    told = ", ".join(f"{one.path} = {one.value}" for one in study.settings)
    return f"{study.program} with {told}" if told else None
