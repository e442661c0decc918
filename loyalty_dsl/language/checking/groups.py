"""Groups of earn rules that are paid together."""

from collections.abc import Mapping, Sequence

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.clauses import exactly_one
from loyalty_dsl.language.checking.currencies import label_of
from loyalty_dsl.language.checking.dates import EARLIEST
from loyalty_dsl.language.checking.limits_by_value import ByEvent
from loyalty_dsl.language.checking.rule_clauses import OF_THE_MEMBER, LimitNumbers, check_limits
from loyalty_dsl.language.checking.scope import GroupName, ProgramScope
from loyalty_dsl.language.program import Combine, DayRange, EarnRule, Group


def combine_of(block: syntax.GroupBlock) -> Combine | None:
    """How a group says that its rules are combined; `None` when it does not say."""
    written = next((clause for clause in block.clauses if isinstance(clause, syntax.CombineClause)), None)
    return None if written is None else Combine(written.how.text)


def check_group(
    scope: ProgramScope,
    block: syntax.GroupBlock,
    name: GroupName,
    rules: Mapping[int, EarnRule],
    numbers: LimitNumbers,
) -> Group | None:
    """The group that a block declares, or `None` when something in it is wrong.

    Args:
        rules: the earn rules that are right, by index.
    """
    findings = scope.findings
    errors = findings.errors
    exactly_one(
        findings, block.clauses, syntax.CombineClause, "combine",
        block=block.span, what=f"the group `{block.name.text}`", example="combine best of",
        losses=scope.losses,
    )  # fmt: skip
    _verify_one_currency(scope, name)
    limits = check_limits(
        scope,
        block.clauses,
        numbers,
        currency=name.gives,
        reward=False,
        readable=OF_THE_MEMBER,
        by=ByEvent(None, "a group has rules on several events: write it in a rule"),
    )
    for limit in limits:
        if limit.of.value == "times":
            findings.report(
                "L330", limit.span, "a group is limited in what its rules give together",
                help="write an amount, or limit the times of each rule",
            )  # fmt: skip
    known = [rules[index] for index in name.rules if index in rules]
    combine = name.combine
    if findings.errors > errors or combine is None or len(known) < len(name.rules):
        return None
    return Group(
        name=block.name.text,
        label=label_of(block.name, block.label),
        index=name.index,
        combine=combine,
        rules=_by_preference(combine, known),
        limits=limits,
        span=block.span,
    )


def _by_preference(combine: Combine, rules: Sequence[EarnRule]) -> tuple[int, ...]:
    if combine is Combine.NEWEST:
        rules = sorted(rules, key=_begins, reverse=True)
    return tuple(rule.index for rule in rules)


def _begins(rule: EarnRule) -> int:
    """The first day that a rule's dates may hold."""
    firsts = [
        min((each.first if isinstance(each, DayRange) else EARLIEST for each in clause), default=EARLIEST)
        for clause in rule.dates
    ]
    return max(firsts, default=EARLIEST)


def _verify_one_currency(scope: ProgramScope, name: GroupName) -> None:
    members = [rule for rule in scope.earns.things() if rule.index in name.rules and rule.gives is not None]
    for rule in members:
        first = members[0]
        if rule.gives is not None and first.gives is not None and rule.gives.index != first.gives.index:
            scope.findings.report(
                "L302", rule.span,
                f"`{rule.name}` gives {rule.gives.name}, and others of `{name.name}` give {first.gives.name}",
                secondary=[(first.span, "another rule of the group"), (name.span, "the group")],
                help="make a group for each currency",
            )  # fmt: skip
            return
