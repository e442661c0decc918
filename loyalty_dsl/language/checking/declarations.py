"""Declarations: every name of a program in scope, before anything that refers to one is checked."""

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.clauses import at_most_one
from loyalty_dsl.language.checking.currencies import scale_of
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.gates import counts_on
from loyalty_dsl.language.checking.groups import combine_of
from loyalty_dsl.language.checking.losses import Declared, Losses, Unseen
from loyalty_dsl.language.checking.menus import DEFAULT, menu_of
from loyalty_dsl.language.checking.misnamed import EVENT_WORDS
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.checking.rules import currency_in, gives_of, group_of
from loyalty_dsl.language.checking.scope import (
    CurrencyUnit,
    EarnName,
    GroupName,
    ProgramScope,
    RewardName,
    declare_readable,
)
from loyalty_dsl.language.checking.times import first_time, with_time
from loyalty_dsl.language.checking.windows import check_period
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind, Field, Kind

_MONEY_WORD = "every program measures money by this word"
_COLUMN = "files of transactions have a column of that name"
FIELDS_TAKEN = {"amount": _MONEY_WORD, "basket": _MONEY_WORD} | dict.fromkeys(
    ("member", "time", "purchase", "amount_cents", "kind", "reward", "referrer", "returns", "recipient"),
    _COLUMN,
)
_COUNT_WORD = "`4 times` counts how often something happens"
_REFERRED = {"referred": "it says whether another member brought this one"}
_READ = {"amount": _MONEY_WORD, "basket": _MONEY_WORD, "date": "tables are `by date`"} | _REFERRED
_KINDS = {kind.value: kind for kind in Kind if kind not in (Kind.TIME, Kind.UNITS, Kind.LEVEL)}


def names_of(block: syntax.ProgramBlock, findings: Findings, losses: Losses) -> ProgramScope:
    """An empty scope, which knows what may have been declared where nobody could read it."""
    undeclared = losses.undeclared(block)
    items = [each.span for each in block.clauses if isinstance(each, syntax.ItemBlock)]
    members = [each.span for each in block.clauses if isinstance(each, syntax.MemberBlock)]
    return ProgramScope(
        name=block.name,
        findings=findings,
        losses=losses,
        undeclared=undeclared,
        money=None,
        starts=None,
        events=Names(
            "event",
            findings,
            undeclared[Declared.EVENT],
            taken={
                "redeem": "it is what members do with rewards",
                "exchange": "it is what members do with transfers",
                "transfer": "it is what members do for each other",
                "choose": "it is what members do with menus",
                "return": "it takes a purchase back",
                "spend": "it counts money",
                "items": "it counts items",
                "item": "it is what purchases are made of",
            },
            also=EVENT_WORDS,
        ),
        item_fields=Names("item field", findings, undeclared[Declared.ITEM_FIELD] | losses.words_in(*items)),
        currencies=Names(
            "currency",
            findings,
            undeclared[Declared.CURRENCY],
            plurals=True,
            taken={"time": _COUNT_WORD, "times": _COUNT_WORD},
        ),
        rules=Names("rule or reward", findings),
        rewards=Names("reward", findings, undeclared[Declared.REWARD]),
        earns=Names("earn rule", findings, undeclared[Declared.RULE]),
        groups=Names("group", findings, undeclared[Declared.RULE]),
        periods=Names("period", findings, undeclared[Declared.PERIOD], taken={"lifetime": "it is all days"}),
        member_fields=Names(
            "member field",
            findings,
            undeclared[Declared.MEMBER_FIELD] | losses.words_in(*members),
            taken=FIELDS_TAKEN | _READ,
        ),
        counted=Names("counter", findings, undeclared[Declared.COUNTER], taken=_READ),
        ladders=Names("ladder", findings, undeclared[Declared.LADDER], taken=_READ),
        partners=Names("partner", findings, undeclared[Declared.PARTNER]),
        allowances=Names("allowance", findings, undeclared[Declared.ALLOWANCE]),
        audiences=Names("audience", findings, undeclared[Declared.AUDIENCE]),
    )


def declare_events(scope: ProgramScope, block: syntax.ProgramBlock) -> None:
    """Puts every kind of event and every item field in scope; purchase and join are always there."""
    declared = [clause for clause in block.clauses if isinstance(clause, syntax.EventBlock)]
    asked = first_time(block)
    first: dict[str, syntax.EventBlock] = {}
    for event in declared:
        first.setdefault(event.name.text, event)
    for name, index in (("purchase", PURCHASE), ("join", JOIN)):
        own = first.get(name)
        fields = () if own is None else _fields(scope, own.fields, f" of `{name}`")
        span = None if own is None else own.name.span
        if own is not None:
            scope.lost_fields[index] = scope.losses.words_in(own.span) | _refused(own, fields)
        counted = counts_on(scope, own, fields)
        timed = with_time(fields, asked)
        scope.events.include(name, EventKind(name, index, timed, name != "join", span, counted), span)
    for event in declared:
        if event is first[event.name.text] and event.name.text in ("purchase", "join"):
            continue
        fields = _fields(scope, event.fields, f" of `{event.name.text}`")
        counted, index = counts_on(scope, event, fields), len(scope.events)
        kind = EventKind(event.name.text, index, with_time(fields, asked), True, event.name.span, counted)
        scope.lost_fields[kind.index] = scope.losses.words_in(event.span) | _refused(event, fields)
        scope.events.declare(event.name, kind)
    item = at_most_one(scope.findings, block.clauses, syntax.ItemBlock, "item")
    if item is not None:
        for field in _fields(scope, item.fields, " of items"):
            scope.item_fields.include(field.name, field, field.span)


