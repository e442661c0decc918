"""How the values of one field come about.

Invariant: a draw suits the kind of its field, and its shares are everything together.
"""

from collections.abc import Iterable
from fractions import Fraction

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import (
    duration,
    positive_money,
    positive_number,
    whole_money,
    whole_number,
)
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.fields import position_of, type_in_words
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.shares import report_total, verify_chance
from loyalty_dsl.language.conditions import (
    Condition,
    Literal,
    MemberField,
    StatusOf,
    operands_of,
)
from loyalty_dsl.language.population import (
    ITEM,
    MEMBER,
    BasketShareDraw,
    BirthdayDraw,
    DaysBeforeDraw,
    Draw,
    FieldDraw,
    LognormalDraw,
)
from loyalty_dsl.language.syntax.leaves import TimeLiteral
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.quantities import MAX_AMOUNT, MAX_NUMBER

Owner = int

FieldTrait = (
    syntax.ShareTrait
    | syntax.ValuesTrait
    | syntax.ChanceTrait
    | syntax.MedianTrait
    | syntax.OfBasketTrait
    | syntax.AnyDayTrait
    | syntax.DaysBeforeTrait
)

MOST_SIGMA = Fraction(5)
"""Beyond this a lognormal has no figures to speak of."""

_MEMBERS = Readable(
    event=None,
    no_event="a draw depends on fields of the member and on status",
    no_amount="a draw depends on fields of the member and on status",
    no_balance="a draw depends on fields of the member and on status",
    no_day="a draw depends on fields of the member and on status",
    no_audience="how customers are does not depend on whom the program has in mind",
)


def when_of(trait: FieldTrait) -> syntax.Condition | None:
    """The condition of a trait."""
    match trait:
        case syntax.AnyDayTrait() | syntax.DaysBeforeTrait():
            return None
        case _:
            return trait.when


def draw_of(scope: ProgramScope, trait: FieldTrait, field: Field, owner: Owner) -> Draw | None:
    """The draw that a trait describes, or `None` when it is wrong (reported)."""
    when = None
    written = when_of(trait)
    if written is not None:
        when = _condition(scope, trait, written, owner)
        if when is None:
            return None
    of_item = owner == ITEM
    match trait, field.kind:
        case syntax.ChanceTrait(percent=percent), Kind.YES_NO:
            if not verify_chance(scope.findings, percent):
                return None
            chances = (1 - percent.value, percent.value)
            return FieldDraw(field, of_item, chances, trait.span, owner, (), when)
        case syntax.ShareTrait(), Kind.ONE_OF:
            shares = _shares_of_values(scope, trait, field)
            return None if shares is None else FieldDraw(field, of_item, shares, trait.span, owner, (), when)
        case syntax.ValuesTrait(), Kind.NUMBER | Kind.MONEY | Kind.TIME:
            return _by_values(scope, trait, field, owner, when)
        case syntax.MedianTrait(), Kind.NUMBER | Kind.MONEY:
            return _lognormal(scope, trait, field, owner, when)
        case syntax.OfBasketTrait(), Kind.MONEY if owner not in (ITEM, MEMBER):
            return _of_basket(scope, trait, field, owner)
        case syntax.AnyDayTrait(), Kind.DATE if owner == MEMBER:
            return BirthdayDraw(field, trait.span)
        case syntax.DaysBeforeTrait(), Kind.DATE if owner not in (ITEM, MEMBER):
            return _days_before(scope, trait, field, owner)
        case _:
            _report_unsuited(scope, trait, field, owner)
            return None


def _condition(
    scope: ProgramScope, trait: FieldTrait, written: syntax.Condition, owner: Owner
) -> Condition | None:
    """What a draw depends on: fields of the member and status."""
    if owner == MEMBER:
        scope.findings.report(
            "L190", written.span, "a field of the member that depends on others is not supported yet",
            help="write segments of their own, one for each kind of member",
        )  # fmt: skip
        return None
    when = check_condition(scope, _MEMBERS, written)
    if when is None or all(isinstance(each, MemberField | StatusOf | Literal) for each in operands_of(when)):
        return when
    scope.findings.report(
        "L409", written.span, "a draw depends on fields of the member and on status, and on nothing else",
        secondary=[(trait.span, "this draw")], help="test a field of the member, or `status is ...`",
    )  # fmt: skip
    return None


