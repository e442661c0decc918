"""What the two evaluators answered differently in one scenario (SAME-1).

Invariant: everything that a step answered and everywhere that somebody then stands is compared, not only what
the scenario expects. Lots have no identity in it. What differs after the first chapter that does follows from
it, so only that chapter is told.
"""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from loyalty_dsl.calendar import NEVER, format_day
from loyalty_dsl.evaluation.ledger import CanonicalPosting, canonical_postings
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.wording import amount_in_words
from loyalty_dsl.language.program import Program
from loyalty_dsl.quantities import format_money
from loyalty_dsl.testing.results import Chapter, Difference, Holding, Parts, ScenarioResult

Aspect = tuple[str, object, str]
"""Something that a chapter says: its name, its value, and the value in words."""


def differences_between(reference: ScenarioResult, compiled: ScenarioResult) -> tuple[Difference, ...]:
    """Where two runs of one scenario first differ; nothing where they are the same."""
    program = reference.program
    for number, (one, other) in enumerate(zip_longest(reference.story, compiled.story), 1):
        found = tuple(_of_chapter(program, one, other, min(number, len(reference.story))))
        if found:
            return found
    return tuple(
        Difference(
            f"what the expectation in line {one.expectation.span.line} finds",
            str(one.actual),
            str(other.actual),
            one.chapters,
        )
        for one, other in zip(reference.checks, compiled.checks, strict=True)
        if one != other
    )


def _of_chapter(
    program: Program, one: Chapter | None, other: Chapter | None, told: int
) -> Iterator[Difference]:
    """What two chapters differ in; `None` for a story that is at its end."""
    if one is None or other is None or _heading(one) != _heading(other):
        words = ["nothing" if each is None else " ".join(_heading(each)) for each in (one, other)]
        yield Difference("the next that happens", words[0], words[1], told)
        return
    pairs = zip(_aspects(program, one), _aspects(program, other), strict=True)
    for (what, left, left_words), (_, right, right_words) in pairs:
        if left != right:
            yield Difference(f"{what} on {format_day(one.day)}", left_words, right_words, told)


def _heading(chapter: Chapter) -> tuple[str, ...]:
    whose = "the member" if chapter.actor == 0 else f"friend {chapter.actor}"
    event = "time passes" if chapter.outcome is None else f"event {chapter.outcome.event.id}"
    return format_day(chapter.day), event, "of", whose


def _aspects(program: Program, chapter: Chapter) -> Iterator[Aspect]:
    postings = canonical_postings(chapter.postings)
    yield "postings", postings, _listed(_posting_in_words(program, posting) for posting in postings)
    midnights = _summed(chapter.uses)
    yield "uses at midnight", midnights, _uses_in_words(program, midnights)
    outcome = chapter.outcome
    if outcome is not None:
        used = _summed(outcome.uses)
        yield "uses", used, _uses_in_words(program, used)
        refusals = tuple((refusal.reward, refusal.reason) for refusal in outcome.refusals)
        yield "refusals", refusals, _listed(" ".join(each).strip() for each in refusals)
        yield "money off", outcome.off, format_money(outcome.off, program.money)
        yield "left to pay", outcome.amount, format_money(outcome.amount, program.money)
    standing = chapter.standing
    for ladder, (level, through) in zip(program.ladders, standing.levels, strict=True):
        yield ladder.name, (level, through), f"{ladder.levels[level].name} through {_last(through)}"
    for counter, value in zip(program.counters, standing.counters, strict=True):
        yield counter.name, value, f"{value:,}"
    for currency, holding in zip(program.currencies, standing.holdings, strict=True):
        balance = amount_in_words(program, currency, holding.outstanding)
        yield currency.name, holding, f"{balance}, {_lots_in_words(holding)}"


def _summed(uses: Iterable[Use]) -> tuple[tuple[int, int, int, int], ...]:
    """Uses by reward: index, times, money off and units given."""
    sums: dict[int, tuple[int, int, int]] = {}
    for use in uses:
        times, off, given = sums.get(use.reward, (0, 0, 0))
        sums[use.reward] = times + use.times, off + use.off, given + use.given
    return tuple((reward, *sums[reward]) for reward in sorted(sums))


def _uses_in_words(program: Program, uses: tuple[tuple[int, int, int, int], ...]) -> str:
    return _listed(
        f"{times:,} {program.rewards[reward].name}, {format_money(off, program.money)} off, {given:,} given"
        for reward, times, off, given in uses
    )


def _posting_in_words(program: Program, posting: CanonicalPosting) -> str:
    _, day, kind, name, currency, _, expiry, units = posting
    amount = amount_in_words(program, program.currencies[currency], units)
    by = f" by {name}" if name else ""
    return f"{amount} {kind}{by} on {format_day(day)}, through {_last(expiry - 1)}"


def _lots_in_words(holding: Holding) -> str:
    def words(parts: Parts) -> str:
        return ", ".join(f"{units:,} through {_last(gone - 1)}" for gone, units in parts) or "none"

    return f"available {words(holding.available)}; pending {words(holding.pending)}"


def _last(day: int) -> str:
    if day < 0:
        return "no day"
    return "no end" if day >= NEVER - 1 else format_day(day)


def _listed(words: Iterable[str]) -> str:
    return "; ".join(words) or "nothing"
