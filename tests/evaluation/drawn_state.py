"""Counters, ladders, clocks and forms of expiry, drawn at random."""

from collections.abc import Sequence

import attrs
from drawing import (
    BIRTHDAY,
    EVENTS,
    ITEM_FIELDS,
    MEMBER_FIELDS,
    NOWHERE,
    STAY,
    VISIT,
    Chooser,
    Feature,
    Features,
    draw_condition,
    maybe_condition,
)

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.clocks import (
    After,
    AfterJoin,
    At,
    Clock,
    Falls,
    FriendKind,
    Reaches,
    Rises,
    Stage,
    WindowStart,
    YearlyOf,
)
from loyalty_dsl.language.counters import (
    Carry,
    CarryCase,
    Counter,
    CounterLimit,
    EarnedMeasure,
    EventsMeasure,
    FieldMeasure,
    ItemsMeasure,
    Measure,
    NumberMeasure,
    PastMeasure,
    SpendMeasure,
)
from loyalty_dsl.language.expiry import (
    Activity,
    AfterActivity,
    AfterEarning,
    AfterFirst,
    Expiry,
    ExpiryCase,
    FirstThatHolds,
    LatestOf,
    LotTerm,
    Never,
    Postpone,
    Restart,
)
from loyalty_dsl.language.tiers import HoldFor, HoldThrough, Ladder, Lapse, Level
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind, Field, Kind
from loyalty_dsl.language.windows import Lifetime, Period, Rolling, Window, YearOfMembership

DURATIONS = (
    Duration(1, Unit.DAY),
    Duration(10, Unit.DAY),
    Duration(180, Unit.DAY),
    Duration(1, Unit.MONTH),
    Duration(6, Unit.MONTH),
    Duration(1, Unit.QUARTER),
    Duration(1, Unit.YEAR),
    Duration(2, Unit.WEEK),
)


# ---- what friends do


def draw_friend_kinds(choose: Chooser, counters: Sequence[Counter] = ()) -> tuple[FriendKind, ...]:
    """A friend's join, a purchase at once, one that has to be kept, a stay, a purchase at the end of stages;
    behind the events that are declared.

    Args:
        counters: those of them that number purchases may number a friend's.
    """
    on_the_way = (Stage(VISIT, None, None), Stage(PURCHASE, None, 30))
    forms: list[tuple[int, int, tuple[Stage, ...]]] = [
        (JOIN, 0, ()), (PURCHASE, 0, ()), (PURCHASE, 14, ()), (PURCHASE, 1, ()), (STAY, 0, ()),
        (PURCHASE, 0, on_the_way),
    ]  # fmt: skip
    numbering = [each.index for each in counters if each.measure == NumberMeasure(PURCHASE)]
    drawn = [form for form in forms if choose.integer(0, 1)] or forms[1:2]
    return tuple(
        FriendKind(
            len(EVENTS) + i,
            of,
            Duration(days, Unit.DAY),
            choose.one_of((None, *numbering)) if of == PURCHASE and numbering and not stages else None,
            stages,
        )
        for i, (of, days, stages) in enumerate(drawn)
    )


def event_of_friends(kind: FriendKind) -> EventKind:
    """What a friend does, as a kind of event."""
    of = EVENTS[kind.of]
    stages = " in the end" if kind.stages else ""
    name = f"{of.name} by friend kept {kind.kept.count} days{stages}"
    behind = (("ordinal", len(of.fields)), ("days_since_join", len(of.fields) + 1))
    told = tuple(Field(name, Kind.NUMBER, (), index, NOWHERE) for name, index in behind)
    return EventKind(name, kind.event, (*of.fields, *told) if kind.has_fields else (), of.has_amount, NOWHERE)


# ---- counters


def draw_window(choose: Chooser) -> Window:
    windows: tuple[Window, ...] = (
        *Unit,
        Period(3, "fiscal"),
        Period(12, "season"),
        Period(11, "fiscal quarter", Unit.QUARTER),
        Rolling(Duration(10, Unit.DAY)),
        Rolling(Duration(2, Unit.MONTH)),
        Lifetime(),
        YearOfMembership(),
    )
    return choose.one_of(windows)


