"""Populations: who the customers are, bound to the program that they live under.

Invariant: whatever the program reads on a purchase, every segment draws; nothing is assumed.
"""

from fractions import Fraction

from loyalty_dsl.calendar import MONTHS, Unit, format_day
from loyalty_dsl.language import syntax
from loyalty_dsl.language.book import PopulationSetAside
from loyalty_dsl.language.checking.activities import (
    basket_of,
    check_activities,
    check_refer,
    check_returns_of,
    check_take_up,
    verify_happens,
    verify_referred,
)
from loyalty_dsl.language.checking.amounts import day, whole_number
from loyalty_dsl.language.checking.archetypes import with_lines, with_traits_of_archetypes
from loyalty_dsl.language.checking.clauses import at_most_one, exactly_one, report_missing
from loyalty_dsl.language.checking.described import NOT_SIMULATED, check_draws, verify_described
from loyalty_dsl.language.checking.draws import FieldTrait
from loyalty_dsl.language.checking.exchanging import check_exchanges, verify_exchanged
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.frequencies import (
    check_basket,
    check_correlation,
    check_spread,
    report_alike,
    verify_at_most,
    verify_beta,
    verify_rate,
)
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.checking.responses import check_responses, responses_that_apply
from loyalty_dsl.language.checking.rhythms import check_factors, check_rhythm, verify_has_rhythm
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.segment_responses import check_own_responses, with_own_responses
from loyalty_dsl.language.checking.several_items import check_items
from loyalty_dsl.language.checking.shares import report_total, verify_chance
from loyalty_dsl.language.checking.value_assumptions import check_value
from loyalty_dsl.language.population import (
    ITEM,
    MEMBER,
    Basket,
    Baskets,
    BirthdayDraw,
    Draw,
    Fitted,
    Leave,
    LeavePerPeriod,
    LeavePerPurchase,
    Population,
    Purchases,
    Redeem,
    Segment,
)
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.types import PURCHASE

MOST_MEMBERS = 10**10
"""More than there are people."""


def check_population(
    block: syntax.PopulationBlock, programs: Names[ProgramScope], findings: Findings
) -> Population | PopulationSetAside | None:
    """The population that a block declares, set aside where it is right and its program does what simulated
    members cannot do yet; `None` when something in it is wrong."""
    errors, told = findings.errors, len(findings.diagnostics)
    scope = _program_of(block, programs, findings)
    if scope is None:
        return None
    block, likes = with_traits_of_archetypes(scope, block)
    what = f"the population `{block.name.text}`"
    start = exactly_one(
        findings, block.clauses, syntax.StartClause, "start",
        block=block.span, what=what, example="start 100,000 members", losses=scope.losses,
    )  # fmt: skip
    join = at_most_one(findings, block.clauses, syntax.JoinClause, "join")
    members = None if start is None else whole_number(scope, start.members, "members", MOST_MEMBERS)
    first_day = None if start is None or start.on is None else _first_day(scope, start.on)
    joins = 0 if join is None else whole_number(scope, join.members, "members", MOST_MEMBERS)
    season: tuple[Fraction, ...] = ()
    if join is not None and join.season is not None:
        season = check_factors(scope, join.season, join.span, MONTHS, "month")
    if start is not None and members == 0 and joins == 0:
        findings.report(
            "L407", start.span, f"{what} has no members and nobody joins",
            help="start with some members, or add a line such as `join 100 members per month`",
        )  # fmt: skip
    value = check_value(scope, block)
    responses = check_responses(scope, block)
    segments = _segments(scope, block, what)
    own = check_own_responses(scope, block)
    blocks = [clause for clause in block.clauses if isinstance(clause, syntax.SegmentBlock)]
    if scope.losses.spared(block.span, *(segment.span for segment in blocks)):
        verify_happens(scope, block.span, what, blocks)
        verify_referred(scope, block.span, what, blocks)
        verify_exchanged(scope, block.span, what, blocks)
    if findings.errors > errors or members is None or joins is None or scope.program is None:
        return None
    for finding in findings.diagnostics[told:]:
        if finding.code == NOT_SIMULATED:
            return PopulationSetAside(block.name.text, scope.name.text, finding)
    return Population(
        name=block.name.text,
        program=scope.name.text,
        members=members,
        first_day=first_day,
        joins=joins,
        join_unit=Unit.MONTH if join is None else Unit(join.unit.text),
        segments=with_own_responses(scope.program, block, with_lines(segments, likes), own, findings),
        span=block.span,
        join_season=season,
        fitted=_fitted(scope, block),
        value=value,
        responses=responses_that_apply(scope.program, block, responses, findings),
    )


