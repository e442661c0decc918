"""Earning in the kernel: which rules fire, what each is worth, and what groups and limits let it post (EARN,
GROUP, LIMIT).

Invariant: conditions and amounts read the registers and what rules passed on; both stand as after the rewards
while rules are paid, so that posting at once changes nothing for the rules that follow.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_amounts import share_of_rules, sum_of_rules, sum_of_slices
from loyalty_dsl.evaluation.kernel_cache import copied, part
from loyalty_dsl.evaluation.kernel_code import count_use, decide, fitting, holds, on_dates, whole_units
from loyalty_dsl.evaluation.kernel_items import seen_items
from loyalty_dsl.evaluation.kernel_lots import post_lot
from loyalty_dsl.evaluation.kernel_luck import comes_up
from loyalty_dsl.evaluation.kernel_reach import is_watched, note_cut, note_touch
from loyalty_dsl.evaluation.kernel_strategies import strategy_units
from loyalty_dsl.evaluation.plan import (
    ADD,
    AMOUNT,
    BEST,
    BY_ITEM,
    BY_SLICES,
    BY_STRATEGY,
    FIRING_CONDITION,
    FIRING_DATES,
    FIRING_LUCK,
    FIRING_RULE,
    FIRST_LEAF,
    FLAT,
    GROUP_COMBINE,
    GROUP_LIMITS,
    GROUP_LIMITS_END,
    GROUP_RULES,
    GROUP_RULES_END,
    KIND_FIRINGS,
    KIND_FIRINGS_END,
    LEAF_BASE,
    LEAF_KIND,
    LEAF_PARTS,
    LEAF_PARTS_END,
    LEAF_PER,
    LEAF_SCALE,
    LEAF_UNITS,
    LEAF_WHOLE,
    MONTH,
    NO_FILTER,
    OF_RULES,
    PART_RANK,
    PART_RULE,
    PASSED_CUT,
    PASSED_FIRED,
    PASSED_PARTS,
    PASSED_POSTED,
    PASSED_UNITS,
    RATIO,
    ROUND_PER_EVENT,
    ROUNDING,
    RULE_AMOUNT,
    RULE_CURRENCY,
    RULE_DENOMINATOR,
    RULE_GROUP,
    RULE_ITEMS,
    RULE_LIMITS,
    RULE_LIMITS_END,
    RULE_POSTED,
    RULE_RAISES,
    RULE_RAISES_END,
    RULE_SCALE,
    RULE_TIMES,
    Ints,
    Plan,
    Sink,
    State,
)


@copied
def earn(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    day: int,
    row: int,
    kind: int,
    prices: Ints,
    item_fields: Ints,
) -> None:
    """The earn rules of an event or a midnight in the program's order, each posting its lot (EVENT-1)."""
    for currency in range(len(plan.currencies)):
        state.running[currency, 0] = 0
        state.running[currency, 1] = 0
    if plan.remembers != 0:
        for rule in range(len(plan.rules)):
            for column in range(5):
                state.passed[rule, column] = 0
    month = plan.days[row, MONTH]
    paid = 0
    for firing in range(plan.kinds[kind, KIND_FIRINGS], plan.kinds[kind, KIND_FIRINGS_END]):
        rule = plan.firings[firing, FIRING_RULE]
        group = -1
        place, end = 0, 1
        units, parts = 0, 0
        if rule >= 0:
            if not on_dates(plan, row, plan.firings[firing, FIRING_DATES]):
                continue
            if not holds(plan.code, state.registers, plan.firings[firing, FIRING_CONDITION]):
                continue
            luck = plan.firings[firing, FIRING_LUCK]
            if luck >= 0 and not comes_up(plan, state, slot, day, kind, luck):
                continue
            units, parts = _worth(plan, state, rule, prices, item_fields)
            if plan.rules[rule, RULE_GROUP] >= 0:
                state.passed[rule, PASSED_UNITS] = units
                state.passed[rule, PASSED_PARTS] = parts
                state.passed[rule, PASSED_FIRED] = 1
                continue
        else:
            group = -1 - rule
            _choose(plan, state, sink, slot, row, group)
            place, end = plan.groups[group, GROUP_RULES], plan.groups[group, GROUP_RULES_END]
        # One place in the code for a rule by itself and for those of a group.
        while place < end:
            if group >= 0:
                rule = plan.parts[place, PART_RULE]
                place += 1
                if state.passed[rule, PASSED_FIRED] == 0:
                    continue
                units, parts = state.passed[rule, PASSED_UNITS], state.passed[rule, PASSED_PARTS]
            else:
                place = end
            currency = plan.rules[rule, RULE_CURRENCY]
            due = _due(plan, state, rule, currency, units, parts)
            first, last = plan.rules[rule, RULE_LIMITS], plan.rules[rule, RULE_LIMITS_END]
            own = fitting(plan, state, slot, row, first, last, due)
            posted = own
            if group >= 0:
                posted = fitting(
                    plan, state, slot, row,
                    plan.groups[group, GROUP_LIMITS], plan.groups[group, GROUP_LIMITS_END], posted,
                )  # fmt: skip
            cut = posted < due
            if cut:
                if is_watched(state):
                    note_cut(plan, state, sink, slot, row, first, last, due, own)
                    if group >= 0:
                        note_cut(
                            plan, state, sink, slot, row,
                            plan.groups[group, GROUP_LIMITS], plan.groups[group, GROUP_LIMITS_END], own,
                            posted,
                        )  # fmt: skip
                units, parts = posted, 0
            if plan.remembers != 0:
                state.passed[rule, PASSED_UNITS] = units
                state.passed[rule, PASSED_PARTS] = parts
                state.passed[rule, PASSED_CUT] = 1 if cut else 0
                state.passed[rule, PASSED_POSTED] = posted
                paid += 1
                state.passed[rule, PASSED_FIRED] = paid
            if plan.currencies[currency, ROUND_PER_EVENT] != 0:
                _pass_on(plan, state, rule, currency, units, parts)
            if posted == 0:
                continue
            count_use(plan, state, slot, row, first, last, posted, 1)
            note_touch(state, slot, month, rule)
            if group >= 0:
                count_use(
                    plan, state, slot, row,
                    plan.groups[group, GROUP_LIMITS], plan.groups[group, GROUP_LIMITS_END], posted, 1,
                )  # fmt: skip
            sink.rules[rule, month, RULE_POSTED] += posted
            sink.rules[rule, month, RULE_TIMES] += 1
            post_lot(plan, state, sink, slot, day, row, rule, -1, currency, posted)


