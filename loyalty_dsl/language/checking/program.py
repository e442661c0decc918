"""Program blocks: header clauses, events and items, then everything that refers to them."""

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import day
from loyalty_dsl.language.checking.bounds import verify_products
from loyalty_dsl.language.checking.clauses import at_most_one, exactly_one
from loyalty_dsl.language.checking.currencies import check_currency, label_of
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.losses import Declared, Losses
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.checking.rewards import check_reward
from loyalty_dsl.language.checking.rule_clauses import LimitNumbers
from loyalty_dsl.language.checking.rules import check_earn
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope, RewardName
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind, Field, Kind
from loyalty_dsl.quantities import MINOR_DIGITS

_MONEY_WORD = "every program measures money by this word"
_COLUMN = "every file of transactions has a column of that name"
FIELDS_TAKEN = {"amount": _MONEY_WORD, "basket": _MONEY_WORD} | dict.fromkeys(
    ("member", "time", "purchase", "amount_cents", "kind", "reward"), _COLUMN
)
_COUNT_WORD = "`4 times` counts how often something happens"
_KINDS = {kind.value: kind for kind in Kind if kind is not Kind.UNITS}


def check_program(block: syntax.ProgramBlock, findings: Findings, losses: Losses) -> ProgramScope:
    """The scope of a program block, with its `Program` if nothing in the block is wrong.

    Args:
        losses: what the parser could not read.
    """
    errors = findings.errors
    undeclared = losses.undeclared(block)
    items = [each.span for each in block.clauses if isinstance(each, syntax.ItemBlock)]
    what = f"the program `{block.name.text}`"
    money = exactly_one(
        findings, block.clauses, syntax.MoneyClause, "money",
        block=block.span, what=what, example="money USD", losses=losses,
    )  # fmt: skip
    timezone = exactly_one(
        findings, block.clauses, syntax.TimezoneClause, "timezone",
        block=block.span, what=what, example='timezone "America/New_York"', losses=losses,
    )  # fmt: skip
    starts = exactly_one(
        findings, block.clauses, syntax.StartsClause, "starts",
        block=block.span, what=what, example="starts 2026-01-01 by purchase date", losses=losses,
    )  # fmt: skip
    scope = ProgramScope(
        name=block.name,
        findings=findings,
        losses=losses,
        undeclared=undeclared,
        money=None if money is None else _money(findings, money),
        starts=None,
        events=Names(
            "event",
            findings,
            undeclared[Declared.EVENT],
            taken={"redeem": "it is what members do with rewards"},
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
    )
    _declare_events(scope, block)
    if starts is not None:
        scope.starts = day(scope, starts.date)
        if starts.deciding.text != "event":
            scope.events.resolve(starts.deciding)
    zone = None if timezone is None else _timezone(findings, timezone)

    currencies = [clause for clause in block.clauses if isinstance(clause, syntax.CurrencyBlock)]
    units = [_declare_currency(scope, currency) for currency in currencies]
    checked_currencies = [
        checked
        for currency, unit in zip(currencies, units, strict=True)
        if (checked := check_currency(scope, currency, unit)) is not None
    ]
    rules = [clause for clause in block.clauses if isinstance(clause, syntax.RuleBlock)]
    for rule in rules:
        _declare_rule(scope, rule)
    numbers = LimitNumbers()
    earn_blocks = [rule for rule in rules if rule.word.text == "earn"]
    reward_blocks = [rule for rule in rules if rule.word.text == "reward"]
    earns = [check_earn(scope, rule, index, numbers) for index, rule in enumerate(earn_blocks)]
    rewards = [check_reward(scope, rule, index, numbers) for index, rule in enumerate(reward_blocks)]
    checked_earns = tuple(rule for rule in earns if rule is not None)
    checked_rewards = tuple(reward for reward in rewards if reward is not None)
    verify_products(findings, checked_currencies, checked_earns, checked_rewards)
    bodies = [
        each.span
        for each in block.clauses
        if isinstance(each, syntax.EventBlock | syntax.ItemBlock | syntax.CurrencyBlock | syntax.RuleBlock)
    ]
    complete = losses.spared(block.span, *bodies)
    if (
        findings.errors > errors
        or not complete
        or scope.money is None
        or scope.starts is None
        or zone is None
    ):
        return scope
    scope.program = Program(
        name=block.name.text,
        label=label_of(block.name, block.label),
        money=scope.money,
        timezone=zone,
        starts=scope.starts,
        events=scope.events.things(),
        item_fields=scope.item_fields.things(),
        currencies=tuple(checked_currencies),
        earns=checked_earns,
        rewards=checked_rewards,
        limit_count=numbers.used,
        span=block.span,
    )
    return scope


# ---- header


def _money(findings: Findings, clause: syntax.MoneyClause) -> str | None:
    code = clause.code.text
    if clause.code.span.text.upper() != code:  # made up by the parser, which has said so
        return None
    if code in MINOR_DIGITS:
        return code
    guess = nearest(code, MINOR_DIGITS)
    findings.report(
        "L314",
        clause.code.span,
        f"`{code}` is not a money that is known here",
        help=f"did you mean `{guess}`?" if guess else "write an ISO 4217 code such as USD, EUR or GBP",
        edit=Edit(clause.code.span, guess) if guess else None,
    )
    return None


_NO_PLACE = ("localtime", "posixrules", "posix/", "right/", "Factory")
"""Files of the database that are no zone, or that count leap seconds."""


def _timezone(findings: Findings, clause: syntax.TimezoneClause) -> str | None:
    from zoneinfo import ZoneInfo

    zone = clause.zone.text
    try:
        known = bool(zone) and not zone.startswith(_NO_PLACE) and ZoneInfo(zone).key == zone
    except (ValueError, OSError, LookupError):  # unknown, malformed, or a folder of the zone files
        known = False
    if known:
        return zone
    from zoneinfo import available_timezones  # slow, so only for a mistake

    zones = {name for name in available_timezones() if not name.startswith(_NO_PLACE)}
    guess = nearest(zone, zones) or next(
        (
            name
            for name in sorted(zones)
            if zone and name.lower().endswith("/" + zone.lower().replace(" ", "_"))
        ),
        None,
    )
    findings.report(
        "L313",
        clause.zone.span,
        f"`{zone}` is not a time zone",
        help=f"did you mean `{guess}`?" if guess else 'write a zone by its city, such as "America/New_York"',
        edit=Edit(clause.zone.span, f'"{guess}"') if guess else None,
    )
    return None


# ---- declarations


def _declare_events(scope: ProgramScope, block: syntax.ProgramBlock) -> None:
    """Puts every kind of event and every item field in scope; purchase and join are always there."""
    declared = [clause for clause in block.clauses if isinstance(clause, syntax.EventBlock)]
    first: dict[str, syntax.EventBlock] = {}
    for event in declared:
        first.setdefault(event.name.text, event)
    for name, index in (("purchase", PURCHASE), ("join", JOIN)):
        own = first.get(name)
        fields = () if own is None else _fields(scope, own.fields, f" of `{name}`")
        span = None if own is None else own.name.span
        if own is not None:
            scope.lost_fields[index] = scope.losses.words_in(own.span)
        scope.events.include(name, EventKind(name, index, fields, name != "join", span), span)
    for event in declared:
        if event is first[event.name.text] and event.name.text in ("purchase", "join"):
            continue
        fields = _fields(scope, event.fields, f" of `{event.name.text}`")
        kind = EventKind(event.name.text, len(scope.events), fields, True, event.name.span)
        scope.lost_fields[kind.index] = scope.losses.words_in(event.span)
        scope.events.declare(event.name, kind)
    item = at_most_one(scope.findings, block.clauses, syntax.ItemBlock, "item")
    if item is not None:
        for field in _fields(scope, item.fields, " of items"):
            scope.item_fields.include(field.name, field, field.span)


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


def _declare_currency(scope: ProgramScope, block: syntax.CurrencyBlock) -> CurrencyUnit:
    scale = 10 ** (scope.digits or 0) if block.in_money else 1
    unit = CurrencyUnit(block.name.text, len(scope.currencies), block.in_money, scale, block.name.span)
    scope.currencies.declare(block.name, unit)
    return unit


def _declare_rule(scope: ProgramScope, block: syntax.RuleBlock) -> None:
    added = scope.rules.declare(block.name, block)
    match block.word.text:
        case "reward" if added:
            automatic = any(isinstance(clause, syntax.IssueClause) for clause in block.clauses)
            reward = RewardName(block.name.text, len(scope.rewards), automatic, block.name.span)
            scope.rewards.include(block.name.text, reward, block.name.span)
        case _:
            return
