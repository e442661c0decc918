"""When what is held expires: the terms of lots, of a whole balance, and the first that holds.

Invariant: a term of a balance stands alone; what depends on a condition, or is moved by `postpone` and
`restart`, is a day of a lot's own.
"""

from collections.abc import Sequence
from typing import assert_never

import attrs

from loyalty_dsl.calendar import Duration, Unit, add_duration, add_months, date_of
from loyalty_dsl.diagnostics import Edit, deletion
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import duration
from loyalty_dsl.language.checking.clauses import at_most_one, only
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.dates import month_day
from loyalty_dsl.language.checking.fields import level_named
from loyalty_dsl.language.checking.kept_balances import exempts, of_balance, until, verify_latest
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.tables import Table, check_table
from loyalty_dsl.language.checking.turning import either
from loyalty_dsl.language.checking.windows import check_calendar_window
from loyalty_dsl.language.expiry import (
    Activity,
    AfterActivity,
    AfterEarning,
    AfterFirst,
    Expiry,
    ExpiryCase,
    FirstThatHolds,
    LatestOf,
    LotTerm,
    Never,
    Postpone,
    Restart,
)
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.windows import Period, end_of_window

_AT_ONCE = Duration(0, Unit.DAY)

STATE = Readable(
    event=None,
    no_event="expiry is asked at midnight; read the member's fields, status, counters or balances",
    no_amount="expiry is asked at midnight, when there is no purchase",
    no_day="expiry is asked at any midnight; read the member's fields, status, counters or balances",
)
"""What the conditions of expiry read: no event, as they are asked at any midnight."""

_DAILY = attrs.evolve(STATE, no_day=None)
"""What keeps a whole balance is asked on every day."""


def check_expiry(
    scope: ProgramScope, written: Sequence[syntax.ExpireClause | syntax.expiry.ExpireTable]
) -> Expiry | None:
    """The expiry that the `expire` lines of a currency say together, at least one of them."""
    tables = [clause for clause in written if isinstance(clause, syntax.expiry.ExpireTable)]
    clauses = [clause for clause in written if isinstance(clause, syntax.ExpireClause)]
    if tables and len(written) > 1:
        scope.findings.report(
            "L341", tables[0].span, "a table says when everything expires, and stands alone",
            secondary=[(other.span, "beside this") for other in written if other is not tables[0]][:2],
            help="delete the other `expire` lines, or write one line `expire ... when` for each row",
        )  # fmt: skip
        return None
    if tables:
        return _expire_table(scope, tables[0])
    alone = [clause for clause in clauses if clause.when is None]
    if len(clauses) == 1 and alone:
        return _term(scope, clauses[0].term)
    if exempts(clauses):
        return _unless(scope, clauses)
    for clause in clauses:
        if of_balance(clause.term):
            scope.findings.report(
                "L341", clause.span, "this loses the whole balance at once, and stands alone",
                secondary=[(other.span, "beside this") for other in clauses if other is not clause][:2],
                help="write it last and without a condition, and before it lines `expire never when ...`; or "
                "write a term `after earning`",
            )  # fmt: skip
            return None
    word = "expire" if len(alone) == len(clauses) else "expire ... without when"
    if only(scope.findings, alone, word) is None:
        scope.findings.report(
            "L340", clauses[-1].span, "this does not say what happens when its condition does not hold",
            help="add a last line without `when`, such as `expire 6 months after earning`",
        )  # fmt: skip
        return None
    if len(alone) > 1:
        return None
    if clauses[-1] is not alone[0]:
        scope.findings.report(
            "L340", clauses[-1].span, "the line above always holds, so this one is never asked",
            secondary=[(alone[0].span, "this has no condition")],
            help="move the line without `when` to the end",
        )  # fmt: skip
        return None
    cases: list[ExpiryCase] = []
    for clause in clauses[:-1]:
        term = _lot_term(scope, clause.term)
        when = None if clause.when is None else check_condition(scope, STATE, clause.when)
        if term is not None and when is not None:
            cases.append(ExpiryCase(when, term))
    otherwise = _lot_term(scope, clauses[-1].term)
    if otherwise is None or len(cases) < len(clauses) - 1:
        return None
    return FirstThatHolds(tuple(cases), otherwise)


def _unless(scope: ProgramScope, clauses: Sequence[syntax.ExpireClause]) -> Expiry | None:
    """A term of a balance, and the conditions while which it is not lost (EXP-10)."""
    checked = [
        check_condition(scope, _DAILY, clause.when) for clause in clauses[:-1] if clause.when is not None
    ]
    whens = tuple(when for when in checked if when is not None)
    term = _term(scope, clauses[-1].term)
    if len(whens) < len(checked) or not isinstance(term, AfterActivity | AfterFirst):
        return None
    return attrs.evolve(term, unless=either(whens if term.unless is None else (*whens, term.unless)))


