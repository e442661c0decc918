"""Partners and running costs of two versions of a program (VERSION-10).

Invariant: a partner of both versions has one list of prices, which changes with a month as bills are by
month; what each version's rules and rewards are, is its own.
"""

# ruff: noqa: PLR0917 - two versions, each with its numbers

from fractions import Fraction

import attrs

from loyalty_dsl.calendar import date_of, format_day
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.partners import BillingRate, Partner, rate_in_month
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.renumbering import Renumbering
from loyalty_dsl.language.running import RunningCost
from loyalty_dsl.source import Span


def join_partners(
    old: Program, new: Program, of_old: Renumbering, of_new: Renumbering, day: int, findings: Findings
) -> tuple[Partner, ...]:
    """The partners of both versions, those of the new one first; what cannot be joined is reported.

    Args:
        day: from which on the new version holds.
    """
    before = {each.name: _renumbered(each, of_old) for each in old.partners}
    after = {each.name: _renumbered(each, of_new) for each in new.partners}
    joined: list[Partner] = []
    for name in dict.fromkeys((*after, *before)):
        was, now = before.get(name), after.get(name)
        one = now or was
        assert one is not None
        if was is not None and now is not None:
            prices = [
                _priced(getattr(was, which), getattr(now, which), day, now.span, findings)
                for which in ("pays", "receives")
            ]
            one = attrs.evolve(
                now,
                issues=tuple(dict.fromkeys((*now.issues, *was.issues))),
                redeems=tuple(dict.fromkeys((*now.redeems, *was.redeems))),
                pays=prices[0],
                receives=prices[1],
            )
        joined.append(attrs.evolve(one, index=len(joined)))
    _verify_apart(joined, findings)
    return tuple(joined)


def _priced(
    old: tuple[BillingRate, ...], new: tuple[BillingRate, ...], day: int, span: Span, findings: Findings
) -> tuple[BillingRate, ...]:
    """The prices of both versions: the old one's before the day, and the new one's from it."""
    if _prices(old) == _prices(new):
        return new
    first = date_of(day)
    if first.day != 1:
        findings.report(
            "L371", span, f"prices change here, and the version begins within a month: on {format_day(day)}",
            help="write all prices in both versions, each `from` the first day of a month, or begin the "
            f"version on {first.replace(day=1).isoformat()}",
        )  # fmt: skip
        return new
    joined = [rate for rate in old if rate.since is None or rate.since < day]
    for currency in sorted({rate.currency for rate in (*old, *new)}):
        now = rate_in_month(new, currency, day)
        if now is not None:
            joined.append(attrs.evolve(now, since=day))
        elif any(rate.currency == currency for rate in joined):  # which the new version has no price for, yet
            joined.append(BillingRate(currency, Fraction(0), day, span))
    joined += [rate for rate in new if rate.since is not None and rate.since > day]
    return tuple(sorted(joined, key=lambda each: (each.currency, each.since or 0)))


def join_running(old: Program, new: Program, day: int) -> tuple[RunningCost, ...]:
    """What running the program costs: as the old version says before the day, and as the new one from it."""
    was, now = (
        [(each.cost.value, each.unit, each.per_active) for each in program.running] for program in (old, new)
    )
    if was == now and not any(each.end is not None for each in old.running):
        return new.running
    before = [attrs.evolve(each, end=day) if each.end is None else each for each in old.running]
    return (*before, *(attrs.evolve(each, first=day) for each in new.running))


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
