"""What happens in a scenario: events of the member and of friends, rewards on their own, returns."""

from typing import assert_never

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.actors import doer_of, named
from loyalty_dsl.language.checking.amounts import (
    positive_money,
    positive_number,
    positive_quantity,
    whole_money,
)
from loyalty_dsl.language.checking.happenings import check_items, check_member_values, check_values
from loyalty_dsl.language.checking.menus import option_named
from loyalty_dsl.language.checking.scope import ProgramScope, RewardName
from loyalty_dsl.language.checking.sent_lines import check_sent
from loyalty_dsl.language.checking.timeline import Returnable, Timeline, advance
from loyalty_dsl.language.in_force import reward_on
from loyalty_dsl.language.program import Reward
from loyalty_dsl.language.rewards import MoneyOff, Taking
from loyalty_dsl.language.scenario import Happening
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.syntax.menus import ChooseLine
from loyalty_dsl.language.syntax.scenarios import ExchangeLine, TransferLine
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind
from loyalty_dsl.quantities import MAX_AMOUNT
from loyalty_dsl.source import Span

MOST_USES = 1000
"""The most times that one step may use a reward."""

Redeeming = tuple[syntax.Number | syntax.Money | None, syntax.Name]

HappeningLine = (
    syntax.EventLine | syntax.ReturnLine | syntax.RedeemLine | ExchangeLine | ChooseLine | TransferLine
)


def check_happening(
    scope: ProgramScope, line: HappeningLine, timeline: Timeline, step: int
) -> Happening | None:
    """What one line lets happen, or `None` when it is wrong (reported).

    Args:
        step: its position among the steps of the scenario.
    """
    match line:
        case syntax.EventLine():
            happening = _event(scope, line, timeline)
        case syntax.ReturnLine():
            return _return(scope, line, timeline)
        case syntax.RedeemLine():
            return _redeem(scope, line, timeline)
        case ExchangeLine():
            return _exchange(scope, line, timeline)
        case ChooseLine():
            return _choose(scope, line, timeline)
        case TransferLine():
            return check_sent(scope, line, timeline)
        case _:
            assert_never(line)
    _remember(scope, line, happening, timeline, step)
    return happening


def _remember(
    scope: ProgramScope, line: syntax.EventLine, happening: Happening | None, timeline: Timeline, step: int
) -> None:
    """Keeps what a later line may return."""
    actor = _doer(timeline, line, happening)
    done = None
    if happening is not None:
        if _carries_amount(scope, happening.event):
            done = Returnable(step, happening, happening.basket)
            if happening.basket > 0:  # an event without money is not what `return` means
                timeline.latest[actor] = done
                timeline.wrong.discard(actor)
    else:
        timeline.wrong.add(actor)
    if line.label is None:
        return
    earlier = timeline.labels.setdefault(line.label.text, (done, line.label.span))
    if earlier[1] is not line.label.span:
        scope.findings.report(
            "L202", line.label.span, f"there is a `{line.label.text}` already", label="again here",
            secondary=[(earlier[1], "first here")], help="call one of them otherwise",
        )  # fmt: skip


def _carries_amount(scope: ProgramScope, event: int | None) -> bool:
    return any(kind.index == event and kind.has_amount for kind in scope.events.things())


def _doer(timeline: Timeline, line: syntax.EventLine, happening: Happening | None) -> int:
    """Who did something that may be wrong."""
    if happening is not None or line.actor is None:
        return 0 if happening is None else happening.actor
    word, number = line.actor.word.text, line.actor.number
    return timeline.names.get(word, 1 if number is None else int(number.value))


# ---- events


