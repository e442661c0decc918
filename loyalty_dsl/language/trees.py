"""Reductions -> syntax nodes: one row for each rule of the grammar.

Invariant: a row's children are what the rule's line in the grammar shows, in that order, words and marks
left out (kept where the line starts with `!`), and `None` for an optional part that is missing. A test
holds that the rows are the grammar's.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs

from loyalty_dsl.calendar import MONTHS
from loyalty_dsl.language import syntax
from loyalty_dsl.language.allowance_trees import ALLOWANCE_ACTIONS
from loyalty_dsl.language.audience_trees import AUDIENCE_ACTIONS
from loyalty_dsl.language.challenge_trees import CHALLENGE_ACTIONS
from loyalty_dsl.language.condition_trees import CONDITION_ACTIONS
from loyalty_dsl.language.counter_trees import COUNTER_ACTIONS
from loyalty_dsl.language.expiry_trees import EXPIRY_ACTIONS
from loyalty_dsl.language.gate_trees import GATE_ACTIONS
from loyalty_dsl.language.membership_trees import MEMBERSHIP_ACTIONS
from loyalty_dsl.language.menu_trees import MENU_ACTIONS
from loyalty_dsl.language.partner_trees import PARTNER_ACTIONS
from loyalty_dsl.language.population_trees import POPULATION_ACTIONS
from loyalty_dsl.language.rows import Action, headed_row, node_row, of_row, parts_row, several_row, words_row
from loyalty_dsl.language.source_trees import SOURCE_ACTIONS
from loyalty_dsl.language.study_trees import STUDY_ACTIONS
from loyalty_dsl.language.syntax.named_tables import NAMED, NamedTable
from loyalty_dsl.language.syntax.pending import PendingTable
from loyalty_dsl.language.transfer_trees import TRANSFER_ACTIONS
from loyalty_dsl.language.version_trees import VERSION_ACTIONS
from loyalty_dsl.source import Span


def _file(children: Sequence[Any], span: Span) -> syntax.File:
    return syntax.File(span.source, tuple(children))


def _event(span: Span, header: tuple[Any, ...], fields: tuple[Any, ...] | None) -> syntax.EventBlock:
    name, header_span = header
    written = fields or ()
    declared = tuple(each for each in written if isinstance(each, syntax.FieldDeclaration))
    clauses = tuple(each for each in written if not isinstance(each, syntax.FieldDeclaration))
    return syntax.EventBlock(name, declared, header_span, clauses)


def _field_of_words(span: Span, name: syntax.Name, *values: syntax.Name) -> syntax.FieldDeclaration:
    type_ = syntax.Name("one of", Span(span.source, name.span.end, values[0].span.start))
    return syntax.FieldDeclaration(name, type_, values, span)


def _currency(children: Sequence[Any], span: Span) -> syntax.CurrencyBlock:
    name, label, in_money, header_span = children[0]
    return syntax.CurrencyBlock(name, label, in_money is not None, tuple(children[1:]), header_span)


def _shared(cls: Callable[..., Any]) -> Action:
    return lambda children, span: cls(children[0], _pairs(children[1]), children[2], span)


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
    span: Span, measure: syntax.Name | None, quantity: syntax.Quantity, *more: Any
) -> syntax.ExpectLine:
    through, actor, whose = more
    return syntax.ExpectLine(None, measure, quantity, through, actor, whose, span)


def _expect_value(children: Sequence[Any], span: Span) -> syntax.ExpectValueLine:
    name, value, through, actor, whose = children
    return syntax.ExpectValueLine(None, name, value, through, actor, whose, span)


def _given(span: Span, amount: Any) -> Any:
    """An amount as a clause: its span begins at `give`. A table keeps that of its first line."""
    return amount if isinstance(amount, syntax.Table) else attrs.evolve(amount, span=span)


def _on_event(children: Sequence[Any], span: Span) -> syntax.OnClause:
    first, event, by, within, kept, where = children
    length, since = within or (None, None)
    return syntax.OnClause(event, first, by, length, since, kept, where, span)


def _on_start(span: Span, of: syntax.AnyWindow) -> syntax.OnStart:
    """Months are names like any other here, so that none of them is reserved."""
    if isinstance(of, syntax.NamedWindow) and not of.previous and of.name.text in MONTHS:
        return syntax.OnStart(syntax.MonthName(MONTHS.index(of.name.text) + 1, of.span), span)
    return syntax.OnStart(of, span)


def _first(children: Sequence[Any], span: Span) -> syntax.Number:
    """`first` is `first 1`."""
    return children[0] if children[0] is not None else syntax.Number(Fraction(1), span)


def _limit(children: Sequence[Any], span: Span) -> syntax.Limit:
    quantity, window, by, to, everyone, refuses, when = children
    return syntax.Limit(quantity, window or None, everyone is True, refuses is True, to, span, when, by)


def _limit_table(
    span: Span, table: syntax.Table, window: Any, by: Any, refuses: Any
) -> syntax.rules.LimitTable:
    return syntax.rules.LimitTable(table, window or None, by, refuses is True, span)


def _expiry(children: Sequence[Any], span: Span) -> syntax.ExpireClause:
    term, when = children
    return syntax.ExpireClause(term, when, span)


def _table(span: Span, header: tuple[Any, ...], columns: Any, *rows: syntax.Row) -> syntax.Table:
    how, keys, header_span = header
    return syntax.Table(how, keys, columns or (), rows, header_span)


def _keyed(how: str) -> Action:
    return lambda children, span: (how, tuple(children), span)


def _month(children: Sequence[Any], span: Span) -> syntax.MonthName:
    return syntax.MonthName(MONTHS.index(children[0].text) + 1, span)


def _day_of_year(span: Span, month: syntax.MonthName, day: syntax.Number) -> syntax.MonthDay:
    return syntax.MonthDay(month.month, day, span)


def _give_per(cls: Callable[..., Any], whole: bool) -> Action:
    return lambda children, span: cls(children[0], whole, *children[1:], span)


ACTIONS: Mapping[str, Action] = {
    "start": _file,
    # ---- programs
    "program": headed_row(syntax.ProgramBlock, 3),
    "program_header": parts_row,
    "money_clause": node_row(syntax.MoneyClause),
    "timezone_clause": node_row(syntax.TimezoneClause),
    "starts_clause": node_row(syntax.StartsClause),
    **VERSION_ACTIONS,
    "period_clause": node_row(syntax.PeriodClause),
    "period_length": words_row,
    "member": lambda children, span: syntax.MemberBlock(children[1], children[0][-1]),
    "member_header": parts_row,
    "event": of_row(_event),
    "event_header": parts_row,
    "event_body": several_row,
    **GATE_ACTIONS,
    "item": lambda children, span: syntax.ItemBlock(children[1], children[0][-1]),
    "item_header": parts_row,
    "fields": several_row,
    "one_of_field": of_row(_field_of_words),
    "plain_field": lambda children, span: syntax.FieldDeclaration(children[0], children[1], (), span),
    "field_type": words_row,
    # ---- currencies
    "currency": _currency,
    "currency_header": parts_row,
    "in_money": lambda children, span: span,
    "round_to_whole": of_row(lambda span, how, per: syntax.RoundClause(how, per, None, span)),
    "round_to_part": of_row(lambda span, how, to: syntax.RoundClause(how, None, to, span)),
    "exact": words_row,
    "rounding": words_row,
    "round_per": words_row,
    "pending_clause": node_row(syntax.PendingClause),
    "expire_clause": _expiry,
    "expire_table": node_row(syntax.expiry.ExpireTable),
    "term_table": of_row(lambda span, header, *rows: _table(span, header, (), *rows)),
    "pending_table": node_row(PendingTable),
    "wait_table": of_row(lambda span, header, *rows: _table(span, header, (), *rows)),
    "wait_row": of_row(lambda span, case, wait: syntax.Row(case, (wait,), span)),
    "term_row": of_row(lambda span, case, term: syntax.Row(case, (term,), span)),
    **EXPIRY_ACTIONS,
    "postpone_clause": node_row(syntax.PostponeClause),
    "restart_clause": node_row(syntax.RestartClause),
    "spend_clause": node_row(syntax.SpendClause),
    "use_only_clause": lambda children, span: syntax.programs.UseOnlyClause(tuple(children), span),
    "spend_order": words_row,
    "worth_money": node_row(syntax.Worth),
    "worth_nothing": lambda children, span: syntax.Worth(None, children[0], span),
    "cost_clause": node_row(syntax.Cost),
    "note_assumed": lambda children, span: syntax.NumberNote(None, span),
    "note_source": node_row(syntax.NumberNote),
    # ---- counters and tiers
    **COUNTER_ACTIONS,
    "tiers": headed_row(syntax.TiersBlock, 2),
    "tiers_header": parts_row,
    "hold_through": node_row(syntax.HoldThroughClause),
    "hold_for": node_row(syntax.HoldForClause),
    "notice_clause": node_row(syntax.tiers.NoticeClause),
    "lapse_clause": node_row(syntax.LapseClause),
    "lapse": words_row,
    "upgrade_clause": node_row(syntax.UpgradeClause),
    "side": words_row,
    "review_clause": node_row(syntax.ReviewClause),
    "review_on_clause": node_row(syntax.ReviewClause),
    "level_clause": node_row(syntax.LevelClause),
    **MEMBERSHIP_ACTIONS,
    **ALLOWANCE_ACTIONS,
    # ---- rules
    "rule": headed_row(syntax.RuleBlock, 3),
    "rule_header": parts_row,
    "rule_word": words_row,
    "on_event": _on_event,
    "first": _first,
    "within": several_row,
    "on_anniversary": node_row(syntax.OnAnniversary),
    "on_start": of_row(_on_start),
    "on_end": node_row(syntax.rules.OnEnd),
    "on_silence": of_row(lambda span, length, *names: syntax.rules.OnSilence(length, names, span)),
    "on_reaches": node_row(syntax.rules.OnReaches),
    "on_falls": node_row(syntax.rules.OnFalls),
    "on_rises": node_row(syntax.rules.OnRises),
    "on_after_join": node_row(syntax.rules.OnAfterJoin),
    "thresholds": several_row,
    "when_clause": node_row(syntax.When),
    "for_clause": node_row(syntax.ForItems),
    "give": of_row(_given),
    "give_to": node_row(syntax.GiveTo),
    "give_when": node_row(syntax.rules.GiveWhen),
    "use_clause": of_row(lambda span, name, of, most: syntax.amounts.UseStrategy(name, of or (), most, span)),
    "arguments": several_row,
    "argument": of_row(lambda span, name, of, window: syntax.Measure(name, of, None, None, window, span)),
    "raise_clause": node_row(syntax.RaiseClause),
    "group_clause": node_row(syntax.InGroupClause),
    "chance_clause": node_row(syntax.ChanceClause),
    "account_clause": node_row(syntax.AccountClause),
    "limit_clause": _limit,
    "limit_table": of_row(_limit_table),
    "each_event": lambda children, span: False,
    "everyone": lambda children, span: True,
    "refuses": lambda children, span: True,
    "price": node_row(syntax.PriceClause),
    "price_when": node_row(syntax.rules.PriceWhen),
    "price_per_off": node_row(syntax.PricePerOff),
    "price_all": node_row(syntax.PriceAll),
    "price_table": node_row(syntax.PriceTable),
    "minimum_clause": node_row(syntax.MinimumClause),
    "minimum_table": node_row(syntax.rules.MinimumTable),
    "issue_clause": lambda children, span: syntax.IssueClause(children[0] is True, span),
    "at_checkout": lambda children, span: True,
    **CHALLENGE_ACTIONS,
    "group": headed_row(syntax.GroupBlock, 2),
    "group_header": parts_row,
    "combine_clause": node_row(syntax.CombineClause),
    "combining": words_row,
    # ---- amounts
    "give_flat": node_row(syntax.GiveFlat),
    "give_per_money": _give_per(syntax.GivePerMoney, False),
    "give_per_whole_money": _give_per(syntax.GivePerMoney, True),
    "give_per_field": _give_per(syntax.GivePerField, False),
    "give_per_whole_field": _give_per(syntax.GivePerField, True),
    "give_times": node_row(syntax.amounts.GiveTimes),
    "give_share": node_row(syntax.GiveShare),
    "give_share_as": of_row(lambda span, percent, as_: syntax.GiveShare(percent, None, as_, span)),
    "give_back": of_row(lambda span, percent: syntax.GiveShare(percent, None, None, span)),
    "give_percent_off": node_row(syntax.GivePercentOff),
    "give_off": node_row(syntax.GiveOff),
    "in_full": lambda children, span: True,
    "up_to_the_basket": lambda children, span: False,
    "give_free_item": node_row(syntax.GiveFreeItem),
    "give_nothing": node_row(syntax.GiveNothing),
    "not_offered": node_row(syntax.NotOffered),
    "table": of_row(_table),
    "named_table": node_row(NamedTable),
    "from_table": of_row(lambda span, name: syntax.Table(NAMED, (name,), (), (), span)),
    "by_one": _keyed(""),
    "by_two": _keyed(""),
    "by_band": _keyed("band"),
    "by_slices": _keyed("slices"),
    "columns": several_row,
    "row": of_row(lambda span, case, *amounts: syntax.Row(case, amounts, span)),
    "names_case": lambda children, span: syntax.NamesCase(tuple(children), span),
    "from_case": node_row(syntax.FromCase),
    "others_case": node_row(syntax.OthersCase),
    "yes_or_no": words_row,
    **CONDITION_ACTIONS,
    # ---- returns
    "returns": lambda children, span: syntax.ReturnsBlock(tuple(children[1:]), children[0][-1]),
    "returns_header": parts_row,
    "balance_clause": node_row(syntax.BalanceClause),
    "balance_how": words_row,
    "tier_clause": node_row(syntax.TierClauseOfReturns),
    "tier_how": words_row,
    "reverse_clause": node_row(syntax.ReverseClause),
    **AUDIENCE_ACTIONS,
    **PARTNER_ACTIONS,
    # ---- shared leaves
    "quantity": node_row(syntax.Quantity),
    "duration": node_row(syntax.Duration),
    "this_window": of_row(lambda span, unit: syntax.Window(unit, False, span)),
    "previous_window": of_row(lambda span, unit: syntax.Window(unit, True, span)),
    "named_window": of_row(lambda span, name: syntax.NamedWindow(name, False, span)),
    "previous_named_window": of_row(lambda span, name: syntax.NamedWindow(name, True, span)),
    "rolling_window": node_row(syntax.RollingWindow),
    "lifetime": node_row(syntax.LifetimeWindow),
    "membership_year": lambda children, span: syntax.MembershipYear(False, span),
    "previous_membership_year": lambda children, span: syntax.MembershipYear(True, span),
    "year_word": words_row,
    "day_of_year": of_row(_day_of_year),
    "month_name": _month,
    "month": words_row,
    "unit": words_row,
    "period": words_row,
    # ---- populations
    "population": headed_row(syntax.PopulationBlock, 2),
    "population_header": parts_row,
    "start_clause": node_row(syntax.StartClause),
    "join_clause": node_row(syntax.JoinClause),
    "segment": headed_row(syntax.SegmentBlock, 5),
    "segment_header": parts_row,
    "purchases_trait": node_row(syntax.PurchasesTrait),
    "leave_trait": node_row(syntax.LeaveTrait),
    "basket_trait": node_row(syntax.BasketTrait),
    "gamma_basket_trait": node_row(syntax.GammaBasketTrait),
    "correlation": node_row(syntax.Correlation),
    "regularity_trait": node_row(syntax.RegularityTrait),
    "season_trait": node_row(syntax.SeasonTrait),
    "weekday_trait": node_row(syntax.WeekdayTrait),
    "factors": several_row,
    "factor": several_row,
    "items_trait": lambda children, span: syntax.ItemsTrait(((children[0], None),), span),
    "several_items_trait": lambda children, span: syntax.ItemsTrait(_pairs(children[0]), span),
    "redeem_trait": node_row(syntax.RedeemTrait),
    "share_trait": _shared(syntax.ShareTrait),
    "shares": several_row,
    "share": several_row,
    "values_trait": _shared(syntax.ValuesTrait),
    "values": several_row,
    "value_share": several_row,
    "chance_trait": node_row(syntax.ChanceTrait),
    "median_trait": node_row(syntax.MedianTrait),
    "of_basket_trait": node_row(syntax.OfBasketTrait),
    "any_day_trait": node_row(syntax.AnyDayTrait),
    "days_before_trait": node_row(syntax.DaysBeforeTrait),
    "returns_trait": node_row(syntax.ReturnsTrait),
    "refer_trait": node_row(syntax.ReferTrait),
    "take_up_trait": lambda children, span: syntax.TakeUpTrait(_pairs(children), span),
    "event_traits": headed_row(syntax.EventTraits, 4),
    "event_traits_header": parts_row,
    **POPULATION_ACTIONS,
    **STUDY_ACTIONS,
    **SOURCE_ACTIONS,
    **TRANSFER_ACTIONS,
    **MENU_ACTIONS,
    "scenario": headed_row(syntax.ScenarioBlock, 2),
    "scenario_header": parts_row,
    "given_joined": node_row(syntax.GivenJoinedLine),
    "given_units": node_row(syntax.GivenUnitsLine),
    "given_times": node_row(syntax.GivenTimesLine),
    "given_chance": node_row(syntax.GivenChanceLine),
    "given_value": node_row(syntax.GivenValueLine),
    "event_line": of_row(_event_line),
    "return_line": of_row(_return_line),
    "returning": parts_row,
    "actor": node_row(syntax.Actor),
    "happening": parts_row,
    "happening_redeeming_first": lambda children, span: (*children[:-2], children[-1], children[-2], span),
    "with_values": several_row,
    "with_value": node_row(syntax.WithValue),
    "redeeming": several_row,
    "items": several_row,
    "item_line": lambda children, span: syntax.ItemLine(children[0], children[1] or (), span),
    "advance_line": node_row(syntax.scenarios.AdvanceLine),
    "expect_line": of_row(_expect_line),
    "dated_expect_line": node_row(syntax.ExpectLine),
    "expect_value": _expect_value,
    "dated_expect_value": node_row(syntax.ExpectValueLine),
    "expect_off": node_row(syntax.ExpectOffLine),
    "expect_charged": of_row(lambda span, money: syntax.scenarios.ExpectChargedLine(None, money, span)),
    "dated_expect_charged": node_row(syntax.scenarios.ExpectChargedLine),
    "expect_refused": node_row(syntax.ExpectRefusedLine),
    "figure": words_row,
}
