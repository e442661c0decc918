"""Currencies that only some rewards and transfers may take: `use recognition`.

Invariant: this bounds what is written, and nothing at run time: a program that checks keeps to it by itself.
"""

from collections.abc import Sequence

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.clauses import at_most_one
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.program import Reward
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.syntax.programs import UseOnlyClause


def verify_only_uses(
    scope: ProgramScope, blocks: Sequence[syntax.CurrencyBlock], rewards: Sequence[Reward]
) -> None:
    """Reports rewards that take a currency which is not for them, and uses that take another one."""
    for block in blocks:
        clause = at_most_one(scope.findings, block.clauses, UseOnlyClause, "use")
        currency = scope.currencies.find(block.name.text)
        if clause is None or currency is None:
            continue
        allowed = set()
        for name in clause.names:
            known = scope.rewards.resolve(name)
            reward = next((each for each in rewards if known is not None and each.index == known.index), None)
            allowed.add(name.text)
            if reward is not None and reward.currency != currency.index:
                scope.findings.report(
                    "L382", name.span, f"`{name.text}` does not take `{currency.name}`",
                    secondary=[(reward.span, "declared here")],
                    help="name a reward or transfer whose price is in it, or delete this name",
                )  # fmt: skip
        for reward in rewards:
            if reward.currency == currency.index and reward.name not in allowed:
                scope.findings.report(
                    "L382", reward.span, f"`{reward.name}` takes `{currency.name}`, which is not for it",
                    secondary=[(clause.span, f"only {listed(sorted(allowed), 'or')} may")],
                    help=f"write it there, too: `{clause.span.text}, {reward.name}`",
                )  # fmt: skip
