"""Clauses that must occur, or may occur only once."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.losses import Losses
from loyalty_dsl.source import Span


class Clause(Protocol):
    """Any node of the syntax tree."""

    @property
    def span(self) -> Span: ...


C = TypeVar("C", bound=Clause)


def only(findings: Findings, written: Sequence[C], word: str) -> C | None:
    """The first of the clauses with the keyword `word`, with every other reported."""
    for clause in written[1:]:
        findings.report(
            "L205",
            clause.span,
            f"`{word}` may be written once here",
            label="again here",
            secondary=[(written[0].span, "first written here")],
            help="keep the one that is meant",
        )
    return written[0] if written else None


def at_most_one(findings: Findings, clauses: Sequence[Clause], kind: type[C], word: str) -> C | None:
    """The only clause of a kind, or the first with every other reported."""
    return only(findings, [clause for clause in clauses if isinstance(clause, kind)], word)


def exactly_one(
    findings: Findings,
    clauses: Sequence[Clause],
    kind: type[C],
    word: str,
    *,
    block: Span,
    what: str,
    example: str,
    losses: Losses,
) -> C | None:
    """The only clause of a kind; a missing one is reported at the block's header.

    Args:
        what: what the block is, as the message says it: "the currency `points`".
        example: a line that would do.
        losses: what the parser could not read; what it may have lost is not reported as missing.
    """
    clause = at_most_one(findings, clauses, kind, word)
    if clause is None and not losses.may_hold(block, word):
        report_missing(findings, block, what, word, example)
    return clause


def report_missing(findings: Findings, block: Span, what: str, word: str, example: str) -> None:
    """Reports that a block lacks a clause."""
    findings.report("L204", block, f"{what} has no `{word}`", help=f"add a line such as `{example}`")
