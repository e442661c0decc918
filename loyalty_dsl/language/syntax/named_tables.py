"""Tables with a name, which several rules and rewards share."""

from loyalty_dsl.language.syntax.amounts import Table
from loyalty_dsl.language.syntax.leaves import Name
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span

NAMED = "table"
"""The `how` of a table that stands for one with a name, which is its only key."""


@node
class NamedTable:
    """`table card_rates by status { ... }`."""

    name: Name
    table: Table
    span: Span
