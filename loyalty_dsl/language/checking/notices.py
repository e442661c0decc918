"""`notify 14 days before expiry` of a currency (NOTICE).

Invariant: what is told is so: only lots that keep the day on which they are gone are told of.
"""

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language.checking.amounts import duration
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.expiry import AfterEarning, Expiry, LatestOf, Never
from loyalty_dsl.language.syntax.programs import NotifyClause

_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


def check_notice(
    scope: ProgramScope, clause: NotifyClause, expiry: Expiry | None, *, moved: bool
) -> int | None:
    """How many days before they are gone a member is told of units; `None` where that is wrong (reported).

    Args:
        expiry: of the currency; `None` where it is wrong.
        moved: whether something moves the day of a lot.
    """
    ahead = duration(scope, clause.ahead)
    if ahead is None or expiry is None:
        return None
    if isinstance(expiry, Never):
        scope.findings.report(
            "L206", clause.span, "nothing of this currency expires, so there is nothing to tell",
            help="delete the line",
        )  # fmt: skip
        return None
    if moved or not isinstance(expiry, AfterEarning | LatestOf):
        scope.findings.report(
            "L190", clause.span,
            "notices of what has no day of its own, or one that may move, are not supported yet",
            help="write one `expire` line about lots, such as `expire 12 months after earning`, without "
            "conditions; or leave this line out",
        )  # fmt: skip
        return None
    if ahead.unit not in _DAYS:
        scope.findings.report(
            "L310", clause.ahead.span, "notice is given days or weeks ahead, as months differ in length",
            help="write `notify 30 days before expiry`, for one",
        )  # fmt: skip
        return None
    return ahead.count * _DAYS[ahead.unit]
