"""An answer on the terminal: the value, what it gives, its neighbours, and how sure it is.

Invariant: an answer never stands without the interval of answers that the noise allows.
"""

from fractions import Fraction

from loyalty_dsl.decisions.outcome_kinds import Target
from loyalty_dsl.decisions.solving import Solution, Tried
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.style import Style
from loyalty_dsl.report.wording import one_line, sample_text, span_text, wrapped

FEW = "How sure that is cannot be said: at least 200 members must be simulated (--sample)."


def answer_text(solution: Solution) -> str:
    """The answer in a sentence: `status.gold = $612 meets liability at month 36 <= $4M`.

    An equality is met at one value only by luck: else the two are told between which the outcome crosses it.
    """
    if _crosses(solution):
        first, second = sorted((solution.answer, solution.next_), key=lambda tried: tried.value)
        return f"{solution.target.text} between {solution.path.path} = {first.text} and {second.text}"
    return f"{solution.path.path} = {solution.answer.text} meets {solution.target.text}"


def sureness_text(solution: Solution) -> str:
    """How far the answer would move if other members had been drawn."""
    if solution.low is None or solution.high is None:
        return FEW
    outcome = solution.target.outcome
    told = (
        f"The outcome has a simulation noise of ±{outcome.format(solution.answer.noise or 0)}, so with other"
    )
    told += " members the answer "
    low = f"{solution.low} or less" if solution.low_open else solution.low
    high = f"{solution.high} or more" if solution.high_open else solution.high
    if solution.low == solution.high:
        return f"{told}would be the same."
    if solution.low_open and solution.high_open:
        return (
            f"{told}could be any value of the range: simulate more members (--sample) for a sharper answer."
        )
    return f"{told}would be between {low} and {high}, 95 times in 100. It says nothing about the assumptions."


def render_solution(solution: Solution, provenance: Provenance, style: Style) -> str:
    """The answer as lines without a last newline."""
    forecast, outcome = solution.forecast, solution.target.outcome
    now = f"As it is, {solution.path.path} = {solution.path.span.text} gives {outcome.format(solution.base)}"
    neighbours = [_row(solution, solution.answer), _row(solution, solution.next_)]
    if solution.before is not None:
        neighbours.insert(0, _row(solution, solution.before))
    names = max(len(name) for name, _, _ in neighbours)
    values = max(len(value) for _, value, _ in neighbours)
    lines = [f"  {name:>{names}}  {value:>{values}}  {told}" for name, value, told in neighbours]
    blocks = [
        [style.paint(answer_text(solution), "bold")],
        wrapped(
            f"{one_line(forecast.program.label)}: {one_line(forecast.population.name)} · "
            f"{span_text(forecast)}"
        ),
        [f"{outcome.text} at", *lines],
        wrapped(sureness_text(solution)),
        wrapped(
            f"{now}. {len(solution.tried)} values from {solution.tried[0].text} to {solution.tried[-1].text} "
            "were simulated, each with the same members and the same luck."
        ),
        wrapped(f"{sample_text(forecast)} · seed {forecast.seed} · version {provenance.version}")
        + [f"{one_line(name)} {digest[:8]}" for name, digest in provenance.inputs],
    ]
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block)


def _row(solution: Solution, tried: Tried) -> tuple[str, str, str]:
    kept = "does not meet it" if tried is solution.next_ else "meets it"
    if tried is solution.answer:
        kept = "meets it: the answer"
    if solution.target.sign == "=":
        kept = _side(solution.target, tried.outcome)
        if tried is solution.answer:
            kept += ": the answer, the last before it crosses" if _crosses(solution) else ": the answer"
    return tried.text, solution.target.outcome.format(tried.outcome), kept


def _crosses(solution: Solution) -> bool:
    """Whether an equality holds between two values, and at neither."""
    target = solution.target
    return target.sign == "=" and solution.answer.outcome != target.bound


def _side(target: Target, outcome: Fraction) -> str:
    if outcome == target.bound:
        return f"is {target.written}"
    return f"{'below' if outcome < target.bound else 'above'} {target.written}"
