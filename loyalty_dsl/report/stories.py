"""The story of one member, in the designer's units: events, postings, refusals, rules that stayed silent,
and what status and counters became.

Invariant: each posting is a row with the balance of its currency after it, so the rows can be added up by
hand; postings that differ only in their lot are one row. Friends have rows and balances of their own.
"""

from collections.abc import Iterable, Sequence

import attrs

from loyalty_dsl.calendar import NEVER, date_of, format_day, last_usable
from loyalty_dsl.evaluation.events import REDEEM, RETURN
from loyalty_dsl.evaluation.ledger import Posting, PostingKind
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.reference import Outcome
from loyalty_dsl.evaluation.wording import amount_in_words
from loyalty_dsl.language.clocks import Reaches
from loyalty_dsl.language.counters import Counter
from loyalty_dsl.language.expiry import AfterActivity, AfterFirst
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.rewards import MoneyOff, Taking
from loyalty_dsl.language.scenario import Happening
from loyalty_dsl.language.types import Kind
from loyalty_dsl.quantities import MINOR_DIGITS, display_number, format_money, format_units
from loyalty_dsl.report.beside_wording import kept_in_words, money_beside
from loyalty_dsl.report.silences import of_another_version, why_silent
from loyalty_dsl.report.style import Style, counted, printable
from loyalty_dsl.report.values import measured_in_words, value_in_words
from loyalty_dsl.testing.results import Chapter, Standing


@attrs.frozen
class _Row:
    day: str
    what: str
    change: str = ""
    through: str = ""
    balance: str = ""
    note: bool = False
    """A note runs on over the columns to its right."""


@attrs.define(eq=False)
class _Actor:
    """What the story has told of somebody so far."""

    balances: list[int]
    standing: Standing = attrs.field(factory=Standing)
    told: bool = False


_MOST_SILENT = 4
"""How many rules that stayed silent at an event are told one by one."""

_HEADER = _Row("day", "what", "change", "last usable day", "balance")


def story_table(
    program: Program, story: Sequence[Chapter], style: Style, *, joined: bool = True
) -> list[str]:
    """The story as the rows of a table, header first.

    Args:
        story: the member's story from its beginning; an empty one gives a line that says so.
        joined: whether somebody is a member before the first event.
    """
    if not story:
        why = "" if joined else ": nobody has joined; `given joined` with a day lets somebody be a member"
        return [style.paint(f"nothing happened before this{why}", "dim")]
    actors: dict[int, _Actor] = {}
    rows = [_HEADER]
    for chapter in story:
        actor = actors.setdefault(chapter.actor, _Actor([0] * len(program.currencies)))
        rows += _chapter(program, chapter, actor)
    columns = [row for row in rows if not row.note]
    day, what, change, through, balance = (
        max(len(getattr(row, name)) for row in columns)
        for name in ("day", "what", "change", "through", "balance")
    )
    lines = []
    for row in rows:
        line = f"{row.day:<{day}}  {row.what:<{what}}"
        if not row.note:
            line += f"  {row.change:>{change}}  {row.through:>{through}}  {row.balance:>{balance}}"
        role = "dim" if row is _HEADER or row.note else ""
        lines.append(style.paint(line.rstrip(), role) if role else line.rstrip())
    return lines


