"""Warnings about a forecast: where a reader could take a figure for more than it is."""

from fractions import Fraction

from loyalty_dsl.forecast.costs import cost_text
from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast, Notice, RewardForecast, given_by
from loyalty_dsl.forecast.reactions import rate_notices
from loyalty_dsl.language.amounts import counts_items
from loyalty_dsl.language.counters import ItemsMeasure
from loyalty_dsl.language.expiry import Never
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.quantities import Rounding, format_money, prefix_of, rounded

FEW_MEMBERS = 20_000
"""Fewer simulated members than this leave the noise a little too narrow, because totals are heavy tailed."""

LOUD = 0.05
"""A liability whose noise is more than this share of it is too rough to quote."""

LOWEST_PUBLIC_URR, HIGHEST_PUBLIC_URR = 0.40, 0.97
FAR_OFF = 0.05  # a declared breakage that is further from the run's is said to differ
"""What programs have published: from retail with thresholds and short expiry (40% to 75%) through grocers,
hotels and airlines (65% to 90%) to banks (90% to 97%)."""

FAR = Fraction(1, 20)
"""A declared cost that is this far from what the rewards of the run cost is pointed out."""

HARDLY = Fraction(1, 100)
"""A reward is hardly used where another that comes before it is used so many times more often."""


def notices_of(forecast: Forecast) -> tuple[Notice, ...]:
    """Every warning that applies, the gravest first."""
    found: list[Notice] = []
    menus = {reward.currency for reward in forecast.program.rewards if reward.taking.of_menu}
    for one in forecast.owed:
        found += _of_fate(one, of_menu=one.currency.index in menus)
        found += _of_cost(one, forecast)
        found += _of_order(forecast.rewards_of(one.currency))
    for taken in forecast.rewards:
        name = taken.reward.label
        given = given_by(taken.reward)
        if given is not None and taken.reward.cost is not None:
            found.append(
                Notice(
                    "cost-of-issue",
                    f"The `cost` of {name} is left out: it gives {forecast.currency(given).noun}, whose uses "
                    "bear the cost.",
                )
            )
        if given is None and taken.cost is None and any(taken.uses):
            found.append(
                Notice(
                    "reward-without-cost",
                    f"{name} declares no `cost`: its uses are missing from the reward cost, which is unknown "
                    "where no reward declares one.",
                )
            )
    sent = [reward.label for reward in forecast.program.rewards if reward.taking is Taking.SENT]
    if sent:
        found.append(
            Notice(
                "nobody-sends",
                f"Members of a simulation send each other nothing, so nobody uses {' or '.join(sent)}: what "
                "would be sent stays with its owner or expires, and nothing is received.",
            )
        )
    if forecast.program.gates:
        kinds = sorted({forecast.program.events[gate.event or 0].name for gate in forecast.program.gates})
        found.append(
            Notice(
                "refused-events",
                f"What the program refuses of {' or '.join(kinds)} happens all the same, and it takes no "
                "note of it: it is in sales and activity, and in nothing that the program counts or gives.",
            )
        )
    single = all(segment.items is None for segment in forecast.population.segments)
    if single and (by_items := _that_count_items(forecast.program)):
        found.append(
            Notice(
                "one-item",
                "Every simulated purchase is one item of the basket's price: nobody buys several at once, as "
                f"would matter to {', '.join(by_items)}.",
            )
        )
    if forecast.liability and forecast.liability_noise and forecast.liability[-1]:
        part = forecast.liability_noise[-1] / forecast.liability[-1]
        if part > LOUD:
            found.append(
                Notice(
                    "noisy",
                    f"Simulation noise is {part:.0%} of the liability: simulate more members (--sample).",
                )
            )
    if forecast.sample == 1:
        only = "Only one member was simulated, so the noise is not known: the ±0 shown means nothing."
        found.append(Notice("few-members", only))
    elif forecast.sample < FEW_MEMBERS:
        found.append(
            Notice(
                "few-members",
                f"Only {forecast.sample:,} members were simulated: below {FEW_MEMBERS:,} the noise shown is "
                "a little too narrow.",
            )
        )
    found += rate_notices(forecast.program, forecast.population)
    return tuple(found)


