"""What a segment describes: every field that the program reads, of purchases, items, members and events.

Invariant: where a field has several draws the last one always holds; a field that the program reads and
nobody describes is reported with the line to add.
"""

from collections.abc import Iterable, Sequence

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.draws import FieldTrait, Owner, draw_of, example_of, when_of
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.checking.scope import ProgramScope, Read
from loyalty_dsl.language.clocks import YearlyOf
from loyalty_dsl.language.population import ITEM, MEMBER, Draw
from loyalty_dsl.language.records import record
from loyalty_dsl.language.types import PURCHASE, EventKind, Field, Kind
from loyalty_dsl.source import Span

NOT_SIMULATED = "L615"
"""The warning that sets a population aside: its program can be tested and replayed, not simulated yet."""


@record
class Described:
    """The draws of a segment or of an event in it, and the fields that it says anything about.

    Attributes:
        drawn: what it is in messages: "the segment `regulars`".
    """

    draws: tuple[Draw, ...]
    fields: frozenset[tuple[Owner, str]]
    place: Span
    drawn: str


def check_draws(
    scope: ProgramScope, traits: Sequence[object], kind: EventKind | None, *, place: Span, drawn: str
) -> Described:
    """The draws that traits describe; what is wrong in them is reported and left out.

    Args:
        traits: those of a segment, or of an event block in it; others than of fields are passed over.
        kind: the kind of event whose block it is; `None` for a segment, which describes purchases, items
            and members.
        drawn: what it is in messages: "the segment `regulars`".
    """
    told: dict[tuple[Owner, str], list[FieldTrait]] = {}
    draws: list[Draw] = []
    for trait in traits:
        if not isinstance(trait, FieldTrait):
            continue
        found = _field_of(scope, trait.field, kind)
        if found is None:
            continue
        field, owner = found
        before = told.setdefault((owner, field.name), [])
        if before and when_of(before[-1]) is None:
            _report_again(scope, field, trait, before[-1])
            continue
        before.append(trait)
        draw = draw_of(scope, trait, field, owner)
        if draw is not None:
            draws.append(draw)
    for (_, name), traits_of in told.items():
        last = traits_of[-1]
        if when_of(last) is not None:
            scope.findings.report(
                "L408", last.span, f"this does not say what `{name}` is for everybody else",
                secondary=[(trait.span, "and neither does this") for trait in traits_of[:-1]],
                help=f"add a line for `{name}` without `when` to {drawn}",
            )  # fmt: skip
    return Described(tuple(draws), frozenset(told), place, drawn)


def _report_again(scope: ProgramScope, field: Field, trait: FieldTrait, earlier: FieldTrait) -> None:
    scope.findings.report(
        "L205", trait.span, f"`{field.name}` is described twice", label="again here",
        secondary=[(earlier.span, "first described here")],
        help="delete one" if when_of(trait) is None else "move the line without `when` behind this one",
    )  # fmt: skip


# ---- whose field


def _field_of(scope: ProgramScope, name: syntax.Name, kind: EventKind | None) -> tuple[Field, Owner] | None:
    """The field that a trait describes, and whose it is."""
    if kind is not None:
        fields = scope.fields_of(kind)
        field = fields.find(name.text)
        if field is None:
            if scope.member_fields.find(name.text) is not None:
                scope.findings.report(
                    "L201", name.span, f"`{name.text}` is a field of the member, not of `{kind.name}`",
                    secondary=[(scope.member_fields.span_of(name.text), "declared here")],
                    help="write it in the segment, outside this block",
                )  # fmt: skip
            else:
                fields.resolve(name)
            return None
        return field, kind.index
    purchase = scope.events.find("purchase")
    field = None if purchase is None else purchase.field(name.text)
    if field is not None:
        return field, PURCHASE
    of_item, of_member = scope.item_fields.find(name.text), scope.member_fields.find(name.text)
    if of_item is not None:
        return of_item, ITEM
    if of_member is not None:
        return of_member, MEMBER
    _report_unknown(scope, name, purchase)
    return None


def _report_unknown(scope: ProgramScope, name: syntax.Name, purchase: EventKind | None) -> None:
    fields = scope.item_fields if purchase is None else scope.fields_of(purchase)
    if any(names.may_be_unseen(name.text) for names in (fields, scope.item_fields, scope.member_fields)):
        return
    elsewhere = next((each for each in scope.events.things() if each.field(name.text)), None)
    if elsewhere is not None:
        scope.findings.report(
            "L201", name.span, f"`{name.text}` is a field of `{elsewhere.name}`",
            secondary=[(elsewhere.span, "declared here")],
            help=f"write it in a block of its own: `event {elsewhere.name} 1 per month {{ ... }}`",
        )  # fmt: skip
        return
    names: Names[Field] = Names("field", scope.findings, owner=" of purchases, items or members")
    for known in (
        *(purchase.fields if purchase else ()),
        *scope.item_fields.things(),
        *scope.member_fields.things(),
    ):
        names.include(known.name, known, known.span)
    names.report_unknown(name)


# ---- what has to be described


def verify_described(
    scope: ProgramScope,
    owners: Iterable[Owner],
    described: Described,
    elsewhere: frozenset[str],
) -> None:
    """Reports every field that the program reads and nobody describes.

    Args:
        owners: whose fields these are.
        elsewhere: fields of members that some segment describes: a yes/no of them is no in the others.
    """
    asked = set(owners)
    for owner, read in _reads(scope).items():
        of, name = owner
        if of not in asked or owner in described.fields or _may_be_left_out(scope, of, read, elsewhere):
            continue
        places = [(read.span, "the program reads it here"), (read.field.span, "declared here")]
        if of == ITEM and read.field.kind not in (Kind.YES_NO, Kind.ONE_OF):
            scope.findings.report(
                NOT_SIMULATED, described.place,
                f"`{name}` is a {read.field.kind.value}, which simulated items do not have",
                secondary=places,
                help=f"`{scope.name.text}` can be tested and replayed, but not simulated yet",
            )  # fmt: skip
            continue
        scope.findings.report(
            "L402", described.place, f"{described.drawn} does not describe `{name}`", secondary=places,
            help=f"add a line such as `{example_of(read.field, of)}`",
        )  # fmt: skip


def _reads(scope: ProgramScope) -> dict[tuple[Owner, str], Read]:
    """The first place where the program reads each field."""
    reads: dict[tuple[Owner, str], Read] = {}
    for read in scope.reads:
        owner = MEMBER if read.of_member else ITEM if read.event is None else read.event
        reads.setdefault((owner, read.field.name), read)
    return reads


def _may_be_left_out(scope: ProgramScope, owner: Owner, read: Read, elsewhere: frozenset[str]) -> bool:
    """Whether a field of the member may stay as it is before anybody says it."""
    if owner != MEMBER:
        return False
    match read.field.kind:
        case Kind.YES_NO:
            return read.field.name in elsewhere
        case Kind.DATE:
            return not any(
                isinstance(clock.at, YearlyOf) and clock.at.field == read.field for clock in scope.clocks
            )
        case _:
            return False