def _shares_of_values(
    scope: ProgramScope, trait: syntax.ShareTrait, field: Field
) -> tuple[Fraction, ...] | None:
    errors = scope.findings.errors
    shares: dict[str, Fraction] = {}
    for value, percent in trait.shares:
        if position_of(scope.findings, field, value) is None:
            continue
        if value.text in shares:
            scope.findings.report(
                "L202", value.span, f"the value `{value.text}` is listed twice", help="add the two shares up"
            )
        else:
            shares[value.text] = percent.value
    if scope.findings.errors > errors or not _verify_all(scope, trait, field, shares.values()):
        return None
    return tuple(shares.get(value, Fraction(0)) for value in field.values)


def _verify_all(scope: ProgramScope, trait: FieldTrait, field: Field, shares: Iterable[Fraction]) -> bool:
    total = sum(shares, Fraction(0))
    if total == 1:
        return True
    report_total(scope.findings, trait.span, f"the shares of `{field.name}`", total, [])
    return False


def _by_values(
    scope: ProgramScope, trait: syntax.ValuesTrait, field: Field, owner: Owner, when: Condition | None
) -> FieldDraw | None:
    errors = scope.findings.errors
    shares: dict[int, Fraction] = {}
    for value, percent in trait.shares:
        number = _number(scope, value, field)
        if number is None:
            continue
        if number in shares:
            scope.findings.report(
                "L202", value.span, f"the value `{value.span.text}` is listed twice",
                help="add the two shares up",
            )  # fmt: skip
        shares[number] = percent.value
    if scope.findings.errors > errors or not _verify_all(scope, trait, field, shares.values()):
        return None
    values, each = zip(*sorted(shares.items()), strict=True)
    return FieldDraw(field, owner == ITEM, tuple(each), trait.span, owner, tuple(values), when)


def _number(
    scope: ProgramScope, value: syntax.Number | syntax.Money | TimeLiteral, field: Field
) -> int | None:
    match field.kind, value:
        case Kind.NUMBER, syntax.Number():
            return whole_number(scope, value, most=MAX_NUMBER)
        case Kind.MONEY, syntax.Money():
            return whole_money(scope, value, MAX_AMOUNT)
        case Kind.TIME, TimeLiteral(minute=minute):
            return minute
    _report_kind_of_number(scope, value, field)
    return None


def _report_kind_of_number(
    scope: ProgramScope, value: syntax.Number | syntax.Money | TimeLiteral, field: Field
) -> None:
    if field.kind is Kind.TIME or isinstance(value, TimeLiteral):
        scope.findings.report(
            "L301", value.span, f"`{field.name}` is {type_in_words(field)}, and `{value.span.text}` is not",
            secondary=[(field.span, "as it is asked here" if field.kind is Kind.TIME else "declared here")],
            help=f"write `{example_of(field, -1)}`",
        )  # fmt: skip
        return
    money = field.kind is Kind.MONEY
    scope.findings.report(
        "L301", value.span, f"`{field.name}` is {type_in_words(field)}, and `{value.span.text}` is "
        f"{'a number' if money else 'money'}",
        secondary=[(field.span, "declared here")],
        help=f"write {'money, such as `$40`' if money else 'a number, such as `40`'}",
    )  # fmt: skip


