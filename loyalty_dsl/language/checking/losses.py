"""What the parser could not read, so that nobody reports it as missing or unknown.

Invariant: a block that lost a clause is still checked; only what the lost clause may have said is not asked
for: the block's own missing clauses, the names that it may have declared, the shares that it may have had.
"""

from collections.abc import Iterable

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.source import Span


@attrs.frozen
class Losses:
    """The blocks that lost a clause.

    Attributes:
        blocks: their spans.
        files: whether a whole block was lost at the top of a file.
    """

    blocks: frozenset[Span]
    files: bool

    def spared(self, *blocks: Span) -> bool:
        """Whether every clause of these blocks was read."""
        return self.blocks.isdisjoint(blocks)


def losses_of(files: Iterable[syntax.File]) -> Losses:
    """What was lost in the files of a book."""
    unread = [clause for file in files for clause in file.unread]
    return Losses(
        blocks=frozenset(clause.block for clause in unread if clause.block is not None),
        files=any(clause.block is None for clause in unread),
    )