def _chapter(program: Program, chapter: Chapter, actor: _Actor) -> Iterable[_Row]:
    """The rows of one chapter; `actor` is brought forward as they are made."""
    outcome = chapter.outcome
    of_event = "" if outcome is None else outcome.event.id

    def rows(postings: Iterable[Posting], indent: str) -> Iterable[_Row]:
        for posting, owed in _with_owed(_merged(postings)):
            day = "" if indent else format_day(posting.day)
            row = _posting_row(program, posting, actor.balances, day, indent)
            if owed:
                of_it = amount_in_words(program, program.currencies[posting.currency], owed)
                row = attrs.evolve(row, what=f"{row.what}, {of_it} of it owed")
            whose = chapter.name or "a friend"
            yield row if indent or not chapter.actor else attrs.evolve(row, what=f"{row.what}, of {whose}")

    others = [posting for posting in chapter.postings if posting.event != of_event or not of_event]
    reached = _at_thresholds(program) if outcome is not None else frozenset()
    struck = [each for each in others if each.day == chapter.day and each.name in reached]
    midnight = [each for each in others if each not in struck]
    yield from rows(midnight, "")
    moved = standing_in_words(program, actor.standing, chapter.standing)
    if outcome is None and not midnight and (moved or chapter.uses):
        yield _Row(format_day(chapter.day), "midnight" if actor.told else "given")
    yield from _notes(_benefits(program, chapter.uses))
    if outcome is not None:
        postings = [posting for posting in chapter.postings if posting.event == of_event]
        hour, minute = divmod(outcome.event.minute, 60)
        time = f" {hour:02}:{minute:02}" if outcome.event.minute else ""
        yield _Row(format_day(chapter.day) + time, _what_happened(program, chapter))
        yield from _notes(_refused(outcome))
        paid, after = _before_earning(program, postings)
        yield from rows(paid, "  ")
        yield from _notes(_taken_off(program, outcome))
        yield from rows(after, "  ")
        yield from rows(struck, "  ")
        yield from _notes(_silent(program, outcome))
    yield from _notes(moved)
    actor.standing, actor.told = chapter.standing, True


def _at_thresholds(program: Program) -> frozenset[str]:
    """The rules that fire right after an event, when a counter has reached something (CLOCK-4)."""
    kinds = {len(program.events) + clock.index for clock in program.clocks if isinstance(clock.at, Reaches)}
    return frozenset(
        rule.name for rule in program.earns if any(trigger.event in kinds for trigger in rule.triggers)
    )


def _before_earning(
    program: Program, postings: Sequence[Posting]
) -> tuple[Sequence[Posting], Sequence[Posting]]:
    """Splits an event's postings, in the order in which they were made, at the first that no reward made:
    what is issued once the rules have earned comes after them (EVENT-1)."""
    rewards = {reward.name for reward in program.rewards}
    issued = {reward.name for reward in program.rewards if reward.taking is Taking.AFTER_EARNING}
    first = next(
        (at for at, each in enumerate(postings) if each.name not in rewards or each.name in issued),
        len(postings),
    )
    return postings[:first], postings[first:]


def _what_happened(program: Program, chapter: Chapter) -> str:
    """An event as it is written or, of one that a friend brought, by its kind."""
    if chapter.happening is not None:
        return happening_in_words(program, chapter.happening, chapter.names)
    if chapter.outcome is None:
        return ""
    event = chapter.outcome.event
    if event.kind == RETURN:
        return f"return {format_money(event.basket, program.money)} by friend"
    kind = program.events[event.kind]
    name, _, _ = kind.name.partition(" (")  # what numbers a friend's purchases is part of the name
    return f"{name} {format_money(event.basket, program.money)}" if kind.has_amount else name


def standing_in_words(program: Program, before: Standing, after: Standing) -> list[str]:
    """What changed of status and counters, a line each."""
    told = []
    for ladder, (level, through) in zip(program.ladders, after.levels, strict=True):
        old = before.levels[ladder.index] if before.levels else (0, NEVER)
        if old != (level, through):
            until = "" if through == NEVER else f" through {format_day(through)}"
            told.append(f"{ladder.name} {ladder.levels[level].name}{until}")
    for counter, value in _shown(program, after):
        if value != (before.counters[counter.index] if before.counters else 0):
            told.append(f"{counter.name} {measured_in_words(program, counter.kind, counter.currency, value)}")
    for currency, gone in zip(program.currencies, after.balances, strict=True):
        if gone is not None and gone != (before.balances[currency.index] if before.balances else None):
            told.append(
                f"all {currency.name} through {format_day(last_usable(gone))}{kept_in_words(currency)}"
            )
    return told


def _shown(program: Program, standing: Standing) -> list[tuple[Counter, int]]:
    """The counters that somebody wrote, with their values."""
    return [
        (counter, value)
        for counter, value in zip(program.counters, standing.counters, strict=True)
        if not counter.hidden
    ]