def _fitted(scope: ProgramScope, block: syntax.PopulationBlock) -> Fitted | None:
    clause = at_most_one(scope.findings, block.clauses, syntax.FittedClause, "fitted")
    if clause is None:
        return None
    errors = (clause.parameter, clause.holdout, clause.redemption)
    parameter, holdout, redemption = (None if each is None else each.value for each in errors)
    return Fitted(clause.source.text, clause.through.day, parameter, holdout, redemption, clause.span)


def _program_of(
    block: syntax.PopulationBlock, programs: Names[ProgramScope], findings: Findings
) -> ProgramScope | None:
    """The program that a population names or, without a name, the only one of its file or of the book."""
    if block.program is not None:
        return programs.resolve(block.program)
    everywhere = programs.things()
    beside = [scope for scope in everywhere if scope.name.span.source is block.span.source]
    known = beside or everywhere
    if len(known) == 1:
        return known[0]
    if known:
        findings.report(
            "L208",
            block.span,
            f"`{block.name.text}` could live under {listed([scope.name.text for scope in known], 'or')}",
            secondary=[(scope.name.span, "declared here") for scope in known[:2]],
            help=f"write `population {block.name.text} for {known[0].name.text}`",
        )
    elif not programs.unseen:
        findings.report(
            "L201", block.span, f"`{block.name.text}` has no program to live under",
            help="declare a `program` in this file or in another that is given with it",
        )  # fmt: skip
    return None


def _first_day(scope: ProgramScope, on: syntax.DateLiteral) -> int | None:
    first = day(scope, on)
    if first is None or scope.starts is None or first >= scope.starts:
        return first
    scope.findings.report(
        "L406", on.span, f"the simulation begins before `{scope.name.text}` does",
        secondary=[(scope.name.span, f"it starts on {format_day(scope.starts)}")],
        help=f"write {format_day(scope.starts)} or a later day",
    )  # fmt: skip
    return None


# ---- segments


def _segments(scope: ProgramScope, block: syntax.PopulationBlock, what: str) -> list[Segment | None]:
    blocks = [clause for clause in block.clauses if isinstance(clause, syntax.SegmentBlock)]
    whole = not scope.losses.may_hold(block.span, "segment")
    if not blocks and whole:
        report_missing(scope.findings, block.span, what, "segment", "segment everyone 100% { ... }")
    names: Names[syntax.SegmentBlock] = Names("segment", scope.findings)
    for segment in blocks:
        names.declare(segment.name, segment)
        if not any(share.value for share in _shares(segment)):
            scope.findings.report(
                "L310", segment.share.span, f"nobody is in the segment `{segment.name.text}`",
                help="write a share above 0%, or delete the segment",
            )  # fmt: skip
    whose = ("the segments", "among those who join, the segments", "among friends, the segments")
    for at, of in enumerate(whose):
        shares = [_shares(segment)[at] for segment in blocks]
        total = sum((share.value for share in shares), Fraction(0))
        if blocks and whole and total != 1:
            report_total(
                scope.findings, shares[0].span, f"{of} of `{block.name.text}`", total,
                [share.span for share in shares[1:]],
            )  # fmt: skip
            break
    elsewhere = frozenset(
        trait.field.text for segment in blocks for trait in segment.traits if isinstance(trait, FieldTrait)
    )
    return [_segment(scope, segment, index, elsewhere) for index, segment in enumerate(blocks)]


def _shares(segment: syntax.SegmentBlock) -> tuple[syntax.Percent, syntax.Percent, syntax.Percent]:
    """A segment's share of first members, of those who join, and of friends."""
    joining = segment.joining or segment.share
    return segment.share, joining, segment.referred or joining


