"""Allowance blocks: what each unit of a currency lets a member use, and what that costs (ALLOW).

Invariant: of each line exactly one row is meant for any member, and what it costs is a benefit of the first
day of each month for each row.
"""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.allowances import Allowance, AllowanceLine, AllowanceRow
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.checking.amounts import fine_money, positive_number
from loyalty_dsl.language.checking.clauses import at_most_one, report_missing
from loyalty_dsl.language.checking.currencies import label_of
from loyalty_dsl.language.checking.midnight_benefits import midnight_benefit
from loyalty_dsl.language.checking.occasions import take_clock
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.clocks import WindowStart
from loyalty_dsl.language.conditions import All, Condition, MemberField, Not, OneAmong, StatusOf
from loyalty_dsl.language.plurals import singular_of
from loyalty_dsl.language.program import Reward
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.language.syntax import allowances as written
from loyalty_dsl.language.types import Kind

_MOST = 10**12
_NO_LIMIT = 10**9
"""More uses than there can be in a month."""


def check_allowances(
    scope: ProgramScope, blocks: Sequence[written.AllowanceBlock], first_reward: int
) -> tuple[tuple[Allowance, ...], list[Reward]]:
    """The allowances of a program and the benefits that they cost; what is wrong is reported.

    Args:
        first_reward: the index of the next reward.
    """
    found: list[Allowance] = []
    costs: list[Reward] = []
    for block in blocks:
        checked = _allowance(scope, block, len(found))
        if checked is None:
            _hide(scope, block)
            continue
        scope.allowances.declare(block.name, checked)
        found.append(checked)
        costs += _costs(scope, block, checked, first_reward + len(costs))
    return tuple(found), costs


def _name_of_cost(allowance: str, before: int) -> str:
    """The benefit that a line costs, where `before` lines cost before it."""
    return f"{allowance}_upkeep" + (f"_{before + 1}" if before else "")


def _hide(scope: ProgramScope, block: written.AllowanceBlock) -> None:
    """Keeps a wrong allowance, and what it would cost, from being reported as unknown, too."""
    scope.allowances.hide(block.name.text)
    gives = [clause for clause in block.clauses if isinstance(clause, written.AllowanceGive)]
    for before in range(sum(len(give.rows) for give in gives)):
        scope.rewards.hide(_name_of_cost(block.name.text, before))


def _allowance(scope: ProgramScope, block: written.AllowanceBlock, index: int) -> Allowance | None:
    findings, errors = scope.findings, scope.findings.errors
    gives = [each for each in block.clauses if isinstance(each, written.AllowanceGive)]
    what = f"the allowance `{block.name.text}`"
    if not gives:
        if not scope.losses.may_hold(block.span, "give"):
            report_missing(findings, block.span, what, "give", "give 500 megabytes per referral")
        return None
    units = [row.rate.quantity.unit for give in gives for row in give.rows]
    units += [row.rate.most.unit for give in gives for row in give.rows if row.rate.most is not None]
    first = next((unit for unit in units if unit is not None), None)
    for unit in units:
        if unit is not None and first is not None and unit.text != first.text:
            findings.report(
                "L302", unit.span, f"{what} is counted in {first.text}, and this is in {unit.text}",
                secondary=[(first.span, "first here")], help=f"write it in {first.text}",
            )  # fmt: skip
    lines = [_line(scope, give) for give in gives]
    if findings.errors > errors or first is None:
        return None
    whole = tuple(line for line in lines if line is not None)
    return Allowance(block.name.text, label_of(block.name, block.label), index, first.text, whole, block.span)


def _line(scope: ProgramScope, give: written.AllowanceGive) -> AllowanceLine | None:
    rows = [_row(scope, row.rate) for row in give.rows]
    if give.by is None:
        return AllowanceLine(None, tuple(row for row in rows if row is not None))
    key = _key(scope, give.by)
    if key is None:
        return None
    of, names = key
    seen: dict[str, syntax.Name] = {}
    checked: list[AllowanceRow] = []
    rest = False
    for case, row in zip(give.rows, rows, strict=True):
        if rest:
            scope.findings.report(
                "L340", case.span, "the row above is for all others, so this one is never asked",
                help="write `others` last",
            )  # fmt: skip
            return None
        values = _values(scope, give.by, case, names, seen)
        rest = not case.names
        if row is None or values is None:
            return None
        checked.append(attrs.evolve(row, values=None if rest else values))
    left = [name for name in names if name not in seen]
    if left and not rest:
        scope.findings.report(
            "L204", give.span, f"nothing is said of {', '.join(f'`{name}`' for name in left)}",
            help="add a row for it, or a row `others ...`",
        )  # fmt: skip
        return None
    return AllowanceLine(of, tuple(checked))