def _event(scope: ProgramScope, line: syntax.EventLine, timeline: Timeline) -> Happening | None:
    when = advance(scope, timeline, line.date, line.minute, line.span)
    timeline.happened = True
    actor = doer_of(scope, timeline, line.actor)
    kind = scope.events.resolve(line.event)
    if kind is None:
        return None
    member, values = check_member_values(scope, line.values)
    given_fields = {each.field.text for each in values}
    fields = check_values(scope, kind, values, line.event.span, line.minute)
    items = check_items(scope, line)
    amount = _amount(scope, line, kind)
    total = None if any(item is None for item in items) else sum(item.price for item in items if item)
    read_all = scope.losses.spared(line.span)
    if line.items and read_all and amount is not None and total is not None and line.amount is not None:
        _verify_sum(scope, line.amount, line.items, amount, total)
    redeem = None
    if line.redeeming is not None:
        if kind.index == JOIN:
            scope.findings.report(
                "L506", line.redeeming[1].span, "nothing is paid for on join, so no reward can be taken",
                help="redeem on a line of its own, or at a purchase",
            )  # fmt: skip
        redeem = _uses(scope, line.redeeming, line.date.day)
        if redeem is None:
            return None
    if when is None or fields is None or amount is None or total is None:
        return None
    return Happening(
        day=when,
        minute=timeline.minute,
        event=kind.index,
        basket=total if line.items else amount,
        items=tuple(item for item in items if item is not None),
        fields=fields,
        redeem=redeem,
        span=line.span,
        written=frozenset(field.index for field in kind.fields if field.name in given_fields),
        actor=actor,
        label="" if line.label is None else line.label.text,
        member=member,
    )


def _amount(scope: ProgramScope, line: syntax.EventLine, kind: EventKind) -> int | None:
    """The basket as written; 0 where none has to be."""
    if line.amount is not None:
        if kind.has_amount:
            return whole_money(scope, line.amount, MAX_AMOUNT)
        scope.findings.report(
            "L506", line.amount.span, f"a {kind.name} carries no amount", help="delete the amount"
        )
        return None
    if kind.index == PURCHASE and not line.items:
        scope.findings.report(
            "L506", line.event.span, "a purchase has an amount", help="write it, such as `purchase $20.00`"
        )
        return None
    return 0


def _verify_sum(
    scope: ProgramScope, written: syntax.Money, items: tuple[syntax.ItemLine, ...], amount: int, total: int
) -> None:
    if amount == total:
        return
    should = scope.write_money(total)
    scope.findings.report(
        "L504", written.span, f"the items make {should}, not {written.span.text}",
        secondary=[(item.price.span, "") for item in items[:4]],
        help=f"write {should}, leave the amount out, or mend the items",
    )  # fmt: skip


# ---- returns


def _return(scope: ProgramScope, line: syntax.ReturnLine, timeline: Timeline) -> Happening | None:
    """What is taken back of an earlier event: so much, these items, or all that is left."""
    when = advance(scope, timeline, line.date, line.minute, line.span)
    timeline.happened = True
    actor = doer_of(scope, timeline, line.actor)
    if scope.program is not None and scope.program.returns is None:
        scope.findings.report(
            "L509", line.span, f"`{scope.name.text}` does not say what a return does",
            secondary=[(scope.name.span, "the program")],
            help="add a block to the program: `returns { balance goes negative }`, or `stops at zero`",
        )  # fmt: skip
    original = _original(scope, line, timeline, actor)
    items = check_items(scope, line)
    amount = None if line.amount is None else positive_money(scope, line.amount, MAX_AMOUNT)
    if any(item is None for item in items) or (line.amount is not None and amount is None):
        return None
    chosen = tuple(item for item in items if item is not None)
    if chosen:
        total = sum(item.price for item in chosen)
        if line.amount is not None and amount is not None and scope.losses.spared(line.span):
            _verify_sum(scope, line.amount, line.items, amount, total)
        amount = total
    if when is None or original is None:
        return None
    basket = original.left if amount is None else amount
    if not chosen and not original.touched and basket == original.happening.basket:
        chosen = original.happening.items
    original.left, original.touched = max(0, original.left - basket), True
    return Happening(
        day=when,
        minute=timeline.minute,
        event=None,
        basket=basket,
        items=chosen,
        fields=(),
        redeem=None,
        span=line.span,
        actor=original.happening.actor,
        returns=original.step,
    )


