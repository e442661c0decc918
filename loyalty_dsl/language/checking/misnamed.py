"""Words that people take for names of the program: days of the week, other words for events and amounts.

Invariant: a word is only looked at where nothing of that name is declared, and is reported once.
"""

from loyalty_dsl.calendar import MONTHS, WEEKDAYS
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.types import EventKind, Kind
from loyalty_dsl.source import Span

EVENT_WORDS = {
    **dict.fromkeys(
        ("order", "orders", "buy", "buys", "sale", "sales", "transaction", "transactions", "checkout", "shop",
         "spend", "receipt", "payment"), "purchase",
    ),
    **dict.fromkeys(
        ("signup", "sign_up", "registration", "register", "enrolment", "enrollment", "joining"), "join"
    ),
}  # fmt: skip
"""What people call the events that every program has."""

_DAYS = (*WEEKDAYS, "weekday", "weekend")
_DATES = ("date", "day", "today", "month", "season")
_AMOUNTS = ("total", "price", "value", "sum", "subtotal", "order_value", "basket_size", "order_total", "cost")
_STATUS = ("tier", "status", "level", "member", "customer", "membership", "rank")
_UPWARDS = ("higher", "above", "up", "better", "more")


def report_no_such_event(scope: ProgramScope, name: syntax.Name) -> bool:
    """Whether a word that is no event was told to be something else."""
    if _is_day(name.text):
        _report_day(scope, name)
        return True
    if name.text in ("referral", "friend", "refer", "invite"):
        scope.findings.report(
            "L201", name.span, f"there is no event `{name.text}`",
            help="what a friend does is rewarded in a `referral` block: `on first purchase by friend`",
        )  # fmt: skip
        return True
    ladder = next((each for each in scope.ladders.things() if name.text in each.levels), None)
    if ladder is not None:
        scope.findings.report(
            "L201", name.span, f"there is no event `{name.text}`",
            secondary=[(ladder.span, f"`{name.text}` is a level")],
            help=f"write `on {ladder.name} reaches {name.text}`; or `on purchase`, and "
            f"`when {ladder.name} >= {name.text}` on a line of its own",
        )  # fmt: skip
        return True
    return False


def report_misread(scope: ProgramScope, name: syntax.Name, event: EventKind | None) -> bool:
    """Whether a word in a condition that is no field was told to be something else."""
    text = name.text
    ladder = next(iter(scope.ladders.things()), None)
    if _is_day(text):
        _report_day(scope, name)
        return True
    if text in MONTHS or text in _DATES:
        help = "dates are a clause of their own: `dates from 2026-06-01 through 2026-08-31`"
    elif text in _AMOUNTS and (event is None or event.has_amount):
        help = "write `amount`, what is paid, or `basket`, before money off"
    elif text == "balance" or scope.currencies.find(text) is not None:
        currency = scope.currencies.find(text) or next(iter(scope.currencies.things()), None)
        if currency is None:
            return False
        help = f"write `balance of {currency.name}`, or `{currency.name} earned in calendar year`"
    elif text in _UPWARDS and ladder is not None:
        help = (
            f"a level and all above it are written `{ladder.name} >= {ladder.levels[-1]}`"
            if ladder.levels
            else ""
        )
    elif text in _STATUS and ladder is not None:
        help = f"levels are read by the name of their ladder: `{ladder.name}`"
    else:
        return _report_value(scope, name, event) or _report_elsewhere(scope, name, event)
    scope.findings.report("L201", name.span, f"there is nothing called `{text}` to read here", help=help)
    return True


def _is_day(text: str) -> bool:
    return text.removesuffix("s") in _DAYS


def _report_day(scope: ProgramScope, name: syntax.Name) -> None:
    days = name.text.removesuffix("s") + "s"
    scope.findings.report(
        "L201", name.span, f"`{name.text}` is a day, not an event or a field",
        help=f"write `dates on {days}` on a line of its own, or `when on {days}`",
    )  # fmt: skip


def _report_value(scope: ProgramScope, name: syntax.Name, event: EventKind | None) -> bool:
    """`where card` for `where payment is card`."""
    fields = () if event is None else event.fields
    for field in (*fields, *scope.item_fields.things(), *scope.member_fields.things()):
        if field.kind is Kind.ONE_OF and name.text in field.values:
            of_item = scope.item_fields.find(field.name) is field
            where = "for items where " if of_item else ""
            scope.findings.report(
                "L201", name.span, f"`{name.text}` is a value of `{field.name}`",
                secondary=[(field.span, "declared here")], help=f"write `{where}{field.name} is {name.text}`",
            )  # fmt: skip
            return True
    return False


def _report_elsewhere(scope: ProgramScope, name: syntax.Name, event: EventKind | None) -> bool:
    """A field of other events than the one that is read here."""
    holders = [each for each in scope.events.things() if each.field(name.text) is not None]
    if event is None or not holders:
        return False
    scope.findings.report(
        "L201", name.span,
        f"`{name.text}` is a field of {listed(each.name for each in holders)}, not of `{event.name}`",
        secondary=[(holders[0].span, "declared here")],
        help=f"declare it of `{event.name}` too: what stands here is asked at a {event.name}",
    )  # fmt: skip
    return True


def report_shadowed(scope: ProgramScope, measure: syntax.Measure, what: str, other: Span | None) -> None:
    """Warns of a field of an event that is read where something else has the same name."""
    name = measure.name.text
    scope.findings.report(
        "L626", measure.span, f"`{name}` is the field of the event here, not the {what} of that name",
        secondary=[(other, f"the {what}")], help=f"give the field or the {what} another name",
    )  # fmt: skip
