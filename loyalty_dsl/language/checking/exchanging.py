"""How often members of a population exchange by a transfer, and which options of menus they choose.

Invariant: a population of a program with transfers or menus says of at least one segment what it does with
them, so that nobody takes silence for a forecast.
"""

from collections.abc import Sequence
from fractions import Fraction

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.menus import option_named
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.shares import format_percent
from loyalty_dsl.language.checking.take_ups import check_shares_taken
from loyalty_dsl.language.population import TakeUp
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.syntax.menus import ChooseTrait
from loyalty_dsl.language.syntax.transfers import ExchangeTrait
from loyalty_dsl.source import Span


def verify_exchanged(
    scope: ProgramScope, block: Span, what: str, segments: Sequence[syntax.SegmentBlock]
) -> None:
    """Reports a program with a transfer or a menu of which its population says nothing."""
    if scope.program is None or not segments:
        return
    _verify_chosen(scope, block, what, segments)
    transfer = next((each for each in scope.program.rewards if each.taking is Taking.EXCHANGED), None)
    if transfer is None:
        return
    if any(isinstance(trait, ExchangeTrait) for segment in segments for trait in segment.traits):
        return
    scope.findings.report(
        "L413", block, f"{what} does not say how often members exchange by `{transfer.name}`",
        secondary=[(transfer.span, "the transfer")],
        help=f"add to a segment a line such as `exchange {transfer.name} 2%`: at 2% of its purchases a "
        "member exchanges all that it can",
    )  # fmt: skip


def check_exchanges(scope: ProgramScope, block: syntax.SegmentBlock) -> tuple[TakeUp, ...]:
    """At how many of their purchases members exchange all that they can, by transfer, and how many of their
    choices go to each option of a menu."""
    traits = [trait for trait in block.traits if isinstance(trait, ExchangeTrait)]
    by = check_shares_taken(scope, [one for trait in traits for one in trait.shares], _verify_transfer)
    return (*by, *_choices(scope, block))


def _choices(scope: ProgramScope, block: syntax.SegmentBlock) -> tuple[TakeUp, ...]:
    traits = [trait for trait in block.traits if isinstance(trait, ChooseTrait)]
    first: dict[str, ChooseTrait] = {}
    shares = []
    for trait in traits:
        if trait.menu.text in first:
            scope.findings.report(
                "L205", trait.span, f"what is chosen of `{trait.menu.text}` is said twice",
                label="again here", secondary=[(first[trait.menu.text].span, "first said here")],
                help="delete one",
            )  # fmt: skip
            continue
        first[trait.menu.text] = trait
        total = sum((percent.value for _, percent in trait.shares), Fraction(0))
        if total > 1:
            scope.findings.report(
                "L401", trait.span,
                f"the shares of `{trait.menu.text}` make {format_percent(total)}, more than 100%",
                help=f"take away {format_percent(total - 1)}; the rest up to 100% does not choose",
            )  # fmt: skip
        for name, percent in trait.shares:
            option = option_named(scope, trait.menu, name)
            if option is not None:
                shares.append((syntax.Name(option.name, name.span), percent))
    return check_shares_taken(scope, shares, lambda *_: True)


def _verify_chosen(
    scope: ProgramScope, block: Span, what: str, segments: Sequence[syntax.SegmentBlock]
) -> None:
    """Reports a menu of which no segment says what its members choose."""
    said = {
        trait.menu.text for segment in segments for trait in segment.traits if isinstance(trait, ChooseTrait)
    }
    options = [each for each in scope.rewards.things() if each.menu and not each.automatic]
    for menu in dict.fromkeys(each.menu for each in options):
        if menu not in said:
            its = next(each for each in options if each.menu == menu)
            option = its.name.removeprefix(f"{menu}_")
            scope.findings.report(
                "L413", block, f"{what} does not say what members choose of `{menu}`",
                secondary=[(its.span, "an option of the menu")],
                help=f"add to a segment a line such as `choose {menu} {{ {option} 40% }}`: so many of their "
                "choices go there, and those that are left are not made",
            )  # fmt: skip


def _verify_transfer(scope: ProgramScope, name: syntax.Name) -> bool:
    reward = scope.rewards.find(name.text)
    if reward is not None and reward.exchange and reward.index not in scope.receiving:
        return True
    transfers = [
        reward.name
        for reward in scope.rewards.things()
        if reward.exchange and reward.index not in scope.receiving
    ]
    if reward is not None and reward.exchange:
        scope.findings.report(
            "L414", name.span, f"`{name.text}` sends to another member, which nobody in a simulation does",
            secondary=[(scope.rewards.span_of(name.text), "declared here")], help="delete it here",
        )  # fmt: skip
        return False
    if reward is None:
        scope.rewards.resolve(name, help=f"the transfers are {listed(transfers)}" if transfers else None)
        return False
    scope.findings.report(
        "L414", name.span, f"`{name.text}` is no transfer, so nobody exchanges by it",
        secondary=[(scope.rewards.span_of(name.text), "declared here")],
        help=f"write {listed(transfers, 'or')}" if transfers
        else "write `redeem 40% when a reward is affordable` for rewards that members choose",
    )  # fmt: skip
    return False