def _key(scope: ProgramScope, by: syntax.Name) -> tuple[StatusOf | MemberField, tuple[str, ...]] | None:
    """What a table asks, and the names that it has."""
    ladder = scope.ladders.find(by.text)
    if ladder is not None:
        return StatusOf(ladder.index), ladder.levels
    field = scope.member_fields.find(by.text)
    if field is not None and field.kind is Kind.ONE_OF:
        return MemberField(field), field.values
    if not scope.ladders.may_be_unseen(by.text):
        scope.findings.report(
            "L201", by.span, f"`{by.text}` is no ladder, membership or `one of` field of the member",
            help="an allowance follows what a member is, so name one of those",
        )  # fmt: skip
    return None


def _values(
    scope: ProgramScope,
    by: syntax.Name,
    case: written.AllowanceCase,
    names: tuple[str, ...],
    seen: dict[str, syntax.Name],
) -> tuple[int, ...] | None:
    for name in case.names:
        if name.text not in names:
            guess = nearest(name.text, names)
            scope.findings.report(
                "L308", name.span, f"`{name.text}` is not among what `{by.text}` can be",
                help=f"did you mean `{guess}`?" if guess else f"it is one of {', '.join(names)}",
            )  # fmt: skip
            return None
        if name.text in seen:
            scope.findings.report(
                "L202", name.span, f"`{name.text}` has a row already",
                secondary=[(seen[name.text].span, "here")], help="keep one of them",
            )  # fmt: skip
            return None
        seen[name.text] = name
    return tuple(names.index(name.text) for name in case.names)


def _row(scope: ProgramScope, rate: written.AllowanceRate) -> AllowanceRow | None:
    units = _whole(scope, rate.quantity)
    most = None if rate.most is None else _whole(scope, rate.most)
    currency = scope.currencies.find(rate.per.text)
    if currency is None:
        if not scope.currencies.may_be_unseen(rate.per.text):
            guess = nearest(rate.per.text, scope.currencies)
            scope.findings.report(
                "L201", rate.per.span, f"there is no currency `{rate.per.text}`",
                help=f"did you mean `{guess}`?" if guess else "an allowance is so much for each unit of one",
            )  # fmt: skip
        return None
    if currency.scale != 1:
        scope.findings.report(
            "L301", rate.per.span, f"`{currency.name}` is money, and an allowance is for each whole unit",
            secondary=[(currency.span, "declared here")], help="count in a currency of its own",
        )  # fmt: skip
        return None
    if units is None or (rate.most is not None and most is None):
        return None
    if most is not None and most % units:
        scope.findings.report(
            "L310", rate.span,
            f"`up to {most:,}` cuts through the {units:,} of one {singular_of(currency.name)}",
            help=f"write a multiple of {units:,}",
        )  # fmt: skip
        return None
    return AllowanceRow(None, currency.index, units, most)


def _whole(scope: ProgramScope, quantity: syntax.Quantity) -> int | None:
    if isinstance(quantity.number, syntax.Money):
        scope.findings.report(
            "L301", quantity.span, "an allowance is a number of something", help="money is a currency's"
        )
        return None
    return positive_number(scope, quantity.number, "units", _MOST)


# ---- what it costs


def _costs(
    scope: ProgramScope, block: written.AllowanceBlock, allowance: Allowance, first: int
) -> list[Reward]:
    """A benefit of the first day of each month for each row."""
    clause = at_most_one(scope.findings, block.clauses, written.AllowanceCost, "cost")
    if clause is None:
        return []
    if clause.unit.text != allowance.unit:
        scope.findings.report(
            "L302",
            clause.unit.span,
            f"it is counted in {allowance.unit}",
            help=f"write `per {allowance.unit}`",
        )
        return []
    cost = fine_money(scope, clause.money)
    per = 1 if clause.number is None else positive_number(scope, clause.number, "units", _MOST)
    if cost is None or per is None:
        return []
    source = clause.note.source.text if clause.note and clause.note.source else None
    midnight = take_clock(scope, WindowStart(Unit.MONTH), "calendar month")
    made: list[Reward] = []
    for line in allowance.lines:
        for row in line.rows:
            name = _name_of_cost(allowance.name, len(made))
            number = AssumedNumber(Fraction(cost) * row.units / per, source, clause.span)
            reward = midnight_benefit(
                scope, name, f"{allowance.label}, cost per month", first + len(made), midnight, None, number
            )
            most = _NO_LIMIT if row.most is None else row.most // row.units
            made.append(attrs.evolve(reward, when=_meant(line, row), counted=row.currency, most_counted=most))
    return made


def _meant(line: AllowanceLine, row: AllowanceRow) -> Condition | None:
    """When a row is the one that is meant."""
    if line.of is None:
        return None
    if row.values is not None:
        return OneAmong(line.of, row.values)
    others: tuple[Condition, ...] = tuple(
        Not(OneAmong(line.of, each.values)) for each in line.rows if each.values is not None
    )
    return All(others) if len(others) > 1 else (others[0] if others else None)