@copied
def _worth(plan: Plan, state: State, rule: int, prices: Ints, item_fields: Ints) -> tuple[int, int]:
    """The exact amount of a rule that fires (EARN): whole units, and parts of its denominator."""
    leaf = FIRST_LEAF - decide(plan.code, state.registers, plan.rules[rule, RULE_AMOUNT])
    kind = plan.leaves[leaf, LEAF_KIND]
    base = plan.leaves[leaf, LEAF_BASE]
    money = state.registers[base] if kind != OF_RULES else 0
    count = 1
    line = plan.rules[rule, RULE_ITEMS]
    if line != NO_FILTER or kind == BY_ITEM:
        basket, amount, paid_for, count = seen_items(
            plan.code, state.registers, plan.first_item_field, line, state.items, prices, item_fields
        )
        if kind == BY_ITEM:
            count = paid_for
        elif base <= AMOUNT:
            money = amount if base == AMOUNT else basket
    units = plan.leaves[leaf, LEAF_UNITS]
    parts = 0
    if kind == RATIO:
        per = plan.leaves[leaf, LEAF_PER]
        money = max(0, money)
        if plan.leaves[leaf, LEAF_PARTS_END] != 0:  # MULTIPLE-1
            units *= max(0, state.registers[plan.leaves[leaf, LEAF_PARTS]])
        if plan.leaves[leaf, LEAF_WHOLE] != 0:
            units *= money // per
        else:
            exact = money * units
            units = exact // per
            parts = (exact - units * per) * plan.leaves[leaf, LEAF_SCALE]
    elif kind == FLAT:
        units = units if count > 0 else 0
    elif kind == BY_ITEM:
        units *= count
    else:
        first, end = plan.leaves[leaf, LEAF_PARTS], plan.leaves[leaf, LEAF_PARTS_END]
        if kind == BY_SLICES:
            units, parts = sum_of_slices(plan.parts, first, end, money, plan.rules[rule, RULE_DENOMINATOR])
        elif kind == BY_STRATEGY:
            strategy = plan.leaves[leaf, LEAF_WHOLE]
            units = strategy_units(
                plan.strategies, state.mishaps, plan.parts, state.registers, first, end, strategy, units
            )
        else:
            units, parts = share_of_rules(
                plan.parts, state.passed, first, end, base, units, plan.leaves[leaf, LEAF_PER],
                plan.leaves[leaf, LEAF_SCALE],
            )  # fmt: skip
    first, end = plan.rules[rule, RULE_RAISES], plan.rules[rule, RULE_RAISES_END]
    if first < end:  # EARN-11
        denominator = plan.rules[rule, RULE_DENOMINATOR]
        raised, raised_parts = sum_of_rules(plan.parts, state.passed, first, end, denominator)
        units -= raised
        parts -= raised_parts
        if parts < 0:
            units -= 1
            parts += denominator
        if units < 0:
            units, parts = 0, 0
    return units, parts


