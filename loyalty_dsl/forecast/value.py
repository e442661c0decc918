"""What a program is worth: the same customers with it and without it.

Without the program nothing is given, and customers buy as the population says: every reaction to the program
is off, and nothing else about them, nor their luck, is different. So

    net value = margin x (spend with - spend without) + what members pay beside points
                - reward cost - running cost - liability at the end,

where each month's amounts count at its end, at the discount rate if there is one, and the liability is that
of the last month: what is still owed has been promised for the spend of these months.

The break-even lift is asked of the run's own figures: where everybody bought x more than without the program,
spend would be (1 + x) S, rewards and what is owed would cost c of each unit of it as they do in this run, and
running the program as much as ever. That pays where margin x S = c (1 + x) S + F, so

    x = (c S + F) / ((margin - c) S),

and nowhere where each unit of spend costs more in rewards than it earns. Worked case: $1,000 of spend that
rewards cost 2% of, a margin of 32% and $10 to run: ($20 + $10) / (30% x $1,000) = 10%. At that lift, $100
more are sold and earn $32; rewards cost $22 and running $10.

Invariants: exact fractions of minor units at the size of the business; nothing is worked out that rests on a
margin which nobody has said; with no reaction, spend is the same in both lives to the cent, and all reward
cost is on purchases that would have happened anyway.
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

import attrs

from loyalty_dsl.calendar import Unit, month_index
from loyalty_dsl.forecast.figures import Forecast, RewardForecast, given_by
from loyalty_dsl.language.population import ValueAssumptions
from loyalty_dsl.language.running import RunningCost

DIGITS = 30
"""Of a discount factor, which no power of a fraction gives exactly."""

_MONTHS_IN = {Unit.MONTH: Fraction(1), Unit.QUARTER: Fraction(1, 3), Unit.YEAR: Fraction(1, 12)}


class NotKnown(Exception):
    """What a figure would need and nobody has said: `message`, and the clause to add in `help`."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


@attrs.frozen
class Flows:
    """Amounts over the months, in minor units.

    Attributes:
        spend, without: purchases less what came back, with the program and without it.
        rewards: what they cost; anyway: what they cost members who buy as they would without the program.
        running: what running the program costs.
        owed: the liability at the end.
        paid: what members pay beside their points.
        settled: what partners pay for points, less what they are repaid for those spent with them.
    """

    spend: Fraction
    without: Fraction
    rewards: Fraction
    anyway: Fraction
    running: Fraction
    owed: Fraction
    paid: Fraction = Fraction(0)
    settled: Fraction = Fraction(0)

    @property
    def incremental(self) -> Fraction:
        """Spend that the program brings."""
        return self.spend - self.without

    def gained(self, margin: Fraction) -> Fraction:
        """What that spend earns, before anything that the program costs."""
        return margin * self.incremental

    def net(self, margin: Fraction) -> Fraction:
        """What the program is worth."""
        return self.gained(margin) + self.taken_in - self._given - self.running

    def break_even(self, margin: Fraction) -> Fraction | None:
        """How much more everybody has to buy; `None` where no lift pays."""
        if self.spend <= 0 or self.without <= 0:
            return None
        each = (self._given - self.taken_in) / self.spend
        left = margin - each
        if left <= 0:
            return None
        return max(Fraction(0), (each * self.without + self.running) / (left * self.without))

    @property
    def taken_in(self) -> Fraction:
        """What comes in beside sales."""
        return self.paid + self.settled

    @property
    def _given(self) -> Fraction:
        return self.rewards + self.owed

    @property
    def cannibalised(self) -> Fraction | None:
        """The share of reward cost on purchases that would have happened anyway; `None` without any cost."""
        return min(self.anyway / self.rewards, Fraction(1)) if self.rewards > 0 else None


@attrs.frozen
class ValueNoise:
    """Simulation noise as half-widths, of paired members, in minor units; of the break-even lift, a share."""

    spend: float
    incremental: float
    gained: float
    rewards: float
    owed: float
    net: float
    break_even: float | None
    cannibalised: float | None


@attrs.frozen
class ProgramValue:
    """The value of a program over some months.

    Attributes:
        assumes: what the population says about money; its margin is said.
        plain: as the amounts come; today: each at its value on the first day, `None` without a discount rate.
        noise: of `today`, or of `plain` without a rate; `None` where too few members were simulated.
        reacts: whether members buy otherwise under the program than without it.
    """

    months: int
    assumes: ValueAssumptions
    plain: Flows
    today: Flows | None
    noise: ValueNoise | None
    reacts: bool

    @property
    def margin(self) -> Fraction:
        assert self.assumes.margin is not None, "no value is worked out without a margin"
        return self.assumes.margin.value

    @property
    def flows(self) -> Flows:
        """The amounts that the value is made of."""
        return self.plain if self.today is None else self.today

    @property
    def net(self) -> Fraction:
        return self.flows.net(self.margin)

    @property
    def break_even(self) -> Fraction | None:
        return self.flows.break_even(self.margin)


