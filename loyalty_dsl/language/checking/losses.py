"""What the parser could not read, so that nobody reports it as missing or unknown.

Invariant: a block that lost a clause is still checked. Only what that clause may have said is not asked for:
a clause is taken for what its first word is or almost is, so a lost `tiers` block hides no event.
"""

from collections.abc import Iterable
from enum import Enum

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.source import Span


class Declared(Enum):
    """What a clause of a program puts in scope."""

    EVENT = "event"
    FIELD = "field"
    ITEM_FIELD = "item field"
    CURRENCY = "currency"
    REWARD = "reward"


_DECLARES = {
    "event": {Declared.EVENT, Declared.FIELD},
    "item": {Declared.ITEM_FIELD},
    "currency": {Declared.CURRENCY},
    "reward": {Declared.REWARD},
}


@attrs.frozen
class Loss:
    """A clause that was not read.

    Attributes:
        block: the span of the block that it is in; `None` at the top of a file.
        meant: the word that it starts with, mended where it is almost one of that block's; `None` where it
            could be anything.
        later: whether it is a clause of a later version.
    """

    block: Span | None
    meant: str | None
    later: bool


@attrs.frozen
class Losses:
    """The clauses that were not read, in all files of a book."""

    lost: tuple[Loss, ...]

    def spared(self, *blocks: Span) -> bool:
        """Whether every clause of these blocks was read."""
        return all(loss.block not in blocks for loss in self.lost)

    def may_hold(self, block: Span | None, word: str) -> bool:
        """Whether a lost clause of a block may have been one that starts with `word`."""
        return any(loss.block == block and loss.meant in (word, None) for loss in self.lost)

    def undeclared(self, program: syntax.ProgramBlock) -> frozenset[Declared]:
        """The kinds of names that a program may declare where nobody could read it."""
        here = [loss for loss in self.lost if loss.block == program.span]
        hidden = {kind for loss in here for kind in _DECLARES.get(loss.meant or "", ())}
        if any(loss.later for loss in here):
            hidden |= {Declared.FIELD}  # what members have, such as a tier, is read like a field
        for clause in program.clauses:
            match clause:
                case syntax.EventBlock(name=name) if is_stand_in(name):
                    hidden |= {Declared.EVENT, Declared.FIELD}
                case syntax.CurrencyBlock(name=name) if is_stand_in(name):
                    hidden |= {Declared.CURRENCY}
                case syntax.RuleBlock(name=name) if is_stand_in(name):
                    hidden |= {Declared.REWARD}
                case _:
                    pass
        return frozenset(hidden)


def is_stand_in(name: syntax.Name) -> bool:
    """Whether the parser made the name up, as the text has none that could be read."""
    if name.text == name.span.text:
        return False
    from loyalty_dsl.language.spelling import STAND_INS

    return name.text == STAND_INS["NAME"]


def losses_of(files: Iterable[syntax.File]) -> Losses:
    """What was lost in the files of a book."""
    return Losses(tuple(_loss(clause) for file in files for clause in file.unread))


def _loss(clause: syntax.Unread) -> Loss:
    from loyalty_dsl.language.not_yet import clause_not_yet  # only a mistake pays for the imports
    from loyalty_dsl.language.recovery.words import nearest_word
    from loyalty_dsl.language.spelling import leading_words

    if clause_not_yet(clause.place, clause.word) is not None:
        return Loss(clause.block, clause.word, later=True)
    words = leading_words(clause.place)
    meant = clause.word if clause.word in words else nearest_word(clause.word, words)
    return Loss(clause.block, meant, later=False)
