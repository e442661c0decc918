"""A gate: whether an outcome keeps its bounds, at the layer of uncertainty that the gate names.

Three layers. A plain gate is about the figure itself, and says whether other members could have changed the
answer. `within simulation noise` holds only where every value within the noise keeps the bound. `with 95%
confidence` holds only where every value within four errors together does: simulation noise, the parameters
of the fit, the year that all members share, and the forecast of weeks that the fit had not seen.

Invariants: simulating fewer members passes no gate, since the noise that it adds counts against it; a gate
that cannot be decided is refused with what to do, and never holds.
"""

from enum import Enum
from fractions import Fraction
from math import ceil, hypot, log10, sqrt
from statistics import NormalDist

import attrs

from loyalty_dsl.decisions.groups import Grouped, noise_of
from loyalty_dsl.decisions.outcomes import OUTCOMES, Outcome, Target, Unknown
from loyalty_dsl.decisions.relied_on import unaccepted
from loyalty_dsl.language.outcomes import Unit
from loyalty_dsl.language.population import Fitted, Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.study import Gate, Layer, Study, StudyOutcome
from loyalty_dsl.valuation.bands import COMMON_YEAR

USUAL = 0.95
ENOUGH = 1.2
"""What the sample that would settle a gate is multiplied by, as noise is itself only estimated."""


class Verdict(Enum):
    """What became of a gate."""

    HOLDS = "holds"
    BROKEN = "broken"
    REFUSED = "refused"


@attrs.frozen
class Errors:
    """Half-widths at the gate's level, in the unit of the outcome.

    Attributes:
        noise: of the members who were drawn, and of those whom the business will have.
        parameters: of the fit's parameters; common_year: of a year that all members share, a judgement;
            backtest: as far as the fit's forecast was off on weeks that it had not seen.
    """

    noise: float
    parameters: float
    common_year: float
    backtest: float

    @property
    def total(self) -> float:
        """All together, as independent errors."""
        return sqrt(self.noise**2 + self.parameters**2 + self.common_year**2 + self.backtest**2)


@attrs.frozen
class GateResult:
    """What became of a gate.

    Attributes:
        targets: its bounds; binding: the one that is nearest, or broken the most.
        value: `None` where the forecast does not tell it.
        noise: half-width of the simulation noise, 95 times in 100; `None` where too few were simulated.
        errors: of a gate with confidence that could be decided.
        margin: how far the value is on the good side of the binding bound; below 0 on the other.
        settled_by: members whose simulation would tell a plain gate beyond the noise; `None` where it does
            already, or no number would.
        refusal: why it cannot be decided; help: what to do then.
    """

    gate: Gate
    outcome: Outcome
    targets: tuple[Target, ...]
    binding: Target
    verdict: Verdict
    value: Fraction | None = None
    noise: float | None = None
    errors: Errors | None = None
    margin: Fraction | None = None
    settled_by: int | None = None
    refusal: str | None = None
    help: str | None = None

    @property
    def passes(self) -> bool:
        """Whether the study may go on: it holds, or only warns."""
        return self.verdict is Verdict.HOLDS or not self.gate.requires

    @property
    def could_change(self) -> bool:
        """Whether the figure is so near the bound that other members could have changed the answer."""
        return self.margin is not None and self.noise is not None and abs(self.margin) <= self.noise


def outcome_of(asked: StudyOutcome, program: Program) -> Outcome:
    """The outcome that a study asks for, as `decisions` works it out."""
    kind = next(kind for kind in OUTCOMES if kind.name == asked.name.name)
    in_money = any(one.in_money for one in program.currencies if one.name == asked.subject)
    return Outcome(kind, asked.subject, asked.month, program.money, in_money and kind.unit is Unit.UNITS)