def value_of(forecast: Forecast, without: Forecast, months: int) -> ProgramValue:
    """Values a program over the first months of a forecast.

    Args:
        forecast: under the program.
        without: of the same members with the same luck, without reactions to it; `forecast` itself where
            there are none.

    Returns:
        The value, without noise.

    Raises:
        NotKnown: no margin is said, or something that the program gives has no cost.
    """
    assumes = forecast.population.value
    if assumes.margin is None:
        raise NotKnown(
            f"nothing says what sales earn, so no profit of {forecast.program.label} is known",
            f"add `margin 30%` to the population `{forecast.population.name}`",
        )
    discounted = None
    if assumes.discount is not None:
        discounted = flows_of(forecast, without, months, factors(assumes.discount.value, months))
    return ProgramValue(
        months=months,
        assumes=assumes,
        plain=flows_of(forecast, without, months, [Fraction(1)] * months),
        today=discounted,
        noise=None,
        reacts=without is not forecast,
    )


def flows_of(forecast: Forecast, without: Forecast, months: int, worth: Sequence[Fraction]) -> Flows:
    """The amounts of the first months.

    Args:
        worth: by month, what one unit of money at its end is worth.

    Raises:
        NotKnown: something that the program gives has no cost.
    """
    owed = owed_at(forecast, months)
    return Flows(
        spend=_sum(spend_of(forecast), worth),
        without=_sum(spend_of(without), worth),
        rewards=_sum(reward_costs(forecast), worth),
        anyway=_sum(reward_costs(without), worth),
        running=_sum(running_costs(forecast), worth),
        owed=owed * worth[months - 1],
        paid=_sum([sum(one.paid[m] for one in forecast.rewards) for m in range(len(forecast.months))], worth),
        settled=_sum(settlements(forecast), worth),
    )


def _sum(amounts: Sequence[int | Fraction], worth: Sequence[Fraction]) -> Fraction:
    return sum((amount * each for amount, each in zip(amounts, worth, strict=False)), Fraction(0))


def spend_of(forecast: Forecast) -> tuple[int, ...]:
    """By month, purchases less what came back, in minor units."""
    return tuple(month.basket - month.returned for month in forecast.members)


def settlements(forecast: Forecast) -> tuple[int, ...]:
    """By month, what partners pay for points less what they are repaid, in minor units."""
    of_month = {month_index(month.start): m for m, month in enumerate(forecast.months)}
    net = [0] * len(forecast.months)
    for bill in forecast.bills:
        net[of_month[bill.month]] += bill.net
    return tuple(net)


def borne(forecast: Forecast) -> tuple[RewardForecast, ...]:
    """The rewards whose cost whoever runs the program bears: those that give no other currency, and that no
    partner gives, who is repaid for the points instead."""
    repaid = {reward for partner in forecast.program.partners for reward in partner.redeems}
    return tuple(
        one for one in forecast.rewards if given_by(one.reward) is None and one.reward.index not in repaid
    )


def reward_costs(forecast: Forecast) -> tuple[int, ...]:
    """By month, what rewards cost: as declared or, of those without a cost, the money that they took off.

    Raises:
        NotKnown: a thing was given that has no cost.
    """
    each = [_cost_of(one) for one in borne(forecast)]
    return tuple(sum(costs[m] for costs in each) for m in range(len(forecast.months)))


def at_face(forecast: Forecast) -> tuple[RewardForecast, ...]:
    """The rewards whose cost is taken to be the money that they took off."""
    return tuple(one for one in borne(forecast) if one.cost is None and any(one.off))


def _cost_of(one: RewardForecast) -> tuple[int, ...]:
    if one.cost is not None:
        return one.cost
    if any(one.uses) and not any(one.off):
        raise NotKnown(
            f"nothing says what `{one.reward.name}` costs, and it was used",
            f"add `cost ...` to `{one.reward.name}`; `cost $0` where it costs nothing",
        )
    return one.off


def running_costs(forecast: Forecast) -> tuple[Fraction, ...]:
    """By month, what running the program costs, in minor units."""
    said = forecast.population.value.runs
    costs = (*forecast.program.running, *(() if said is None else (said,)))
    return tuple(
        sum(
            (
                _in_month(cost, month.end - month.start)
                * cost.part_of(month.start, month.end)
                * (members.active if cost.per_active else 1)
                for cost in costs
            ),
            Fraction(0),
        )
        for month, members in zip(forecast.months, forecast.members, strict=True)
    )


def _in_month(runs: RunningCost, days: int) -> Fraction:
    match runs.unit:
        case Unit.DAY:
            return runs.cost.value * days
        case Unit.WEEK:
            return runs.cost.value * days / 7
        case unit:
            return runs.cost.value * _MONTHS_IN[unit]


def owed_at(forecast: Forecast, months: int) -> int:
    """The liability at the end of the last of some months, in minor units.

    Raises:
        NotKnown: a currency has no cost.
    """
    if forecast.liability is not None:
        return forecast.liability[months - 1]
    for one in forecast.owed:
        if one.liability is None and any(month.issued for month in one.total):
            raise NotKnown(
                f"nothing says what `{one.currency.name}` costs, and some are owed",
                f"add `cost $0.01` to `{one.currency.name}`, or a cost to its rewards",
            )
    return 0


def factors(rate: Fraction, months: int) -> list[Fraction]:
    """By month, what one unit of money at its end is worth on the first day."""
    with localcontext() as context:
        context.prec = DIGITS
        base = Decimal(1) + Decimal(rate.numerator) / Decimal(rate.denominator)
        return [Fraction(base ** (-Decimal(month) / Decimal(12))) for month in range(1, months + 1)]
