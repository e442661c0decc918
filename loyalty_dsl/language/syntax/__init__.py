"""The syntax tree: what a file says, as written and unresolved, every node with its span.

Invariant of the whole tree: a node holds only what the text holds. Names are unresolved, numbers are
exact and unit-less where the text is, and clauses keep the order in which they were written. Only
`parsing` makes nodes and only `checking` gives them meaning. A block's span is its header's.
"""

from loyalty_dsl.language.syntax.clauses import (
    Cost,
    DateRange,
    Dates,
    Limit,
    MonthDays,
    NumberNote,
    When,
    Worth,
)
from loyalty_dsl.language.syntax.conditions import (
    AllOf,
    AnyOf,
    Compares,
    Condition,
    Dated,
    Equals,
    Holds,
    Measure,
    Negated,
    OneAmong,
)
from loyalty_dsl.language.syntax.leaves import (
    DateLiteral,
    Duration,
    Money,
    Name,
    Number,
    Percent,
    Quantity,
    Text,
    Value,
    Window,
    YesNo,
)
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.language.syntax.populations import (
    BasketTrait,
    ChanceTrait,
    JoinClause,
    LeaveTrait,
    PopulationBlock,
    PopulationClause,
    PurchasesTrait,
    RedeemTrait,
    SegmentBlock,
    ShareTrait,
    StartClause,
    Trait,
)
from loyalty_dsl.language.syntax.programs import (
    CurrencyBlock,
    CurrencyClause,
    EventBlock,
    ExpireClause,
    FieldDeclaration,
    ForItems,
    Give,
    GiveFlat,
    GiveOff,
    GivePerMoney,
    GiveShare,
    IssueClause,
    ItemBlock,
    MinimumClause,
    MoneyClause,
    OnClause,
    PendingClause,
    PriceClause,
    ProgramBlock,
    ProgramClause,
    RoundClause,
    RuleBlock,
    RuleClause,
    SpendClause,
    StartsClause,
    TimezoneClause,
)
from loyalty_dsl.language.syntax.scenarios import (
    EventLine,
    ExpectLine,
    ExpectOffLine,
    ExpectRefusedLine,
    GivenJoinedLine,
    GivenUnitsLine,
    ItemLine,
    RedeemLine,
    ScenarioBlock,
    ScenarioLine,
    WithValue,
)
from loyalty_dsl.source import SourceText, Span

Block = ProgramBlock | PopulationBlock | ScenarioBlock


@node
class Unread:
    """A clause that could not be read, so that nobody reports it as missing.

    Attributes:
        block: the span of the block that it is in, the same as that block's `span`; `None` for a block at
            the top of the file.
        place: the word that this block starts with, such as `currency`; "" at the top of the file.
        word: what it starts with, such as `expire`.
    """

    block: Span | None
    place: str
    word: str
    span: Span


@node
class File:
    """The blocks of one file that could be read; what could not is in the diagnostics of `parsing`."""

    source: SourceText
    blocks: tuple[Block, ...]
    unread: tuple[Unread, ...] = ()


__all__ = [
    "AllOf",
    "AnyOf",
    "BasketTrait",
    "Block",
    "ChanceTrait",
    "Compares",
    "Condition",
    "Cost",
    "CurrencyBlock",
    "CurrencyClause",
    "DateLiteral",
    "DateRange",
    "Dated",
    "Dates",
    "Duration",
    "Equals",
    "EventBlock",
    "EventLine",
    "ExpectLine",
    "ExpectOffLine",
    "ExpectRefusedLine",
    "ExpireClause",
    "FieldDeclaration",
    "File",
    "ForItems",
    "Give",
    "GiveFlat",
    "GiveOff",
    "GivePerMoney",
    "GiveShare",
    "GivenJoinedLine",
    "GivenUnitsLine",
    "Holds",
    "IssueClause",
    "ItemBlock",
    "ItemLine",
    "JoinClause",
    "LeaveTrait",
    "Limit",
    "Measure",
    "MinimumClause",
    "Money",
    "MoneyClause",
    "MonthDays",
    "Name",
    "Negated",
    "Number",
    "NumberNote",
    "OnClause",
    "OneAmong",
    "PendingClause",
    "Percent",
    "PopulationBlock",
    "PopulationClause",
    "PriceClause",
    "ProgramBlock",
    "ProgramClause",
    "PurchasesTrait",
    "Quantity",
    "RedeemLine",
    "RedeemTrait",
    "RoundClause",
    "RuleBlock",
    "RuleClause",
    "ScenarioBlock",
    "ScenarioLine",
    "SegmentBlock",
    "ShareTrait",
    "SpendClause",
    "StartClause",
    "StartsClause",
    "Text",
    "TimezoneClause",
    "Trait",
    "Unread",
    "Value",
    "When",
    "Window",
    "WithValue",
    "Worth",
    "YesNo",
]
