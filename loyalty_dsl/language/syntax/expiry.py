"""When a currency, or what one rule gives, expires."""

from loyalty_dsl.language.syntax.amounts import Table
from loyalty_dsl.language.syntax.conditions import Condition
from loyalty_dsl.language.syntax.leaves import AnyWindow, Duration, MonthDay, Name
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class NeverTerm:
    """`never`."""

    span: Span


@node
class EarningTerm:
    """`6 months after earning [at end of calendar month | at next september 30]`, `at end of calendar year`,
    `at next march 31` (then `duration` is `None`); `at end of next calendar year` is `later`. The unit of the
    duration may be a period of the program."""

    duration: Duration | None
    end_of: AnyWindow | None
    at_next: MonthDay | None
    span: Span
    later: bool = False


@node
class LastTerm:
    """`24 months after last stay, redemption`."""

    duration: Duration
    names: tuple[Name, ...]
    span: Span


@node
class DateTerm:
    """`21 years after birth_date`, beside other terms."""

    duration: Duration
    date: Name
    span: Span


@node
class LatestTerm:
    """`latest of 6 months after earning and 30 days after earning at end of calendar year`, `latest of 24
    months after last stay and 21 years after birth_date`."""

    terms: tuple[EarningTerm | LastTerm | DateTerm, ...]
    span: Span

    @property
    def of_balance(self) -> bool:
        """Whether it loses a whole balance at once."""
        return any(isinstance(term, LastTerm) for term in self.terms)


@node
class FirstTerm:
    """`12 months after first earning`."""

    duration: Duration
    span: Span


Term = NeverTerm | EarningTerm | LatestTerm | LastTerm | FirstTerm


@node
class ExpireClause:
    """`expire TERM [when CONDITION]`."""

    term: Term
    when: Condition | None
    span: Span


@node
class ExpireTable:
    """`expire by status { gold never others 6 months after earning }`; the rows hold a `Term`."""

    table: Table
    span: Span


@node
class PostponeClause:
    """`postpone 1 month [when CONDITION]`."""

    duration: Duration
    when: Condition | None
    span: Span


@node
class RestartClause:
    """`restart on status falls below gold`."""

    ladder: Name
    level: Name
    span: Span
