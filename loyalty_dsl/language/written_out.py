"""A population with its archetypes written out: the text to paste and to edit.

Invariant: what comes out checks as the population did, to the same numbers; whatever the author wrote besides
`like` and the facts stays as it stands, comments and all.
"""

from collections.abc import Iterator

from loyalty_dsl.language import syntax
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.syntax.populations import ActiveFact, AverageBasketFact, OrdersFact, RedeemingFact
from loyalty_dsl.language.tokens import tokenize

_FACTS = (ActiveFact, OrdersFact, AverageBasketFact, RedeemingFact)
_INDENT = " " * 8
_WIDE = 44


def written_out(population: Population) -> str:
    """The text of a population, from its first word to its last brace."""
    source = population.span.source
    file, _ = parse_file(source)
    block = next(
        each
        for each in file.blocks
        if isinstance(each, syntax.PopulationBlock) and each.name.text == population.name
    )
    text = source.text
    edits: list[tuple[int, int, str]] = []
    for clause, segment in zip(_segments(block), population.segments, strict=True):
        if clause.like is None:
            continue
        header = text.rindex("like", 0, clause.like.span.start)
        edits.append((len(text[:header].rstrip()), clause.like.span.end, ""))
        opening = text.index("{", clause.like.span.end) + 1
        lines = "".join(f"\n{_INDENT}{_commented(line.text, line.origin)}" for line in segment.like)
        closed = "" if "\n" in text[opening : text.index("}", opening)] else "\n    "
        edits.append((opening, opening, lines + closed))
        for trait in clause.traits:
            if isinstance(trait, _FACTS):
                start = text.rindex("\n", 0, trait.span.start)
                end = text.find("\n", trait.span.end)
                edits.append((start, end if end >= 0 else len(text), ""))
    end = _end_of(block, text)
    for start, stop, instead in sorted(edits, reverse=True):
        text = text[:start] + instead + text[stop:]
        end += len(instead) - (stop - start)
    return text[block.span.start : end]


def _segments(block: syntax.PopulationBlock) -> Iterator[syntax.SegmentBlock]:
    return (clause for clause in block.clauses if isinstance(clause, syntax.SegmentBlock))


def _commented(line: str, origin: str) -> str:
    return f"{line:<{_WIDE}}  # {origin}"


def _end_of(block: syntax.PopulationBlock, text: str) -> int:
    """The place behind the brace that closes a block."""
    depth = 0
    for token in tokenize(text):
        if token.start < block.span.start:
            continue
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if token.text == "}" and not depth:
            return token.end
    raise AssertionError("a population that checks is closed")
