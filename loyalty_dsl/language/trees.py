"""Reductions -> syntax nodes: one row for each rule of the grammar.

Invariant: a row's children are what the rule's line in the grammar shows, in that order, words and marks
left out (kept where the line starts with `!`), and `None` for an optional part that is missing. A test
holds that the rows are the grammar's.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from loyalty_dsl.calendar import day_of
from loyalty_dsl.language import syntax
from loyalty_dsl.language.tokens import Token
from loyalty_dsl.source import SourceText, Span

Action = Callable[[Sequence[Any], Span], Any]

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip

_SUFFIXES = {"K": 10**3, "M": 10**6, "B": 10**9}


def leaf(token: Token, source: SourceText) -> Any:
    """The node of a token that a rule keeps: a name, a text, a number, a date, or a sign as it is."""
    span = Span(source, token.start, token.end)
    match token.kind:
        case "NUMBER":
            return syntax.Number(_exact(token.text), span)
        case "NEGATIVE":
            return syntax.Number(-_exact(token.text[1:]), span)
        case "MONEY":
            return syntax.Money(token.text[0], _money(token.text[1:]), span)
        case "NEGATIVE_MONEY":
            return syntax.Money(token.text[1], -_money(token.text[2:]), span)
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


def _money(digits: str) -> Fraction:
    return _exact(digits.rstrip("KMB")) * _SUFFIXES.get(digits[-1], 1)


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


def _share_trait(
    span: Span, field: syntax.Name, shares: tuple[Any, ...], when: syntax.Condition | None
) -> syntax.ShareTrait:
    return syntax.ShareTrait(field, _pairs(shares), when, span)


def _values_trait(
    span: Span, field: syntax.Name, shares: tuple[Any, ...], when: syntax.Condition | None
) -> syntax.ValuesTrait:
    return syntax.ValuesTrait(field, _pairs(shares), when, span)


def _pairs(shares: Sequence[Any]) -> tuple[tuple[Any, syntax.Percent], ...]:
    return tuple((value, percent) for value, percent in shares)


def _event_line(span: Span, happening: tuple[Any, ...], items: tuple[Any, ...] | None) -> syntax.EventLine:
    day, minute, event, amount, label, actor, values, redeeming, own_span = happening
    return syntax.EventLine(
        day, minute, event, amount, label, actor, values or (), redeeming, items or (), own_span
    )


def _return_line(span: Span, returning: tuple[Any, ...], items: tuple[Any, ...] | None) -> syntax.ReturnLine:
    day, minute, amount, label, actor, own_span = returning
    return syntax.ReturnLine(day, minute, amount, label, actor, items or (), own_span)


def _expect_line(
    span: Span, measure: syntax.Name | None, quantity: syntax.Quantity, through: syntax.DateLiteral | None
) -> syntax.ExpectLine:
    return syntax.ExpectLine(None, measure, quantity, through, span)


def _given(span: Span, amount: Any) -> Any:
    """An amount as a clause: its span begins at `give`. A table keeps that of its first line."""
    return amount if isinstance(amount, syntax.Table) else attrs.evolve(amount, span=span)


def _on_event(children: Sequence[Any], span: Span) -> syntax.OnClause:
    first, event, by, within, kept, where = children
    length, since = within or (None, None)
    return syntax.OnClause(event, first, by, length, since, kept, where, span)


def _on_start(span: Span, of: syntax.AnyWindow) -> syntax.OnStart:
    """Months are names like any other here, so that none of them is reserved."""
    if isinstance(of, syntax.NamedWindow) and not of.previous and of.name.text in _MONTHS:
        return syntax.OnStart(syntax.MonthName(_MONTHS.index(of.name.text) + 1, of.span), span)
    return syntax.OnStart(of, span)


def _first(children: Sequence[Any], span: Span) -> syntax.Number:
    """`first` is `first 1`."""
    return children[0] if children[0] is not None else syntax.Number(Fraction(1), span)


def _limit(children: Sequence[Any], span: Span) -> syntax.Limit:
    quantity, window, to, everyone, refuses = children
    return syntax.Limit(quantity, window or None, everyone is True, refuses is True, to, span)


def _expiry(children: Sequence[Any], span: Span) -> syntax.ExpireClause:
    term, when = children
    return syntax.ExpireClause(term, when, span)


def _sum_term(minus: bool) -> Action:
    return lambda children, span: syntax.SumTerm(children[0], minus, span)


def _counter(span: Span, header: tuple[Any, ...], of: Any) -> syntax.CounterClause:
    name, label, header_span = header
    return syntax.CounterClause(name, label, of, header_span)


def _sum(children: Sequence[Any], span: Span) -> syntax.CounterSum:
    name, *others = children
    return syntax.CounterSum((syntax.SumTerm(name, False, name.span), *others), span)


def _table(span: Span, header: tuple[Any, ...], columns: Any, *rows: syntax.Row) -> syntax.Table:
    how, keys, header_span = header
    return syntax.Table(how, keys, columns or (), rows, header_span)


def _keyed(how: str) -> Action:
    return lambda children, span: (how, tuple(children), span)


def _month(children: Sequence[Any], span: Span) -> syntax.MonthName:
    return syntax.MonthName(_MONTHS.index(children[0].text) + 1, span)


def _day_of_year(span: Span, month: syntax.MonthName, day: syntax.Number) -> syntax.MonthDay:
    return syntax.MonthDay(month.month, day, span)


def _give_per_field(whole: bool) -> Action:
    return lambda children, span: syntax.GivePerField(children[0], whole, children[1], children[2], span)


ACTIONS: Mapping[str, Action] = {
    "start": _file,
    # ---- programs
    "program": _headed(syntax.ProgramBlock, 2),
    "program_header": _parts,
    "money_clause": _node(syntax.MoneyClause),
    "timezone_clause": _node(syntax.TimezoneClause),
    "starts_clause": _node(syntax.StartsClause),
    "period_clause": _node(syntax.PeriodClause),
    "member": lambda children, span: syntax.MemberBlock(children[1], children[0][-1]),
    "member_header": _parts,
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
    "round_to_whole": _of(lambda span, how, per: syntax.RoundClause(how, per, None, span)),
    "round_to_part": _of(lambda span, how, to: syntax.RoundClause(how, None, to, span)),
    "exact": _words,
    "rounding": _words,
    "round_per": _words,
    "pending_clause": _node(syntax.PendingClause),
    "expire_clause": _expiry,
    "never_term": lambda children, span: syntax.NeverTerm(span),
    "after_earning": _of(lambda span, duration: syntax.EarningTerm(duration, None, None, span)),
    "end_after_earning": _of(lambda span, duration, end: syntax.EarningTerm(duration, end, None, span)),
    "next_after_earning": _of(lambda span, duration, day: syntax.EarningTerm(duration, None, day, span)),
    "at_end": _of(lambda span, end: syntax.EarningTerm(None, end, None, span)),
    "at_next": _of(lambda span, day: syntax.EarningTerm(None, None, day, span)),
    "latest_term": lambda children, span: syntax.LatestTerm(tuple(children), span),
    "last_term": _of(lambda span, duration, *names: syntax.LastTerm(duration, names, span)),
    "first_term": _node(syntax.FirstTerm),
    "postpone_clause": _node(syntax.PostponeClause),
    "restart_clause": _node(syntax.RestartClause),
    "spend_clause": _node(syntax.SpendClause),
    "spend_order": _words,
    "worth_money": _node(syntax.Worth),
    "worth_nothing": lambda children, span: syntax.Worth(None, children[0], span),
    "cost_clause": _node(syntax.Cost),
    "note_assumed": lambda children, span: syntax.NumberNote(None, span),
    "note_source": _node(syntax.NumberNote),
    # ---- counters and tiers
    "counter_clause": _of(_counter),
    "counter_header": _parts,
    "counter_measure": _node(syntax.CounterMeasure),
    "counter_sum": _sum,
    "plus_term": _sum_term(False),
    "minus_term": _sum_term(True),
    "counter_share": _node(syntax.CounterShare),
    "counter_ratio": _node(syntax.CounterRatio),
    "tiers": _headed(syntax.TiersBlock, 2),
    "tiers_header": _parts,
    "hold_through": _node(syntax.HoldThroughClause),
    "hold_for": _node(syntax.HoldForClause),
    "lapse_clause": _node(syntax.LapseClause),
    "lapse": _words,
    "upgrade_clause": _node(syntax.UpgradeClause),
    "side": _words,
    "review_clause": _node(syntax.ReviewClause),
    "level_clause": _node(syntax.LevelClause),
    # ---- rules
    "rule": _headed(syntax.RuleBlock, 3),
    "rule_header": _parts,
    "rule_word": _words,
    "on_event": _on_event,
    "first": _first,
    "within": _several,
    "on_anniversary": _node(syntax.OnAnniversary),
    "on_start": _of(_on_start),
    "when_clause": _node(syntax.When),
    "for_clause": _node(syntax.ForItems),
    "give": _of(_given),
    "give_to": _node(syntax.GiveTo),
    "raise_clause": _node(syntax.RaiseClause),
    "group_clause": _node(syntax.InGroupClause),
    "chance_clause": _node(syntax.ChanceClause),
    "limit_clause": _limit,
    "each_event": lambda children, span: False,
    "everyone": lambda children, span: True,
    "refuses": lambda children, span: True,
    "price": _node(syntax.PriceClause),
    "price_per_off": _node(syntax.PricePerOff),
    "price_all": _node(syntax.PriceAll),
    "price_table": _node(syntax.PriceTable),
    "steps_clause": _node(syntax.StepsClause),
    "minimum_clause": _node(syntax.MinimumClause),
    "issue_clause": lambda children, span: syntax.IssueClause(children[0] is True, span),
    "at_checkout": lambda children, span: True,
    "group": _headed(syntax.GroupBlock, 2),
    "group_header": _parts,
    "combine_clause": _node(syntax.CombineClause),
    "combining": _words,
    # ---- amounts
    "give_flat": _node(syntax.GiveFlat),
    "give_per_money": _of(
        lambda span, quantity, per, of: syntax.GivePerMoney(quantity, False, per, of, span)
    ),
    "give_per_whole_money": _of(
        lambda span, quantity, per, of: syntax.GivePerMoney(quantity, True, per, of, span)
    ),
    "give_per_field": _give_per_field(False),
    "give_per_whole_field": _give_per_field(True),
    "give_share": _node(syntax.GiveShare),
    "give_share_as": _of(lambda span, percent, as_: syntax.GiveShare(percent, None, as_, span)),
    "give_back": _of(lambda span, percent: syntax.GiveShare(percent, None, None, span)),
    "give_percent_off": _node(syntax.GivePercentOff),
    "give_off": _node(syntax.GiveOff),
    "in_full": lambda children, span: True,
    "up_to_the_basket": lambda children, span: False,
    "give_free_item": _node(syntax.GiveFreeItem),
    "give_nothing": _node(syntax.GiveNothing),
    "not_offered": _node(syntax.NotOffered),
    "table": _of(_table),
    "by_one": _keyed(""),
    "by_two": _keyed(""),
    "by_band": _keyed("band"),
    "by_slices": _keyed("slices"),
    "columns": _several,
    "row": _of(lambda span, case, *amounts: syntax.Row(case, amounts, span)),
    "names_case": lambda children, span: syntax.NamesCase(tuple(children), span),
    "from_case": _node(syntax.FromCase),
    "others_case": _node(syntax.OthersCase),
    "yes_or_no": _words,
    # ---- dates
    "dates_clause": lambda children, span: syntax.Dates(tuple(children), span),
    "on_date": _of(lambda span, day: syntax.DateRange(day, day, None, span)),
    "between_dates": _of(lambda span, first, last: syntax.DateRange(first, last, None, span)),
    "from_date": _of(lambda span, first, last: syntax.DateRange(first, last, None, span)),
    "through_date": _of(lambda span, last: syntax.DateRange(None, last, None, span)),
    "before_date": _of(lambda span, before: syntax.DateRange(None, None, before, span)),
    "month_day": _of(lambda span, day: syntax.MonthDays(day, None, span)),
    "month_days": _node(syntax.MonthDays),
    # ---- returns
    "returns": lambda children, span: syntax.ReturnsBlock(tuple(children[1:]), children[0][-1]),
    "returns_header": _parts,
    "balance_clause": _node(syntax.BalanceClause),
    "balance_how": _words,
    "tier_clause": _node(syntax.TierClauseOfReturns),
    "tier_how": _words,
    "reverse_clause": _node(syntax.ReverseClause),
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
    "measure": _of(
        lambda span, name, of, earned, window: syntax.Measure(name, of, None, earned, window, span)
    ),
    "since": _of(lambda span, name, since: syntax.Measure(name, None, since, None, None, span)),
    "earned": lambda children, span: tuple(each for each in children if each is not None),
    "yes_no": lambda children, span: syntax.YesNo(children[0].text == "yes", span),
    # ---- shared leaves
    "quantity": _node(syntax.Quantity),
    "duration": _node(syntax.Duration),
    "this_window": _of(lambda span, unit: syntax.Window(unit, False, span)),
    "previous_window": _of(lambda span, unit: syntax.Window(unit, True, span)),
    "named_window": _of(lambda span, name: syntax.NamedWindow(name, False, span)),
    "previous_named_window": _of(lambda span, name: syntax.NamedWindow(name, True, span)),
    "rolling_window": _node(syntax.RollingWindow),
    "lifetime": _node(syntax.LifetimeWindow),
    "membership_year": lambda children, span: syntax.MembershipYear(False, span),
    "previous_membership_year": lambda children, span: syntax.MembershipYear(True, span),
    "year_word": _words,
    "day_of_year": _of(_day_of_year),
    "month_name": _month,
    "month": _words,
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
    "shares": _several,
    "share": _several,
    "values_trait": _of(_values_trait),
    "values": _several,
    "value_share": _several,
    "chance_trait": _node(syntax.ChanceTrait),
    "median_trait": _node(syntax.MedianTrait),
    "of_basket_trait": _node(syntax.OfBasketTrait),
    "any_day_trait": _node(syntax.AnyDayTrait),
    "days_before_trait": _node(syntax.DaysBeforeTrait),
    "returns_trait": _node(syntax.ReturnsTrait),
    "refer_trait": _node(syntax.ReferTrait),
    "take_up_trait": lambda children, span: syntax.TakeUpTrait(_pairs(children), span),
    "event_traits": _headed(syntax.EventTraits, 4),
    "event_traits_header": _parts,
    # ---- scenarios
    "scenario": _headed(syntax.ScenarioBlock, 2),
    "scenario_header": _parts,
    "given_joined": _node(syntax.GivenJoinedLine),
    "given_units": _node(syntax.GivenUnitsLine),
    "given_times": _node(syntax.GivenTimesLine),
    "given_value": _node(syntax.GivenValueLine),
    "event_line": _of(_event_line),
    "return_line": _of(_return_line),
    "returning": _parts,
    "actor": _node(syntax.Actor),
    "happening": _parts,
    "happening_redeeming_first": lambda children, span: (*children[:-2], children[-1], children[-2], span),
    "with_values": _several,
    "with_value": _node(syntax.WithValue),
    "redeeming": _several,
    "items": _several,
    "item_line": lambda children, span: syntax.ItemLine(children[0], children[1] or (), span),
    "redeem_line": _node(syntax.RedeemLine),
    "expect_line": _of(_expect_line),
    "dated_expect_line": _node(syntax.ExpectLine),
    "expect_value": _of(
        lambda span, name, value, through: syntax.ExpectValueLine(None, name, value, through, span)
    ),
    "dated_expect_value": _node(syntax.ExpectValueLine),
    "expect_off": _node(syntax.ExpectOffLine),
    "expect_refused": lambda children, span: syntax.ExpectRefusedLine(span),
    "figure": _words,
}
