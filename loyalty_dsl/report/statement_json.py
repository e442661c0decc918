"""A statement as JSON: `loyalty.statement/1`. Amounts are in display units, words as on the terminal."""

from typing import Any

from loyalty_dsl.calendar import NEVER, format_day, last_usable
from loyalty_dsl.evaluation.posting_lines import posting_line
from loyalty_dsl.evaluation.statements import Holding, Offer, Rung, Statement, Way
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import Kind
from loyalty_dsl.quantities import MINOR_DIGITS, display_number
from loyalty_dsl.report.json_text import json_line, json_text
from loyalty_dsl.report.statement_wording import next_reward, way_in_words

FORMAT = "loyalty.statement/1"


def statement_json(program: Program, statement: Statement) -> str:
    """The statement as one JSON document that ends in a newline."""
    return json_text(statement_document(program, statement))


def statement_line(program: Program, statement: Statement) -> str:
    """The same document on one line, without its end."""
    return json_line(statement_document(program, statement))


def statement_document(program: Program, statement: Statement) -> dict[str, Any]:
    """The document as plain dicts and lists."""
    nearest = next_reward(program, statement.offers)
    document: dict[str, Any] = {
        "format": FORMAT,
        "program": program.name,
        "member": statement.member,
        "as_of": format_day(statement.day),
        "joined": None if statement.joined is None else format_day(statement.joined),
        "balances": {
            program.currencies[holding.currency].name: _holding(program, holding)
            for holding in statement.holdings
        },
        "tiers": {program.ladders[rung.ladder].name: _rung(program, rung) for rung in statement.rungs},
        "rewards": [_offer(program, offer) for offer in statement.offers],
        "next_reward": None if nearest is None else program.rewards[nearest.reward].name,
    }
    if program.allowances:
        document["allowances"] = {
            allowance.name: {"units": units, "unit": allowance.unit}
            for allowance, units in zip(program.allowances, statement.allowances, strict=True)
        }
    if statement.postings is not None:
        lines = (posting_line(program, statement.member, posting) for posting in statement.postings)
        document["postings"] = [{key: its for key, its in line.items() if key != "member"} for line in lines]
    return document


def _holding(program: Program, holding: Holding) -> dict[str, Any]:
    scale = program.currencies[holding.currency].scale
    return {
        "available": display_number(holding.available, scale),
        "owed": display_number(holding.owed, scale),
        "pending": [
            {"units": display_number(units, scale), "available": format_day(day)}
            for day, units in holding.pending
        ],
        "expiring": [
            {"units": display_number(units, scale), "last_day": format_day(last_usable(day))}
            for day, units in holding.gone
        ],
        "all_expires": None if holding.together is None else format_day(last_usable(holding.together)),
    }


def _rung(program: Program, rung: Rung) -> dict[str, Any]:
    levels = program.ladders[rung.ladder].levels
    return {
        "level": levels[rung.level].name,
        "through": None if rung.through == NEVER else format_day(rung.through),
        "next": levels[rung.level + 1].name if rung.level + 1 < len(levels) else None,
        "keeping": [_way(program, way) for way in rung.keeping],
        "raising": [_way(program, way) for way in rung.raising],
    }


def _way(program: Program, way: Way) -> dict[str, Any]:
    missing = []
    for each in way.missing:
        first = program.counters[each.terms[0][1]]
        scale = 1
        if first.kind is Kind.MONEY:
            scale = 10 ** MINOR_DIGITS[program.money]
        elif first.kind is Kind.UNITS:
            scale = program.currencies[first.currency].scale
        missing.append(
            {
                "of": [program.counters[index].label for _, index in each.terms],
                "units": display_number(each.units, scale),
                "by": None if each.by is None else format_day(each.by),
            }
        )
    return {"missing": missing, "other_conditions": way.more, "words": way_in_words(program, way)}


def _offer(program: Program, offer: Offer) -> dict[str, Any]:
    reward = program.rewards[offer.reward]
    currency = program.currencies[reward.currency]
    return {
        "reward": reward.name,
        "label": reward.label,
        "currency": currency.name,
        "price": display_number(offer.price, currency.scale) if offer.price else None,
        "to_go": display_number(offer.short, currency.scale),
        "closed": offer.closed or None,
    }
