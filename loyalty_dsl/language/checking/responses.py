"""Responses: which of the registry's a population turns on, with which numbers.

Invariant: what is named is simulated or refused; a response of the preset that the program cannot have is
left out, one that is named is told to do nothing.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from loyalty_dsl.calendar import Duration
from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import duration
from loyalty_dsl.language.checking.clauses import at_most_one
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.shares import format_percent
from loyalty_dsl.language.expiry import Never
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.response_causes import LONGEST_PROMOTION, goals_of, promotions_of
from loyalty_dsl.language.responses import (
    EXCLUDES,
    RESPONSES,
    Acts,
    ChosenResponse,
    Parameter,
    Response,
    Value,
    response_named,
)
from loyalty_dsl.language.rewards import FreeItem, MoneyOff, PercentOff, Taking
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.syntax.populations import LiftClause
from loyalty_dsl.language.syntax.responses import ResponseClause, ResponsesBlock
from loyalty_dsl.language.windows import Lifetime, Rolling

_A_RATE = Fraction(2, 100)
"""A reward rate, for an example."""


def check_responses(scope: ProgramScope, block: syntax.PopulationBlock) -> tuple[ChosenResponse, ...]:
    """The responses that a population turns on, in the registry's order; what is wrong is reported."""
    findings = scope.findings
    written = at_most_one(findings, block.clauses, ResponsesBlock, "responses")
    if written is None:
        return ()
    chosen = check_clauses(scope, written)
    if not written.clauses and written.literature is None and scope.losses.spared(written.span):
        findings.report(
            "L310", written.span, "this turns no response on",
            help="write `responses literature` for the preset, or name some: "
            "`responses { goal_gradient 25% }`",
        )  # fmt: skip
    if written.literature is not None:
        for response in RESPONSES:
            excluded = [one for pair in EXCLUDES if response.name in pair for one in pair if one in chosen]
            if response.in_literature and not excluded:
                values = tuple(parameter.literature for parameter in response.parameters)
                chosen.setdefault(
                    response.name, ChosenResponse(response, values, written.literature, preset=True)
                )
    verify_together(findings, block, chosen)
    return tuple(chosen[response.name] for response in RESPONSES if response.name in chosen)


def check_clauses(scope: ProgramScope, written: ResponsesBlock) -> dict[str, ChosenResponse]:
    """The responses that the clauses of a block name; what is wrong is reported."""
    findings = scope.findings
    chosen: dict[str, ChosenResponse] = {}
    for clause in written.clauses:
        response = _named(findings, clause)
        if response is None:
            continue
        if response.name in chosen:
            findings.report(
                "L205", clause.name.span, f"`{response.name}` is described twice", label="again here",
                secondary=[(chosen[response.name].span, "first described here")], help="delete one",
            )  # fmt: skip
            continue
        values = _values(scope, response, clause)
        if values is not None:
            chosen[response.name] = ChosenResponse(response, values, clause.span)
    return chosen


def _named(findings: Findings, clause: ResponseClause) -> Response | None:
    response = response_named(clause.name.text)
    if response is None:
        names = [one.name for one in RESPONSES]
        guess = nearest(clause.name.text, names)
        findings.report(
            "L201", clause.name.span, f"there is no response `{clause.name.text}`",
            help=f"did you mean `{guess}`?" if guess else f"the responses are {listed(names)}",
            edit=Edit(clause.name.span, guess) if guess else None,
        )  # fmt: skip
        return None
    return response


def _values(
    scope: ProgramScope, response: Response, clause: ResponseClause
) -> tuple[Value | None, ...] | None:
    """The values of all parameters: as written, else those of the literature."""
    findings, errors = scope.findings, scope.findings.errors
    said: dict[str, Value] = {}
    if clause.value is not None:
        _say(scope, response, response.parameters[0], clause.value, said)
    first: dict[str, syntax.Name] = {}
    named = {one.keyword: one for one in response.parameters if one.keyword}
    for setting in clause.settings:
        word = setting.word
        if word.text not in named:
            guess = nearest(word.text, named)
            has = f"its numbers are {listed(list(named))}" if named else "it has one number only"
            findings.report(
                "L201", word.span, f"`{response.name}` has no `{word.text}`",
                help=f"did you mean `{guess}`?" if guess else has,
                edit=Edit(word.span, guess) if guess else None,
            )  # fmt: skip
        elif word.text in first:
            findings.report(
                "L205", word.span, f"`{word.text}` may be written once here", label="again here",
                secondary=[(first[word.text].span, "first written here")], help="keep the one that is meant",
            )  # fmt: skip
        else:
            first[word.text] = word
            _say(scope, response, named[word.text], setting.value, said)
    if findings.errors > errors:
        return None
    return tuple(said.get(one.keyword, one.literature) for one in response.parameters)