def draw_measure(choose: Chooser, rules_of: Sequence[Sequence[int]]) -> Measure:
    """What a counter counts.

    Args:
        rules_of: the earn rules of each currency.
    """
    form = choose.one_of(("spend", "events", "field", "items", "earned", "numbers"))
    match form:
        case "numbers":
            return NumberMeasure(choose.one_of((PURCHASE, PURCHASE, STAY)))
        case "spend":
            return SpendMeasure(choose.one_of((PURCHASE, PURCHASE, STAY)))
        case "events":
            return EventsMeasure(choose.integer(0, len(EVENTS) - 1))
        case "field":
            kind, field = choose.one_of(((PURCHASE, 2), (STAY, 0), (STAY, 1)))
            return FieldMeasure(kind, EVENTS[kind].fields[field])
        case "items":
            return ItemsMeasure()
        case _:
            currency = choose.integer(0, len(rules_of) - 1)
            rules = tuple(rule for rule in rules_of[currency] if choose.integer(0, 2))
            return EarnedMeasure(currency, rules)


def draw_counter(
    choose: Chooser, index: int, rules_of: Sequence[Sequence[int]], member: Sequence[c.Operand]
) -> Counter:
    measure = draw_measure(choose, rules_of)
    where = items = None
    window = Lifetime() if isinstance(measure, NumberMeasure) else draw_window(choose)
    currency = -1
    kind = Kind.NUMBER
    match measure:
        case NumberMeasure(event):
            where = maybe_condition(choose, fields_of(event))
            if index and choose.integer(0, 2):
                first = c.Compare(
                    c.CounterValue(choose.integer(0, index)),
                    choose.one_of((c.Order.EQUAL, c.Order.EQUAL, c.Order.AT_LEAST)),
                    c.Literal(choose.integer(0, 1), Kind.NUMBER),
                )
                where = first if where is None else c.All((where, first))
                measure, window = NumberMeasure(event, Unit.MONTH), draw_window(choose)
                if event == PURCHASE:
                    items = maybe_condition(choose, [c.ItemField(field) for field in ITEM_FIELDS])
        case SpendMeasure(event) | EventsMeasure(event) | FieldMeasure(event, _):
            where = maybe_condition(choose, [*fields_of(event), *member])
            if isinstance(measure, SpendMeasure):
                kind = Kind.MONEY
                if event == PURCHASE and choose.integer(0, 2) == 2:
                    items = draw_condition(choose, [c.ItemField(field) for field in ITEM_FIELDS], depth=1)
        case ItemsMeasure():
            where = maybe_condition(choose, [*fields_of(PURCHASE), *member])
            items = maybe_condition(choose, [c.ItemField(field) for field in ITEM_FIELDS])
        case EarnedMeasure():
            currency, kind = measure.currency, Kind.UNITS
    return Counter(
        name=f"counter_{index}",
        label="",
        index=index,
        measure=measure,
        window=window,
        where=where,
        items=items,
        kind=kind,
        currency=currency,
        span=NOWHERE,
    )


def draw_pasts(choose: Chooser, counters: tuple[Counter, ...]) -> tuple[Counter, ...]:
    """The counters, and what one or two of them had one to four windows ago."""
    all_of = list(counters)
    for base in counters[:2]:
        if not isinstance(base.window, Unit | Period) or base.window is Unit.DAY:
            continue
        before = base
        for _ in range(choose.integer(1, 4)):
            index = len(all_of)
            before = attrs.evolve(
                base, name=f"counter_{index}", index=index, measure=PastMeasure(before.index), where=None,
                items=None,
            )  # fmt: skip
            all_of.append(before)
    return tuple(all_of)


def draw_carries(
    choose: Chooser, counters: tuple[Counter, ...]
) -> tuple[tuple[Counter, ...], tuple[Clock, ...]]:
    """The counters, one of which carries and another of which has a limit, and the clocks of that."""
    drawn, clocks = list(counters), []
    for counter in counters:
        if isinstance(counter.measure, PastMeasure | EarnedMeasure):
            continue
        if isinstance(counter.window, Unit | Period) and not clocks and counter.window is not Unit.DAY:
            unit = counter.window if isinstance(counter.window, Unit) else counter.window.unit
            month = counter.window.month if isinstance(counter.window, Period) else None
            clocks.append(Clock(0, "carrying", WindowStart(unit, month)))
            own = c.CounterValue(counter.index, previous=True)
            many = c.Compare(own, c.Order.AT_LEAST, c.Literal(choose.one_of((5, 100, 2000)), Kind.NUMBER))
            other = c.CounterValue(choose.integer(0, len(counters) - 1), previous=True)
            cases = (
                CarryCase(many, own, choose.one_of((5, 100, 2000))),
                CarryCase(c.Not(many), choose.one_of((own, other)), choose.integer(0, 5)),
            )
            carry = Carry(-1, cases)
            drawn[counter.index] = attrs.evolve(counter, carry=carry)
        elif not isinstance(counter.measure, NumberMeasure):
            window = choose.one_of((Unit.DAY, Unit.MONTH, Period(3, "fiscal"), Lifetime()))
            used = attrs.evolve(counter, name=f"counter_{len(drawn)}", index=len(drawn), window=window)
            limit = CounterLimit(choose.one_of((1, 3, 150)), choose.one_of((used.index, None)))
            drawn[counter.index] = attrs.evolve(counter, limit=limit)
            if limit.of is not None:
                drawn.append(attrs.evolve(used, limit=limit))
    return tuple(drawn), tuple(clocks)


