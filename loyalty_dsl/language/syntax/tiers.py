"""Status: a ladder of levels, and its clauses."""

from loyalty_dsl.language.syntax.conditions import Condition
from loyalty_dsl.language.syntax.leaves import AnyWindow, Duration, MonthDay, Name, Text
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class HoldThroughClause:
    """`hold through end of calendar year [plus 12 months]`."""

    window: AnyWindow
    plus: Duration | None
    span: Span


@node
class HoldForClause:
    """`hold 12 months`."""

    duration: Duration
    span: Span


@node
class NoticeClause:
    """`notice 1 month`."""

    duration: Duration
    span: Span


@node
class LapseClause:
    """`lapse to the level earned`, `lapse at most one level`, `lapse never`: `how` is all behind `lapse`."""

    how: Name
    span: Span


@node
class UpgradeClause:
    """`upgrade after the event`, `upgrade before the event`: `side` is `after` or `before`."""

    side: Name
    span: Span


@node
class ReviewClause:
    """`review every calendar month`, `review on november 1`."""

    on: AnyWindow | MonthDay
    span: Span


@node
class LevelClause:
    """`level gold ["Gold"] [when CONDITION]`; `span` is that of the whole clause."""

    name: Name
    label: Text | None
    when: Condition | None
    span: Span


Holding = HoldThroughClause | HoldForClause | NoticeClause
TierClause = Holding | LapseClause | UpgradeClause | ReviewClause | LevelClause


@node
class TiersBlock:
    """`tiers NAME ["..."] { ... }`."""

    name: Name
    label: Text | None
    clauses: tuple[TierClause, ...]
    span: Span
