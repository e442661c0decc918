"""The clauses that earn rules and rewards share: `when` and `limit`.

Invariant: a table of limits is a limit for each row, of which one at most may cut at any time.
"""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from loyalty_dsl.diagnostics import deletion
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import (
    positive_money,
    positive_number,
    positive_quantity,
)
from loyalty_dsl.language.checking.clauses import Clause
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.limits_by_value import ByEvent, check_values
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.misnamed import EVENT_WORDS
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.checking.tables import check_table
from loyalty_dsl.language.checking.windows import check_limit_window
from loyalty_dsl.language.conditions import All, Condition, Not
from loyalty_dsl.language.program import Limit, LimitOf
from loyalty_dsl.language.syntax.rules import LimitTable
from loyalty_dsl.language.windows import YearOfMembership
from loyalty_dsl.source import Span

_WHY = "a limit of a group or a reward is of the member, whatever the event"
OF_THE_MEMBER = Readable(event=None, no_event=_WHY, no_amount=_WHY, no_day=_WHY)
"""What conditions behind limits of groups and rewards may read."""


@attrs.define
class LimitNumbers:
    """Numbers the limits of a program in declared order."""

    used: int = 0

    def take(self) -> int:
        self.used += 1
        return self.used - 1


def check_whens(scope: ProgramScope, clauses: Sequence[Clause], readable: Readable) -> Condition | None:
    """Every `when` of a rule, joined; `None` when there is none, or when one is wrong (and reported)."""
    trees = [clause.condition for clause in clauses if isinstance(clause, syntax.When)]
    checked = [check_condition(scope, readable, tree) for tree in trees]
    whole = tuple(condition for condition in checked if condition is not None)
    if not whole or len(whole) < len(checked):
        return None
    return whole[0] if len(whole) == 1 else All(whole)


def check_limits(
    scope: ProgramScope,
    clauses: Sequence[Clause],
    numbers: LimitNumbers,
    currency: CurrencyUnit | None,
    *,
    reward: bool,
    friend: bool = False,
    readable: Readable | None = None,
    by: ByEvent,
) -> tuple[Limit, ...]:
    """Every `limit` of a rule or reward; what is wrong in them is reported and left out.

    Args:
        currency: the one that an earn rule gives; `None` when unknown, or for a reward.
        reward: whether limits count uses and money off, rather than postings.
        friend: whether a limit may say that it is the friend's, as in a referral.
        readable: what conditions behind a limit, and keys of a table, may read; `None` where there are none.
        by: of which event it may count each value of a field.
    """
    limits: list[Limit] = []
    for clause in clauses:
        if isinstance(clause, LimitTable):
            if readable is not None:
                limits += _limit_table(scope, clause, numbers, readable, by, currency=currency, reward=reward)
            continue
        if not isinstance(clause, syntax.Limit):
            continue
        when = None
        if clause.when is not None:
            if readable is None:
                scope.findings.report(
                    "L190", clause.when.span, "a limit of a referral with a condition is not supported yet",
                    help="write `when` on a line of its own, in a rule of its own",
                )  # fmt: skip
                continue
            when = check_condition(scope, readable, clause.when)
            if when is None:
                continue
        if clause.to is not None and not friend:
            scope.findings.report(
                "L206", clause.span, f"`to {clause.to.text}` is of referrals",
                help="write the limit without it",
            )  # fmt: skip
            continue
        if clause.everyone and clause.window is None:
            scope.findings.report(
                "L330", clause.span, "what everyone gets together is not counted per event",
                help="write a window, such as `per calendar month for everyone`",
            )  # fmt: skip
            continue
        if clause.everyone and clause.refuses:  # LIMIT-9
            scope.findings.report(
                "L330", clause.span,
                "a limit for everyone cuts nobody before it closes, so it refuses no part",
                help="delete `else refuse`",
            )  # fmt: skip
            continue
        if _counts_something_else(scope, clause):
            continue
        window = None if clause.window is None else check_limit_window(scope, clause.window)
        if clause.everyone and isinstance(window, YearOfMembership):
            scope.findings.report(
                "L330", clause.span, "what everyone gets together is not counted in each member's own year",
                help="write a window that all share, such as `per calendar year for everyone`",
            )  # fmt: skip
            continue
        counted = _limit_quantity(scope, clause, currency, reward)
        if counted is None or (clause.window is not None and window is None):
            continue
        values = check_values(scope, clause, by)
        if values is not None:
            of, most = counted
            limits += [
                Limit(
                    numbers.take(), of, most, window, clause.span, clause.everyone, clause.refuses, when, only
                )
                for only in values
            ]  # fmt: skip
    return tuple(limits)


