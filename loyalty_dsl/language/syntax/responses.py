"""The responses that a population turns on."""

from loyalty_dsl.language.syntax.leaves import Duration, Name, Percent
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class ResponseSetting:
    """`half_life 180 days`; `word` is the word as written."""

    word: Name
    value: Percent | Duration
    span: Span


@node
class ResponseClause:
    """`demotion -15% half_life 180 days`."""

    name: Name
    value: Percent | Duration | None
    settings: tuple[ResponseSetting, ...]
    span: Span


@node
class ResponsesBlock:
    """`responses [literature] { ... }`; `span` is the header's.

    Attributes:
        literature: of the word.
    """

    literature: Span | None
    clauses: tuple[ResponseClause, ...]
    span: Span