def _original(
    scope: ProgramScope, line: syntax.ReturnLine, timeline: Timeline, actor: int
) -> Returnable | None:
    if line.label is not None:
        found = timeline.labels.get(line.label.text)
        if found is None:
            guess = nearest(line.label.text, timeline.labels)
            scope.findings.report(
                "L201", line.label.span, f"nothing above is called `{line.label.text}`",
                help=f"did you mean `{guess}`?" if guess
                else f"write one of {listed(timeline.labels, 'or')}" if timeline.labels
                else f"call an event above so: `purchase $80.00 as {line.label.text}`",
            )  # fmt: skip
            return None
        original = found[0]
        if line.actor is not None and original is not None and original.happening.actor != actor:
            scope.findings.report(
                "L510", line.actor.span, f"`{line.label.text}` was somebody else's",
                secondary=[(found[1], "called so here")], help="delete `by ...`",
            )  # fmt: skip
        return original
    done = timeline.latest.get(actor)
    if done is None and actor not in timeline.wrong:
        scope.findings.report(
            "L510", line.span, "nothing above can be returned",
            help="write the purchase above this line, or say which: `return $30.00 of shirt`",
        )  # fmt: skip
    return None if actor in timeline.wrong else done


# ---- rewards


def _redeem(scope: ProgramScope, line: syntax.RedeemLine, timeline: Timeline) -> Happening | None:
    when = advance(scope, timeline, line.date, line.minute, line.span)
    timeline.happened = True
    actor = doer_of(scope, timeline, line.actor)
    redeem = _uses(scope, (line.quantity, line.reward), line.date.day)
    if when is None or redeem is None:
        return None
    return Happening(when, timeline.minute, None, 0, (), (), redeem, line.span, actor=actor)


def _choose(scope: ProgramScope, line: ChooseLine, timeline: Timeline) -> Happening | None:
    """An option that is chosen from a menu (MENU-2)."""
    when = advance(scope, timeline, line.date, line.minute, line.span)
    timeline.happened = True
    checked = _checked(scope, option_named(scope, line.menu, line.option), line.date.day)
    if when is None or checked is None:
        return None
    return Happening(when, timeline.minute, None, 0, (), (), (checked.index, 1), line.span)


def _exchange(scope: ProgramScope, line: ExchangeLine, timeline: Timeline) -> Happening | None:
    """An exchange by a transfer: of so many units, or of all there are (EXCHANGE-2)."""
    when = advance(scope, timeline, line.date, line.minute, line.span)
    timeline.happened = True
    actor = named(scope, timeline, line.whose)
    transfer = scope.rewards.resolve(line.transfer)
    if transfer is not None and not transfer.exchange:
        kind = "a benefit" if transfer.benefit else "a reward"
        scope.findings.report(
            "L514", line.transfer.span, f"`{transfer.name}` is {kind}, and only a transfer exchanges amounts",
            secondary=[(transfer.span, "declared here")],
            help="delete this line" if transfer.automatic else f"write `redeem {transfer.name}`",
        )  # fmt: skip
        return None
    checked = _checked(scope, transfer, when or 0)
    if checked is not None and checked.taking is Taking.SENT:
        scope.findings.report(
            "L514", line.transfer.span, f"`{checked.name}` sends to another member, who has to be named",
            secondary=[(checked.span, "declared here")],
            help="write `transfer 400 points to ben` in its place",
        )  # fmt: skip
        return None
    expected = None
    if checked is not None:
        expected = next((each for each in scope.currencies.things() if each.index == checked.currency), None)
    units: int | None = 0
    if line.quantity is not None:
        found = positive_quantity(scope, line.quantity, expected)
        units = None if found is None else found[1]
    elif line.currency is not None:
        currency = scope.currencies.resolve(line.currency)
        if currency is not None and expected is not None and currency.index != expected.index:
            scope.findings.report(
                "L302", line.currency.span, f"`{line.transfer.text}` takes `{expected.name}`",
                help=f"write `exchange all {expected.name} by {line.transfer.text}`",
            )  # fmt: skip
        units = None if currency is None else 0
    if when is None or transfer is None or units is None:
        return None
    return Happening(when, timeline.minute, None, 0, (), (), (transfer.index, units), line.span, actor=actor)


