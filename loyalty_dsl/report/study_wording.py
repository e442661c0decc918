"""What came of a gate and of a comparison, in sentences that every output shares.

Invariant: a sentence is a pure function of what was computed; a gate's sentence names the layer that it was
decided at.
"""

from collections.abc import Iterator
from fractions import Fraction

from loyalty_dsl.decisions.gates import GateResult, Verdict
from loyalty_dsl.decisions.outcomes import Outcome, Target
from loyalty_dsl.decisions.studies import Objective, StudyResult
from loyalty_dsl.forecast.compared import Comparison, Figure
from loyalty_dsl.forecast.figures import Forecast, Notice
from loyalty_dsl.language.outcomes import Unit
from loyalty_dsl.language.study import Layer
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.wording import money_text, one_line

_TOLD = ("opened", "opening-left-out", "reward-rate", "no-reward-rate", "cost-differs")

FEW = "too few members were simulated to know the noise"


def notices_told(forecast: Forecast) -> tuple[Notice, ...]:
    """The notices without which the figures of a study would be taken for something else."""
    return tuple(notice for notice in forecast.notices if notice.id in _TOLD)


def verdict_word(result: GateResult) -> str:
    """One word: `holds`, `broken`, `warning` or `refused`."""
    if result.verdict is Verdict.BROKEN and not result.gate.requires:
        return "warning"
    return result.verdict.value


def gate_sentence(result: GateResult) -> str:
    """What the figure is, and by how much it keeps or breaks the bound."""
    outcome = result.outcome
    if result.value is None or result.margin is None:
        return f"{outcome.text} is not known: {result.refusal}"
    told = f"{outcome.text} is {outcome.format(result.value)}"
    target, margin = result.binding, result.margin
    side = "below" if _is_below(target, result.value) else "above"
    bound = f"the {one_line(target.written)} that is {_allowed(target)}"
    by = size_text(abs(margin), outcome)
    told += f", just {bound}" if not margin else f", {by} {side} {bound}"
    if result.verdict is Verdict.REFUSED:
        return f"{told}; but {result.refusal}"
    return told


def layer_sentence(result: GateResult) -> str:
    """How sure that is, and of what."""
    outcome, noise = result.outcome, result.noise
    if result.value is None:
        return ""
    if result.verdict is Verdict.REFUSED:
        return ""
    if noise is None:
        return FEW
    known = f"simulation noise ±{size_text(noise, outcome)}"
    match result.gate.layer:
        case Layer.POINT:
            if not result.could_change:
                return f"{known}: other members would not change the answer"
            settled = f"; about {result.settled_by:,} members would settle it" if result.settled_by else ""
            return f"{known}: the answer could change within it{settled}"
        case Layer.NOISE:
            if result.verdict is Verdict.HOLDS:
                return f"{known}: all of it keeps the bound"
            return f"{known}: {'part' if result.could_change else 'all'} of it breaks the bound"
        case Layer.CONFIDENCE:
            errors = result.errors
            assert errors is not None
            parts = [
                f"the luck of members ±{size_text(errors.noise, outcome)}",
                f"parameters ±{size_text(errors.parameters, outcome)}",
                f"a year that all share ±{size_text(errors.common_year, outcome)} (a judgement)",
                f"unseen weeks ±{size_text(errors.backtest, outcome)}",
            ]
            percent = f"{float(result.gate.level) * 100:g}%"
            return f"{percent} confidence ±{size_text(errors.total, outcome)}, of {', '.join(parts)}"


def size_text(size: Fraction | float, outcome: Outcome) -> str:
    """How large a difference is: `$310,000`, `4.1 percentage points`."""
    if outcome.kind.unit is Unit.SHARE:
        percent = float(size) * 100
        return f"{percent:.2f} percentage points" if percent >= 0.05 else f"{percent:.2g} percentage points"
    return outcome.format(size)


def change_text(change: Fraction | float, outcome: Outcome) -> str:
    """A difference with its sign: `+$310,000`."""
    sign = "+" if change > 0 else "-" if change < 0 else "±"
    return sign + size_text(change if change > 0 else -change, outcome)


def _is_below(target: Target, value: Fraction) -> bool:
    return value < target.bound