def _of_fate(one: CurrencyForecast, *, of_menu: bool) -> list[Notice]:
    fate, noun = one.fate, one.noun
    if fate.urr is None or fate.breakage is None:
        return [
            Notice("nothing-issued", f"No {noun} were issued: check the earn rules against the population.")
        ]
    found = []
    open_share = float(fate.undetermined_share)
    if fate.is_open:
        held = "neither spent nor expired when the simulation stopped"
        if isinstance(one.currency.expiry, Never):
            held = "unspent when the simulation stopped, and never expire"
        low, high = float(fate.breakage), float(fate.breakage + fate.undetermined_share)
        found.append(
            Notice(
                "tail-cut",
                f"{open_share:.1%} of the {noun} issued were {held}: their fate is unknown. Breakage lies "
                f"between {low:.1%} and {high:.1%}; the redemption rate and the liability are lower bounds.",
            )
        )
    declared = one.currency.breakage
    least, most = float(fate.breakage), float(fate.breakage + fate.undetermined_share)
    if declared is not None and not least - FAR_OFF <= float(declared.value) <= most + FAR_OFF:
        found.append(
            Notice(
                "breakage-differs",
                f"The declared breakage of {noun} is {float(declared.value):.1%}, and that of this run "
                f"{least:.1%}{f' to {most:.1%}' if fate.is_open else ''}: every figure is of the run, and "
                "the declared one is only set beside it.",
            )
        )
    kept = 1 - float(fate.reversed_share)
    urr = float(fate.urr) / kept if kept else 0.0
    free = one.cost is not None and not one.cost.value
    if not of_menu and not free and (urr + open_share < LOWEST_PUBLIC_URR or urr > HIGHEST_PUBLIC_URR):
        net = ", returns apart," if fate.reversed else ""
        found.append(
            Notice(
                "unusual-urr",
                f"A URR of {urr:.1%} for {noun}{net} is outside what public programs report "
                f"({LOWEST_PUBLIC_URR:.0%} to {HIGHEST_PUBLIC_URR:.0%}).",
            )
        )
    return found


def _that_count_items(program: Program) -> list[str]:
    """Rules and counters for which the number of items matters."""
    rules = [rule.label for rule in program.earns if counts_items(rule.amount)]
    return rules + [each.label for each in program.counters if isinstance(each.measure, ItemsMeasure)]


def _of_order(rewards: tuple[RewardForecast, ...]) -> list[Notice]:
    """Rewards that members could choose and hardly ever do, since another is offered before them."""
    found = []
    offered = [taken for taken in rewards if taken.times is not None and not taken.reward.automatic]
    chosen = [taken for taken in offered if not taken.reward.taking.of_menu]
    for place, taken in enumerate(chosen):
        before = [
            other
            for other in chosen[:place]
            if other.reward.price <= taken.reward.price and sum(taken.uses) < HARDLY * sum(other.uses)
        ]
        if before:
            first = max(before, key=lambda other: sum(other.uses)).reward.label
            found.append(
                Notice(
                    "reward-hardly-used",
                    f"{taken.reward.label} was hardly used: members are offered {first} first, in the "
                    "order of the program, and spend on that.",
                )
            )
    return found


def _of_cost(one: CurrencyForecast, forecast: Forecast) -> list[Notice]:
    noun = one.noun
    if one.cost is None:
        message = f"No cost is declared for {noun} and no reward was taken: their liability is unknown."
        return [Notice("no-cost", message)]
    mix, declared = one.reward_mix, one.currency.cost
    if declared is not None and mix is not None and abs(mix.value - declared.value) > FAR * declared.value:
        money, scale = forecast.program.money, one.currency.scale
        each = f"for {prefix_of(money)}1" if one.currency.in_money else "each"
        at_mix = rounded(mix.value * one.future_redemptions[-1], Rounding.HALF_UP)
        return [
            Notice(
                "cost-differs",
                f"The declared cost of {noun} is {cost_text(declared.value, scale, money)} {each}; the "
                f"rewards taken in this run cost {cost_text(mix.value, scale, money)} {each}, at which the "
                f"liability would be {format_money(at_mix, money)}.",
            )
        ]
    if one.cost.at_face:
        names = ", ".join(reward.label for reward in one.cost.at_face)
        return [
            Notice(
                "cost-at-face",
                f"The cost of {noun} takes {names} at the money taken off, because no cost is declared.",
            )
        ]
    return []
