"""A trace as JSON: `loyalty.trace/1`. Amounts are in display units, words as on the terminal, all of them."""

from fractions import Fraction
from typing import Any

from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.trace_views import EpisodeView, PostingView, RewardView, RuleView, TraceView

FORMAT = "loyalty.trace/1"


def trace_json(view: TraceView, *, name: str | None = None, day: str | None = None) -> str:
    """The trace as one JSON document that ends in a newline.

    Args:
        name: only this rule or reward.
        day: only what happened on this day.
    """
    return json_text(trace_document(view, name=name, day=day))


def trace_document(view: TraceView, *, name: str | None = None, day: str | None = None) -> dict[str, Any]:
    """The document as plain dicts and lists."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "program": view.program.name,
        "of": view.of,
        "member": view.member,
        "version": view.version,
        "inputs": dict(view.inputs),
    }
    if view.seed is not None:
        document["seed"] = view.seed
    shown = (each for each in view.episodes if day in (None, each.day))
    document["episodes"] = [
        _episode(each, name) for each in shown if each.kind != "midnight" or not each.empty
    ]
    return document


def _episode(episode: EpisodeView, name: str | None) -> dict[str, Any]:
    return {
        "kind": episode.kind,
        "day": episode.day or None,
        "title": episode.title,
        "id": episode.id or None,
        "member": episode.member or None,
        "refused": list(episode.refused),
        "gates": list(episode.gates),
        "before": [_episode(each, name) for each in episode.before if not each.empty],
        "rules": [_rule(each) for each in episode.rules if name in (None, each.name)],
        "rewards": [_reward(each) for each in episode.rewards if name in (None, each.name)],
        "effects": [*episode.effects, *episode.quiet],
        "after": [_episode(each, name) for each in episode.after if not each.empty],
        "about_other_events": list(episode.about_others),
        "not_chosen": list(episode.not_chosen),
        "postings": [_posting(each) for each in episode.postings if name in (None, each.by)],
        "balances": {currency: _number(units) for currency, units, _ in episode.balances},
    }


def _rule(rule: RuleView) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "label": rule.label,
        "at": rule.at,
        "posted": None if rule.posting is None else _posting(rule.posting),
        "why_not": rule.why,
        "words": rule.words,
        "steps": list(rule.steps),
        "asked": list(rule.condition),
        "exact": None if rule.exact is None else str(rule.exact),
        "rows": [{"path": list(row.path), "words": row.words, "at": row.at} for row in rule.rows],
        "limits": [
            {"limit": each.index, "at": each.at, "words": each.words, "bound": each.bound}
            for each in rule.limits
        ],
        "other_version": rule.other_version,
    }


def _reward(reward: RewardView) -> dict[str, Any]:
    return {
        "reward": reward.name,
        "label": reward.label,
        "at": reward.at,
        "kind": reward.kind,
        "times": reward.times,
        "off": _number(reward.off),
        "why_not": reward.why,
        "words": reward.words,
        "steps": list(reward.steps),
        "postings": [_posting(each) for each in reward.postings],
        "other_version": reward.other_version,
    }


def _posting(posting: PostingView) -> dict[str, Any]:
    return {
        "day": posting.day,
        "kind": posting.kind,
        "by": posting.by or None,
        "currency": posting.currency,
        "units": _number(posting.units),
        "lot": posting.lot or None,
        "available": posting.available,
        "last_usable_day": posting.last_usable,
    }


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
