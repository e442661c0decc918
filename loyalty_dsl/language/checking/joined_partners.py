"""Partners and running costs of two versions of a program (VERSION-10).

Invariant: a partner of both versions has one list of prices, as bills are by month and versions by
day; what each version's rules and rewards are, is its own.
"""

import attrs

from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.partners import BillingRate, Partner
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.renumbering import Renumbering


def join_partners(
    old: Program, new: Program, of_old: Renumbering, of_new: Renumbering, findings: Findings
) -> tuple[Partner, ...]:
    """The partners of both versions, those of the new one first; what cannot be joined is reported."""
    before = {each.name: _renumbered(each, of_old) for each in old.partners}
    after = {each.name: _renumbered(each, of_new) for each in new.partners}
    joined: list[Partner] = []
    for name in dict.fromkeys((*after, *before)):
        was, now = before.get(name), after.get(name)
        one = now or was
        assert one is not None
        if was is not None and now is not None:
            if _prices(was.pays) != _prices(now.pays) or _prices(was.receives) != _prices(now.receives):
                findings.report(
                    "L190", now.span, "prices of partners that change with a version are not supported yet",
                    secondary=[(was.span, "the replaced version")],
                    help="write all prices in both versions, each `from` the first day of a month",
                )  # fmt: skip
            one = attrs.evolve(
                now,
                issues=tuple(dict.fromkeys((*now.issues, *was.issues))),
                redeems=tuple(dict.fromkeys((*now.redeems, *was.redeems))),
            )
        joined.append(attrs.evolve(one, index=len(joined)))
    _verify_apart(joined, findings)
    return tuple(joined)


def verify_same_running(old: Program, new: Program, findings: Findings) -> None:
    """Reports running costs that change with a version."""
    was, now = (
        [(each.cost.value, each.unit, each.per_active) for each in program.running] for program in (old, new)
    )
    if was != now:
        place = (*new.running, *old.running)[0].cost.span
        findings.report(
            "L190", place, "running costs that change with a version are not supported yet",
            help="write the same `runs at` in both versions, or in the population",
        )  # fmt: skip


def _verify_apart(partners: list[Partner], findings: Findings) -> None:
    """Reports a rule or reward that goes from one partner to another without a change of its own."""
    for which in ("issues", "redeems"):
        owners: dict[int, Partner] = {}
        for partner in partners:
            for thing in getattr(partner, which):
                first = owners.setdefault(thing, partner)
                if first is not partner:
                    findings.report(
                        "L370", partner.span,
                        f"something that `{partner.name}` {which} is another partner's in the other version",
                        secondary=[(first.span, "the other partner")],
                        help="give the rule or reward another name in one of the versions",
                    )  # fmt: skip


def _renumbered(partner: Partner, numbers: Renumbering) -> Partner:
    def rates(those: tuple[BillingRate, ...]) -> tuple[BillingRate, ...]:
        return tuple(attrs.evolve(rate, currency=numbers.currencies[rate.currency]) for rate in those)

    return attrs.evolve(
        partner,
        issues=tuple(numbers.earns[rule] for rule in partner.issues),
        redeems=tuple(numbers.rewards[reward] for reward in partner.redeems),
        pays=rates(partner.pays),
        receives=rates(partner.receives),
    )


def _prices(rates: tuple[BillingRate, ...]) -> set[tuple[object, ...]]:
    return {(rate.currency, rate.price, rate.since) for rate in rates}
