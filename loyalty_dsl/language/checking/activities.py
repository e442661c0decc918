"""What members do besides purchases: events of other kinds, returns, bringing friends, using benefits."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import assert_never

from loyalty_dsl.calendar import Unit
from loyalty_dsl.diagnostics import deletion
from loyalty_dsl.language import syntax
from loyalty_dsl.language.amounts import (
    Amount,
    Choice,
    Flat,
    Nothing,
    OfStrategy,
    PerField,
    PerItem,
    PerMoney,
    Share,
    ShareOfRules,
    Slices,
)
from loyalty_dsl.language.checking.amounts import duration
from loyalty_dsl.language.checking.clauses import at_most_one, only
from loyalty_dsl.language.checking.described import NOT_SIMULATED, check_draws, verify_described
from loyalty_dsl.language.checking.frequencies import check_basket, check_spread, verify_rate
from loyalty_dsl.language.checking.rhythms import check_rhythm
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.shares import verify_chance
from loyalty_dsl.language.checking.take_ups import check_shares_taken
from loyalty_dsl.language.conditions import Base, Condition, EventAmount, IsReferred, operands_of
from loyalty_dsl.language.counters import EventsMeasure, FieldMeasure, NumberMeasure, SpendMeasure
from loyalty_dsl.language.population import Activity, ReturnRate, TakeUp
from loyalty_dsl.language.program import Program, Trigger
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind
from loyalty_dsl.source import Span


def check_activities(
    scope: ProgramScope, block: syntax.SegmentBlock, elsewhere: frozenset[str]
) -> tuple[Activity, ...]:
    """The event blocks of a segment; what is wrong in them is reported and left out."""
    activities = []
    first: dict[str, syntax.EventTraits] = {}
    for trait in block.traits:
        if not isinstance(trait, syntax.EventTraits):
            continue
        kind = scope.events.resolve(trait.event)
        if kind is None:
            continue
        earlier = first.setdefault(kind.name, trait)
        if earlier is not trait:
            scope.findings.report(
                "L205", trait.span, f"`{kind.name}` is described twice", label="again here",
                secondary=[(earlier.span, "first described here")], help="delete one",
            )  # fmt: skip
            continue
        if kind.index in (PURCHASE, JOIN):
            scope.findings.report(
                "L405", trait.event.span, f"a {kind.name} is not described by an `event` block",
                help="write `purchases 2 per month` and `basket median $20 sigma 0.7`"
                if kind.index == PURCHASE else "write `join 100 members per month` in the population",
            )  # fmt: skip
            continue
        activity = _activity(scope, block, trait, kind, elsewhere)
        if activity is not None:
            activities.append(activity)
    return tuple(activities)


def _activity(
    scope: ProgramScope,
    block: syntax.SegmentBlock,
    trait: syntax.EventTraits,
    kind: EventKind,
    elsewhere: frozenset[str],
) -> Activity | None:
    errors = scope.findings.errors
    unit = Unit(trait.unit.text)
    drawn = f"`{kind.name}` of the segment `{block.name.text}`"
    verify_rate(scope, trait.number, unit)
    spread = check_spread(scope, trait.spread)
    written = basket_of(scope, trait.traits)
    basket = None if written is None else check_basket(scope, written, of_event=True)
    rhythm = check_rhythm(scope, trait.traits)
    described = check_draws(scope, trait.traits, kind, place=trait.span, drawn=drawn)
    if scope.losses.spared(block.span, trait.span):
        verify_described(scope, (kind.index,), described, elsewhere)
        _verify_basket(scope, trait, kind, written)
    if scope.findings.errors > errors:
        return None
    return Activity(kind.index, trait.number.value, unit, spread, basket, described.draws, trait.span, rhythm)


def basket_of(
    scope: ProgramScope, traits: Sequence[syntax.Trait]
) -> syntax.BasketTrait | syntax.GammaBasketTrait | None:
    """The line that says how large baskets are, with every other reported."""
    written = [each for each in traits if isinstance(each, syntax.BasketTrait | syntax.GammaBasketTrait)]
    return only(scope.findings, written, "basket")


def _verify_basket(
    scope: ProgramScope,
    trait: syntax.EventTraits,
    kind: EventKind,
    written: syntax.BasketTrait | syntax.GammaBasketTrait | None,
) -> None:
    """Reports an event without an amount where the program reads it."""
    of_basket = next((each for each in trait.traits if isinstance(each, syntax.OfBasketTrait)), None)
    reader = None if scope.program is None else next(_money_readers(scope.program, kind.index), None)
    if written is None and (of_basket is not None or reader is not None):
        why = (reader, "the program reads its amount") if reader is not None else (
            None if of_basket is None else of_basket.span, "a share of it"
        )  # fmt: skip
        scope.findings.report(
            "L402", trait.span, f"this does not describe the basket of `{kind.name}`", secondary=[why],
            help="add a line such as `basket median $240 sigma 0.6`",
        )  # fmt: skip


def _money_readers(program: Program, kind: int) -> Iterator[Span]:
    """Where a program reads the amount of events of a kind, or members choose by it."""
    for reward in program.rewards:
        if reward.taking is Taking.CHOSEN and reward.at == kind != PURCHASE:
            yield reward.span
    for rule in program.earns:
        for trigger in rule.triggers:
            if trigger.event == kind and (_reads_money(rule.amount) or _tests_money(trigger, rule.when)):
                yield rule.span
    for counter in program.counters:
        if isinstance(counter.measure, SpendMeasure) and counter.measure.event == kind:
            yield counter.span


def _reads_money(amount: Amount) -> bool:
    match amount:
        case PerMoney() | Share():
            return True
        case Slices(base=base):
            return isinstance(base, Base)
        case OfStrategy(operands=operands):
            return any(isinstance(operand, EventAmount) for operand in operands)
        case Choice(cases, otherwise):
            return _reads_money(otherwise) or any(_reads_money(case.amount) for case in cases)
        case Flat() | PerField() | PerItem() | ShareOfRules() | Nothing():
            return False
        case _:
            assert_never(amount)


def _tests_money(trigger: Trigger, when: Condition | None) -> bool:
    """Whether what fires a rule reads the amount of the event."""
    return any(
        isinstance(operand, EventAmount)
        for condition in (trigger.where, when)
        for operand in operands_of(condition)
    )


# ---- what happens at all


def verify_happens(
    scope: ProgramScope, block: Span, what: str, segments: Sequence[syntax.SegmentBlock]
) -> None:
    """Reports a kind of event that the program is about and that happens in no segment."""
    if scope.program is None or not segments:
        return
    for gate in scope.program.gates:
        if gate.event == JOIN:
            scope.findings.report(
                NOT_SIMULATED, block,
                f"{what} is not simulated: a join may be refused, and here everybody joins",
                secondary=[(gate.span, "this refuses it")],
                help="let the gate be on the events behind it; scenarios and replays do as it says",
            )  # fmt: skip
    simulated = {JOIN}
    for segment in segments:
        for trait in segment.traits:
            if isinstance(trait, syntax.PurchasesTrait):
                simulated.add(PURCHASE)
            elif isinstance(trait, syntax.EventTraits):
                kind = scope.events.find(trait.event.text)
                simulated |= set() if kind is None else {kind.index}
    kinds = {kind.index: kind for kind in scope.events.things()}
    told: set[int] = set()
    for event, span in _used_events(scope.program):
        if event not in kinds or event in simulated or event in told:
            continue
        told.add(event)
        name = kinds[event].name
        example = "purchases 2 per month" if event == PURCHASE else f"event {name} 1 per month {{ ... }}"
        scope.findings.report(
            "L410", block, f"in {what} a `{name}` never happens",
            secondary=[(span, "the program is about it here")],
            help=f"add to a segment a line such as `{example}`",
        )  # fmt: skip


def _used_events(program: Program) -> Iterator[tuple[int, Span]]:
    of_rules = [rule.triggers for rule in program.earns] + [reward.triggers for reward in program.rewards]
    for triggers in of_rules:
        for trigger in triggers:
            yield trigger.event, trigger.span
    for counter in program.counters:
        match counter.measure:
            case (
                SpendMeasure(event=event)
                | FieldMeasure(event=event)
                | EventsMeasure(event=event)
                | NumberMeasure(event=event)
            ):
                yield event, counter.span
            case _:
                pass


# ---- returns, friends and benefits


def check_returns_of(scope: ProgramScope, block: syntax.SegmentBlock) -> ReturnRate | None:
    """How much of what is bought comes back."""
    trait = at_most_one(scope.findings, block.traits, syntax.ReturnsTrait, "returns")
    if trait is None:
        return None
    _verify_of_purchases(scope, trait.of)
    within = duration(scope, trait.within)
    right = verify_chance(scope.findings, trait.percent)
    if scope.program is not None and scope.program.returns is None:
        scope.findings.report(
            "L411", trait.span, f"`{scope.name.text}` does not say what a return does",
            secondary=[(scope.name.span, "the program")],
            help="add to the program `returns { balance goes negative }`, or delete this line",
        )  # fmt: skip
    return None if within is None or not right else ReturnRate(trait.percent.value, within, trait.span)


def _verify_of_purchases(scope: ProgramScope, of: syntax.Name) -> None:
    if of.text not in ("purchase", "purchases"):
        scope.findings.report(
            "L201", of.span, f"this is a share of purchases, not of `{of.text}`", help="write `of purchases`"
        )


def check_refer(scope: ProgramScope, block: syntax.SegmentBlock) -> Fraction:
    """The share of purchases that bring a friend; 0 where nothing is said."""
    trait = at_most_one(scope.findings, block.traits, syntax.ReferTrait, "refer")
    if trait is None:
        return Fraction(0)
    _verify_of_purchases(scope, trait.of)
    verify_chance(scope.findings, trait.percent)
    if scope.program is not None and not _knows_friends(scope.program):
        scope.findings.report(
            "L412", trait.span, f"`{scope.name.text}` has no referral, so friends would bring nothing",
            secondary=[(scope.name.span, "the program")],
            help="delete this line, or add a `referral` block to the program", edit=deletion(trait.span),
        )  # fmt: skip
    return trait.percent.value


def _knows_friends(program: Program) -> bool:
    """Whether anything depends on who brought whom."""
    if program.friend_kinds:
        return True
    blocks: list[tuple[tuple[Trigger, ...], Condition | None]] = [
        (rule.triggers, rule.when) for rule in program.earns
    ]
    blocks += [(reward.triggers, reward.when) for reward in program.rewards]
    conditions = [when for _, when in blocks] + [each.where for fired, _ in blocks for each in fired]
    return any(
        isinstance(operand, IsReferred) for condition in conditions for operand in operands_of(condition)
    )


def verify_referred(
    scope: ProgramScope, block: Span, what: str, segments: Sequence[syntax.SegmentBlock]
) -> None:
    """Reports a program with a referral whose members never bring anybody."""
    if scope.program is None or not scope.program.friend_kinds or not segments:
        return
    if any(isinstance(trait, syntax.ReferTrait) for segment in segments for trait in segment.traits):
        return
    kind = scope.program.events[scope.program.friend_kinds[0].event]
    scope.findings.report(
        "L413", block, f"{what} does not say how often members bring friends",
        secondary=[(kind.span, "the referral")],
        help="add to a segment a line such as `refer 0.5% of purchases`",
    )  # fmt: skip


def check_take_up(scope: ProgramScope, block: syntax.SegmentBlock) -> tuple[TakeUp, ...]:
    """How often benefits are used."""
    traits = [trait for trait in block.traits if isinstance(trait, syntax.TakeUpTrait)]
    return check_shares_taken(scope, [one for trait in traits for one in trait.shares], _verify_benefit)


def _verify_benefit(scope: ProgramScope, name: syntax.Name) -> bool:
    reward = scope.rewards.find(name.text)
    if reward is not None and reward.benefit and not reward.of_membership:
        return True
    benefits = [reward.name for reward in scope.rewards.things() if reward.benefit]
    if reward is None:
        scope.rewards.resolve(name, help=f"the benefits are {listed(benefits)}" if benefits else None)
    elif reward.benefit:
        scope.findings.report(
            "L370", name.span,
            f"`{name.text}` counts what a membership or an allowance charges or costs, for all who have it",
            secondary=[(reward.span, "declared here")],
            help="delete it, and say how many subscribe: `event subscribe_... 1 per year { ... }`",
        )  # fmt: skip
    else:
        scope.findings.report(
            "L414", name.span, f"`{name.text}` is no benefit, and how often members take it is not said here",
            secondary=[(scope.rewards.span_of(name.text), "declared here")],
            help=f"write {listed(benefits, 'or')}" if benefits
            else "write `redeem 40% when a reward is affordable` for rewards that members choose",
        )  # fmt: skip
    return False
