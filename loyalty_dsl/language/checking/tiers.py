"""Ladders of levels."""

from collections.abc import Sequence

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import LONGEST_YEARS, duration
from loyalty_dsl.language.checking.clauses import at_most_one, only, report_missing
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.currencies import label_of
from loyalty_dsl.language.checking.dates import month_day
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.scope import LadderName, ProgramScope, declare_readable
from loyalty_dsl.language.checking.windows import check_calendar_window
from loyalty_dsl.language.tiers import Hold, HoldFor, HoldThrough, Ladder, Lapse, Level
from loyalty_dsl.language.windows import Period

_AT_MIDNIGHT = "a level is decided at midnight too; count what earns it, as in `spend in calendar year`"
_FOR_EVER = HoldFor(Duration(LONGEST_YEARS, Unit.YEAR))
"""Where nothing ends, it does not matter when."""


def declare_ladder(scope: ProgramScope, block: syntax.TiersBlock) -> LadderName | None:
    """Puts a ladder and its levels in scope, so that conditions can read it."""
    levels: dict[str, syntax.Name] = {}
    for clause in _levels(block):
        name = clause.name
        if name.text in levels:
            scope.findings.report(
                "L202", name.span, f"the level `{name.text}` is declared twice", label="again here",
                secondary=[(levels[name.text].span, "first declared here")],
                help="give one of them another name, or delete one",
            )  # fmt: skip
        levels.setdefault(name.text, name)
    ladder = LadderName(block.name.text, len(scope.ladders), tuple(levels), block.name.span)
    return ladder if declare_readable(scope, scope.ladders, block.name, ladder) else None


def check_ladder(scope: ProgramScope, block: syntax.TiersBlock, name: LadderName) -> Ladder | None:
    """The ladder that a block declares, or `None` when something in it is wrong."""
    findings = scope.findings
    errors = findings.errors
    what = f"the ladder `{block.name.text}`"
    lapse_clause = at_most_one(findings, block.clauses, syntax.LapseClause, "lapse")
    lapse = Lapse.TO_EARNED if lapse_clause is None else Lapse(lapse_clause.how.text)
    holds = [
        clause
        for clause in block.clauses
        if isinstance(clause, syntax.HoldThroughClause | syntax.HoldForClause | syntax.tiers.NoticeClause)
    ]
    review_clause = at_most_one(findings, block.clauses, syntax.ReviewClause, "review")
    hold_clause = only(findings, holds, "hold")
    hold = None if hold_clause is None else _hold(scope, hold_clause, review_clause)
    if hold_clause is None and lapse is Lapse.NEVER:
        hold = _FOR_EVER
    elif hold_clause is None and not scope.losses.may_hold(block.span, "hold"):
        report_missing(findings, block.span, what, "hold", "hold through end of calendar year plus 12 months")
    upgrade = at_most_one(findings, block.clauses, syntax.UpgradeClause, "upgrade")
    review = None if review_clause is None else _review(scope, review_clause)
    levels = _check_levels(scope, block, name)
    if findings.errors > errors or hold is None or not levels:
        return None
    return Ladder(
        name=block.name.text,
        label=label_of(block.name, block.label),
        index=name.index,
        hold=hold,
        lapse=lapse,
        upgrade_before=upgrade is not None and upgrade.side.text == "before",
        review=review,
        levels=tuple(levels),
        span=block.span,
    )


def _levels(block: syntax.TiersBlock) -> Sequence[syntax.LevelClause]:
    return [clause for clause in block.clauses if isinstance(clause, syntax.LevelClause)]


def _hold(
    scope: ProgramScope, clause: syntax.tiers.Holding, review: syntax.ReviewClause | None
) -> Hold | None:
    match clause:
        case syntax.tiers.NoticeClause():  # TIER-7
            length = duration(scope, clause.duration)
            if review is None or isinstance(review.on, syntax.MonthDay):
                scope.findings.report(
                    "L330", clause.span, "notice is given at reviews, and this ladder has none",
                    secondary=[] if review is None else [(review.span, "once a year")],
                    help="write `review every calendar month`, or how long a level is held: `hold 12 months`",
                )  # fmt: skip
                return None
            each = check_calendar_window(scope, review.on, "a review comes at the start of each window")
            return None if length is None or each is None else HoldThrough(each, length)
        case syntax.HoldForClause():
            length = duration(scope, clause.duration)
            return None if length is None else HoldFor(length)
        case syntax.HoldThroughClause():
            why = "a level is held through a day of the calendar"
            window = check_calendar_window(scope, clause.window, why)
            plus = Duration(0, Unit.DAY) if clause.plus is None else duration(scope, clause.plus, least=0)
            return None if window is None or plus is None else HoldThrough(window, plus)


def _review(scope: ProgramScope, clause: syntax.ReviewClause) -> Unit | tuple[int, int] | None:
    if isinstance(clause.on, syntax.MonthDay):
        return month_day(scope, clause.on)
    window = check_calendar_window(scope, clause.on, "a review comes at the start of each window")
    if isinstance(window, Period) and window.unit is not Unit.YEAR:
        scope.findings.report(
            "L330", clause.on.span, f"levels are not reviewed every `{clause.on.span.text}`",
            help="write `review every calendar month`, or a day of the year: `review on november 1`",
        )  # fmt: skip
        return None
    return (window.month, 1) if isinstance(window, Period) else window


def _check_levels(scope: ProgramScope, block: syntax.TiersBlock, name: LadderName) -> list[Level]:
    """The levels, from the lowest; those that are wrong are left out."""
    findings = scope.findings
    written = _levels(block)
    if not written and not scope.losses.may_hold(block.span, "level"):
        report_missing(findings, block.span, f"the ladder `{block.name.text}`", "level", "level member")
    readable = Readable(
        event=None,
        no_event=_AT_MIDNIGHT,
        no_amount=_AT_MIDNIGHT,
        no_balance="a balance falls when it is spent; count `points earned in calendar year`, for one",
        ladder=name.index,
        no_day="a level is decided on any day; count `purchases in calendar year where on weekends`",
    )
    levels = []
    for number, clause in enumerate(written):
        when = None if clause.when is None else check_condition(scope, readable, clause.when)
        if number == 0 and clause.when is not None:
            findings.report(
                "L331", clause.when.span, f"`{clause.name.text}` is the lowest level, which everybody holds",
                help="delete its `when`, or write a level without one before it, such as `level member`",
            )  # fmt: skip
        elif number > 0 and clause.when is None:
            findings.report(
                "L331", clause.span, f"`{clause.name.text}` does not say how it is earned",
                secondary=[(written[0].span, "only the lowest level has no `when`")],
                help=f"write `level {clause.name.text} when spend in calendar year >= ...`",
            )  # fmt: skip
        levels.append(Level(clause.name.text, label_of(clause.name, clause.label), number, when, clause.span))
    return levels
