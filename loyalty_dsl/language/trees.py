"""Reductions -> syntax nodes: one row for each rule of the grammar.

Invariant: a row's children are what the rule's line in the grammar shows, in that order, words and marks
left out (kept where the line starts with `!`), and `None` for an optional part that is missing. A test
holds that the rows are the grammar's.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from loyalty_dsl.calendar import day_of
from loyalty_dsl.language import syntax
from loyalty_dsl.language.tokens import Token
from loyalty_dsl.source import SourceText, Span

Action = Callable[[Sequence[Any], Span], Any]

_SUFFIXES = {"K": 10**3, "M": 10**6, "B": 10**9}


def leaf(token: Token, source: SourceText) -> Any:
    """The node of a token that a rule keeps: a name, a text, a number, a date, or a sign as it is."""
    span = Span(source, token.start, token.end)
    match token.kind:
        case "NUMBER":
            return syntax.Number(_exact(token.text), span)
        case "MONEY":
            digits = token.text[1:].rstrip("KMB")
            factor = _SUFFIXES.get(token.text[-1], 1)
            return syntax.Money(token.text[0], _exact(digits) * factor, span)
        case "PERCENT":
            return syntax.Percent(_exact(token.text[:-1]) / 100, span)
        case "DATE":
            return syntax.DateLiteral(day_of(date.fromisoformat(token.text)), span)
        case "TIME":
            return int(token.text[:2]) * 60 + int(token.text[3:])
        case "STRING":
            return syntax.Text(token.text[1:-1], span)
        case "COMPARE":
            return token.text
        case _:
            return syntax.Name(token.text, span)


def _exact(digits: str) -> Fraction:
    whole, _, part = digits.replace(",", "").partition(".")
    return Fraction(int(whole + part), 10 ** len(part))


# ---- kinds of row


def _words(children: Sequence[Any], span: Span) -> syntax.Name:
    """The words of the rule themselves, one space between them."""
    return syntax.Name(" ".join(word.text for word in children), span)


def _several(children: Sequence[Any], span: Span) -> tuple[Any, ...]:
    return tuple(children)


def _parts(children: Sequence[Any], span: Span) -> tuple[Any, ...]:
    """A header: its parts, and where it is."""
    return (*children, span)


def _node(cls: Callable[..., Any]) -> Action:
    """A node whose fields are the children in order."""
    return lambda children, span: cls(*children, span)


def _of(make: Callable[..., Any]) -> Action:
    """A node that `make(span, *children)` puts together."""
    return lambda children, span: make(span, *children)


def _headed(cls: Callable[..., Any], parts: int) -> Action:
    """A block: `parts` fields from its header, then its clauses, and the header's span."""

    def make(children: Sequence[Any], span: Span) -> Any:
        header = children[0]
        return cls(*header[:parts], tuple(children[1:]), header[-1])

    return make


# ---- rows that are more than that


def _file(children: Sequence[Any], span: Span) -> syntax.File:
    return syntax.File(span.source, tuple(children))


def _event(span: Span, header: tuple[Any, ...], fields: tuple[Any, ...] | None) -> syntax.EventBlock:
    name, header_span = header
    return syntax.EventBlock(name, fields or (), header_span)


def _dated(span: Span, measure: syntax.Measure, word: syntax.Name, date: syntax.DateLiteral) -> syntax.Dated:
    return syntax.Dated(measure, word.text, date, span)


def _field_of_words(span: Span, name: syntax.Name, *values: syntax.Name) -> syntax.FieldDeclaration:
    type_ = syntax.Name("one of", Span(span.source, name.span.end, values[0].span.start))
    return syntax.FieldDeclaration(name, type_, values, span)


def _currency(children: Sequence[Any], span: Span) -> syntax.CurrencyBlock:
    name, label, in_money, header_span = children[0]
    return syntax.CurrencyBlock(name, label, in_money is not None, tuple(children[1:]), header_span)


def _measured(cls: Callable[..., Any], negated: bool) -> Action:
    return lambda children, span: cls(children[0], negated, children[1], span)


def _among(negated: bool) -> Action:
    return lambda children, span: syntax.OneAmong(children[0], negated, tuple(children[1:]), span)


def _share_trait(span: Span, field: syntax.Name, *shares: tuple[Any, ...]) -> syntax.ShareTrait:
    return syntax.ShareTrait(field, tuple((name, percent) for name, percent in shares), None, span)


def _event_line(span: Span, happening: tuple[Any, ...], items: tuple[Any, ...] | None) -> syntax.EventLine:
    day, minute, event, amount, values, redeeming, own_span = happening
    return syntax.EventLine(
        day, minute, event, amount, None, None, values or (), redeeming, items or (), own_span
    )


def _expect_line(
    span: Span, measure: syntax.Name | None, quantity: syntax.Quantity, through: syntax.DateLiteral | None
) -> syntax.ExpectLine:
    return syntax.ExpectLine(None, measure, quantity, through, span)


