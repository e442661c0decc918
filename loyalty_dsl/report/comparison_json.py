"""A comparison as JSON: `loyalty.compare/1`.

Invariant: the same figures give the same bytes. Amounts are numbers in the display unit (points, dollars),
flows are those of all months so far, and each `noise` is a half-width of simulation noise of the difference.
Keys are only ever added under one version. The schema ships beside this module.
"""

import shlex
from collections.abc import Sequence
from typing import Any

import attrs

from loyalty_dsl import __version__
from loyalty_dsl.calendar import format_day
from loyalty_dsl.forecast.compared import Comparison, CurrencyComparison, Figure, Outcome
from loyalty_dsl.language.changes import MARKS, Change, summary_of
from loyalty_dsl.quantities import MINOR_DIGITS, display_number
from loyalty_dsl.reading import hash_of_text
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.provenance import hashes_of_opening
from loyalty_dsl.report.simulation_json import half_width, rate

FORMAT = "loyalty.compare/1"
NOISE = (
    "simulation noise of the difference: half-width, 95%; both versions are lived by the same members with "
    "the same luck"
)

Json = dict[str, Any]


@attrs.frozen
class ComparedFiles:
    """Where a comparison comes from.

    Attributes:
        old, new: as named on the command line.
        inputs: each file's name and the SHA-256 of its text: those of the programs and of the population.
        command: the command that makes the same figures again.
    """

    old: str
    new: str
    inputs: tuple[tuple[str, str], ...]
    command: str
    version: str = __version__


def compared_files(
    comparison: Comparison,
    old: str,
    new: str | None,
    settings: Sequence[str] = (),
    without: Sequence[str] = (),
) -> ComparedFiles:
    """The files of a comparison.

    Args:
        old, new: the paths that were compared; without `new` it is `old` with the settings.
        settings: the numbers that were set in the new version, as `PATH=VALUE`.
        without: names of what the old version is without; the new one is then the file itself.
    """
    last = comparison.new
    spans = (comparison.old.program.span, last.program.span, last.population.span)
    sources = {span.source.name: span.source for span in spans}
    words = ["loyalty", "compare", old, *([] if new is None else [new]), "--population", last.population.name]
    if last.population.opening is not None:
        words += ["--from", last.population.opening.source]
    words += ["--sample", str(last.sample), "--months", str(comparison.months), "--seed", str(last.seed)]
    words += [word for setting in settings for word in ("--set", setting)]
    words += [word for name in without for word in ("--without", name)]
    inputs = tuple((name, hash_of_text(source)) for name, source in sources.items())
    inputs += hashes_of_opening(last)
    named = " with ".join(filter(None, (new or old, ", ".join(settings))))
    before = " without ".join(filter(None, (old, ", ".join(without))))
    return ComparedFiles(before, named, inputs, shlex.join(words))


def comparison_json(comparison: Comparison, files: ComparedFiles) -> str:
    """The comparison as one JSON document that ends in a newline."""
    return json_text(comparison_document(comparison, files))


def comparison_document(comparison: Comparison, files: ComparedFiles) -> Json:
    """The document as plain dicts and lists."""
    new = comparison.new
    money = 10 ** MINOR_DIGITS[new.program.money]
    liability, cost = comparison.liability, comparison.reward_cost
    return {
        "format": FORMAT,
        "old": {"path": files.old, "program": comparison.old.program.name},
        "new": {"path": files.new, "program": new.program.name},
        "population": new.population.name,
        "seed": new.seed,
        "sample": new.sample,
        "weight": rate(new.weight),
        "months": comparison.months,
        "as_of": format_day(new.as_of),
        "money": new.program.money,
        "inputs": dict(files.inputs),
        "version": files.version,
        "command": files.command,
        "noise_note": NOISE,
        "summary": summary_of(comparison.changes),
        "changes": [_change(change) for change in comparison.changes],
        "liability": None if liability is None else _figure(liability[-1], money),
        "reward_cost": None if cost is None else _figure(cost[-1], money),
        "monthly": [
            {
                "month": month.label,
                "through": format_day(month.last),
                "liability": None if liability is None else _figure(liability[m], money),
                "reward_cost": None if cost is None else _figure(cost[m], money),
                "currencies": {one.name: _currency(one, m) for one in comparison.currencies},
                "levels": [
                    {"ladder": level.ladder, "level": level.level, "members": _figure(level.members[m], 1)}
                    for level in comparison.levels
                ],
            }
            for m, month in enumerate(new.months)
        ],
        "everybody": _outcome(comparison.everybody, money),
        "segments": [_outcome(one, money) for one in comparison.by_segment],
        "levels": [
            {"ladder": ladder} | _outcome(one, money) for ladder, rows in comparison.by_level for one in rows
        ],
        "moves": [
            {"ladder": move.ladder, "old": move.old, "new": move.new, "members": move.members}
            for move in comparison.moves
        ],
        **_details(comparison, money),
        "warnings": [{"id": notice.id, "message": notice.message} for notice in comparison.notices],
    }


def _details(comparison: Comparison, money: int) -> Json:
    """Who gains and loses in detail, who ends where, and whom each part of the program reaches."""
    return {
        "segments_by_level": [
            {"ladder": ladder, "segment": segment} | _outcome(one, money)
            for ladder, segment, rows in comparison.by_segment_and_level
            for one in rows
        ],
        "matrices": [
            {
                "ladder": one.ladder,
                "old": list(one.old),
                "new": list(one.new),
                "members": [list(row) for row in one.members],
            }
            for one in comparison.matrices
        ],
        "spread": [
            {
                "gains": one.gains,
                "over": display_number(one.least, money),
                "through": None if one.most is None else display_number(one.most, money),
                "members": one.members,
            }
            for one in comparison.spread
        ],
        "reach": [
            {
                "what": one.what,
                "name": one.name,
                "old": one.old,
                "new": one.new,
                "old_noise": half_width(one.old_noise),
                "new_noise": half_width(one.new_noise),
            }
            for one in comparison.touched
        ],
    }


def _change(change: Change) -> Json:
    return {
        "mark": MARKS[change.how],
        "how": change.how.value,
        "what": change.what,
        "name": change.name,
        "label": change.label,
        "within": change.within or None,
        "details": [{"old": detail.old, "new": detail.new} for detail in change.details],
    }


def _currency(one: CurrencyComparison, m: int) -> Json:
    return {
        "issued": _figure(one.issued[m], one.scale),
        "redeemed": _figure(one.redeemed[m], one.scale),
        "outstanding": _figure(one.outstanding[m], one.scale),
    }


def _figure(figure: Figure, scale: int) -> Json:
    return {
        "old": display_number(figure.old, scale),
        "new": display_number(figure.new, scale),
        "difference": display_number(figure.difference, scale),
        "noise": half_width(figure.noise / scale),
    }


def _outcome(one: Outcome, money: int) -> Json:
    return {
        "name": one.name,
        "members": one.members,
        "gain": one.rose,
        "lose": one.fell,
        "same": one.same,
        "gained": display_number(one.rise, money),
        "lost": display_number(one.fall, money),
        "value": _figure(one.value, money),
    }
