"""Partner blocks: whose points are whose, and their prices (SETTLE).

Invariant: a checked partner has a rate for nothing that it does not issue or take.
"""

from collections.abc import Sequence
from typing import TypeVar

from loyalty_dsl.calendar import date_of, format_day
from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import day, fine_money, unit_quantity
from loyalty_dsl.language.checking.clauses import at_most_one
from loyalty_dsl.language.checking.currencies import label_of
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.partners import BillingRate, Partner
from loyalty_dsl.language.program import EarnRule, Reward
from loyalty_dsl.language.suggestions import nearest, with_article
from loyalty_dsl.language.syntax.partners import (
    IssuesClause,
    PartnerBlock,
    PaysClause,
    ReceivesClause,
    RedeemsClause,
)
from loyalty_dsl.source import Span

Thing = TypeVar("Thing", EarnRule, Reward)
Clause = TypeVar("Clause", IssuesClause, RedeemsClause)


def check_partners(
    scope: ProgramScope, blocks: Sequence[PartnerBlock], earns: Sequence[EarnRule], rewards: Sequence[Reward]
) -> tuple[Partner, ...]:
    """The partners of a program; what is wrong is reported.

    Args:
        earns, rewards: those that are right, referrals' rules among them.
    """
    issuers: dict[str, Span] = {}
    takers: dict[str, Span] = {}
    partners = []
    for index, block in enumerate(blocks):
        scope.partners.declare(block.name, index)
        issued, redeemed = _clause(scope, block, IssuesClause), _clause(scope, block, RedeemsClause)
        rules = _things(scope, () if issued is None else issued.rules, earns, "earn rule", issuers)
        taken = _things(scope, () if redeemed is None else redeemed.rewards, rewards, "reward", takers)
        _verify_priced(scope, block, issued, redeemed)
        partners.append(_partner(scope, block, index, rules, taken))
    return tuple(partners)


def _clause(scope: ProgramScope, block: PartnerBlock, kind: type[Clause]) -> Clause | None:
    return at_most_one(scope.findings, block.clauses, kind, "issues" if kind is IssuesClause else "redeems")


def _partner(
    scope: ProgramScope, block: PartnerBlock, index: int, rules: Sequence[EarnRule], taken: Sequence[Reward]
) -> Partner:
    pays = [each for each in block.clauses if isinstance(each, PaysClause)]
    receives = [each for each in block.clauses if isinstance(each, ReceivesClause)]
    return Partner(
        name=block.name.text,
        label=label_of(block.name, block.label),
        index=index,
        issues=tuple(rule.index for rule in rules),
        redeems=tuple(reward.index for reward in taken),
        pays=_rates(scope, pays, {rule.currency for rule in rules}),
        receives=_rates(scope, receives, {reward.currency for reward in taken}),
        span=block.span,
    )


def _verify_priced(
    scope: ProgramScope, block: PartnerBlock, issued: IssuesClause | None, redeemed: RedeemsClause | None
) -> None:
    """Reports prices of no points, and points without a price."""
    findings, losses = scope.findings, scope.losses
    if not block.clauses and losses.spared(block.span):
        findings.report(
            "L370", block.span, f"nothing is settled with `{block.name.text}`",
            help="add `issues` and `pays`, or `redeems` and `receives`",
        )  # fmt: skip
    pays = next((each for each in block.clauses if isinstance(each, PaysClause)), None)
    receives = next((each for each in block.clauses if isinstance(each, ReceivesClause)), None)
    for rate, named, word, clause, example, flow in (
        (pays, issued, "pays", "issues", "issues base", "issued"),
        (receives, redeemed, "receives", "redeems", "redeems money_off", "redeemed"),
    ):
        if rate is not None and named is None and not losses.may_hold(block.span, clause):
            findings.report(
                "L370", rate.span, f"`{block.name.text}` {word}, and nothing says which points are its own",
                help=f"add a line such as `{example}`",
            )  # fmt: skip
        if named is not None and rate is None and not losses.may_hold(block.span, word):
            findings.report(
                "L370", named.span, f"`{block.name.text}` {clause} points, and nothing says at what price",
                help=f"add a line such as `{word} {scope.write_money(60)} per 100 points {flow}`",
            )  # fmt: skip


