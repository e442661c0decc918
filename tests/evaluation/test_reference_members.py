"""What is known of a member: fields, and whether another member brought this one."""

import attrs
from programs_by_hand import (
    NEGATIVE,
    NOWHERE,
    earn,
    give_back,
    join,
    program,
    purchase,
    redeem,
    reward,
)

from loyalty_dsl.evaluation.groups import Group, open_group
from loyalty_dsl.evaluation.reference import apply
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.conditions import Compare, IsReferred, Literal, MemberField, Order
from loyalty_dsl.language.types import NO_DATE, Field, Kind

CARD = Field("card", Kind.ONE_OF, ("none", "reserve"), 0, NOWHERE)
BIRTHDAY = Field("birthday", Kind.DATE, (), 1, NOWHERE)
HAS_CARD = Compare(MemberField(CARD), Order.EQUAL, Literal(1, Kind.ONE_OF))
REFERRED = Compare(IsReferred(), Order.EQUAL, Literal(1, Kind.YES_NO))


def opened() -> Group:
    return open_group(
        program(
            earn(Flat(5), when=HAS_CARD),
            reward(50),
            fields=[CARD, BIRTHDAY],
            returns=NEGATIVE,
        )
    )


def test_fields_begin_empty_and_keep_what_was_said() -> None:
    """MEMBER-1: 0, or no date; an event's values hold from that event on, for its own rules too."""
    group = opened()
    assert group.only.fields == (0, NO_DATE)
    days = ("2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04")
    said = ((), (1, 7000), (), (0, NO_DATE))
    counts = [
        len(apply(group, attrs.evolve(purchase(day), member=member)).postings)
        for day, member in zip(days, said, strict=True)
    ]
    assert counts == [0, 1, 1, 0]
    assert group.only.fields == (0, NO_DATE)


def test_a_refused_event_says_nothing() -> None:
    """MEMBER-1, EVENT-2: a second join, a return of nothing and a reward that cannot be paid."""
    group = opened()
    apply(group, join("2026-01-01"))
    bought = purchase("2026-01-02")
    refused = [join("2026-01-03"), give_back("2026-01-03", bought), redeem("2026-01-03")]
    for event in refused:
        outcome = apply(group, attrs.evolve(event, member=(1, 7000), referred=True))
        assert len(outcome.refusals) == 1
        assert (group.only.fields, group.only.referred) == ((0, NO_DATE), False)


def test_who_was_referred_stays_so() -> None:
    """MEMBER-2: whatever later events say."""
    group = open_group(program(earn(Flat(5), when=REFERRED)))
    apply(group, attrs.evolve(join("2026-01-01"), referred=True))
    assert len(apply(group, purchase("2026-01-02")).postings) == 1
    other = open_group(program(earn(Flat(5), when=REFERRED)))
    apply(other, join("2026-01-01"))
    assert apply(other, purchase("2026-01-02")).postings == ()