def _limit_table(
    scope: ProgramScope,
    clause: LimitTable,
    numbers: LimitNumbers,
    readable: Readable,
    by: ByEvent,
    *,
    currency: CurrencyUnit | None,
    reward: bool,
) -> list[Limit]:
    """A limit for each row of a table and each value of its field, which cuts while no row before it holds;
    none when it is wrong."""

    def leaf(amount: syntax.Amount) -> tuple[LimitOf, int, Span] | None:
        if not isinstance(amount, syntax.GiveFlat):
            scope.findings.report(
                "L206", amount.span, f"`{amount.span.text}` is not a limit",
                help="write an amount or times, such as `500 points`; where some have no limit, write "
                "`limit 500 points per calendar month when ...` for the others",
            )  # fmt: skip
            return None
        row = syntax.Limit(amount.quantity, clause.window, False, clause.refuses, None, amount.span)
        if _counts_something_else(scope, row):
            return None
        counted = _limit_quantity(scope, row, currency, reward)
        return None if counted is None else (*counted, amount.span)

    window = None if clause.window is None else check_limit_window(scope, clause.window)
    table = check_table(scope, readable, clause.table, leaf, rest="others 500 points")
    if table is None or table.otherwise is None or (clause.window is not None and window is None):
        return []
    rows: list[tuple[Condition | None, tuple[LimitOf, int, Span]]] = [*table.cases, (None, table.otherwise)]
    first = rows[0][1]
    for _, (of, _, span) in rows:
        if of is not first[0]:
            scope.findings.report(
                "L302", span, "one row of this table limits times, and another an amount",
                secondary=[(first[2], "the other row")], help="write a `limit` for each of the two",
            )  # fmt: skip
            return []
    amount = syntax.Quantity(syntax.Number(Fraction(1), clause.span), None, clause.span)
    whole = syntax.Limit(amount, clause.window, False, clause.refuses, None, clause.span, None, clause.by)
    limits = []
    before: list[Condition] = []
    values = check_values(scope, whole, by) or ()
    for when, (of, most, span) in rows:
        asked = (*(Not(each) for each in before), *(() if when is None else (when,)))
        limits += [
            Limit(
                numbers.take(), of, most, window, span, refuses=clause.refuses, only=only,
                when=None if not asked else asked[0] if len(asked) == 1 else All(asked),
            )
            for only in values
        ]  # fmt: skip
        before += [] if when is None else [when]
    return limits


def _counts_something_else(scope: ProgramScope, clause: syntax.Limit) -> bool:
    """Whether a limit counts what happens by another word than `times`, which is reported."""
    number, unit = clause.quantity.number, clause.quantity.unit
    if not isinstance(number, syntax.Number) or unit is None or scope.currencies.find(unit.text) is not None:
        return False
    words = ("friend", "referral", "use", "redemption", "visit", *scope.events, *EVENT_WORDS)
    if not {unit.text, unit.text.removesuffix("s")} & set(words):
        return False
    times = "time" if number.value == 1 else "times"
    scope.findings.report(
        "L201", unit.span, f"a limit counts times or amounts, not `{unit.text}`",
        help=f"write `limit {number.span.text} {times} per calendar year`, for one",
    )  # fmt: skip
    return True


def _limit_quantity(
    scope: ProgramScope, clause: syntax.Limit, currency: CurrencyUnit | None, reward: bool
) -> tuple[LimitOf, int] | None:
    quantity = clause.quantity
    number, unit = quantity.number, quantity.unit
    if isinstance(number, syntax.Number) and unit is not None and unit.text in ("time", "times"):
        if clause.window is None and not reward:
            scope.findings.report(
                "L317",
                clause.span,
                "a rule fires once for an event, so a limit in times per event does nothing",
                help="write `per calendar day`, or limit the amount per event",
                edit=deletion(clause.span),
            )
            return None
        times = positive_number(scope, number, "times")
        return None if times is None else (LimitOf.TIMES, times)
    if reward:
        if isinstance(number, syntax.Money) and unit is None:
            minor = positive_money(scope, number)
            return None if minor is None else (LimitOf.UNITS, minor)
        scope.findings.report(
            "L302",
            quantity.span,
            "a reward is limited in times or in the money that it takes off",
            help="write `limit 1 times per calendar day` or `limit $20 per calendar day`",
        )
        return None
    if currency is None and unit is None:
        return None  # the rule's own amount is wrong, so what counts is not known
    found = positive_quantity(scope, quantity, currency)
    return None if found is None else (LimitOf.UNITS, found[1])