def _lognormal(
    scope: ProgramScope, trait: syntax.MedianTrait, field: Field, owner: Owner, when: Condition | None
) -> LognormalDraw | None:
    median: int | None = None
    match field.kind, trait.median:
        case Kind.NUMBER, syntax.Number() as number:
            median = positive_number(scope, number, "units", MAX_NUMBER)
        case Kind.MONEY, syntax.Money() as money:
            median = positive_money(scope, money, MAX_AMOUNT)
        case _:
            _report_kind_of_number(scope, trait.median, field)
            return None
    verify_sigma(scope, trait.sigma)
    return None if median is None else LognormalDraw(
        field, owner, median, trait.sigma.value, trait.span, when
    )  # fmt: skip


def verify_sigma(scope: ProgramScope, sigma: syntax.Number) -> None:
    """Reports a standard deviation of the log that is out of all proportion."""
    if sigma.value > MOST_SIGMA:
        scope.findings.report(
            "L404", sigma.span, f"`{sigma.span.text}` is too large", help=f"write at most {int(MOST_SIGMA)}"
        )


def _of_basket(
    scope: ProgramScope, trait: syntax.OfBasketTrait, field: Field, owner: Owner
) -> BasketShareDraw | None:
    if trait.when is not None:
        scope.findings.report(
            "L190", trait.when.span, "a share of the basket that depends on the member is not supported yet",
            help="delete the condition",
        )  # fmt: skip
        return None
    if trait.of.text != "basket":
        scope.findings.report(
            "L201", trait.of.span, f"`{trait.of.text}` is not drawn before this field",
            help=f"write `{field.name} {trait.percent.span.text} of basket`",
        )  # fmt: skip
        return None
    if not verify_chance(scope.findings, trait.percent):
        return None
    return BasketShareDraw(field, owner, trait.percent.value, trait.span)


def _days_before(
    scope: ProgramScope, trait: syntax.DaysBeforeTrait, field: Field, owner: Owner
) -> DaysBeforeDraw | None:
    length = duration(scope, trait.duration, least=0)
    if length is None:
        return None
    if length.unit not in (Unit.DAY, Unit.WEEK):
        scope.findings.report(
            "L409", trait.duration.span, f"`{field.name}` is so many days before its event",
            help="write a number of days or weeks, such as `30 days before`",
        )  # fmt: skip
        return None
    return DaysBeforeDraw(field, owner, length.count * (7 if length.unit is Unit.WEEK else 1), trait.span)


def _report_unsuited(scope: ProgramScope, trait: FieldTrait, field: Field, owner: Owner) -> None:
    takes = {
        Kind.YES_NO: "say how often it is yes",
        Kind.ONE_OF: "say the share of each",
        Kind.NUMBER: "say how often each number occurs, or a median",
        Kind.MONEY: "say how often each amount occurs, or a median",
        Kind.TIME: "say how often each time occurs",
        Kind.DATE: "say how long before its event it is" if owner not in (ITEM, MEMBER) else "say `any day`",
    }
    scope.findings.report(
        "L405", trait.span, f"`{field.name}` is {type_in_words(field)}; {takes[field.kind]}",
        secondary=[(field.span, "declared here")], help=f"write `{example_of(field, owner)}`",
    )  # fmt: skip


def example_of(field: Field, owner: Owner) -> str:
    """A line that describes a field."""
    match field.kind:
        case Kind.YES_NO:
            return f"{field.name} 6%"
        case Kind.ONE_OF:
            return f"{field.name} {_example_shares(field)}"
        case Kind.NUMBER:
            return f"{field.name} 1 60%, 2 40%"
        case Kind.MONEY:
            return f"{field.name} median $40 sigma 0.5"
        case Kind.TIME:
            return f"{field.name} 08:30 60%, 15:00 40%"
        case Kind.DATE if owner == MEMBER:
            return f"{field.name} any day"
        case _:
            return f"{field.name} 30 days before"


def _example_shares(field: Field) -> str:
    """Shares of all values, the last taking what is left."""
    each = 100 // max(1, len(field.values))
    shares = [each] * (len(field.values) - 1)
    return ", ".join(
        f"{value} {share}%" for value, share in zip(field.values, [*shares, 100 - sum(shares)], strict=True)
    )