def _allowed(target: Target) -> str:
    return "allowed" if target.sign in ("<=", "<") else "required"


# ---- objective and comparison


def objective_sentence(objective: Objective) -> str:
    """What the study is about: `liability at month 36 is $3,690,000 (±$12,000); less is better`."""
    outcome = objective.outcome
    if objective.value is None:
        return f"{outcome.text} is not known: {objective.why}"
    noise = "" if objective.noise is None else f" (simulation noise ±{size_text(objective.noise, outcome)})"
    better = "" if outcome.kind.better is None else f"; {outcome.kind.better} is better"
    return f"{outcome.text} is {outcome.format(objective.value)}{noise}{better}"


def difference_sentence(result: StudyResult) -> str | None:
    """How the objective differs from what the study is compared with."""
    objective = result.objective
    if objective is None or objective.difference is None:
        return None
    change = change_text(objective.difference, objective.outcome)
    noise = objective.difference_noise
    told = "" if noise is None else f" (±{size_text(noise, objective.outcome)} of simulation noise)"
    return f"{change}{told} against {one_line(result.compared_with or '')}"


def comparison_lines(result: StudyResult) -> list[str]:
    """What changes for the business and for members: `liability +$310,000`, `4,120 members lose Gold`."""
    comparison = result.comparison
    if comparison is None:
        return [] if result.compared_with is None else ["the program is new, there is none to compare with"]
    money = comparison.new.program.money
    lines = []
    for name, figures in (("liability", comparison.liability), ("reward cost", comparison.reward_cost)):
        if figures is not None:
            changed = figures[-1].difference != 0
            lines.append(f"{name} {_money_change(figures[-1], money) if changed else 'unchanged'}")
    lines += _level_lines(comparison)
    everybody = comparison.everybody
    if everybody.rose or everybody.fell:
        lines.append(
            f"{counted(everybody.rose, 'member')} receive more and {everybody.fell:,} less, "
            f"{_money_change(everybody.value, money)} together"
        )
    else:
        lines.append("nobody receives more or less")
    return lines


def _money_change(figure: Figure, money: str) -> str:
    change = figure.difference
    sign = "+" if change > 0 else "-" if change < 0 else "±"
    return f"{sign}{money_text(abs(change), money)}"


def _level_lines(comparison: Comparison) -> Iterator[str]:
    """Members who end below or above a level that they would have had, by level."""
    for ladder in comparison.new.program.ladders:
        before = next((one for one in comparison.old.program.ladders if one.name == ladder.name), None)
        moves = [move for move in comparison.moves if move.ladder == ladder.label]
        if before is None or not moves:
            continue
        rank = {level.label: level.index for level in ladder.levels}
        known = [level.label for level in before.levels if level.label in rank]
        for label in reversed(known):
            lost = sum(m.members for m in moves if m.old == label and rank.get(m.new, 0) < rank[label])
            won = sum(m.members for m in moves if m.new == label and rank.get(m.old, 0) < rank[label])
            if lost:
                yield f"{counted(lost, 'member')} lose{'s' if lost == 1 else ''} {one_line(label)}"
            if won:
                yield f"{counted(won, 'member')} reach{'es' if won == 1 else ''} {one_line(label)}"


def headline(result: StudyResult) -> str:
    """What a pull request is told first."""
    if result.comparison is not None:
        return ", ".join(comparison_lines(result)[:3])
    broken = [gate for gate in result.gates if not gate.passes]
    if broken:
        return gate_sentence(broken[0])
    return objective_sentence(result.objective) if result.objective else "every bound holds"


def summary(results: tuple[StudyResult, ...]) -> str:
    """`2 studies: 5 of 6 bounds hold, 1 broken`."""
    gates = [gate for result in results for gate in result.gates]
    words = [verdict_word(gate) for gate in gates]
    told = f"{counted(len(results), 'study', 'studies')}: {words.count('holds')} of "
    told += f"{counted(len(gates), 'bound')} hold" + ("s" if len(gates) == 1 else "")
    for word in ("broken", "refused", "warning"):
        if words.count(word):
            told += f", {words.count(word)} {word}"
    return told