def _segment(
    scope: ProgramScope, block: syntax.SegmentBlock, index: int, elsewhere: frozenset[str]
) -> Segment | None:
    findings = scope.findings
    errors = findings.errors
    what = f"the segment `{block.name.text}`"
    shops = any(
        isinstance(trait, syntax.PurchasesTrait | syntax.BasketTrait | syntax.GammaBasketTrait)
        for trait in block.traits
    )
    busy = any(isinstance(trait, syntax.EventTraits) for trait in block.traits)
    purchases: Purchases | None = Purchases(Fraction(0), Unit.MONTH, Fraction(0), block.span)
    basket: Baskets | None = Basket(0, Fraction(0), block.span)
    if shops or not busy:
        purchases, basket = _shopping(scope, block, what)
    else:
        verify_has_rhythm(scope, block)
    leave = at_most_one(findings, block.traits, syntax.LeaveTrait, "leave")
    checked_leave = None if leave is None else _leave(scope, leave)
    redeem = _redeeming(scope, block, what, purchases, basket)
    described = check_draws(scope, block.traits, None, place=block.span, drawn=what)
    if scope.losses.spared(block.span):
        owners = (PURCHASE, ITEM, MEMBER) if shops or not busy else (MEMBER,)
        verify_described(scope, owners, described, elsewhere)
    activities = check_activities(scope, block, elsewhere)
    returns, refer = check_returns_of(scope, block), check_refer(scope, block)
    take_ups, exchanges = check_take_up(scope, block), check_exchanges(scope, block)
    items = check_items(scope, block)
    if findings.errors > errors or purchases is None or basket is None:
        return None
    own = tuple(draw for draw in described.draws if _is_of_member(draw))
    return Segment(
        name=block.name.text,
        index=index,
        share=block.share.value,
        purchases=purchases,
        leave=checked_leave,
        basket=basket,
        draws=tuple(draw for draw in described.draws if draw not in own),
        redeem=redeem,
        span=block.span,
        member_draws=own,
        activities=activities,
        returns=returns,
        refer=refer,
        take_ups=take_ups,
        exchanges=exchanges,
        items=items,
        joining=_shares(block)[1].value,
        referred=_shares(block)[2].value,
    )


def _is_of_member(draw: Draw) -> bool:
    return isinstance(draw, BirthdayDraw) or draw.owner == MEMBER


def _shopping(
    scope: ProgramScope, block: syntax.SegmentBlock, what: str
) -> tuple[Purchases | None, Baskets | None]:
    purchases = exactly_one(
        scope.findings, block.traits, syntax.PurchasesTrait, "purchases",
        block=block.span, what=what, example="purchases 2 per month spread 0.8", losses=scope.losses,
    )  # fmt: skip
    basket = basket_of(scope, block.traits)
    if basket is None and not scope.losses.may_hold(block.span, "basket"):
        report_missing(scope.findings, block.span, what, "basket", "basket median $20 sigma 0.7")
    spread = None if purchases is None else purchases.spread
    return (
        None if purchases is None else _purchases(scope, purchases, block),
        None if basket is None else check_basket(scope, basket, spread),
    )


def _redeeming(
    scope: ProgramScope,
    block: syntax.SegmentBlock,
    what: str,
    purchases: Purchases | None,
    basket: Baskets | None,
) -> Redeem | None:
    """How often members choose rewards, said exactly where the program has one to choose."""
    findings = scope.findings
    redeem = at_most_one(findings, block.traits, syntax.RedeemTrait, "redeem")
    chosen = next((one for one in scope.rewards.things() if one.offered), None)
    if chosen is not None and redeem is None and not scope.losses.may_hold(block.span, "redeem"):
        findings.report(
            "L403", block.span, f"{what} does not say how often members take a reward",
            secondary=[(chosen.span, f"`{chosen.name}` is chosen by the member")],
            help="add a line such as `redeem 40% when a reward is affordable`",
        )  # fmt: skip
    if chosen is None and redeem is not None and not scope.rewards.unseen:
        findings.report(
            "L610", redeem.span, f"members of `{scope.name.text}` choose no reward, so this does nothing",
            secondary=[(reward.span, "a benefit" if reward.benefit else "taken by itself")
                       for reward in scope.rewards.things()],
            help="delete this line" if all(reward.benefit for reward in scope.rewards.things())
            else "delete this line, or the reward's `issue automatically`",
        )  # fmt: skip
    checked = None if redeem is None else _redeem(scope, redeem, purchases, basket)
    return None if chosen is None else checked


