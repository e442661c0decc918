"""The numbers that a forecast rests on, each with the line that says it and where it comes from."""

from collections.abc import Iterator
from fractions import Fraction

from loyalty_dsl.forecast.costs import number_of
from loyalty_dsl.forecast.figures import Assumption, CurrencyForecast
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.checking.responses import written_clause
from loyalty_dsl.language.population import Population, Segment
from loyalty_dsl.language.program import Program
from loyalty_dsl.source import Span
from loyalty_dsl.valuation.scores import is_score

LONGEST = 80
"""Characters of the author's text that an assumption quotes."""


def assumptions_of(
    program: Program, population: Population, currencies: tuple[CurrencyForecast, ...]
) -> tuple[Assumption, ...]:
    """Lists them: costs and worths, those that bear most of the liability first, then the population's
    traits, segment by segment."""
    bears = _shares_of_liability(currencies)
    numbers = [
        Assumption(what, quoted(number.span), number.source, bears.get(number, Fraction(0)), number.span)
        for what, number in _numbers(program)
    ]
    numbers = list({(one.what, one.span): one for one in numbers}.values())  # one for each level of a table
    numbers.sort(key=lambda assumption: -(assumption.bears or 0))
    numbers += [
        Assumption(program.name, quoted(each.cost.span), each.cost.source, Fraction(0), each.cost.span)
        for each in program.running
    ]
    numbers += [
        Assumption(population.name, quoted(number.span), number.source, Fraction(0), number.span)
        for number in population.value.numbers
    ]
    size = Assumption(population.name, _size(population), None, None, population.span)
    traits = [
        Assumption(segment.name, written, None, None, span)
        for segment in population.segments
        for written, span in _traits(segment, program)
    ]
    return (*numbers, size, *_reactions(population), *traits)


def _reactions(population: Population) -> Iterator[Assumption]:
    """The responses that are on, with the numbers that they run with and what is known of them."""
    named = [(one, "") for one in population.responses]
    named += [(one, f", {each.name}") for each in population.segments for one in each.responses]
    for one, whose in named:
        evidence = f"{one.response.source} (evidence {one.response.grade.name}: {one.response.grade.value})"
        if one.values != tuple(parameter.literature for parameter in one.response.parameters):
            evidence = f"the author's numbers; of the effect: {evidence}"
        what = f"Response: {one.response.title}{whose}"
        yield Assumption(what, written_clause(one), evidence, None, one.span)


def assumed_share(currencies: tuple[CurrencyForecast, ...]) -> Fraction | None:
    """The share of the last month's liability whose cost nobody has sourced; `None` unless the liability of
    every currency is known and there is some."""
    whole = _last_liability(currencies)
    if not whole or any(one.liability is None and not one.is_score for one in currencies):
        return None
    unsourced = sum(one.liability[-1] * one.cost.assumed for one in currencies if one.liability and one.cost)
    return Fraction(unsourced) / whole


def quoted(span: Span) -> str:
    """The text of a span on one line, cut where it is long."""
    text = " ".join(span.text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _numbers(program: Program) -> Iterator[tuple[str, AssumedNumber]]:
    """What the business assumes; fees and refunds of members are its rules, as the price of a reward is."""
    for currency in program.currencies:
        if is_score(currency, program.rewards):
            continue  # that a count costs nothing is what makes it one
        if currency.cost is not None:
            yield currency.label, currency.cost
        if currency.worth is not None:
            yield currency.label, currency.worth
    for reward in program.rewards:
        number = number_of(reward)
        if number is not None and not reward.fee:
            yield reward.label, number


def _size(population: Population) -> str:
    joins = f"join {population.joins:,} per {population.join_unit.value}"
    if population.join_season:
        joins += ", by season"
    return f"start {population.members:,} members, {joins}"


def _traits(segment: Segment, program: Program) -> Iterator[tuple[str, Span]]:
    """Each trait as it is written, and where."""
    for span in _spans(segment):
        yield quoted(span), span
    for each in segment.exchanges:
        option = program.rewards[each.reward]
        menu = f"choose {program.currencies[option.currency].name}: " if option.taking.of_menu else ""
        yield f"{menu}{quoted(each.span)}", each.span


def _spans(segment: Segment) -> Iterator[Span]:
    if segment.purchases.mean:
        yield segment.purchases.span
        yield from segment.purchases.rhythm.spans
    if segment.leave is not None:
        yield segment.leave.span
    if segment.purchases.mean:
        yield segment.basket.span
    if segment.items is not None:
        yield segment.items.span
    yield from (draw.span for draw in (*segment.member_draws, *segment.draws))
    for activity in segment.activities:
        yield from (activity.span, *activity.rhythm.spans)
    if segment.returns is not None:
        yield segment.returns.span
    if segment.redeem is not None:
        yield segment.redeem.span
    yield from (take_up.span for take_up in segment.take_ups)


def _shares_of_liability(currencies: tuple[CurrencyForecast, ...]) -> dict[AssumedNumber, Fraction]:
    """How much of the last month's liability is in proportion to each number."""
    shares: dict[AssumedNumber, Fraction] = {}
    whole = _last_liability(currencies)
    for one in currencies:
        if not (whole and one.liability and one.cost):
            continue
        share = Fraction(one.liability[-1], whole)
        for number, part in one.cost.bearing:
            shares[number] = shares.get(number, Fraction(0)) + share * part
    return shares


def _last_liability(currencies: tuple[CurrencyForecast, ...]) -> int:
    return sum(one.liability[-1] for one in currencies if one.liability)