def carried_at(counters: tuple[Counter, ...], event: int) -> tuple[Counter, ...]:
    """The counters, with the kind of event that the clock of the carrying one is."""
    return tuple(
        attrs.evolve(each, carry=attrs.evolve(each.carry, event=event)) if each.carry is not None else each
        for each in counters
    )


def fields_of(kind: int) -> list[c.Operand]:
    return [c.EventField(field) for field in EVENTS[kind].fields]


def counter_operands(counters: Sequence[Counter]) -> list[c.Operand]:
    """The counters, their previous windows, and a difference of two of them."""
    operands: list[c.Operand] = [c.CounterValue(counter.index) for counter in counters]
    operands += [
        c.CounterValue(counter.index, previous=True)
        for counter in counters
        if isinstance(counter.window, Unit | Period | YearOfMembership)
    ]
    if len(counters) > 1:
        operands.append(c.CounterSum(((3, c.CounterValue(0)), (-1, c.CounterValue(1)))))
    return operands


# ---- ladders


def draw_ladder(choose: Chooser, index: int, operands: Sequence[c.Operand]) -> Ladder:
    """A ladder of two to four levels over these operands; an upper level is seldom the easier one."""
    if choose.integer(0, 1):
        windows: tuple[Unit | Period, ...] = (
            Unit.MONTH, Unit.QUARTER, Unit.YEAR, Period(3, "fiscal"), Period(2, "quarters", Unit.QUARTER),
        )  # fmt: skip
        window = choose.one_of(windows)
        plus = choose.one_of((Duration(0, Unit.DAY), Duration(1, Unit.MONTH), Duration(1, Unit.YEAR)))
        hold: HoldThrough | HoldFor = HoldThrough(window, plus)
    else:
        hold = HoldFor(choose.one_of(DURATIONS[1:]))
    levels = [Level("first", "", 0, None, NOWHERE)]
    counters = [operand for operand in operands if isinstance(operand, c.CounterValue | c.CounterSum)]
    for level in range(1, choose.integer(2, 4)):
        if counters and choose.integer(0, 2):
            least = level * choose.one_of((1, 2, 50, 1000))
            when: c.Condition = c.Compare(
                choose.one_of(counters), c.Order.AT_LEAST, c.Literal(least, Kind.NUMBER)
            )
        else:
            when = draw_condition(choose, operands, depth=1)
        levels.append(Level(f"level_{level}", "", level, when, NOWHERE))
    return Ladder(
        name=f"ladder_{index}",
        label="",
        index=index,
        hold=hold,
        lapse=choose.one_of(tuple(Lapse)),
        upgrade_before=bool(choose.integer(0, 1)),
        review=choose.one_of((None, None, Unit.WEEK, Unit.MONTH, Unit.QUARTER, (3, 1), (2, 29), (4, 15))),
        levels=tuple(levels),
        span=NOWHERE,
    )


# ---- clocks


def draw_reaches(choose: Chooser, counters: Sequence[Counter]) -> Reaches | None:
    """Thresholds of a counter that strikes cannot move for ever."""
    counted = [each for each in counters if not isinstance(each.window, Rolling)]
    if not counted:
        return None
    counter = choose.one_of(counted)
    match counter.measure:
        case SpendMeasure() | FieldMeasure():
            at, every = (1, 2, 100, 2500), choose.one_of((0, 100_000_000))
        case EarnedMeasure():
            at, every = (1, 2, 10, 50), 0
        case _:
            at, every = (1, 2, 3, 5), choose.one_of((0, 1, 2))
    drawn = tuple(sorted({choose.one_of(at) for _ in range(choose.integer(1, 3))}))
    same = [each.index for each in counted if each.window == counter.window]
    terms: tuple[tuple[int, int], ...] = ((1, counter.index),)
    if not every and choose.integer(0, 3) == 3:
        terms = ((choose.one_of((1, 2)), counter.index), (choose.one_of((1, -1)), choose.one_of(same)))
    return Reaches(terms, drawn, every)


