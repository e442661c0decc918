"""When events are, guessed: which column has the date, in which pattern, and whether another has the time.

Invariant: a pattern that is guessed fits all cells that were looked at, or the guess is unsure.
"""

import re
from collections.abc import Sequence

import attrs

from loyalty_dsl.transactions.seen_columns import CLOCK, DATE, ISO, SeenColumn

_NAMES = (
    "created at", "ordered at", "paid at", "order date", "purchase date", "transaction date", "timestamp",
    "datetime", "date time", "date", "time", "sold at", "processed at", "created", "day",
)  # fmt: skip


@attrs.frozen
class GuessedMoment:
    """What stands behind `at`, what that rests on, and whether it is little."""

    text: str
    why: str
    unsure: bool


def guess_moment(columns: Sequence[SeenColumn]) -> GuessedMoment:
    """Guesses the columns and the pattern."""
    dated = [column for column in columns if max(column.share(ISO), column.share(DATE)) > 0.8]
    named = sorted((c for c in dated if c.plain in _NAMES), key=lambda column: _NAMES.index(column.plain))
    if not dated:
        by_name = [column for column in columns if column.plain in _NAMES]
        column = (by_name or list(columns))[0]
        return GuessedMoment(
            f'"{column.name}"', "no column has dates that are known here: see `written`", True
        )
    column = (named or dated)[0]
    why = f"the time by the {'name' if named else 'cells'} of `{column.name}`"
    unsure = not named and len(dated) > 1
    clock = None
    if not any(":" in cell for cell in column.filled):
        clock = next((one for one in columns if one is not column and one.share(CLOCK) > 0.8), None)
    text = f'"{column.name}"' + (f' "{clock.name}"' if clock is not None else "")
    if column.share(ISO) >= column.share(DATE):
        return GuessedMoment(text, why, unsure)
    pattern, sure = _pattern_of(column)
    if clock is not None:
        pattern += " " + _clock_of(clock.filled)
    if not sure:
        why += "; days and months could be the other way round"
    return GuessedMoment(f'{text} written "{pattern}"', why, unsure or not sure)


def _pattern_of(column: SeenColumn) -> tuple[str, bool]:
    """The pattern of the dates, and whether days and months cannot be mistaken for each other."""
    found = [match for cell in column.filled if (match := DATE.fullmatch(cell)) is not None]
    sign = found[0][2]
    if len(found[0][1]) == 4:
        words, sure = ("year", "month", "day"), True
    elif (days_first := _beyond(found, 1)) != (months_first := _beyond(found, 3)):
        words, sure = (
            (("day", "month", "year") if days_first > months_first else ("month", "day", "year")),
            True,
        )
    else:
        words, sure = (("day", "month", "year") if sign == "." else ("month", "day", "year")), sign == "."
    pattern = sign.join(words)
    times = [f"{match[5]}{match[6] or ''}" for match in found if match[5] is not None]
    return (pattern + (" " + _clock_of(times) if times else "")), sure


def _beyond(found: Sequence[re.Match[str]], part: int) -> int:
    """In how many dates a part is no month."""
    return sum(int(match[part]) > 12 for match in found)


def _clock_of(texts: Sequence[str]) -> str:
    seconds = ":second" if any(text.count(":") == 2 for text in texts) else ""
    half = " am" if any(text.strip().lower().replace(".", "").endswith("m") for text in texts) else ""
    return f"hour:minute{seconds}{half}"
