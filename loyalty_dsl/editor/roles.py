"""What a name may be, for each field of the syntax tree that holds one.

Invariant: every field of the tree that holds a name has its row in `ROLES` or is among the `DECLARING`, whose
names an author makes up; a test holds that.
"""

from collections.abc import Mapping, Sequence

from loyalty_dsl.editor.declarations import FIELDS, Kind

Role = Kind | str
"""A kind of declared name, or a word of `vocabulary.WORDS`."""

COUNTED = (Kind.COUNTER, Kind.LADDER, Kind.MEMBERSHIP)
STATE = (*COUNTED, Kind.MEMBER_FIELD, Kind.AUDIENCE, Kind.ALLOWANCE)
EARNING = (Kind.EARN, Kind.GROUP, Kind.CHALLENGE)
TAKEN = (Kind.REWARD, Kind.BENEFIT, Kind.TRANSFER)
EVENTS = (Kind.EVENT, "purchase", "join")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ACTORS = ("friend",)

DECLARING = frozenset({
    "AllowanceBlock.name", "AudienceBlock.name", "ChallengeBlock.name", "CounterClause.name",
    "CurrencyBlock.name", "EventBlock.name", "FieldDeclaration.name", "FieldDeclaration.values",
    "GroupBlock.name", "LevelClause.name", "MembershipBlock.name", "MenuBlock.name", "NamedTable.name",
    "Option.name", "PartnerBlock.name", "PeriodClause.name", "PlanBlock.name", "PopulationBlock.name",
    "ProgramBlock.name", "RuleBlock.name", "SegmentBlock.name", "SourceBlock.name",
    "StudyBlock.name", "TiersBlock.name",
})  # fmt: skip
"""Where a name is declared."""

