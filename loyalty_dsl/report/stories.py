"""The story of one member, in the designer's units: events, postings, refusals, rules that stayed silent.

Invariant: each posting is a row with the balance of its currency after it, so the rows can be added up by
hand; postings that differ only in their lot are one row.
"""

from collections.abc import Iterable, Sequence

import attrs

from loyalty_dsl.calendar import NEVER, date_of, format_day, last_usable
from loyalty_dsl.evaluation.events import REDEEM
from loyalty_dsl.evaluation.ledger import Posting, PostingKind
from loyalty_dsl.evaluation.reference import Outcome
from loyalty_dsl.evaluation.wording import amount_in_words
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import Happening
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.quantities import display_number, format_money, format_units
from loyalty_dsl.report.style import Style, counted, printable
from loyalty_dsl.testing.results import Chapter


@attrs.frozen
class _Row:
    day: str
    what: str
    change: str = ""
    through: str = ""
    balance: str = ""
    note: bool = False
    """A note runs on over the columns to its right."""


_MOST_SILENT = 4
"""How many rules that stayed silent at an event are told one by one."""

_HEADER = _Row("day", "what", "change", "last usable day", "balance")


def story_table(program: Program, story: Sequence[Chapter], style: Style) -> list[str]:
    """The story as the rows of a table, header first.

    Args:
        story: the member's story from its beginning; an empty one gives a line that says so.
    """
    if not story:
        return [style.paint("nothing happened before this", "dim")]
    balances = [0] * len(program.currencies)
    rows = [_HEADER, *(row for chapter in story for row in _chapter(program, chapter, balances))]
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


def _chapter(program: Program, chapter: Chapter, balances: list[int]) -> Iterable[_Row]:
    """The rows of one chapter; `balances` is brought forward as they are made."""

    def rows(kinds: set[PostingKind], indent: str) -> Iterable[_Row]:
        for posting in _merged(p for p in chapter.postings if p.kind in kinds):
            day = "" if indent else format_day(posting.day)
            yield _posting_row(program, posting, balances, day, indent)

    yield from rows({PostingKind.OPENING, PostingKind.EXPIRED}, "")
    if chapter.happening is None or chapter.outcome is None:
        return
    hour, minute = divmod(chapter.happening.minute, 60)
    time = f" {hour:02}:{minute:02}" if chapter.happening.minute else ""
    yield _Row(format_day(chapter.day) + time, happening_in_words(program, chapter.happening))
    yield from _notes(_refused(chapter.outcome))
    yield from rows({PostingKind.REDEEMED}, "  ")
    yield from _notes(_taken_off(program, chapter.outcome))
    yield from rows({PostingKind.EARNED}, "  ")
    yield from _notes(_silent(program, chapter.outcome))


def _notes(texts: Iterable[str]) -> Iterable[_Row]:
    for text in texts:
        yield _Row("", f"  {text}", note=True)


def _merged(postings: Iterable[Posting]) -> list[Posting]:
    sums: dict[Posting, int] = {}
    for posting in postings:
        key = attrs.evolve(posting, units=0)
        sums[key] = sums.get(key, 0) + posting.units
    return [attrs.evolve(key, units=units) for key, units in sums.items()]


def _posting_row(program: Program, posting: Posting, balances: list[int], day: str, indent: str) -> _Row:
    gained = posting.kind in (PostingKind.OPENING, PostingKind.EARNED)
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
        format_day(last_usable(posting.expiry)),
        format_money(balance, program.money) if currency.in_money else format_units(balance, currency.scale),
    )


_POSTED = {
    PostingKind.OPENING: "given",
    PostingKind.EARNED: "earned by {}",
    PostingKind.REDEEMED: "redeemed for {}",
    PostingKind.EXPIRED: "expired",
}


def _refused(outcome: Outcome) -> list[str]:
    return [
        f"refused: `{refusal.reward}`: {refusal.reason}" if refusal.reward else f"refused: {refusal.reason}"
        for refusal in outcome.refusals
    ]


def _taken_off(program: Program, outcome: Outcome) -> list[str]:
    if not outcome.off:
        return []
    if outcome.event.kind == REDEEM:
        return [f"{format_money(outcome.off, program.money)} off"]
    off, left = (format_money(minor, program.money) for minor in (outcome.off, outcome.amount))
    return [f"{off} off, {left} left to pay"]


def _silent(program: Program, outcome: Outcome) -> list[str]:
    told = [f"`{program.earns[rule].name}` posted nothing: {why.value}" for rule, why in outcome.silent]
    more = len(told) - _MOST_SILENT
    return [*told[:_MOST_SILENT], f"nor did {counted(more, 'other rule')}"] if more > 1 else told


def happening_in_words(program: Program, happening: Happening) -> str:
    """An event as a scenario writes it, on one line: `purchase $6.00 with payment other`."""
    if happening.event is None:
        return f"redeem {_chosen(program, happening)}"
    kind = program.events[happening.event]
    words = kind.name
    if kind.has_amount:
        words += f" {format_money(happening.basket, program.money)}"
    if happening.items:
        words += f" of {counted(len(happening.items), 'item')}"
    values = zip(kind.fields, happening.fields, strict=True)
    written = [
        f"{field.name} {value_in_words(program, field, value)}"
        for field, value in values
        if field.index in happening.written
    ]
    if written:
        words += f" with {', '.join(written)}"
    if happening.redeem is not None:
        words += f" redeeming {_chosen(program, happening)}"
    return printable(words)


def _chosen(program: Program, happening: Happening) -> str:
    if happening.redeem is None:
        return ""
    reward, times = happening.redeem
    return f"{times:,} {program.rewards[reward].name}" if times > 1 else program.rewards[reward].name


def value_in_words(program: Program, field: Field, value: int) -> str:
    """A field's value as it is written."""
    match field.kind:
        case Kind.YES_NO:
            return "yes" if value else "no"
        case Kind.ONE_OF:
            return field.values[value]
        case Kind.MONEY:
            return format_money(value, program.money)
        case Kind.DATE:
            return format_day(value)
        case Kind.NUMBER | Kind.UNITS:
            return f"{value:,}"


# ---- for machines


def story_as_data(program: Program, story: Sequence[Chapter]) -> list[dict[str, object]]:
    """The story as JSON data: one object a chapter, with its postings."""
    return [
        {
            "day": str(date_of(chapter.day)),
            "event": None if chapter.happening is None else happening_in_words(program, chapter.happening),
            "postings": [_posting_as_data(program, posting) for posting in _merged(chapter.postings)],
            "notes": [] if chapter.outcome is None else _all_notes(program, chapter.outcome),
        }
        for chapter in story
    ]


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
        "last_usable_day": None if posting.expiry == NEVER else str(date_of(posting.expiry - 1)),
    }
