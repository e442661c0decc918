"""A program's currencies, counters, ladders and clocks as the tables of `plan_state`.

Invariant: what the calendar says of a lot earned on a day is looked up here once, for each day and term; all
other dates are worked out by the kernel itself, from the same durations and windows.
"""

# ruff: noqa: PLR0917

from collections.abc import Sequence
from typing import Any, assert_never

import numpy as np

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.evaluation import days as calendar
from loyalty_dsl.evaluation import plan_state as s
from loyalty_dsl.evaluation.kernel_calendar import duration_code, unit_code, window_code
from loyalty_dsl.evaluation.lowering_clocks import lower_clocks
from loyalty_dsl.evaluation.lowering_conditions import CodeWriter
from loyalty_dsl.evaluation.lowering_counters import lower_counters, lower_moves
from loyalty_dsl.evaluation.lowering_holdouts import lower_holdouts
from loyalty_dsl.evaluation.lowering_rewards import lower_options
from loyalty_dsl.evaluation.plan_state import Ints, StatePlan
from loyalty_dsl.language.counters import (
    Counter,
    PastMeasure,
)
from loyalty_dsl.language.expiry import (
    AfterActivity,
    AfterEarning,
    AfterFirst,
    Expiry,
    FirstThatHolds,
    LatestOf,
    LotTerm,
    Never,
    Postpone,
)
from loyalty_dsl.language.program import Currency, EarnRule, Group, Program, Reward, SpendOrder
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.tiers import HoldFor, HoldThrough, Ladder, Lapse
from loyalty_dsl.language.types import NO_DATE, Kind
from loyalty_dsl.language.windows import Period, YearOfMembership


def lower_state(program: Program, writer: CodeWriter, days: Ints) -> StatePlan:
    """Lowers what a program does with members over time.

    Args:
        writer: writes the conditions that are asked about state.
        days: the days of the plan.
    """
    terms = _Terms(days)
    policies = _Policies(writer, terms)
    of_currency = [policies.of(currency, None) for currency in program.currencies]
    of_rule = [policies.of(program.currencies[rule.currency], rule) for rule in program.earns]
    table = terms.table()
    accounts = [
        _lower_account(program, currency, writer, policies, of_currency, of_rule, table)
        for currency in program.currencies
    ]
    counters, ring_days = lower_counters(program)
    moves, kind_moves, earned = lower_moves(program, writer)
    levels: list[int] = []
    anew: list[tuple[int, int]] = []
    ladders = [_lower_ladder(ladder, writer, levels, anew) for ladder in program.ladders]
    clocks = lower_clocks(program, writer)
    owners: tuple[EarnRule | Reward | Group, ...] = (*program.earns, *program.rewards, *program.groups)
    limits = [limit for owner in owners for limit in owner.limits]
    filtering: tuple[EarnRule | Counter, ...] = (*program.earns, *program.counters)
    returns = program.returns
    accepted = (0, 0) if returns is None or returns.within is None else duration_code(returns.within)
    return StatePlan(
        upgrade_before=int(any(ladder.upgrade_before for ladder in program.ladders)),
        watches_activity=int(any(isinstance(c.expiry, AfterActivity) for c in program.currencies)),
        ring_days=ring_days,
        pasts=sum(isinstance(counter.measure, PastMeasure) for counter in program.counters),
        returns=int(returns is not None),
        negative=int(returns is not None and returns.negative),
        rechecks=int(returns is not None and returns.rechecks),
        own_period=int(returns is not None and returns.in_own_period),
        return_count=accepted[0],
        return_unit=accepted[1],
        filters_items=int(any(each.items is not None for each in filtering)),
        member_fields=len(program.member_fields),
        membership=int(any(isinstance(limit.window, YearOfMembership) for limit in limits)),
        friend_kinds=min((friend.event for friend in program.friend_kinds), default=0),
        friend_kinds_end=max((friend.event + 1 for friend in program.friend_kinds), default=0),
        policies=_table(policies.rows, 7),
        policy_cases=_table(policies.cases, 2),
        rule_policies=np.array(of_rule, np.int64),
        accounts=_table(accounts, 13),
        activity=_lower_activity(program),
        term_days=table,
        hold_days=_hold_days(program, days),
        counters=_table(counters, 6),
        moves=_table(moves, 8),
        kind_moves=_table(kind_moves, 2),
        earned=np.array(earned, np.int64),
        options=_table(lower_options(program), 2),
        ladders=_table(ladders, 13),
        anew=_table(anew, 2),
        levels=np.array(levels, np.int64),
        clocks=_table(clocks.rows, 5),
        reaches=_table(clocks.reaches, 5),
        thresholds=np.array(clocks.thresholds, np.int64),
        first_audience=writer.first_audience,
        audiences=np.array([writer.write(audience.when) for audience in program.audiences], np.int64),
        holdouts=lower_holdouts(program),
        deadlines=_table(writer.lower_deadlines(), 6),
        unsaid=np.array([NO_DATE if f.kind is Kind.DATE else 0 for f in program.member_fields], np.int64),
    )


