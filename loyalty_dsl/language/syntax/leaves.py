"""Leaves of the tree: names, texts, numbers with their units, dates."""

from fractions import Fraction

from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class Name:
    """A name, or a word used as one."""

    text: str
    span: Span


@node
class Text:
    """A quoted text, without its quotes."""

    text: str
    span: Span


@node
class Number:
    """`1,250` or `0.8`; where a scenario expects it also `-120`."""

    value: Fraction
    span: Span


@node
class Money:
    """`$1,250.00`: the symbol, and the amount in whole money (dollars, not cents)."""

    symbol: str
    value: Fraction
    span: Span


@node
class Percent:
    """`4.5%`, held as 9/200."""

    value: Fraction
    span: Span


@node
class DateLiteral:
    """A day of the calendar that exists, as a day number."""

    day: int
    span: Span


@node
class TimeLiteral:
    """A time of day such as `14:30`, in minutes from midnight."""

    minute: int
    span: Span


@node
class YesNo:
    """`yes` or `no`."""

    value: bool
    span: Span


@node
class Duration:
    """`6 months`: a number and a unit as written (`month` or `months`)."""

    count: Number
    unit: Name
    span: Span


@node
class BusinessDays:
    """`3 business days`."""

    count: Number
    span: Span


Length = Duration | BusinessDays


@node
class MonthDay:
    """`september 30`: the month from 1, and the day as written."""

    month: int
    day: Number
    span: Span


@node
class MonthName:
    """`november`: the month from 1."""

    month: int
    span: Span


@node
class Window:
    """`calendar month`, `previous calendar month`: the unit as written."""

    unit: Name
    previous: bool
    span: Span


@node
class NamedWindow:
    """`qualifying_year`, `previous qualifying_year`: a period of the program, or any other word."""

    name: Name
    previous: bool
    span: Span


@node
class RollingWindow:
    """`rolling 12 months`."""

    duration: Duration
    span: Span


@node
class LifetimeWindow:
    """`lifetime`."""

    span: Span


@node
class MembershipYear:
    """`year of membership`, `previous year of membership`."""

    previous: bool
    span: Span


@node
class PastWindow:
    """`calendar quarter 1 year ago`: a window, and how long ago."""

    window: Window | NamedWindow | RollingWindow | LifetimeWindow | MembershipYear
    ago: Duration
    span: Span


AnyWindow = Window | NamedWindow | RollingWindow | LifetimeWindow | MembershipYear | PastWindow


@node
class Quantity:
    """`500 points`, `4 times`, or `$20` (then `unit` is the money's currency name, if one is written)."""

    number: Number | Money
    unit: Name | None
    span: Span


Value = Number | Money | Percent | DateLiteral | TimeLiteral | YesNo | Name | Quantity