def _say(
    scope: ProgramScope,
    response: Response,
    parameter: Parameter,
    written: syntax.Percent | syntax.Duration,
    said: dict[str, Value],
) -> None:
    """Notes the value of one parameter, or reports what is wrong with it."""
    findings, example = scope.findings, written_value(parameter.literature or _A_RATE)
    what = parameter.meaning
    if isinstance(parameter.literature, Duration) != isinstance(written, syntax.Duration):
        kind = "a length of time" if isinstance(parameter.literature, Duration) else "a percentage"
        findings.report(
            "L301", written.span, f"`{written.span.text}` is not {kind}: {what}",
            help=f"write {kind} such as `{example}`",
        )  # fmt: skip
        return
    if isinstance(written, syntax.Duration):
        lasting = duration(scope, written)
        if lasting is not None:
            said[parameter.keyword] = lasting
        return
    low = parameter.least is not None and written.value < parameter.least
    high = parameter.most is not None and written.value > parameter.most
    if low or high:
        bounds = [
            f"{word} {format_percent(bound)}"
            for word, bound in (("at least", parameter.least), ("at most", parameter.most))
            if bound is not None
        ]
        flipped = -written.value
        flips = low and parameter.most == 0 and parameter.least is not None and flipped >= parameter.least
        if parameter.most == 0 and high and parameter.least is not None:
            flips = flipped >= parameter.least
        findings.report(
            "L404", written.span,
            f"`{written.span.text}` is out of range for `{response.name}`: {what}",
            help=f"write `-{written.span.text}`" if flips else f"write {' and '.join(bounds)}",
        )  # fmt: skip
        return
    said[parameter.keyword] = written.value


def written_value(value: Value) -> str:
    """A value as it is written in a file."""
    if isinstance(value, Duration):
        return f"{value.count} {value.unit.value}{'s' if value.count != 1 else ''}"
    return f"-{format_percent(-value)}" if value < 0 else format_percent(value)


def written_clause(chosen: ChosenResponse) -> str:
    """The clause of a response with all its numbers."""
    named = zip(chosen.response.parameters, chosen.values, strict=True)
    said = (
        f"{parameter.keyword} {written_value(value)}".strip()
        for parameter, value in named
        if value is not None
    )
    return " ".join((chosen.name, *said))


def verify_together(
    findings: Findings, block: syntax.PopulationBlock, chosen: dict[str, ChosenResponse]
) -> None:
    """Reports responses that say opposite things, or the same thing as `lift`."""
    for one, other in EXCLUDES:
        if one in chosen and other in chosen:
            findings.report(
                "L419", chosen[other].span, f"`{one}` and `{other}` say opposite things of the same weeks",
                secondary=[(chosen[one].span, f"`{one}`")],
                help=f"keep `{one}` where rewards have a price to reach, `{other}` where points are paid "
                "like money",
            )  # fmt: skip
    lift = next((clause for clause in block.clauses if isinstance(clause, LiftClause)), None)
    if lift is not None and "program_lift" in chosen and not chosen["program_lift"].preset:
        findings.report(
            "L419", chosen["program_lift"].span, "`lift` and `program_lift` both say how much more members "
            "buy because of the program",
            secondary=[(lift.span, "the same for all members")],
            help="keep one: `program_lift` differs by how much members buy, and fades",
        )  # fmt: skip
    if lift is not None and "program_lift" in chosen and chosen["program_lift"].preset:
        del chosen["program_lift"]


# ---- what a program has to react to


def responses_that_apply(
    program: Program,
    block: syntax.PopulationBlock,
    chosen: Sequence[ChosenResponse],
    findings: Findings,
) -> tuple[ChosenResponse, ...]:
    """Those of a population's responses that its program gives a cause for; a warning says of one that is
    named and has none."""
    kept = []
    for one in chosen:
        why = _NEEDS.get(one.name, _nothing)(program, block)
        if set(one.response.acts) == {Acts.BUYING}:
            why = _no_purchases(block) or why
        if why and not one.preset:
            findings.report("L619", one.span, f"`{one.name}` changes nothing: {why}", help="delete it")
        if not why:
            kept.append(one)
    return tuple(kept)


