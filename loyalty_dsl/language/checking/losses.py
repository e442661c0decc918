"""What the parser could not read, so that nobody reports it as missing or unknown.

Invariant: a block that lost a clause is still checked, and only what that clause may have said is not asked
for. It is taken for the clause that its first word is, or almost is; and it can only have declared a name
that stands in its text.
"""

import re
from collections.abc import Iterable, Mapping
from enum import Enum

from loyalty_dsl.language import syntax
from loyalty_dsl.language.records import record
from loyalty_dsl.source import Span


class Declared(Enum):
    """What a clause of a program puts in scope."""

    EVENT = "event"
    FIELD = "field"
    ITEM_FIELD = "item field"
    CURRENCY = "currency"
    REWARD = "reward"
    RULE = "rule"
    PERIOD = "period"
    MEMBER_FIELD = "member field"
    COUNTER = "counter"
    LADDER = "ladder"
    PARTNER = "partner"
    ALLOWANCE = "allowance"
    AUDIENCE = "audience"


@record
class Unseen:
    """Names that may have been declared where nobody could read it.

    Attributes:
        words: those that stand there.
        anything: whether there is a declaration whose name could not be read.
    """

    words: frozenset[str] = frozenset()
    anything: bool = False

    def __bool__(self) -> bool:
        return self.anything or bool(self.words)

    def __contains__(self, name: str) -> bool:
        return self.anything or name in self.words

    def __or__(self, other: "Unseen") -> "Unseen":
        return Unseen(self.words | other.words, self.anything or other.anything)


NOTHING_UNSEEN = Unseen()

_DECLARES = {
    "event": {Declared.EVENT, Declared.FIELD},
    "item": {Declared.ITEM_FIELD},
    "currency": {Declared.CURRENCY},
    "reward": {Declared.REWARD},
    "benefit": {Declared.REWARD},
    "transfer": {Declared.REWARD},
    "earn": {Declared.RULE},
    "group": {Declared.RULE},
    "menu": {Declared.RULE, Declared.REWARD, Declared.CURRENCY},
    "challenge": {Declared.RULE, Declared.COUNTER, Declared.EVENT},
    "period": {Declared.PERIOD},
    "member": {Declared.MEMBER_FIELD},
    "counter": {Declared.COUNTER},
    "tiers": {Declared.LADDER},
    "referral": set(),
    "returns": set(),
    "money": set(),
    "timezone": set(),
    "starts": set(),
    "partner": {Declared.PARTNER},
    "allowance": {Declared.ALLOWANCE},
    "audience": {Declared.AUDIENCE},
    "runs": set(),
}


@record
class Loss:
    """A clause that was not read.

    Attributes:
        block: the span of the block that it is in; `None` at the top of a file.
        meant: the word that it starts with, where this or a later version has such a clause in that block;
            else the clause's word that it is almost; `None` where it could be anything.
        words: those that stand in it.
    """

    block: Span | None
    meant: str | None
    words: frozenset[str]


@record
class Losses:
    """The clauses that were not read, in all files of a book."""

    lost: tuple[Loss, ...]

    def spared(self, *blocks: Span) -> bool:
        """Whether every clause of these blocks was read."""
        return all(loss.block not in blocks for loss in self.lost)

    def may_hold(self, block: Span | None, word: str) -> bool:
        """Whether a lost clause of a block may have been one that starts with `word`."""
        return any(loss.block == block and loss.meant in (word, None) for loss in self.lost)

    def words_in(self, *blocks: Span | None) -> Unseen:
        """The words of all that was lost in these blocks."""
        return Unseen(frozenset(word for loss in self.lost if loss.block in blocks for word in loss.words))

    def undeclared(self, program: syntax.ProgramBlock) -> Mapping[Declared, Unseen]:
        """The names that a program may declare where nobody could read it."""
        unseen = dict.fromkeys(Declared, NOTHING_UNSEEN)
        for loss in self.lost:
            if loss.block == program.span:
                for kind in _DECLARES.get(loss.meant or "", set(Declared)):
                    unseen[kind] |= Unseen(loss.words)
        for clause in program.clauses:
            match clause:
                case syntax.EventBlock(name=name) if is_stand_in(name):
                    unseen[Declared.EVENT] |= Unseen(anything=True)
                    unseen[Declared.FIELD] |= Unseen(anything=True)
                case syntax.CurrencyBlock(name=name) if is_stand_in(name):
                    unseen[Declared.CURRENCY] |= Unseen(anything=True)
                case syntax.RuleBlock(name=name) if is_stand_in(name):
                    unseen[Declared.REWARD] |= Unseen(anything=True)
                    unseen[Declared.RULE] |= Unseen(anything=True)
                case syntax.menus.MenuBlock(name=name) if is_stand_in(name):
                    for kind in (Declared.RULE, Declared.REWARD, Declared.CURRENCY):
                        unseen[kind] |= Unseen(anything=True)
                case syntax.challenges.ChallengeBlock(name=name) if is_stand_in(name):
                    for kind in (Declared.RULE, Declared.COUNTER, Declared.EVENT):
                        unseen[kind] |= Unseen(anything=True)
                case syntax.GroupBlock(name=name) if is_stand_in(name):
                    unseen[Declared.RULE] |= Unseen(anything=True)
                case syntax.PeriodClause(name=name) if is_stand_in(name):
                    unseen[Declared.PERIOD] |= Unseen(anything=True)
                case syntax.CounterClause(name=name) if is_stand_in(name):
                    unseen[Declared.COUNTER] |= Unseen(anything=True)
                case syntax.TiersBlock(name=name) if is_stand_in(name):
                    unseen[Declared.LADDER] |= Unseen(anything=True)
                case syntax.partners.PartnerBlock(name=name) if is_stand_in(name):
                    unseen[Declared.PARTNER] |= Unseen(anything=True)
                case syntax.allowances.AllowanceBlock(name=name) if is_stand_in(name):
                    unseen[Declared.ALLOWANCE] |= Unseen(anything=True)
                case syntax.audiences.AudienceBlock(name=name) if is_stand_in(name):
                    unseen[Declared.AUDIENCE] |= Unseen(anything=True)
                case _:
                    pass
        return unseen


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
    from loyalty_dsl.language.not_yet import is_later_block  # only a mistake pays for the imports
    from loyalty_dsl.language.recovery.words import nearest_word
    from loyalty_dsl.language.spelling import leading_words

    known = leading_words(clause.place)
    meant: str | None = clause.word
    if meant not in known and not is_later_block(clause.place, clause.word):
        meant = nearest_word(clause.word, known)
    return Loss(clause.block, meant, frozenset(re.findall(r"[a-z][a-z0-9_]*", clause.span.text)))