def _refused(block: syntax.EventBlock, fields: tuple[Field, ...]) -> Unseen:
    """The names of fields that were declared wrongly, which has been told."""
    known = {field.name for field in fields}
    return Unseen(frozenset(each.name.text for each in block.fields if each.name.text not in known))


def declare_member(scope: ProgramScope, block: syntax.ProgramBlock) -> None:
    """Puts the fields of members in scope, whose names no event and no item may have."""
    member = at_most_one(scope.findings, block.clauses, syntax.MemberBlock, "member")
    if member is None:
        return
    names = {declaration.name.text: declaration.name for declaration in member.fields}
    for field in _fields(scope, member.fields, " of members"):
        name = names[field.name]
        holder = next((kind for kind in scope.events.things() if kind.field(field.name) is not None), None)
        other = holder.field(field.name) if holder is not None else scope.item_fields.find(field.name)
        if other is not None:
            where = "items" if holder is None else f"`{holder.name}`"
            scope.findings.report(
                "L202", name.span, f"`{field.name}` is a field of {where} already", label="again here",
                secondary=[(other.span, "first declared here")],
                help="conditions read both by their names, so give one of them another name",
            )  # fmt: skip
            continue
        known = Field(field.name, field.kind, field.values, len(scope.member_fields), field.span)
        declare_readable(scope, scope.member_fields, name, known)


def declare_periods(scope: ProgramScope, block: syntax.ProgramBlock) -> None:
    """Puts the program's own years in scope."""
    for clause in block.clauses:
        if isinstance(clause, syntax.PeriodClause):
            period = check_period(scope, clause)
            if period is None:
                scope.periods.hide(clause.name.text)
            else:
                scope.periods.declare(clause.name, period)


def _fields(
    scope: ProgramScope, declared: tuple[syntax.FieldDeclaration, ...], owner: str
) -> tuple[Field, ...]:
    fields: Names[Field] = Names("field", scope.findings, owner=owner, taken=FIELDS_TAKEN)
    for declaration in declared:
        kind = _KINDS[declaration.type_.text]
        values: dict[str, syntax.Name] = {}
        for value in declaration.values:
            if value.text in values:
                scope.findings.report(
                    "L202", value.span, f"the value `{value.text}` is listed twice", label="again here",
                    secondary=[(values[value.text].span, "first listed here")], help="delete one",
                )  # fmt: skip
            else:
                values[value.text] = value
        field = Field(declaration.name.text, kind, tuple(values), len(fields), declaration.name.span)
        fields.declare(declaration.name, field)
    return fields.things()


def declare_currency(scope: ProgramScope, block: syntax.CurrencyBlock) -> CurrencyUnit:
    """Puts a currency in scope, and what its amounts are counted in."""
    unit = CurrencyUnit(
        block.name.text, len(scope.currencies), block.in_money, scale_of(scope, block), block.name.span
    )
    scope.currencies.declare(block.name, unit)
    return unit


def declare_rules(scope: ProgramScope, block: syntax.ProgramBlock) -> list[syntax.GroupBlock]:
    """Puts earn rules, groups, rewards, benefits and referrals in scope, which share one set of names.

    Returns:
        The groups whose names are their own, in declared order.
    """
    earns: dict[str, tuple[int, syntax.RuleBlock]] = {}
    groups: dict[str, syntax.GroupBlock] = {}
    index = -1
    for clause in block.clauses:
        match clause:
            case syntax.GroupBlock():
                if scope.rules.declare(clause.name, clause):
                    groups[clause.name.text] = clause
            case syntax.RuleBlock():
                added = scope.rules.declare(clause.name, clause)
                match clause.word.text:
                    case "earn":
                        index += 1
                        if added:
                            earns[clause.name.text] = (index, clause)
                    case "reward" | "benefit" | "transfer" | "option" | "default" if added:
                        benefit = clause.word.text == "benefit"
                        issued = any(isinstance(each, syntax.IssueClause) for each in clause.clauses)
                        reward = RewardName(
                            clause.name.text,
                            len(scope.rewards),
                            issued or benefit or clause.word.text == DEFAULT,
                            clause.name.span,
                            benefit,
                            exchange=clause.word.text == "transfer",
                            menu=menu_of(clause),
                        )
                        scope.rewards.include(clause.name.text, reward, clause.name.span)
                    case _:
                        pass
            case _:
                pass
    blocks = {name: rule for name, (_, rule) in earns.items()}
    for name, (number, rule) in earns.items():
        gives = currency_in(scope, gives_of(rule), blocks)
        scope.earns.include(
            name, EarnName(name, number, group_of(rule), gives, rule.name.span), rule.name.span
        )
    for name, group in groups.items():
        members = [rule for rule in scope.earns.things() if rule.group == name]
        gives = next((rule.gives for rule in members if rule.gives is not None), None)
        rules = tuple(rule.index for rule in members)
        known = GroupName(name, len(scope.groups), combine_of(group), rules, gives, group.name.span)
        scope.groups.include(name, known, group.name.span)
    return list(groups.values())