def draw_clock(
    choose: Chooser, index: int, features: Features, counters: Sequence[Counter], ladders: Sequence[Ladder]
) -> Clock:
    if choose.integer(0, 1):
        struck: list[At] = [
            After(choose.one_of(DURATIONS), choose.one_of(((PURCHASE,), (STAY,), (PURCHASE, STAY))))
        ]
        reaches = draw_reaches(choose, counters)
        struck += [reaches, reaches] if reaches is not None else []
        struck += [Falls(each.index, choose.integer(1, len(each.levels) - 1)) for each in ladders]
        struck += [Rises(each.index, choose.integer(1, len(each.levels) - 1)) for each in ladders]
        return Clock(index, f"clock_{index}", choose.one_of(struck))
    options: list[At] = [
        WindowStart(Unit.MONTH, None, 5),
        WindowStart(Unit.YEAR, 3, 45),
        WindowStart(Unit.MONTH),
        WindowStart(Unit.WEEK),
        WindowStart(Unit.YEAR),
        WindowStart(Unit.YEAR, 3),
        WindowStart(Unit.QUARTER, 2, 45),
        YearlyOf(None),
        AfterJoin(choose.one_of(DURATIONS)),
    ]
    if Feature.MEMBER_FIELDS in features:
        options.append(YearlyOf(BIRTHDAY))
    return Clock(index, f"clock_{index}", choose.one_of(options))


# ---- expiry


def draw_plain_expiry(choose: Chooser) -> Never | AfterEarning:
    if choose.integer(0, 3) == 0:
        return Never()
    return AfterEarning(
        choose.one_of(DURATIONS),
        choose.one_of((None, None, Unit.MONTH, Unit.QUARTER, Unit.YEAR, Period(2, "q", Unit.QUARTER))),
    )


def draw_lot_term(choose: Chooser) -> LotTerm:
    """A term of lots of any form."""
    form = choose.one_of(("plain", "plain", "next", "latest"))
    match form:
        case "next":
            day = choose.one_of(((3, 31), (2, 29), (1, 1), (12, 20)))
            return AfterEarning(choose.one_of((Duration(0, Unit.DAY), *DURATIONS)), None, day)
        case "latest":
            terms = (draw_plain_expiry(choose) for _ in range(2))
            return LatestOf(
                tuple(
                    AfterEarning(Duration(30, Unit.DAY), Unit.YEAR) if isinstance(term, Never) else term
                    for term in terms
                )
            )
        case _:
            return draw_plain_expiry(choose)


def draw_expiry(choose: Chooser, features: Features, rewards: int, state: Sequence[c.Operand]) -> Expiry:
    """When what a currency holds is lost.

    Args:
        rewards: how many rewards the program has.
        state: what a condition on the member's state may read.
    """
    if Feature.EXPIRY not in features:
        return draw_plain_expiry(choose)
    form = choose.one_of(("plain", "lot", "activity", "first", "cases" if state else "lot"))
    match form:
        case "plain":
            return draw_plain_expiry(choose)
        case "lot":
            return draw_lot_term(choose)
        case "activity":
            activity = Activity(
                events=tuple(kind for kind in range(len(EVENTS)) if choose.integer(0, 1)),
                earning=bool(choose.integer(0, 1)),
                redemption=bool(choose.integer(0, 1)),
                rewards=tuple(reward for reward in range(rewards) if choose.integer(0, 2) == 2),
            )
            return AfterActivity(choose.one_of(DURATIONS[1:]), activity, maybe_condition(choose, state))
        case "first":
            return AfterFirst(choose.one_of(DURATIONS), maybe_condition(choose, state))
        case _:
            cases = tuple(
                ExpiryCase(draw_condition(choose, state, depth=1), draw_lot_term(choose))
                for _ in range(choose.integer(1, 2))
            )
            return FirstThatHolds(cases, draw_lot_term(choose))


def draw_postpone(choose: Chooser, state: Sequence[c.Operand]) -> Postpone | None:
    if choose.integer(0, 3) < 3:
        return None
    return Postpone(choose.one_of(DURATIONS), maybe_condition(choose, state))


def draw_restart(choose: Chooser, ladders: Sequence[Ladder]) -> Restart | None:
    if not ladders or choose.integer(0, 2) < 2:
        return None
    ladder = choose.one_of(ladders)
    return Restart(ladder.index, choose.integer(1, len(ladder.levels) - 1))


def member_operands(features: Features) -> list[c.Operand]:
    """What is known of the member without asking what happened."""
    if Feature.MEMBER_FIELDS not in features:
        return []
    return [*(c.MemberField(field) for field in MEMBER_FIELDS), c.IsReferred()]