@part
def _due(plan: Plan, state: State, rule: int, currency: int, units: int, parts: int) -> int:
    """The whole units that a rule posts if no limit cuts it (NUM-3, NUM-4)."""
    rounding = plan.currencies[currency, ROUNDING]
    denominator = plan.rules[rule, RULE_DENOMINATOR]
    if plan.currencies[currency, ROUND_PER_EVENT] == 0:
        return whole_units(units, parts, denominator, rounding)
    scale = plan.rules[rule, RULE_SCALE]
    denominator *= scale
    parts *= scale
    before, before_parts = state.running[currency, 0], state.running[currency, 1]
    units += before
    parts += before_parts
    if parts >= denominator:
        units += 1
        parts -= denominator
    due: int = whole_units(units, parts, denominator, rounding)
    return due - whole_units(before, before_parts, denominator, rounding)


@part
def _pass_on(plan: Plan, state: State, rule: int, currency: int, units: int, parts: int) -> None:
    """Adds a rule's exact amount, or what it posted where a limit cut it, to the running sum (LIMIT-5)."""
    scale = plan.rules[rule, RULE_SCALE]
    state.running[currency, 0] += units
    state.running[currency, 1] += parts * scale
    if state.running[currency, 1] >= plan.rules[rule, RULE_DENOMINATOR] * scale:
        state.running[currency, 0] += 1
        state.running[currency, 1] -= plan.rules[rule, RULE_DENOMINATOR] * scale


@part
def _choose(plan: Plan, state: State, sink: Sink, slot: int, row: int, group: int) -> None:
    """Settles which of the rules of a group that fire are paid (GROUP-2); the others fire no more."""
    combine = plan.groups[group, GROUP_COMBINE]
    if combine == ADD:
        return
    chosen = -1
    best, best_parts, best_rank = 0, 0, 0
    for place in range(plan.groups[group, GROUP_RULES], plan.groups[group, GROUP_RULES_END]):
        rule = plan.parts[place, PART_RULE]
        if state.passed[rule, PASSED_FIRED] == 0:
            continue
        units, parts = state.passed[rule, PASSED_UNITS], state.passed[rule, PASSED_PARTS]
        due = _due(plan, state, rule, plan.rules[rule, RULE_CURRENCY], units, parts)
        first, end = plan.rules[rule, RULE_LIMITS], plan.rules[rule, RULE_LIMITS_END]
        posted = fitting(plan, state, slot, row, first, end, due)
        if posted < due:
            units, parts = posted, 0
        parts *= plan.rules[rule, RULE_SCALE]  # the same denominator for all rules of a group
        rank = plan.parts[place, PART_RANK]
        if units == 0 and parts == 0:
            continue
        if chosen < 0 or _is_better(combine, units, parts, rank, best, best_parts, best_rank):
            chosen, best, best_parts, best_rank = rule, units, parts, rank
    for place in range(plan.groups[group, GROUP_RULES], plan.groups[group, GROUP_RULES_END]):
        rule = plan.parts[place, PART_RULE]
        if rule != chosen:
            if is_watched(state) and state.passed[rule, PASSED_FIRED] != 0:
                units, parts = state.passed[rule, PASSED_UNITS], state.passed[rule, PASSED_PARTS]
                due = _due(plan, state, rule, plan.rules[rule, RULE_CURRENCY], units, parts)
                parts *= plan.rules[rule, RULE_SCALE]
                rank = plan.parts[place, PART_RANK]
                if chosen < 0 or _is_better(combine, units, parts, rank, best, best_parts, best_rank):
                    first, end = plan.rules[rule, RULE_LIMITS], plan.rules[rule, RULE_LIMITS_END]
                    posted = fitting(plan, state, slot, row, first, end, due)
                    note_cut(plan, state, sink, slot, row, first, end, due, posted)
            for column in range(5):
                state.passed[rule, column] = 0


@part
def _is_better(
    combine: int, units: int, parts: int, rank: int, best: int, best_parts: int, best_rank: int
) -> bool:
    """Whether a rule that is worth so much goes before another (GROUP-2)."""
    if combine == BEST and (units != best or parts != best_parts):
        return units > best or (units == best and parts > best_parts)
    return rank < best_rank