def _things(
    scope: ProgramScope,
    names: Sequence[syntax.Name],
    known: Sequence[Thing],
    what: str,
    owners: dict[str, Span],
) -> list[Thing]:
    """The rules or rewards that a partner names, each of which is one partner's."""
    by_name: dict[str, list[Thing]] = {}
    for each in known:  # a referral's rules are `invite` and `invite to friend`
        by_name.setdefault(each.name.partition(" ")[0], []).append(each)
    found: list[Thing] = []
    for name in names:
        if name.text in owners:
            scope.findings.report(
                "L370", name.span, f"the {what} `{name.text}` is settled twice",
                label="again here", secondary=[(owners[name.text], "first here")],
                help="write it once for each partner, with `where` on its trigger",
            )  # fmt: skip
            continue
        owners[name.text] = name.span
        things = by_name.get(name.text, [])
        if any(isinstance(thing, Reward) and thing.benefit for thing in things):
            scope.findings.report(
                "L370", name.span, f"`{name.text}` takes no points, so nothing is redeemed with it",
                help="leave it out: a partner is repaid for points that members spend",
            )  # fmt: skip
        elif things:
            found += things
        elif scope.rules.find(name.text) is not None:  # of another kind, or wrong and told elsewhere
            _report_other_kind(scope, name, what)
        elif not scope.rules.may_be_unseen(name.text):
            guess = nearest(name.text, by_name)
            scope.findings.report(
                "L201", name.span, f"there is no {what} `{name.text}`",
                help=f"did you mean `{guess}`?" if guess else f"name an {what}" if what[0] == "e"
                else f"name a {what}",
                edit=Edit(name.span, guess) if guess else None,
            )  # fmt: skip
    return found


def _report_other_kind(scope: ProgramScope, name: syntax.Name, what: str) -> None:
    block = scope.rules.find(name.text)
    if isinstance(block, syntax.RuleBlock):
        word = block.word.text
        right = word in (("earn", "referral") if what == "earn rule" else ("reward", "benefit"))
        if right:
            return
    else:
        word = "group"
    wanted = "`issues` names earn rules" if what == "earn rule" else "`redeems` names rewards"
    is_what = "an earn rule" if word == "earn" else with_article(word)
    scope.findings.report(
        "L370", name.span, f"`{name.text}` is {is_what}, and {wanted}",
        secondary=[(scope.rules.span_of(name.text), "it is declared here")],
        help="name the rules of the group one by one" if word == "group"
        else "write it under `redeems`" if what == "earn rule" else "write it under `issues`",
    )  # fmt: skip


def _rates(
    scope: ProgramScope, clauses: Sequence[PaysClause] | Sequence[ReceivesClause], currencies: set[int]
) -> tuple[BillingRate, ...]:
    rates: list[BillingRate] = []
    for clause in clauses:
        minor = fine_money(scope, clause.money)
        quantity = unit_quantity(scope, clause.per)
        since = None if clause.since is None else day(scope, clause.since)
        if since is not None and clause.since is not None and date_of(since).day != 1:
            first = date_of(since).replace(day=1).isoformat()
            scope.findings.report(
                "L371", clause.since.span, f"a rate begins with a month, not on {format_day(since)}",
                help=f"write `{first}`, or the first day of the next month",
            )  # fmt: skip
        if minor is None or quantity is None:
            continue
        unit, units = quantity
        if units <= 0:
            scope.findings.report(
                "L310", clause.per.span, f"`{clause.per.span.text}` is nothing",
                help="write for how many the price is",
            )  # fmt: skip
            continue
        if currencies and unit.index not in currencies:
            scope.findings.report(
                "L302", clause.per.span, f"the partner settles no `{unit.name}`",
                secondary=[(unit.span, f"`{unit.name}` is declared here")],
                help="write an amount of the currency that its rules give and its rewards take",
            )  # fmt: skip
            continue
        same = next((each for each in rates if (each.currency, each.since) == (unit.index, since)), None)
        if same is not None:
            scope.findings.report(
                "L371", clause.span, f"there are two prices of `{unit.name}` from the same day",
                label="again here", secondary=[(same.span, "first here")],
                help="keep the one that is meant, or let it begin with another month, as `from 2026-07-01`",
            )  # fmt: skip
            continue
        rates.append(BillingRate(unit.index, minor / units, since, clause.span))
    return tuple(sorted(rates, key=lambda each: (each.currency, each.since or 0)))
