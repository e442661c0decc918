"""What an episode says of each earn rule and each reward: asked, worth, chosen, cut, paid, or silent and why.

Invariant: every rule that was asked in an episode is told of once, and has a posting or a silence; every
posting of the episode itself belongs to one rule, one reward, one return, or to what expired or was given.
"""

from collections.abc import Iterator
from typing import assert_never

import attrs

from loyalty_dsl.evaluation.ledger import PostingKind
from loyalty_dsl.evaluation.promotions import Silence
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.witness import (
    ClockBegan,
    EventBegan,
    GroupAsked,
    MidnightBegan,
    Posted,
    RewardAsked,
    RewardPassed,
    RewardUsed,
    RuleAsked,
    RulePaid,
    RuleReturned,
    RuleSilent,
    RuleWorth,
    Told,
)
from loyalty_dsl.explanation.episodes import Episode
from loyalty_dsl.language.program import EarnRule, Program, Reward


@attrs.frozen
class RuleTold:
    """One earn rule at one event.

    Attributes:
        kind: of the event that it was asked about, and `items` how many items that lists.
        worth: where it fires.
        group: of a rule in a group that fires.
        paid: where it was its turn to be paid, even if a limit left nothing.
        silent: why it posted nothing; `None` where it posted.
        posted: what it posted.
    """

    rule: EarnRule
    kind: int
    items: int
    asked: RuleAsked
    worth: RuleWorth | None
    group: GroupAsked | None
    paid: RulePaid | None
    silent: Silence | None
    posted: Posted | None


@attrs.frozen
class RewardTold:
    """One reward or benefit at one event.

    Attributes:
        kind: of the event that it was asked about.
        asked: each time that it was considered; `None` for a benefit whose `where` does not hold.
        uses: what was used of it.
        posted: what paid for it, and what it gave.
    """

    reward: Reward
    kind: int
    asked: tuple[RewardAsked, ...]
    passed: RewardPassed | None
    uses: tuple[Use, ...]
    posted: tuple[Posted, ...]

    @property
    def chosen(self) -> bool:
        """Whether the member chose it at the event."""
        return any(asked.chosen for asked in self.asked)


def own(episode: Episode) -> Iterator[Told]:
    """What was told of an episode itself, without the episodes in it."""
    return (step for step in episode.steps if not isinstance(step, Episode))


def kind_of(program: Program, episode: Episode) -> int:
    """The kind of an episode's event, as triggers number them; -1 for one that fires nothing."""
    match episode.began:
        case EventBegan(event):
            return event.kind
        case ClockBegan(clock=clock):
            return len(program.events) + clock
        case MidnightBegan() | None:
            return -1
        case _:
            assert_never(episode.began)


def rules_told(program: Program, episode: Episode) -> tuple[RuleTold, ...]:
    """Every earn rule that was asked, in declared order."""
    steps = list(own(episode))
    asked = {step.rule: step for step in steps if isinstance(step, RuleAsked)}
    worth = {step.rule: step for step in steps if isinstance(step, RuleWorth)}
    paid = {step.rule: step for step in steps if isinstance(step, RulePaid)}
    silent = {step.rule: step.why for step in steps if isinstance(step, RuleSilent)}
    groups = {rule: step for step in steps if isinstance(step, GroupAsked) for rule, _ in step.worths}
    posted = _posted_by_rules(program, episode)
    return tuple(
        RuleTold(
            rule=program.earns[index],
            kind=kind_of(program, episode),
            items=len(episode.began.event.items) if isinstance(episode.began, EventBegan) else 0,
            asked=asked[index],
            worth=worth.get(index),
            group=groups.get(index),
            paid=paid.get(index),
            silent=silent.get(index),
            posted=posted.get(index),
        )
        for index in sorted(asked)
    )


def _posted_by_rules(program: Program, episode: Episode) -> dict[int, Posted]:
    """What each rule posted; a reward gives between its `RewardAsked` and its `RewardUsed`, and one that is
    refused though some uses were planned has no `RewardUsed`."""
    by_name = {rule.name: rule.index for rule in program.earns}
    found: dict[int, Posted] = {}
    taking = False
    for step in own(episode):
        if isinstance(step, RewardAsked):
            taking = bool(step.plan.times)
        elif isinstance(step, RewardUsed | RuleAsked | RulePaid):
            taking = False
        elif isinstance(step, Posted) and not taking and step.posting.kind is PostingKind.EARNED:
            found[by_name[step.posting.name]] = step
    return found


def rewards_told(program: Program, episode: Episode) -> tuple[RewardTold, ...]:
    """Every reward and benefit that was considered, in the order in which each was first."""
    asked: dict[int, list[RewardAsked]] = {}
    passed: dict[int, RewardPassed] = {}
    uses: dict[int, list[Use]] = {}
    posted: dict[int, list[Posted]] = {}
    taking: list[Posted] | None = None
    for step in own(episode):
        match step:
            case RewardPassed(reward):
                passed[reward] = step
                asked.setdefault(reward, [])
            case RewardAsked(reward):
                asked.setdefault(reward, []).append(step)
                taking = posted.setdefault(reward, []) if step.plan.times else None
            case RewardUsed(use):
                asked.setdefault(use.reward, [])
                uses.setdefault(use.reward, []).append(use)
                taking = None
            case RuleAsked() | RulePaid():  # the last reward asked was refused
                taking = None
            case Posted() if taking is not None:
                taking.append(step)
            case _:
                pass
    return tuple(
        RewardTold(
            reward=program.rewards[index],
            kind=kind_of(program, episode),
            asked=tuple(its),
            passed=passed.get(index),
            uses=tuple(uses.get(index, ())),
            posted=tuple(posted.get(index, ())),
        )
        for index, its in asked.items()
    )


def not_asked(program: Program, kind: int) -> tuple[EarnRule, ...]:
    """The earn rules that are about other events than those of a kind."""
    return tuple(rule for rule in program.earns if all(trigger.event != kind for trigger in rule.triggers))


def returned_told(episode: Episode) -> tuple[tuple[RuleReturned, tuple[Posted, ...]], ...]:
    """What a return took back of each rule, with its postings."""
    found: list[tuple[RuleReturned, list[Posted]]] = []
    for step in own(episode):
        match step:
            case RuleReturned():
                found.append((step, []))
            case Posted(posting=posting) if posting.kind is PostingKind.REVERSED and found:
                found[-1][1].append(step)
            case _:
                pass
    return tuple((each, tuple(posted)) for each, posted in found)