ROLES: Mapping[str, Sequence[Role]] = {
    "AccountClause.first": ("marketing", "sold"),
    "AccountClause.last": ("partner",),
    "ActiveFact.word": ("active",),
    "Actor.word": (),
    "AcceptWithin.of": FIELDS,
    "AllowanceCase.names": (),
    "AllowanceCost.unit": (Kind.ALLOWANCE,),
    "AllowanceGive.by": (*COUNTED, *FIELDS),
    "AllowanceRate.per": (Kind.CURRENCY, Kind.COUNTER, Kind.REFERRAL),
    "AskedOutcome.name": (),
    "AskedOutcome.of": (Kind.CURRENCY, Kind.LEVEL, *TAKEN),
    "AverageBasketFact.word": ("average",),
    "Between.least": (),
    "Between.most": (),
    "CarryClause.ladder": (Kind.LADDER, "level"),
    "Choose.otherwise": (),
    "ChooseLine.menu": (Kind.MENU,),
    "ChooseLine.option": (),
    "ChooseTrait.menu": (Kind.MENU,),
    "ChooseTrait.shares": (),
    "CompareProgram.name": (Kind.PROGRAM,),
    "Compares.value": (),
    "ConvertClause.new": (Kind.CURRENCY,),
    "ConvertClause.old": (Kind.CURRENCY,),
    "Correlation.of": ("purchases", "basket"),
    "CountInARow.event": EVENTS,
    "CounterRatio.by": (Kind.COUNTER,),
    "CounterRatio.name": (Kind.COUNTER,),
    "CounterShare.name": (Kind.COUNTER,),
    "CountsClause.field": (Kind.EVENT_FIELD,),
    "DateTerm.date": (Kind.MEMBER_FIELD,),
    "Duration.unit": (),
    "EndClause.name": (Kind.CURRENCY, Kind.LADDER, Kind.COUNTER),
    "Equals.value": (),
    "EventLine.event": (*EVENTS, Kind.MEMBERSHIP),
    "EventLine.label": (),
    "EventLine.redeeming": TAKEN,
    "EventTraits.event": (Kind.EVENT,),
    "ExchangeClause.to": ("recipient",),
    "ExchangeLine.currency": (Kind.CURRENCY,),
    "ExchangeLine.transfer": (Kind.TRANSFER,),
    "ExchangeLine.whose": (),
    "ExchangeTrait.shares": (Kind.TRANSFER,),
    "ExpectLine.whose": (),
    "ExpectSettledLine.partner": (Kind.PARTNER,),
    "ExpectValueLine.name": (*STATE, "sent", "received"),
    "ExpectValueLine.value": (),
    "ExpectValueLine.whose": (),
    "GivePerField.of": (Kind.EVENT_FIELD, Kind.CURRENCY, "items", *EVENTS, Kind.COUNTER, Kind.MEMBER_FIELD),
    "GivePerMoney.of": (Kind.EVENT_FIELD, Kind.ITEM_FIELD, "items", "amount", "basket"),
    "GiveShare.as_": (Kind.CURRENCY,),
    "GiveShare.of": (*EARNING, "amount", "basket", Kind.COUNTER, Kind.EVENT_FIELD, Kind.MEMBER_FIELD),
    "GiveTimes.times": (Kind.EVENT_FIELD,),
    "GiveTo.to": ("friend", "recipient"),
    "GivenChanceLine.name": (Kind.EARN, Kind.BENEFIT),
    "GivenHoldoutLine.audience": (Kind.AUDIENCE,),
    "GivenHoldoutLine.word": ("holdout",),
    "GivenJoinedLine.whose": (),
    "GivenTimesLine.name": (*EARNING, *TAKEN, Kind.REFERRAL),
    "GivenUnitsLine.whose": (),
    "GivenValueLine.name": STATE,
    "GivenValueLine.value": (),
    "GivenValueLine.whose": (),
    "Goal.of": (*EVENTS, "items"),
    "GoalDifferent.field": (Kind.ITEM_FIELD, Kind.EVENT_FIELD),
    "GoalInARow.event": EVENTS,
    "GoalInARow.unit": ("days", "weeks", "months"),
    "Has.currency": (Kind.CURRENCY, *TAKEN),
    "HonourClause.name": (Kind.LADDER,),
    "InGroupClause.group": (Kind.GROUP,),
    "IssuesClause.rules": EARNING,
    "JoinClause.season": MONTHS,
    "KeepClause.name": (Kind.CURRENCY, Kind.LADDER, Kind.COUNTER),
    "LastTerm.names": (*EVENTS, "earning", "redemption", *TAKEN),
    "Limit.by": (Kind.EVENT_FIELD,),
    "Limit.to": ("friend", "recipient"),
    "LimitTable.by": (Kind.EVENT_FIELD,),
    "Measure.earned": (*EARNING, Kind.MENU),
    "Measure.name": (),
    "Measure.of": (),
    "Measure.since": ("join", Kind.MEMBER_FIELD, Kind.EVENT_FIELD),
    "NamedWindow.name": (Kind.PERIOD,),
    "NamesCase.names": (),
    "NumberSet.path": (),
    "OfBasketTrait.of": ("basket",),
    "OnAnniversary.of": ("join", Kind.MEMBER_FIELD),
    "OnClause.by": ACTORS,
    "OnClause.event": (*EVENTS, Kind.MEMBER_FIELD, Kind.COUNTER, Kind.LADDER, Kind.CHALLENGE),
    "OnClause.within_of": ("join",),
    "OnFalls.ladder": (Kind.LADDER,),
    "OnFalls.level": (),
    "OnReaches.counter": (Kind.COUNTER, Kind.LADDER),
    "OnRises.ladder": (Kind.LADDER,),
    "OnRises.level": (),
    "OnSilence.events": EVENTS,
    "OneAmong.values": (),
    "PhaseClause.level": (Kind.LEVEL,),
    "PopulationBlock.program": (Kind.PROGRAM,),
    "PriceAll.currency": (Kind.CURRENCY,),
    "Quantity.unit": (Kind.CURRENCY,),
    "RaiseClause.rule": EARNING,
    "RedeemLine.reward": TAKEN,
    "RedeemsClause.rewards": TAKEN,
    "ReferTrait.of": ("purchases",),
    "RefundClause.less": (Kind.COUNTER, *TAKEN),
    "RefundClause.unless": (Kind.COUNTER, *TAKEN),
    "Repeats.unit": ("times",),
    "ReplacesClause.deciding": (*EVENTS, "event"),
    "ResponseClause.name": (),
    "ResponseSetting.word": (),
    "RestartClause.ladder": (Kind.LADDER,),
    "RestartClause.level": (),
    "ReturnLine.label": (),
    "ReturnsTrait.of": ("purchases", "items"),
    "ScenarioBlock.program": (Kind.PROGRAM,),
    "SeasonTrait.months": MONTHS,
    "SegmentBlock.like": (),
    "SourceBlock.program": (Kind.PROGRAM,),
    "FieldColumn.name": (*FIELDS, "reward", "quantity", "referrer", "recipient"),
    "FieldConstant.name": FIELDS,
    "CellValue.meaning": (),
    "FieldConstant.meaning": (),
    "ShowClause.unit": (Kind.CURRENCY,),
    "StageClause.event": EVENTS,
    "StartStatusClause.name": (Kind.LADDER,),
    "StartsClause.deciding": (*EVENTS, "event"),
    "StudyPopulation.name": (Kind.POPULATION,),
    "StudyProgram.name": (Kind.PROGRAM,),
    "SumTerm.name": (Kind.COUNTER,),
    "Table.columns": (),
    "Table.keys": (),
    "TakeUpTrait.shares": TAKEN,
    "TransferLine.recipient": (),
    "TransferLine.transfer": (Kind.TRANSFER,),
    "UseOnlyClause.names": TAKEN,
    "UseStrategy.name": (),
    "WeekdayTrait.days": DAYS,
    "WithValue.field": FIELDS,
    "WithValue.value": (),
    **dict.fromkeys(
        ("AnyDayTrait.field", "ChanceTrait.field", "DaysBeforeTrait.field", "MedianTrait.field",
         "OfBasketTrait.field", "ShareTrait.field", "ValuesTrait.field"), FIELDS,
    ),
    "ShareTrait.shares": (),
}  # fmt: skip
"""What a name may be, by class and field; `()` where the nodes around it say it (`_by_context`)."""


TYPES: Mapping[str, Sequence[str]] = {
    "AcceptWithin.of": ("date",),
    "CountsClause.field": ("date",),
    "DateTerm.date": ("date",),
    "GivePerField.of": ("number", "money"),
    "GivePerMoney.of": ("money",),
    "GiveShare.of": ("number", "money"),
    "GiveTimes.times": ("number",),
    "Measure.since": ("date",),
    "OnAnniversary.of": ("date",),
    "OnClause.event": ("date",),
}
"""Of which types a field must be to stand there."""

VALUES = frozenset({
    "Equals.value", "Compares.value", "Between.least", "Between.most", "WithValue.value",
    "GivenValueLine.value", "ExpectValueLine.value", "CellValue.meaning", "FieldConstant.meaning",
})  # fmt: skip
"""Where the value of something stands that is named before it."""
