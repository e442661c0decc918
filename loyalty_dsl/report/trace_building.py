"""Episodes as they are shown: in the designer's words, with the lots and balances that led there.

Invariant: nothing here decides anything; words are made of what the reference told, and every posting that it
told of is shown once.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import assert_never

import attrs

from loyalty_dsl.calendar import format_day
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.facts import dates_hold
from loyalty_dsl.evaluation.ledger import Posting, PostingKind
from loyalty_dsl.evaluation.promotions import Silence, triggers_of
from loyalty_dsl.evaluation.witness import ClockBegan, EventBegan, GateAsked, MidnightBegan, Posted
from loyalty_dsl.evaluation.wording import amount_in_words
from loyalty_dsl.explanation.considered import (
    RewardTold,
    RuleTold,
    kind_of,
    not_asked,
    own,
    rewards_told,
    rules_told,
)
from loyalty_dsl.explanation.episodes import Episode
from loyalty_dsl.explanation.verdicts import judge
from loyalty_dsl.explanation.workings import working_of
from loyalty_dsl.language.conditions import All, Condition, Not
from loyalty_dsl.language.program import Program, Reward
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.quantities import MINOR_DIGITS, format_money
from loyalty_dsl.report.amount_wording import place_of, rounding_line, share_in_words, working_lines
from loyalty_dsl.report.condition_wording import condition_in_words, verdict_lines
from loyalty_dsl.report.silences import of_another_version
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.trace_effects import effects_of
from loyalty_dsl.report.trace_lots import Lots, is_gain, last_usable_day, lot_in_words
from loyalty_dsl.report.trace_reasons import (
    chosen_line,
    dates_in_words,
    limit_line,
    stopped_in_words,
    why_not_used,
    why_silent,
)
from loyalty_dsl.report.trace_titles import work_in_words
from loyalty_dsl.report.trace_views import EpisodeView, LimitView, PostingView, RewardView, RowView, RuleView

Title = Callable[[Event], str]
"""An event as it was written; `event_in_words` for one that is only known by its row."""


@attrs.define(eq=False)
class Builder:
    """What is shown of the episodes of one group, which have to come in order.

    Attributes:
        title: how events are called.
        names: of the members, by slot; "" for one alone.
    """

    program: Program
    title: Title
    names: tuple[str, ...] = ("",)
    lots: Lots = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.lots = Lots(self.program)

    def views(self, episodes: Iterable[Episode]) -> tuple[EpisodeView, ...]:
        """All episodes; the midnights before an event are on the way to it."""
        views: list[EpisodeView] = []
        waiting: list[EpisodeView] = []
        for episode in episodes:
            view = self.view(episode)
            if view.kind == "midnight":
                waiting.append(view)
                continue
            if waiting and view.kind == "event":
                postings = (posting for each in waiting for posting in each.postings)
                before, waiting = (*waiting, *view.before), []
                view = attrs.evolve(view, before=before, postings=(*postings, *view.postings))
            views += [*waiting, view]
            waiting = []
        return (*views, *waiting)

    def view(self, episode: Episode) -> EpisodeView:
        """One episode, with those in it."""
        program, began = self.program, episode.began
        slot = _slot_of(episode)
        before: list[EpisodeView] = []
        after: list[EpisodeView] = []
        gates: list[str] = []
        started = False
        for step in episode.steps:
            if isinstance(step, Episode):
                (after if started else before).append(self.view(step))
                continue
            started = True
            if isinstance(step, Posted):
                self.lots.note(step)
            elif isinstance(step, GateAsked):
                answer = "refuses" if step.shut else "lets it in"
                when = condition_in_words(program, step.gate.condition)
                gates.append(f"gate {place_of(step.gate.span)} {answer}: refused when {when}")
        kind = kind_of(program, episode)
        day, title = self._heading(episode)
        effects = effects_of(program, self.lots, slot, episode)
        outcome = episode.outcome
        refused = () if outcome is None else outcome.refusals
        given = began is None
        opening = [self._opening(step) for step in own(episode) if isinstance(step, Posted) and given]
        rewards = rewards_told(program, episode)
        return EpisodeView(
            kind=_kind_word(episode),
            day=day,
            title=title,
            id=began.event.id if isinstance(began, EventBegan) else "",
            member=self.names[slot] if slot < len(self.names) else "",
            refused=tuple(
                f"`{each.reward}`: {each.reason}" if each.reward else each.reason for each in refused
            ),
            gates=tuple(gates),
            before=tuple(before),
            rules=tuple(self._rule(told) for told in rules_told(program, episode)),
            rewards=tuple(self._reward(told) for told in rewards),
            effects=(*opening, *(each.words for each in effects if not each.quiet)),
            quiet=tuple(each.words for each in effects if each.quiet),
            after=tuple(after),
            about_others=tuple(rule.name for rule in not_asked(program, kind)) if kind >= 0 else (),
            not_chosen=_not_chosen(program, kind, rewards),
            postings=tuple(self._posting(step) for step in episode.told if isinstance(step, Posted)),
            balances=() if given else self._balances(slot, episode),
        )

    def _heading(self, episode: Episode) -> tuple[str, str]:
        program = self.program
        match episode.began:
            case EventBegan(event):
                return format_day(event.day), self.title(event)
            case MidnightBegan(day=day, rank=rank, declaration=declaration):
                return format_day(day), work_in_words(program, rank, declaration)
            case ClockBegan(clock=clock, day=day):
                return format_day(day), program.clocks[clock].name
            case None:
                return "", "what was given"
            case _:
                assert_never(episode.began)

    def _balances(self, slot: int, episode: Episode) -> tuple[tuple[str, Fraction, str], ...]:
        told = []
        for currency in self.program.currencies:
            units = self.lots.balance(slot, currency.index)
            words = amount_in_words(self.program, currency, units)
            available = 0 if episode.facts is None else episode.facts.available[currency.index]
            if units < 0:
                words = f"{amount_in_words(self.program, currency, -units)} owed"
            elif available != units:
                words += f" ({amount_in_words(self.program, currency, available)} available)"
            told.append((currency.name, Fraction(units, self._scale(currency.index)), words))
        return tuple(told)

    def _scale(self, currency: int) -> int:
        return self.program.currencies[currency].scale

    # ---- rules

    def _rule(self, told: RuleTold) -> RuleView:
        program, rule = self.program, told.rule
        currency = program.currencies[rule.currency]
        steps: list[str] = []
        rows: tuple[RowView, ...] = ()
        limits: list[LimitView] = []
        if told.worth is not None:
            working = working_of(rule, told.worth)
            steps = working_lines(program, rule, told.worth, working)
            over = None if told.posted is None else chosen_line(program, told)
            steps += [] if over is None else [over]
            rows = tuple(
                RowView(
                    row.path,
                    "others" if row.when is None else condition_in_words(program, row.when),
                    None if row.span is None else place_of(row.span),
                )
                for row in working.rows
            )
        if told.paid is not None:
            rounding = rounding_line(program, rule, told.paid)
            steps += [] if rounding is None else [rounding]
            for met in told.paid.met:
                words = limit_line(program, rule, met, told.asked.facts)
                limits.append(
                    LimitView(met.limit.index, place_of(met.limit.span), words, met.left < met.wanted)
                )
            steps += [limit.words for limit in limits if limit.bound]
        posting = None if told.posted is None else self._posting(told.posted)
        if told.posted is None:
            words = why_silent(program, told)
        else:
            words = amount_in_words(program, currency, told.posted.posting.units)
            steps.append(lot_in_words(program, told.posted.posting, told.posted.repaid))
        return RuleView(
            name=rule.name,
            label=rule.label,
            at=place_of(rule.span),
            why=None if told.silent is None else told.silent.name.lower(),
            words=words,
            steps=tuple(steps),
            condition=tuple(self._asked(told)),
            posting=posting,
            exact=None if told.worth is None else told.worth.exact / currency.scale,
            rows=rows,
            limits=tuple(limits),
            other_version=of_another_version(program, rule, told.asked.facts.day),
        )

    def _asked(self, told: RuleTold) -> Iterable[str]:
        """Each part of what a rule asks: of its triggers, its dates, and its `when`."""
        rule, facts = told.rule, told.asked.facts
        conditions: list[Condition | None] = [trigger.where for trigger in triggers_of(rule, told.kind)]
        for condition in conditions:
            if condition is not None:
                yield from verdict_lines(self.program, judge(condition, facts))
        for clause in rule.dates:
            mark = "yes" if dates_hold((clause,), facts.day) else "no "
            days = ", ".join(map(dates_in_words, clause))
            yield f"{mark}  dates {days}: the day is {format_day(facts.day)}"
        if rule.when is not None:
            yield from verdict_lines(self.program, judge(rule.when, facts))
        if rule.chance < 1 and told.asked.why in (None, Silence.CHANCE):
            mark = "yes" if told.asked.why is None else "no "
            yield f"{mark}  its chance of {share_in_words(rule.chance)} came up"

    # ---- rewards

    def _reward(self, told: RewardTold) -> RewardView:
        program, reward = self.program, told.reward
        times = sum(use.times for use in told.uses)
        off = sum(use.off for use in told.uses)
        steps = list(self._reward_steps(told, off)) if told.uses else []
        words = self._used(told, times) if told.uses else why_not_used(program, told)
        stopped = None
        if not told.uses and told.asked:
            plan = told.asked[-1].plan
            stopped = getattr(plan.stopped_by, "name", "gate").lower() if plan.stopped_by else None
        return RewardView(
            name=reward.name,
            label=reward.label,
            at=place_of(reward.span),
            kind=reward.taking.name.lower(),
            times=times,
            off=Fraction(off, 10 ** MINOR_DIGITS[program.money]),
            why=None if told.uses else stopped or "where",
            words=words,
            steps=tuple(steps),
            postings=tuple(self._posting(posted) for posted in told.posted),
            other_version=of_another_version(program, reward, _day_of(told)),
        )

    def _used(self, told: RewardTold, times: int) -> str:
        program, reward = self.program, told.reward
        if reward.fee and times:
            charged = format_money(abs(times * reward.fee), program.money)
            return f"{charged} {'charged' if times * reward.fee > 0 else 'given back'}"
        return "used" if times == 1 else f"used {counted(times, 'time')}"

    def _reward_steps(self, told: RewardTold, off: int) -> Iterable[str]:
        program, reward = self.program, told.reward
        asked = next((each for each in told.asked if each.plan.times), None)
        if asked is not None and asked.plan.case is not None and len(reward.cases) > 1:
            when = asked.plan.case.when
            yield "row others" if when is None else f"row {condition_in_words(program, _itself(when))}"
        taken = [each for each in told.posted if not is_gain(each.posting)]
        if taken:
            currency = program.currencies[taken[0].posting.currency]
            total = amount_in_words(program, currency, sum(each.posting.units for each in taken))
            parts = [
                f"{amount_in_words(program, currency, each.posting.units)} of "
                f"{self.lots.name(each.slot, each.lot) or 'an earlier lot'}"
                for each in taken
            ]
            shown = ", ".join(parts[:_MOST_LOTS])
            more = f" and {counted(len(parts) - _MOST_LOTS, 'more lot')}" if len(parts) > _MOST_LOTS else ""
            yield f"takes {total}: {shown}{more}" if len(parts) > 1 else f"takes {parts[0]}"
        if off:
            left = (
                ""
                if asked is None
                else f", {format_money(asked.plan.checkout.amount, program.money)} left to pay"
            )
            yield f"{format_money(off, program.money)} off{left}"
        for each in told.posted:
            if is_gain(each.posting):
                currency = program.currencies[each.posting.currency]
                units = amount_in_words(program, currency, each.posting.units)
                yield f"gives {units}, {lot_in_words(program, each.posting, each.repaid)}"
        last = told.asked[-1] if told.asked else None
        if last is not None and last.plan.stopped_by is not None and last.request.at_most is None:
            yield f"not once more: {stopped_in_words(program, last, reward)}"
        times = sum(use.times for use in told.uses)
        if reward.beside:
            yield f"{format_money(times * reward.beside, program.money)} charged beside"

    # ---- postings

    def _opening(self, posted: Posted) -> str:
        posting = posted.posting
        units = amount_in_words(self.program, self.program.currencies[posting.currency], posting.units)
        name = self.names[posted.slot] if posted.slot < len(self.names) else ""
        return f"{units}, {lot_in_words(self.program, posting)}" + (f", of {name}" if name else "")

    def _posting(self, posted: Posted) -> PostingView:
        posting = posted.posting
        currency = self.program.currencies[posting.currency]
        sign = "+" if is_gain(posting) else "-"
        return PostingView(
            day=format_day(posting.day),
            kind=posting.kind.value,
            by=posting.name,
            currency=currency.name,
            units=Fraction(posting.units, currency.scale),
            words=sign + amount_in_words(self.program, currency, posting.units),
            lot="" if is_gain(posting) else self.lots.name(posted.slot, posted.lot),
            available=_available(posting),
            last_usable=last_usable_day(posting),
        )


_MOST_LOTS = 3


def _day_of(told: RewardTold) -> int:
    """The day on which a reward was considered; of a use that nothing asked about, that does not matter."""
    if told.passed is not None:
        return told.passed.facts.day
    return told.asked[0].request.day if told.asked else 0


def _itself(when: Condition) -> Condition:
    """The condition of a row of a reward without that no row above it, which is not offered, holds."""
    if not isinstance(when, All):
        return when
    above = [isinstance(each, Not) and isinstance(each.condition, All) for each in when.conditions]
    own = tuple(each for each, not_its in zip(when.conditions, above, strict=True) if not not_its)
    return All(own) if own else when


def _available(posting: Posting) -> str | None:
    made = posting.kind in (PostingKind.OPENING, PostingKind.EARNED, PostingKind.RECEIVED)
    return format_day(posting.available) if made and posting.available > posting.day else None


def _slot_of(episode: Episode) -> int:
    match episode.began:
        case EventBegan(event):
            return event.slot
        case MidnightBegan(slot=slot) | ClockBegan(slot=slot):
            return slot
        case None:
            return 0
        case _:
            assert_never(episode.began)


def _kind_word(episode: Episode) -> str:
    match episode.began:
        case EventBegan():
            return "event"
        case MidnightBegan():
            return "midnight"
        case ClockBegan():
            return "clock"
        case None:
            return "given"
        case _:
            assert_never(episode.began)


def _not_chosen(program: Program, kind: int, told: tuple[RewardTold, ...]) -> tuple[str, ...]:
    """The rewards that members choose at such an event, and this one did not."""
    considered = {each.reward.index for each in told}

    def could(reward: Reward) -> bool:
        return not reward.automatic and reward.taking is not Taking.RECEIVED and reward.at == kind

    return tuple(
        reward.name for reward in program.rewards if could(reward) and reward.index not in considered
    )
