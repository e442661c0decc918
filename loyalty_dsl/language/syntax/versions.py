"""Versions of a program: what replaces what, and what becomes of what members hold."""

from loyalty_dsl.language.syntax.leaves import DateLiteral, Duration, Money, Name, Number
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class ReplacesClause:
    """`replaces version 1 from D by purchase date`."""

    version: Number
    date: DateLiteral
    deciding: Name
    span: Span


@node
class KeepClause:
    """`keep stars`, `keep status`."""

    name: Name
    span: Span


@node
class EndClause:
    """`end status`."""

    name: Name
    span: Span


@node
class ConvertClause:
    """`convert 2 points for 1 star`."""

    taken: Number
    old: Name
    given: Number
    new: Name
    span: Span


@node
class StartStatusClause:
    """`start status at the level earned`."""

    name: Name
    span: Span


@node
class HonourClause:
    """`honour status through D`."""

    name: Name
    date: DateLiteral
    span: Span


@node
class PhaseClause:
    """`phase gold from $500 to $750 over 12 months`."""

    level: Name
    old: Number | Money
    new: Number | Money
    duration: Duration
    span: Span


TransitionClause = KeepClause | EndClause | ConvertClause | StartStatusClause | HonourClause | PhaseClause


@node
class TransitionBlock:
    """`transition { ... }`."""

    clauses: tuple[TransitionClause, ...]
    span: Span
