"""Menus: so many of a list of options, what is given to who does not choose, and what is said of choosing."""

from loyalty_dsl.language.syntax.amounts import Give
from loyalty_dsl.language.syntax.clauses import Cost, Dates, Limit, When, Worth
from loyalty_dsl.language.syntax.leaves import DateLiteral, Name, Number, Percent, Text
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.language.syntax.rules import (
    Choose,
    GiveTo,
    GiveWhen,
    LimitTable,
    OnAfterJoin,
    OnAnniversary,
    OnClause,
    OnEnd,
    OnFalls,
    OnReaches,
    OnRises,
    OnSilence,
    OnStart,
)
from loyalty_dsl.source import Span


@node
class Uses:
    """`uses 2 choices`."""

    number: Number
    span: Span


@node
class Option:
    """`option miles give 20,000 miles when not cardholder`, `option NAME { ... }`. `span` is the header's, or
    of the line."""

    name: Name
    clauses: tuple[Uses | Give | GiveTo | GiveWhen | When | Dates | Limit | LimitTable | Cost | Worth, ...]
    span: Span


On = OnClause | OnAnniversary | OnStart | OnEnd | OnSilence | OnReaches | OnFalls | OnRises | OnAfterJoin
MenuClause = Choose | Option | On | When | Dates | Limit | LimitTable


@node
class MenuBlock:
    """`menu NAME ["..."] { ... }`. `span` is the header's."""

    name: Name
    label: Text | None
    clauses: tuple[MenuClause, ...]
    span: Span


@node
class ChooseTrait:
    """`choose annual_choice { five_nights 40%, upgrades 30% }`: how many choices members make, and which."""

    menu: Name
    shares: tuple[tuple[Name, Percent], ...]
    span: Span


@node
class ChooseLine:
    """`on D [HH:MM] choose five_nights of annual_choice`."""

    date: DateLiteral
    minute: int | None
    option: Name
    menu: Name
    span: Span