def _notes(texts: Iterable[str]) -> Iterable[_Row]:
    for text in texts:
        yield _Row("", f"  {text}", note=True)


def _merged(postings: Iterable[Posting]) -> list[Posting]:
    sums: dict[Posting, int] = {}
    for posting in postings:
        key = attrs.evolve(posting, units=0)
        sums[key] = sums.get(key, 0) + posting.units
    return [attrs.evolve(key, units=units) for key, units in sums.items()]


def _with_owed(postings: Iterable[Posting]) -> list[tuple[Posting, int]]:
    """Postings, and how much of each was missing; what is reversed of lots and what was not there are one."""
    told: list[tuple[Posting, int]] = []
    for posting in postings:
        missing = posting.kind is PostingKind.REVERSED and not posting.expiry
        if missing and told and attrs.evolve(told[-1][0], expiry=0, units=posting.units) == posting:
            before, _ = told[-1]
            told[-1] = attrs.evolve(before, units=before.units + posting.units), posting.units
        else:
            told.append((posting, posting.units if missing else 0))
    return told


def _posting_row(program: Program, posting: Posting, balances: list[int], day: str, indent: str) -> _Row:
    gained = posting.kind in (PostingKind.OPENING, PostingKind.EARNED, PostingKind.RECEIVED)
    currency = program.currencies[posting.currency]
    balances[posting.currency] += posting.units if gained else -posting.units
    balance = balances[posting.currency]
    what = indent + _POSTED[posting.kind].format(posting.name)
    if posting.available > posting.day:  # LOT-2
        what += f", pending until {format_day(posting.available)}"
    return _Row(
        day,
        what,
        ("+" if gained else "-") + amount_in_words(program, currency, posting.units),
        _last_usable(program, posting),
        format_money(balance, program.money) if currency.in_money else format_units(balance, currency.scale),
    )


def _last_usable(program: Program, posting: Posting) -> str:
    """The last day of the lot; "" where it has none of its own, and for what was owed."""
    whole = isinstance(program.currencies[posting.currency].expiry, AfterActivity | AfterFirst)
    if not posting.expiry or (whole and posting.expiry == NEVER):
        return ""
    return format_day(last_usable(posting.expiry))


_POSTED = {
    PostingKind.OPENING: "given",
    PostingKind.EARNED: "earned by {}",
    PostingKind.REDEEMED: "redeemed for {}",
    PostingKind.EXPIRED: "expired",
    PostingKind.REVERSED: "reversed, of {}",
    PostingKind.SENT: "sent by {}",
    PostingKind.RECEIVED: "{}",
}


def _refused(outcome: Outcome) -> list[str]:
    return [
        f"refused: `{refusal.reward}`: {refusal.reason}" if refusal.reward else f"refused: {refusal.reason}"
        for refusal in outcome.refusals
    ]


def _taken_off(program: Program, outcome: Outcome) -> list[str]:
    told = [*_benefits(program, outcome.uses), *money_beside(program, outcome.uses)]
    if not outcome.off:
        return told
    if outcome.event.kind == REDEEM:
        return [*told, f"{format_money(outcome.off, program.money)} off"]
    off, left = (format_money(minor, program.money) for minor in (outcome.off, outcome.amount))
    return [*told, f"{off} off, {left} left to pay"]


def _benefits(program: Program, uses: Iterable[Use]) -> list[str]:
    """The uses that no posting pays for, and so no row tells."""
    return [
        f"used `{program.rewards[use.reward].name}`"
        + (f": {format_money(use.off, program.money)} off" if use.off else "")
        for use in uses
        if program.rewards[use.reward].benefit
    ]


def _silent(program: Program, outcome: Outcome) -> list[str]:
    told = [
        f"`{program.earns[rule].name}` posted nothing: {why_silent(program, outcome, rule, why)}"
        for rule, why in outcome.silent
        if not of_another_version(program, program.earns[rule], outcome.event.day)
    ]
    more = len(told) - _MOST_SILENT
    return [*told[:_MOST_SILENT], f"nor did {counted(more, 'other rule')}"] if more > 1 else told