def _expire_table(scope: ProgramScope, written: syntax.expiry.ExpireTable) -> Expiry | None:
    """A term for each row, and the conditions under which it holds."""
    if written.table.how == "slices" or any(key.text == "date" for key in written.table.keys):
        scope.findings.report(
            "L190", written.span, "expiry by slices or by date is not supported yet",
            help="expiry is asked again on the day on which something would be lost: write a table by "
            "status, by a member's field or by band of a counter",
        )  # fmt: skip
        return None

    def leaf(term: object) -> LotTerm | None:
        assert isinstance(term, syntax.Term)
        return _lot_term(scope, term)

    table: Table[LotTerm] | None = check_table(scope, STATE, written.table, leaf, rest="others never")
    if table is None or table.otherwise is None:
        return None
    cases = tuple(ExpiryCase(when, term) for when, term in table.cases)
    return FirstThatHolds(cases, table.otherwise) if cases else table.otherwise


def check_lot_term(
    scope: ProgramScope, clauses: Sequence[syntax.ExpireClause | syntax.expiry.ExpireTable]
) -> LotTerm | None:
    """When what one rule gives expires; `None` when it says nothing, or when that is wrong (reported)."""
    clause = only(scope.findings, clauses, "expire")
    if clause is None:
        return None
    if isinstance(clause, syntax.expiry.ExpireTable) or clause.when is not None:
        scope.findings.report(
            "L341", clause.span, "what a rule gives expires in one way, without a condition",
            help="delete the condition, or write it in the currency",
        )  # fmt: skip
        return None
    return _lot_term(scope, clause.term)


def _lot_term(scope: ProgramScope, tree: syntax.Term) -> LotTerm | None:
    if of_balance(tree):
        scope.findings.report(
            "L341", tree.span, "this loses a whole balance at once, and only a currency has one",
            help="write a term `after earning`, or move this line into the currency",
        )  # fmt: skip
        return None
    term = _term(scope, tree)
    assert not isinstance(term, AfterActivity | AfterFirst | FirstThatHolds)
    return term


def _term(scope: ProgramScope, tree: syntax.Term) -> Expiry | None:
    match tree:
        case syntax.NeverTerm():
            return Never()
        case syntax.EarningTerm():
            return _after_earning(scope, tree)
        case syntax.LatestTerm():
            return _latest(scope, tree)
        case syntax.FirstTerm():
            length = _length_of_term(scope, tree.duration)
            return None if length is None else AfterFirst(length)
        case syntax.LastTerm():
            length = _length_of_term(scope, tree.duration)
            activity = _activity(scope, tree)
            return None if length is None or activity is None else AfterActivity(length, activity)
        case _:
            assert_never(tree)


def _latest(scope: ProgramScope, tree: syntax.LatestTerm) -> Expiry | None:
    """The latest of days of a lot; or of that after the last activity, and dates of the member."""
    if not verify_latest(scope, tree):
        return None
    if not tree.of_balance:
        checked = [_after_earning(scope, term) for term in tree.terms if isinstance(term, syntax.EarningTerm)]
        lots = tuple(term for term in checked if term is not None)
        return LatestOf(lots) if len(lots) == len(checked) else None
    (term,) = [_term(scope, each) for each in tree.terms if isinstance(each, syntax.LastTerm)]
    dates = [until(scope, each) for each in tree.terms if isinstance(each, syntax.expiry.DateTerm)]
    fine = tuple(date for date in dates if date is not None)
    if not isinstance(term, AfterActivity) or len(fine) < len(dates):
        return None
    return attrs.evolve(term, unless=either(fine))


def _after_earning(scope: ProgramScope, term: syntax.EarningTerm) -> AfterEarning | None:
    length = _AT_ONCE if term.duration is None else _length_of_term(scope, term.duration)
    end_of = None
    if term.end_of is not None:
        end_of = check_calendar_window(scope, term.end_of, "what expires together does so on one day")
        if end_of is None:
            return None
        if term.later:  # a unit of the window later is in the next one, whatever the day
            length = (
                Duration(end_of.months, Unit.MONTH) if isinstance(end_of, Period) else Duration(1, end_of)
            )
    at_next = None
    if term.at_next is not None:
        at_next = month_day(scope, term.at_next)
        if at_next is None:
            return None
    return None if length is None else AfterEarning(length, end_of, at_next)


def _length_of_term(scope: ProgramScope, written: syntax.Duration) -> Duration | None:
    """A length of time whose unit may be a period of the program: two of its quarters are six months."""
    unit = written.unit
    names = (unit.text, unit.text.removesuffix("s"))
    period = next((found for name in names if (found := scope.periods.find(name)) is not None), None)
    if period is None:
        return duration(scope, written)
    months = syntax.Name("months", unit.span)
    number = syntax.Number(written.count.value * period.months, written.count.span)
    return duration(scope, syntax.Duration(number, months, written.span))