ACTIONS: Mapping[str, Action] = {
    "start": _file,
    # ---- programs
    "program": _headed(syntax.ProgramBlock, 2),
    "program_header": _parts,
    "money_clause": _node(syntax.MoneyClause),
    "timezone_clause": _node(syntax.TimezoneClause),
    "starts_clause": _node(syntax.StartsClause),
    "event": _of(_event),
    "event_header": _parts,
    "item": lambda children, span: syntax.ItemBlock(children[1], children[0][-1]),
    "item_header": _parts,
    "fields": _several,
    "one_of_field": _of(_field_of_words),
    "plain_field": lambda children, span: syntax.FieldDeclaration(children[0], children[1], (), span),
    "field_type": _words,
    # ---- currencies
    "currency": _currency,
    "currency_header": _parts,
    "in_money": lambda children, span: span,
    "round_clause": _node(syntax.RoundClause),
    "rounding": _words,
    "round_per": _words,
    "pending_clause": _node(syntax.PendingClause),
    "expire_never": lambda children, span: syntax.ExpireClause(syntax.NeverTerm(span), None, span),
    "expire_after": _of(
        lambda span, duration, end: syntax.ExpireClause(
            syntax.EarningTerm(duration, end, None, span), None, span
        )
    ),
    "spend_clause": _node(syntax.SpendClause),
    "spend_order": _words,
    "worth_money": _node(syntax.Worth),
    "worth_nothing": lambda children, span: syntax.Worth(None, children[0], span),
    "cost_clause": _node(syntax.Cost),
    "note_assumed": lambda children, span: syntax.NumberNote(None, span),
    "note_source": _node(syntax.NumberNote),
    # ---- rules
    "rule": _headed(syntax.RuleBlock, 3),
    "rule_header": _parts,
    "rule_word": _words,
    "on_clause": _of(
        lambda span, event, where: syntax.OnClause(event, None, None, None, None, None, where, span)
    ),
    "when_clause": _node(syntax.When),
    "for_clause": _node(syntax.ForItems),
    "give_flat": _node(syntax.GiveFlat),
    "give_per_money": _of(
        lambda span, quantity, per, of: syntax.GivePerMoney(quantity, False, per, of, span)
    ),
    "give_per_whole_money": _of(
        lambda span, quantity, per, of: syntax.GivePerMoney(quantity, True, per, of, span)
    ),
    "give_share": _node(syntax.GiveShare),
    "give_back": _of(lambda span, percent: syntax.GiveShare(percent, None, None, span)),
    "give_off": _node(syntax.GiveOff),
    "in_full": lambda children, span: True,
    "up_to_the_basket": lambda children, span: False,
    "limit_event": _of(lambda span, quantity: syntax.Limit(quantity, None, False, False, None, span)),
    "limit_window": _of(
        lambda span, quantity, window: syntax.Limit(quantity, window, False, False, None, span)
    ),
    "price_clause": _node(syntax.PriceClause),
    "minimum_clause": _node(syntax.MinimumClause),
    "issue_clause": lambda children, span: syntax.IssueClause(True, span),
    "dates_clause": lambda children, span: syntax.Dates(tuple(children), span),
    "on_date": _of(lambda span, day: syntax.DateRange(day, day, None, span)),
    "between_dates": _of(lambda span, first, last: syntax.DateRange(first, last, None, span)),
    "from_date": _of(lambda span, first, last: syntax.DateRange(first, last, None, span)),
    "through_date": _of(lambda span, last: syntax.DateRange(None, last, None, span)),
    "before_date": _of(lambda span, before: syntax.DateRange(None, None, before, span)),
    "month_day": _of(lambda span, day: syntax.MonthDays(day, None, span)),
    "month_days": _node(syntax.MonthDays),
    # ---- conditions
    "all_of": lambda children, span: syntax.AllOf(tuple(children), span),
    "any_of": lambda children, span: syntax.AnyOf(tuple(children), span),
    "negated": _node(syntax.Negated),
    "holds": _node(syntax.Holds),
    "equals": _measured(syntax.Equals, False),
    "equals_not": _measured(syntax.Equals, True),
    "one_among": _among(False),
    "not_one_among": _among(True),
    "compares": _node(syntax.Compares),
    "dated": _of(_dated),
    "date_word": _words,
    "measure": _of(lambda span, name, of, since: syntax.Measure(name, of, since, None, None, span)),
    "yes_no": lambda children, span: syntax.YesNo(children[0].text == "yes", span),
    # ---- shared leaves
    "quantity": _node(syntax.Quantity),
    "duration": _node(syntax.Duration),
    "window": _of(lambda span, unit: syntax.Window(unit, False, span)),
    "unit": _words,
    "period": _words,
    # ---- populations
    "population": _headed(syntax.PopulationBlock, 2),
    "population_header": _parts,
    "start_clause": _node(syntax.StartClause),
    "join_clause": _node(syntax.JoinClause),
    "segment": _headed(syntax.SegmentBlock, 2),
    "segment_header": _parts,
    "purchases_trait": _node(syntax.PurchasesTrait),
    "leave_trait": _node(syntax.LeaveTrait),
    "leave_per": _words,
    "basket_trait": _node(syntax.BasketTrait),
    "redeem_trait": _node(syntax.RedeemTrait),
    "share_trait": _of(_share_trait),
    "share": _several,
    "chance_trait": _of(lambda span, field, percent: syntax.ChanceTrait(field, percent, None, span)),
    # ---- scenarios
    "scenario": _headed(syntax.ScenarioBlock, 2),
    "scenario_header": _parts,
    "given_joined": _node(syntax.GivenJoinedLine),
    "given_units": _node(syntax.GivenUnitsLine),
    "event_line": _of(_event_line),
    "happening": _parts,
    "with_values": _several,
    "with_value": _node(syntax.WithValue),
    "redeeming": _several,
    "items": _several,
    "item_line": lambda children, span: syntax.ItemLine(children[0], children[1] or (), span),
    "redeem_line": _node(syntax.RedeemLine),
    "expect_line": _of(_expect_line),
    "dated_expect_line": _node(syntax.ExpectLine),
    "expect_off": _node(syntax.ExpectOffLine),
    "expect_refused": lambda children, span: syntax.ExpectRefusedLine(span),
    "figure": _words,
}