def happening_in_words(program: Program, happening: Happening, names: Sequence[str] = ()) -> str:
    """An event as a scenario writes it, on one line: `purchase $6.00 with payment other`.

    Args:
        names: of the actors from 1 on; none where those are friends.
    """
    by = f" by friend{f' {happening.actor}' if happening.actor > 1 else ''}" if happening.actor else ""
    if happening.actor and names:
        by = f" by {names[happening.actor - 1]}"
    if happening.returns is not None:
        return printable(f"return {format_money(happening.basket, program.money)}{by}")
    if happening.event is None:
        assert happening.redeem is not None
        reward, units = program.rewards[happening.redeem[0]], happening.redeem[1]
        if reward.exchange:
            currency = program.currencies[reward.currency]
            asked = amount_in_words(program, currency, units) if units else f"all {currency.name}"
            if happening.recipient >= 0:
                to = names[happening.recipient - 1] if happening.recipient else "the member"
                return f"transfer {asked} to {to}{by} through {reward.name}"
            return f"exchange {asked} by {reward.name}{by.replace(' by ', ' for ')}"
        if reward.taking is Taking.PICKED:
            menu = program.currencies[reward.currency].name
            return f"choose {reward.name.removeprefix(f'{menu}_')} of {menu}{by}"
        return f"redeem {_chosen(program, happening)}{by}"
    kind = program.events[happening.event]
    words = kind.name
    if kind.has_amount:
        words += f" {format_money(happening.basket, program.money)}"
    if happening.items:
        words += f" of {counted(len(happening.items), 'item')}"
    words += by
    values = zip(kind.fields, happening.fields, strict=True)
    written = [
        f"{field.name} {value_in_words(program, field, value)}"
        for field, value in values
        if field.index in happening.written
    ]
    for index, value in happening.member:
        field = program.member_fields[index]
        written.append(f"{field.name} {value_in_words(program, field, value)}")
    if written:
        words += f" with {', '.join(written)}"
    if happening.redeem is not None:
        words += f" redeeming {_chosen(program, happening)}"
    return printable(words)


def _chosen(program: Program, happening: Happening) -> str:
    assert happening.redeem is not None
    index, times = happening.redeem
    reward = program.rewards[index]
    face = reward.cases[0].face
    if times and reward.as_much and isinstance(face, MoneyOff):
        return f"{format_money(times * face.minor, program.money)} of {reward.name}"
    return f"{times:,} {reward.name}" if times > 1 else reward.name


# ---- for machines


def story_as_data(program: Program, story: Sequence[Chapter]) -> list[dict[str, object]]:
    """The story as JSON data: one object a chapter, with its postings."""
    return [
        {
            "day": str(date_of(chapter.day)),
            "event": _what_happened(program, chapter) or None,
            "postings": [_posting_as_data(program, posting) for posting in _merged(chapter.postings)],
            "notes": [] if chapter.outcome is None else _all_notes(program, chapter.outcome),
            "friend": chapter.actor or None,
            "status": {
                ladder.name: ladder.levels[level].name
                for ladder, (level, _) in zip(program.ladders, chapter.standing.levels, strict=True)
            },
            "counters": {
                counter.name: display_number(value, _scale_of(program, counter))
                for counter, value in _shown(program, chapter.standing)
            },
        }
        for chapter in story
    ]


def _scale_of(program: Program, counter: Counter) -> int:
    """How many units of a counter's value are one in what people read."""
    if counter.kind is Kind.MONEY:
        return int(10 ** MINOR_DIGITS[program.money])
    return program.currencies[counter.currency].scale if counter.kind is Kind.UNITS else 1


def _all_notes(program: Program, outcome: Outcome) -> list[str]:
    return [*_refused(outcome), *_taken_off(program, outcome), *_silent(program, outcome)]


def _posting_as_data(program: Program, posting: Posting) -> dict[str, object]:
    currency = program.currencies[posting.currency]
    return {
        "day": str(date_of(posting.day)),
        "kind": posting.kind.value,
        "by": posting.name or None,
        "currency": currency.name,
        "units": display_number(posting.units, currency.scale),
        "last_usable_day": str(date_of(posting.expiry - 1)) if 0 < posting.expiry < NEVER else None,
    }
