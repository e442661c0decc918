"""Audiences: whom an offer is for, and who of them does not get it, to measure what it does."""

from loyalty_dsl.language.syntax.clauses import When
from loyalty_dsl.language.syntax.leaves import Name, Percent, Text
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class HoldoutClause:
    """`holdout 10%`: the share of members who are held out, drawn at random."""

    share: Percent
    span: Span


AudienceClause = When | HoldoutClause


@node
class AudienceBlock:
    """`audience lapsing "Lapsing" { ... }`."""

    name: Name
    label: Text | None
    clauses: tuple[AudienceClause, ...]
    span: Span