def _activity(scope: ProgramScope, term: syntax.LastTerm) -> Activity | None:
    """What keeps a balance alive: kinds of event, `earning`, `redemption`, rewards and benefits."""
    events, rewards, words, wrong = [], [], set(), False
    for name in term.names:
        event, reward = scope.events.find(name.text), scope.rewards.find(name.text)
        if name.text in ("earning", "redemption"):
            words.add(name.text)
        elif event is not None:
            events.append(event.index)
        elif reward is not None:
            rewards.append(reward.index)
        else:
            wrong = True
            _report_unknown_activity(scope, name)
    if wrong:
        return None
    return Activity(
        tuple(sorted(set(events))), "earning" in words, "redemption" in words, tuple(sorted(set(rewards)))
    )


def _report_unknown_activity(scope: ProgramScope, name: syntax.Name) -> None:
    if scope.events.may_be_unseen(name.text) or scope.rewards.may_be_unseen(name.text):
        return
    known = [*scope.events, "earning", "redemption", *scope.rewards]
    guess = nearest(name.text, known)
    scope.findings.report(
        "L201", name.span, f"`{name.text}` is nothing that members do",
        help=f"did you mean `{guess}`?" if guess
        else f"write a kind of event, a reward, `earning` or `redemption`: {listed(known, 'or')}",
        edit=Edit(name.span, guess) if guess else None,
    )  # fmt: skip


# ---- what moves the days of lots


def check_moves(
    scope: ProgramScope, block: syntax.CurrencyBlock, expiry: Expiry | None
) -> tuple[Postpone | None, Restart | None]:
    """What `postpone` and `restart` of a currency say; what is wrong in them is reported and left out."""
    postpone = at_most_one(scope.findings, block.clauses, syntax.PostponeClause, "postpone")
    restart = at_most_one(scope.findings, block.clauses, syntax.RestartClause, "restart")
    for word, clause in (("postpone", postpone), ("restart", restart)):
        if clause is None:
            continue
        if isinstance(expiry, AfterActivity | AfterFirst):
            scope.findings.report(
                "L341", clause.span, f"`{word}` moves the days of single amounts, and here the whole balance "
                "is lost at once",
                secondary=[(block.span, "this balance has one day for all of it")],
                help="delete this line, or write a term `after earning`",
            )  # fmt: skip
            return None, None
        if isinstance(expiry, Never):
            scope.findings.report(
                "L342", clause.span, f"nothing expires here, so `{word}` has nothing to move",
                secondary=[(block.span, "it expires never")],
                help="delete this line",
                edit=deletion(clause.span),
            )  # fmt: skip
            return None, None
    return (
        None if postpone is None else _postpone(scope, postpone),
        None if restart is None else _restart(scope, restart),
    )


def _postpone(scope: ProgramScope, clause: syntax.PostponeClause) -> Postpone | None:
    length = duration(scope, clause.duration)
    if clause.when is None:
        scope.findings.report(
            "L342", clause.span, "without a condition this moves every expiry for ever",
            help="say when: `postpone 1 month when purchases in previous calendar month >= 1`",
        )  # fmt: skip
        return None
    when = check_condition(scope, STATE, clause.when)
    return None if length is None or when is None else Postpone(length, when)


def _restart(scope: ProgramScope, clause: syntax.RestartClause) -> Restart | None:
    ladder = scope.ladders.resolve(clause.ladder)
    if ladder is None:
        return None
    level = level_named(scope.findings, ladder, clause.level)
    if level is None:
        return None
    if level == 0:
        scope.findings.report(
            "L343", clause.level.span, f"nobody falls below `{clause.level.text}`, which everybody holds",
            secondary=[(ladder.span, "declared here")],
            help=f"write {listed(ladder.levels[1:], 'or')}" if ladder.levels[1:] else "delete it",
        )  # fmt: skip
        return None
    return Restart(ladder.index, level)


# ---- days


def gone_on(term: AfterEarning, earned: int) -> int:
    """The day from which a lot earned on a day is gone (EXP)."""
    last = add_duration(earned, term.duration)
    if term.end_of is not None:
        return end_of_window(term.end_of, last)
    if term.at_next is None:
        return last
    month, number = term.at_next
    year = date_of(last).year
    for each in (year, year + 1):
        months = (each - 1970) * 12 + month - 1
        when = add_months(0, months) + min(number, _length(months)) - 1
        if when >= last:
            return when + 1
    raise AssertionError("a day of the year comes within a year")


def _length(months: int) -> int:
    return add_months(0, months + 1) - add_months(0, months)


def lot_terms(expiry: Expiry) -> tuple[tuple[AfterEarning, ...], ...]:
    """The ways in which a lot can expire: each on the latest of the days of some terms."""
    match expiry:
        case AfterEarning():
            return ((expiry,),)
        case LatestOf(terms):
            return (terms,)
        case FirstThatHolds(cases, otherwise):
            return tuple(
                way for term in (*(case.term for case in cases), otherwise) for way in lot_terms(term)
            )
        case Never() | AfterActivity() | AfterFirst():
            return ()
        case _:
            assert_never(expiry)