def _uses(scope: ProgramScope, redeeming: Redeeming, day: int) -> tuple[int, int] | None:
    """A reward that the member chooses on a day, and how many times; 0 is as often as it can."""
    quantity, name = redeeming
    reward = scope.rewards.resolve(name)
    checked = _checked(scope, reward, day)
    if reward is not None and reward.exchange:
        scope.findings.report(
            "L514", name.span, f"`{reward.name}` is a transfer: it exchanges an amount",
            secondary=[(reward.span, "declared here")],
            help="write a line of its own: `on 2026-03-01 transfer 400 points to ben`"
            if checked is not None and checked.taking is Taking.SENT
            else f"write a line of its own: `on 2026-03-01 exchange 400 points by {reward.name}`",
        )  # fmt: skip
        return None
    if reward is not None and reward.automatic:
        _report_not_chosen(scope, reward, checked, name.span)
        return None
    if isinstance(quantity, syntax.Money):
        times = _steps(scope, quantity, name, checked)
    elif quantity is not None:
        times = positive_number(scope, quantity, "times", MOST_USES)
    else:
        times = 0 if checked is not None and checked.as_much else 1
    if reward is None or times is None:
        return None
    return (reward.index if checked is None else checked.index), times


def _checked(scope: ProgramScope, reward: RewardName | None, day: int) -> Reward | None:
    """The reward itself, of the version of the day; it exists only in a program without mistakes."""
    if reward is None or scope.program is None:
        return None
    return scope.program.rewards[reward_on(scope.program, reward.index, day)]


def _steps(scope: ProgramScope, money: syntax.Money, name: syntax.Name, reward: Reward | None) -> int | None:
    """An amount of points as money as a number of steps."""
    minor = positive_money(scope, money, MAX_AMOUNT)
    if minor is None or reward is None:
        return None if minor is None else 1
    face = reward.cases[0].face
    if not reward.as_much or not isinstance(face, MoneyOff):
        scope.findings.report(
            "L512", money.span, f"`{name.text}` is used a number of times, not for an amount of money",
            secondary=[(reward.span, "it is no `price ... per $1 off`")],
            help=f"write `redeeming {name.text}` or `redeeming 2 {name.text}`",
        )  # fmt: skip
        return None
    if minor % face.minor:
        step = scope.write_money(face.minor)
        scope.findings.report(
            "L512", money.span, f"`{name.text}` is used in steps of {step}, and {money.span.text} is no "
            "whole number of them",
            secondary=[(reward.span, "declared here")], help=f"write a multiple of {step}",
        )  # fmt: skip
        return None
    return minor // face.minor


def _report_not_chosen(scope: ProgramScope, reward: RewardName, checked: Reward | None, span: Span) -> None:
    taking = None if checked is None else checked.taking
    if taking is Taking.DEFAULTED or reward.menu:
        how, label = "is what is given for choices that nobody made", "here"
        help = f"write `choose` and an option of `{reward.menu}`"
    elif reward.benefit:
        how, label = "comes by itself at its events", "a benefit"
        help = "delete this; an event that the benefit is on takes it"
    elif taking is Taking.AFTER_EARNING:
        how, label = "is issued by itself after earning", "`issue automatically`"
        help = "delete this; it is issued as soon as the balance holds its price"
    else:
        how, label = "is taken by itself at checkout", "`issue automatically at checkout`"
        help = "delete this; a purchase takes it while the balance holds its price"
    scope.findings.report(
        "L507", span, f"`{reward.name}` {how}; nobody chooses it",
        secondary=[(reward.span, label)], help=help,
    )  # fmt: skip