def _table(rows: Sequence[Sequence[int]], columns: int) -> Ints:
    return np.array(rows, np.int64).reshape(len(rows), columns)


# ---- lots


class _Terms:
    """Columns of `StatePlan.term_days`, each written once."""

    def __init__(self, days: Ints) -> None:
        self._days = days
        self._columns: dict[Duration | LotTerm, int] = {}

    def column_of(self, term: Duration | LotTerm) -> int:
        """The column of a term or, for a duration, of the day on which what is pending is available."""
        return self._columns.setdefault(term, len(self._columns))

    def table(self) -> Ints:
        columns = [
            calendar.add_duration(self._days, term)
            if isinstance(term, Duration)
            else calendar.expiry_days(term, self._days)
            for term in self._columns
        ]
        if not columns:  # a program without currencies
            return np.zeros((len(self._days), 0), np.int64)
        return np.ascontiguousarray(np.stack(columns, axis=1), np.int64)


class _Policies:
    """Rows of `StatePlan.policies` and `policy_cases`: what becomes of lots, by who posts them."""

    def __init__(self, writer: CodeWriter, terms: _Terms) -> None:
        self._writer = writer
        self._terms = terms
        self._known: dict[tuple[Any, ...], int] = {}
        self.rows: list[tuple[int, ...]] = []
        self.cases: list[tuple[int, int]] = []

    def of(self, currency: Currency, rule: EarnRule | None) -> int:
        """The policy of lots of a currency that a rule posts, or of all others."""
        pending = currency.pending if rule is None or rule.pending is None else rule.pending
        own = rule is not None and rule.expiry is not None
        expiry: Expiry = currency.expiry if rule is None or rule.expiry is None else rule.expiry
        waits = () if rule is None else rule.waits
        key = (pending, expiry, own, waits)
        if key not in self._known:
            first = len(self.cases)
            term: LotTerm = Never()
            match expiry:
                case Never() | AfterEarning() | LatestOf():
                    term = expiry
                case FirstThatHolds(cases, otherwise):
                    term = otherwise
                    for case in cases:
                        line = self._writer.write(case.when)
                        self.cases.append((line, self._terms.column_of(case.term)))
                case AfterActivity() | AfterFirst():
                    pass  # the balance has a day, its lots have none
                case _:
                    assert_never(expiry)
            available = self._terms.column_of(pending)
            self._known[key] = len(self.rows)
            row = available, self._terms.column_of(term), first, len(self.cases), int(own)
            first = len(self.cases)
            for when, wait in waits:
                self.cases.append((self._writer.write(when), self._terms.column_of(wait)))
            self.rows.append((*row, first, len(self.cases)))
        return self._known[key]


