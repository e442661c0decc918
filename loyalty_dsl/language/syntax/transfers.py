"""What a `transfer` says, and what scenarios and populations say of it."""

from loyalty_dsl.language.syntax.leaves import Name, Percent
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class ExchangeTrait:
    """`exchange to_miles 2%`: at how many of their purchases members exchange by a transfer."""

    shares: tuple[tuple[Name, Percent], ...]
    span: Span