def _purchases(scope: ProgramScope, trait: syntax.PurchasesTrait, block: syntax.SegmentBlock) -> Purchases:
    unit = Unit(trait.unit.text)
    verify_rate(scope, trait.number, unit)
    rhythm = check_rhythm(scope, block.traits)
    return Purchases(trait.number.value, unit, check_spread(scope, trait.spread), trait.span, rhythm)


def _leave(scope: ProgramScope, trait: syntax.LeaveTrait) -> Leave | None:
    share, spread = trait.percent.value, check_spread(scope, trait.spread)
    per_purchase = trait.per.text.startswith("purchase")
    if not verify_chance(scope.findings, trait.percent) or (share == 1 and not per_purchase):
        if share == 1:
            scope.findings.report(
                "L404", trait.percent.span, "if everybody leaves in each period, there is nobody to simulate",
                help="write less than 100%",
            )  # fmt: skip
        return None
    if share == 0:
        return None
    if not per_purchase:
        return LeavePerPeriod(share, Unit(trait.per.text), spread, trait.span)
    if not verify_beta(scope, share, trait.spread, spread):
        return None
    return LeavePerPurchase(share, spread, trait.span, trait.per.text == "purchase or join")


def _redeem(
    scope: ProgramScope, trait: syntax.RedeemTrait, purchases: Purchases | None, basket: Baskets | None
) -> Redeem:
    verify_chance(scope.findings, trait.chance)
    if trait.never is not None:
        verify_chance(scope.findings, trait.never)
    if trait.slope is not None:
        verify_at_most(scope, trait.slope, Fraction(100))
    spread = check_spread(scope, trait.spread)
    correlation, with_basket = Fraction(0), False
    if trait.correlation is not None:
        correlation = check_correlation(scope, trait.correlation)
        with_basket = trait.correlation.of.text == "basket"
        if spread == 0:
            report_alike(scope, trait.correlation, "all members redeem as readily", "spread 0.5")
        if with_basket and isinstance(basket, Basket) and (basket.within == 1 or basket.sigma == 0):
            report_alike(
                scope, trait.correlation, "the baskets of all members have the same median",
                "basket median $20 sigma 0.7 within 70%",
            )  # fmt: skip
        if not with_basket and purchases is not None and purchases.spread == 0:
            report_alike(
                scope, trait.correlation, "all members buy as often", "purchases 2 per month spread 0.8"
            )
    part, part_spread = Fraction(1), Fraction(0)
    if trait.part is not None and verify_chance(scope.findings, trait.part):
        part, part_spread = trait.part.value, check_spread(scope, trait.part_spread)
        _verify_part(scope, trait, part, part_spread)
    return Redeem(
        chance=trait.chance.value,
        slope=Fraction(0) if trait.slope is None else trait.slope.value,
        spread=spread,
        never=Fraction(0) if trait.never is None else trait.never.value,
        span=trait.span,
        correlation=correlation,
        with_basket=with_basket,
        part=part,
        part_spread=part_spread,
    )


def _verify_part(scope: ProgramScope, trait: syntax.RedeemTrait, part: Fraction, spread: Fraction) -> None:
    """Reports a share of what could be used where everything is used whole, or that no share is."""
    if trait.part is None:
        return
    if part == 0:
        scope.findings.report(
            "L310", trait.part.span, f"`{trait.part.span.text}` is nothing",
            help="write a share above 0%; `never 20%` says who does not redeem",
        )  # fmt: skip
        return
    verify_beta(scope, part, trait.part_spread, spread)
    program = scope.program
    if program is not None and not any(
        one.taking is Taking.CHOSEN and one.as_much for one in program.rewards
    ):
        scope.findings.report(
            "L417", trait.part.span, f"no reward of `{scope.name.text}` is paid like money, in parts",
            secondary=[(scope.name.span, "the program")],
            help="delete the share: each reward is taken whole",
        )  # fmt: skip