def _lower_account(
    program: Program,
    currency: Currency,
    writer: CodeWriter,
    policies: _Policies,
    of_currency: list[int],
    of_rule: list[int],
    term_days: Ints,
) -> tuple[int, ...]:
    index = currency.index
    rules = [rule for rule in program.earns if rule.currency == index]
    givers = [reward for reward in program.rewards if index in reward.currencies_given]
    policy = of_currency[index]
    used = {of_rule[rule.index] for rule in rules} | ({policy} if givers else set()) or {policy}
    rows = [policies.rows[each] for each in used]
    whole = isinstance(currency.expiry, AfterActivity | AfterFirst)
    moves = isinstance(currency.expiry, FirstThatHolds) or currency.postpone is not None
    waits = any(rule.waits for rule in rules)
    simple = len(used) == 1 and not waits and not whole and not moves and currency.restart is None
    in_order = all(
        not np.any(np.diff(term_days[:, column]) < 0)
        for row in rows
        for column in (row[s.POLICY_AVAILABLE], row[s.POLICY_EXPIRY])
    )
    light = (
        simple
        and in_order
        and program.returns is None
        and all(reward.taking is not Taking.AFTER_EARNING for reward in program.rewards)
    )
    form, count, unit = s.NO_FORM, 0, 0
    if isinstance(currency.expiry, AfterActivity):
        form, (count, unit) = s.AFTER_ACTIVITY, duration_code(currency.expiry.duration)
    elif isinstance(currency.expiry, AfterFirst):
        form, (count, unit) = s.AFTER_FIRST, duration_code(currency.expiry.duration)
    postpone = _postponing(currency)
    stay = duration_code(postpone.duration) if postpone is not None else (0, 0)
    restart = currency.restart
    return (
        policy,
        int(light),
        int(currency.spend is SpendOrder.OLDEST),
        1 if simple else 2 * (len(rules) + len(givers)) + 4,
        int(isinstance(currency.expiry, AfterFirst | FirstThatHolds)),
        form,
        count,
        unit,
        *stay,
        s.NONE if postpone is None else writer.write(postpone.when),
        -1 if restart is None else restart.ladder,
        0 if restart is None else restart.level,
    )


def _postponing(currency: Currency) -> Postpone | None:
    """What moves the day of a lot; of a whole balance what keeps it, from day to day (EXP-10)."""
    if isinstance(currency.expiry, AfterActivity | AfterFirst) and currency.expiry.unless is not None:
        return Postpone(Duration(1, Unit.DAY), currency.expiry.unless)
    return currency.postpone


def _lower_activity(program: Program) -> Ints:
    kinds = len(program.events) + len(program.clocks)
    table = np.zeros((len(program.currencies), s.FIRST_ACTIVITY + kinds + len(program.rewards)), np.int64)
    for currency in program.currencies:
        if isinstance(currency.expiry, AfterActivity):
            activity, row = currency.expiry.activity, table[currency.index]
            row[s.ACTIVITY_EARNING] = activity.earning
            redeemed = [one.index for one in program.rewards if activity.redemption and one.taking.redeems]
            used = [kinds + reward for reward in (*activity.rewards, *redeemed)]
            row[[s.FIRST_ACTIVITY + each for each in (*activity.events, *used)]] = 1
    return table


# ---- ladders and clocks


def _lower_ladder(
    ladder: Ladder, writer: CodeWriter, levels: list[int], anew: list[tuple[int, int]]
) -> tuple[int, ...]:
    first, first_anew = len(levels), len(anew)
    for begins in ladder.begins_anew:
        anew.append((begins.day, s.NO_GRANT if begins.honoured is None else begins.honoured))
    levels += [writer.write(level.when) for level in ladder.levels]
    window = argument = 0
    match ladder.hold:
        case HoldThrough(of, plus):
            hold = s.HOLD_THROUGH
            window, argument = window_code(of)
            count, unit = duration_code(plus)
        case HoldFor(duration):
            hold = s.HOLD_FOR
            count, unit = duration_code(duration)
        case _:
            assert_never(ladder.hold)
    return (
        s.HOLD_PAID if ladder.bought else hold,
        window,
        argument,
        count,
        unit,
        int(ladder.lapse is Lapse.ONE_LEVEL),
        int(ladder.upgrade_before),
        _review_code(ladder),
        first,
        len(levels),
        int(ladder.lapse is Lapse.NEVER),
        first_anew,
        len(anew),
    )


def _review_code(ladder: Ladder) -> int:
    match ladder.review:
        case None:
            return -1
        case Unit():
            return unit_code(ladder.review)
        case (month, day):
            return 100 * month + day


def _hold_days(program: Program, days: Ints) -> Ints:
    """The last day through which each ladder's levels are held that an event of a day earns (TIER)."""
    table = np.zeros((len(days), len(program.ladders)), np.int64)
    for index, ladder in enumerate(program.ladders):
        match ladder.hold:
            case HoldThrough(Period(month, _) as period, plus):
                first, months = month - 1, period.months
                after = (calendar.month_index(days) - first) // months + 1
                ends = calendar.add_duration(calendar.month_start(months * after + first), plus)
            case HoldThrough(Unit() as unit, plus):
                ends = calendar.add_duration(calendar.window_end(unit, days), plus)
            case HoldFor(duration):
                ends = calendar.add_duration(days, duration)
        table[:, index] = ends - 1
    return table