def decide(gate: Gate, study: Study, run: Grouped) -> GateResult:
    """Decides a gate.

    Args:
        study: which the gate is of; it says what is accepted.
        run: the simulation of the study.
    """
    outcome = outcome_of(gate.outcome, run.program)
    targets = tuple(Target(outcome, bound.sign, bound.value, bound.written) for bound in gate.bounds)
    start = GateResult(gate, outcome, targets, targets[0], Verdict.REFUSED)
    try:
        value = run.value(outcome)
    except Unknown as unknown:
        return attrs.evolve(start, refusal=unknown.message, help=unknown.help)
    binding = min(targets, key=lambda target: (target.met(value), target.margin(value)))
    noise = _noise(outcome, run)
    known = attrs.evolve(start, binding=binding, value=value, noise=noise, margin=binding.margin(value))
    refused = unaccepted(outcome, study, run) or _cannot_be_told(gate, outcome, study, run.population, noise)
    if refused is not None:
        return attrs.evolve(known, refusal=refused[0], help=refused[1])
    met = all(target.met(value) for target in targets)
    match gate.layer:
        case Layer.POINT:
            sample = _settling(known, run.forecast.sample)
            return attrs.evolve(known, verdict=_verdict(met), settled_by=sample)
        case Layer.NOISE:
            assert noise is not None
            return attrs.evolve(known, verdict=_verdict(met and float(binding.margin(value)) >= noise))
        case Layer.CONFIDENCE:
            fitted = run.population.fitted
            assert noise is not None and fitted is not None
            redeems = _rests_on_redemption(outcome, run.population)
            both = with_own_luck(noise, run.forecast.weight)
            errors = errors_of(float(value), both, fitted, float(gate.level), redeems=redeems)
            holds = met and float(binding.margin(value)) >= errors.total
            return attrs.evolve(known, verdict=_verdict(holds), errors=errors)


def errors_of(value: float, noise: float, fitted: Fitted, level: float, *, redeems: bool) -> Errors:
    """The errors of a value at a level of confidence.

    Args:
        value: of the outcome.
        noise: half-width of the noise of members, 95 times in 100.
        fitted: with the errors of its parameters and of its forecast.
        redeems: whether the outcome rests on how members redeem.
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    scale = z / NormalDist().inv_cdf((1 + USUAL) / 2)
    size = abs(value)
    redemption = float(fitted.redemption or 0) if redeems else 0.0
    return Errors(
        noise * scale,
        z * hypot(float(fitted.parameter or 0), redemption) * size,
        COMMON_YEAR * scale * size,
        z * float(fitted.holdout or 0) * size,
    )


def with_own_luck(noise: float, weight: Fraction) -> float:
    """The noise of what will be seen: that of the simulation, and that of the business's own members, who are
    drawn as well.

    Args:
        noise: half-width of the simulation noise.
        weight: members of the business for each that is simulated.
    """
    return noise * sqrt(1 + 1 / float(weight))


def _verdict(holds: bool) -> Verdict:
    return Verdict.HOLDS if holds else Verdict.BROKEN


def _noise(outcome: Outcome, run: Grouped) -> float | None:
    try:
        return noise_of(outcome, run)
    except Unknown:  # without one of the groups, too few redeem to tell
        return None


def _cannot_be_told(
    gate: Gate, outcome: Outcome, study: Study, population: Population, noise: float | None
) -> tuple[str, str] | None:
    """Why a gate cannot be decided at its layer, and what to do."""
    if gate.layer is Layer.POINT:
        return None
    if gate.layer is Layer.CONFIDENCE:
        fitted = population.fitted
        instead = "or decide by `within simulation noise`, which says nothing of the assumptions"
        if fitted is None:
            return (
                f"the population `{population.name}` was made up, not fitted to data: there is no "
                "confidence to have in it",
                f"fit one with `loyalty fit TRANSACTIONS -o {population.name}.loyalty`, {instead}",
            )
        if fitted.parameter is None or fitted.holdout is None:
            what = "parameter error" if fitted.parameter is None else "holdout error"
            return (
                f"the fit of `{population.name}` has no {what}, so nobody can say how sure it is",
                f"fit it anew over more months, {instead}",
            )
        path = f"{population.name}.redeem"
        assumed = fitted.redemption is None and _rests_on_redemption(outcome, population)
        if assumed and path not in [one.path for one in study.accepted]:
            return (
                f"{outcome.text} rests on how members redeem, which is assumed in `{population.name}`",
                f'add a line such as `accept assumed {path} "who answers for it"`',
            )
    if noise is None:
        return (
            "too few members are simulated to know the noise",
            "simulate at least 200 members (`sample` or --sample)",
        )
    return None


_BUYING_ALONE = {
    "issued", "active rate", "active", "members", "joined", "purchases", "spend", "margin",
    "incremental spend",
}  # fmt: skip


def _rests_on_redemption(outcome: Outcome, population: Population) -> bool:
    chooses = any(segment.redeem is not None for segment in population.segments)
    return chooses and outcome.kind.name not in _BUYING_ALONE


def _settling(result: GateResult, sample: int) -> int | None:
    """How many members it would take to be beyond the noise: the noise shrinks with the root of them."""
    if not result.could_change or not result.margin or result.noise is None:
        return None
    needed = ENOUGH * sample * (result.noise / abs(float(result.margin))) ** 2
    step = int(10 ** max(0, int(log10(needed)) - 1))
    return ceil(needed / step) * step