def _nothing(program: Program, block: syntax.PopulationBlock) -> str:
    return ""


def _no_purchases(block: syntax.PopulationBlock) -> str:
    return "" if _has_trait(block, syntax.PurchasesTrait) else "nobody buys: no segment has `purchases`"


def _has_trait(block: syntax.PopulationBlock, kind: type) -> bool:
    """Whether a segment has a trait of a kind."""
    segments = (clause for clause in block.clauses if isinstance(clause, syntax.SegmentBlock))
    return any(isinstance(trait, kind) for segment in segments for trait in segment.traits)


def _no_goal(program: Program, block: syntax.PopulationBlock) -> str:
    return "" if goals_of(program) else f"no reward of `{program.name}` has a price to reach"


def _no_reward(program: Program, block: syntax.PopulationBlock) -> str:
    paid = any(one.currency >= 0 for one in program.rewards)
    return "" if paid else f"`{program.name}` has no reward that is paid for"


def _no_levels(program: Program, block: syntax.PopulationBlock) -> str:
    return "" if program.ladders else f"`{program.name}` has no tiers"


def _no_window(program: Program, block: syntax.PopulationBlock) -> str:
    if not program.ladders:
        return _no_levels(program, block)
    ends = any(not isinstance(one.window, Rolling | Lifetime) for one in program.counters)
    return "" if ends else f"`{program.name}` counts in no window that ends on a day"


def _no_expiry(program: Program, block: syntax.PopulationBlock) -> str:
    expires = any(not isinstance(one.expiry, Never) for one in program.currencies)
    expires = expires or any(one.expiry is not None for one in program.earns)
    return "" if expires else f"nothing of `{program.name}` expires"


def _no_part(program: Program, block: syntax.PopulationBlock) -> str:
    parts = any(one.taking is Taking.CHOSEN and one.as_much for one in program.rewards)
    return "" if parts else f"no reward of `{program.name}` is paid like money"


def _no_promotion(program: Program, block: syntax.PopulationBlock) -> str:
    if promotions_of(program):
        return ""
    return f"no rule of `{program.name}` for purchases is for {LONGEST_PROMOTION} days at most"


def _no_friends(program: Program, block: syntax.PopulationBlock) -> str:
    return "" if _has_trait(block, syntax.ReferTrait) else "nobody brings friends: no segment has `refer`"


def _no_joiners(program: Program, block: syntax.PopulationBlock) -> str:
    joins = any(isinstance(clause, syntax.JoinClause) for clause in block.clauses)
    return "" if joins else "nobody joins"


def _no_worth(program: Program, block: syntax.PopulationBlock) -> str:
    faces = [case.face for one in program.rewards if one.worth is None for case in one.cases]
    known = any(isinstance(face, MoneyOff | PercentOff | FreeItem) for face in faces)
    known = known or any(one.worth is not None for one in program.rewards)
    if known or any(one.in_money or one.worth is not None for one in program.currencies):
        return ""
    return f"nothing says what anything that `{program.name}` gives is worth to members; add `worth $2`, say"


def _no_worth_or_leavers(program: Program, block: syntax.PopulationBlock) -> str:
    if not _has_trait(block, syntax.LeaveTrait):
        return "nobody leaves: no segment has `leave`"
    return _no_worth(program, block)


def _no_worth_or_joiners(program: Program, block: syntax.PopulationBlock) -> str:
    return _no_joiners(program, block) or _no_worth(program, block)


_NEEDS: dict[str, Callable[[Program, syntax.PopulationBlock], str]] = {
    "goal_gradient": _no_goal,
    "post_reward_reset": _no_reward,
    "redemption_momentum": _no_reward,
    "tier_pull": _no_window,
    "promotion_to_level": _no_levels,
    "demotion": _no_levels,
    "expiry_rush": _no_expiry,
    "stockpiling": _no_part,
    "promotion_lift": _no_promotion,
    "referral_retention": _no_friends,
    "self_selection": _no_joiners,
    "rate_elasticity": _no_worth,
    "devaluation_churn": _no_worth_or_leavers,
    "enrolment_elasticity": _no_worth_or_joiners,
}
