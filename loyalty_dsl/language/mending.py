"""Applying the edits of diagnostics to texts, round after round, until nothing more can be mended.

Invariants: what comes out never has more errors than what went in, after every round; of two edits that
overlap the first is applied, and the other may be in a later round, if it is still wanted then; it ends.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, Protocol, TypeVar

from loyalty_dsl.diagnostics import Diagnostic, Edit
from loyalty_dsl.language.records import record
from loyalty_dsl.source import SourceText

MOST_CHECKS = 60
"""Checks in all; hundreds of mistakes take three or four."""


class Outcome(Protocol):
    """What a check of texts says."""

    @property
    def sources(self) -> tuple[SourceText, ...]: ...

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]: ...


Found = TypeVar("Found", bound=Outcome)


@record
class Mended(Generic[Found]):
    """Texts with edits applied.

    Attributes:
        outcome: of checking them.
        edits: how many were applied.
        refused: findings whose edits would have brought more errors; of the texts as they were then.
    """

    outcome: Found
    edits: int
    refused: tuple[Diagnostic, ...]


def mend(
    outcome: Found, check: Callable[[Sequence[SourceText]], Found], *, unsafe: bool = False
) -> Mended[Found]:
    """Applies the edits of findings, checks the texts again, and goes on with what is found then.

    Args:
        outcome: of checking the texts as they are.
        check: how texts are checked.
        unsafe: whether also to apply edits that may change what the author meant.
    """
    edits, refused, most = 0, dict[tuple[str, ...], Diagnostic](), None
    seen = {_texts(outcome.sources)}
    for _ in range(MOST_CHECKS):
        chosen = _chosen(outcome, unsafe, refused)[:most]
        if not chosen:
            break
        after = check(apply_edits(outcome.sources, [edit for _, edit in chosen]))
        texts, worse = _texts(after.sources), errors_of(after) > errors_of(outcome)
        # Together they must mend what each of them is for: then none hides behind the others.
        mends = errors_of(outcome) - errors_of(after) >= sum(found.is_error for found, _ in chosen)
        if texts not in seen and (mends or (len(chosen) == 1 and not worse)):
            outcome, edits, most = after, edits + len(chosen), None
            seen.add(texts)
        elif len(chosen) > 1:
            most = len(chosen) // 2  # one of them is to blame: look for it among the first
        else:
            refused[_key(chosen[0][0])] = chosen[0][0]
            most = None
    return Mended(outcome, edits, tuple(refused.values()))


def errors_of(outcome: Outcome) -> int:
    return sum(found.is_error for found in outcome.diagnostics)


def mendable(diagnostics: Iterable[Diagnostic], *, unsafe: bool = False) -> int:
    """How many findings have an edit that may be applied."""
    return sum(found.edit is not None and (found.edit.safe or unsafe) for found in diagnostics)


def apply_edits(sources: Sequence[SourceText], edits: Iterable[Edit]) -> tuple[SourceText, ...]:
    """The texts with edits applied, none of which overlap."""
    by_source: dict[int, list[Edit]] = {}
    for edit in edits:
        by_source.setdefault(id(edit.span.source), []).append(edit)
    mended = []
    for source in sources:
        text = source.text
        for edit in sorted(by_source.get(id(source), ()), key=lambda each: each.span.start, reverse=True):
            text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
        mended.append(source if text == source.text else SourceText(source.name, text))
    return tuple(mended)


def _chosen(
    outcome: Outcome, unsafe: bool, refused: dict[tuple[str, ...], Diagnostic]
) -> list[tuple[Diagnostic, Edit]]:
    """The edits of a round, in the order of the texts; of those that touch each other, the first."""
    own = {id(source): number for number, source in enumerate(outcome.sources)}
    wanted = [
        (found, found.edit)
        for found in outcome.diagnostics
        if found.edit is not None
        and (found.edit.safe or unsafe)
        and id(found.edit.span.source) in own
        and _key(found) not in refused
    ]
    wanted.sort(key=lambda pair: (own[id(pair[1].span.source)], pair[1].span.start, pair[1].span.end))
    chosen: list[tuple[Diagnostic, Edit]] = []
    for found, edit in wanted:
        last = chosen[-1][1].span if chosen else None
        if last is not None and last.source is edit.span.source and edit.span.start <= last.end:
            continue
        chosen.append((found, edit))
    return chosen


def _key(found: Diagnostic) -> tuple[str, ...]:
    """What tells a finding again after other edits have moved it."""
    assert found.edit is not None
    span = found.edit.span
    line = span.source.line(span.line).strip()
    return (span.source.name, found.code, found.message, line, span.text, found.edit.replacement)


def _texts(sources: Sequence[SourceText]) -> tuple[str, ...]:
    return tuple(source.text for source in sources)
