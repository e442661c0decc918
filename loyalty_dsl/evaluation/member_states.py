"""A member's state as a text that can be kept anywhere, and made into the reference's group again.

Invariants: a state never changes; what is made of a text and written again is the same text; and nothing
that the days after depend on is left out: every lot, counter, grant, limit, clock and everything that waits,
with what can still be returned and what friends bought. Of postings and uses only their sums are kept.

A state belongs to one program, by its fingerprint, and to one seed, where something is left to chance.
"""

import json
from typing import Any

import attrs

from loyalty_dsl.evaluation.accounts import Account, Lot
from loyalty_dsl.evaluation.friends import Friendships
from loyalty_dsl.evaluation.groups import open_group
from loyalty_dsl.evaluation.ledger import Totals, flows_of
from loyalty_dsl.evaluation.limits import Usage
from loyalty_dsl.evaluation.luck import Drawn, key_of
from loyalty_dsl.evaluation.members import Due, Group, Member, Rank
from loyalty_dsl.evaluation.plain_data import Plain, Unreadable, form_without, read, write
from loyalty_dsl.language.fingerprint import fingerprint_of
from loyalty_dsl.language.left_to_chance import left_to_chance
from loyalty_dsl.language.program import Program
from loyalty_dsl.refusals import InputRefused

FORMAT = "loyalty.member/1"

_MEMBER = form_without(Member, "slot", "accounts", "usage", "journal", "uses")
_ACCOUNT = form_without(Account, "currency")
_USAGE = form_without(Usage, "closed", "together")


@attrs.frozen
class MemberState:
    """One member of one program, as of the end of a day.

    Attributes:
        text: JSON of the format `FORMAT`, the same for the same state.
    """

    text: str

    def to_json(self) -> str:
        """The state as one line of JSON."""
        return self.text

    @classmethod
    def from_json(cls, text: str) -> "MemberState":
        """A state that `to_json` wrote.

        Raises:
            InputRefused: it is something else.
        """
        try:
            document = json.loads(text)
        except ValueError as problem:
            raise InputRefused(f"this is no member's state: it is not JSON ({problem})") from None
        found = document.get("format") if isinstance(document, dict) else None
        if found != FORMAT:
            raise InputRefused(
                f"this is no member's state that can be read here: its format is `{found}`, not `{FORMAT}`"
            )
        return cls(_text_of(document))

    @property
    def member(self) -> str:
        """The member's id."""
        return str(json.loads(self.text)["member"])


@attrs.define(eq=False)
class LiveMember:
    """A member between two states: the group that the reference changes, and what it does not hold.

    Attributes:
        group: of one; its journal and uses are those since the state was read.
        friends: the names of those whom this one brought, in the order in which they were heard of.
        friendships: what they did, by the place of their name, from 1.
        totals: of each currency, up to the state that was read.
        uses: of each reward likewise: times, money off, units given.
        latest: day, minute and ids of the member's own events on their last day.
        events: how many own events there were.
        referrer: who brought the member, where an event has said it.
    """

    program: Program
    name: str
    seed: int
    group: Group
    friends: list[str]
    friendships: Friendships
    totals: tuple[Totals, ...]
    uses: list[tuple[int, int, int]]
    latest: tuple[int, int, tuple[str, ...]] = (-(2**31), 0, ())
    events: int = 0
    referrer: str | None = None

    @property
    def member(self) -> Member:
        return self.group.only


def new_live(program: Program, name: str, seed: int) -> LiveMember:
    """Somebody who has not joined yet and has nothing."""
    group = open_group(program)
    drawn = Drawn([key_of(seed, name)])
    group.luck, group.held_out = drawn, drawn.held_out
    return LiveMember(
        program=program,
        name=name,
        seed=seed,
        group=group,
        friends=[],
        friendships=Friendships(program),
        totals=tuple(Totals() for _ in program.currencies),
        uses=[(0, 0, 0)] * len(program.rewards),
    )


def totals_of_live(live: LiveMember) -> tuple[Totals, ...]:
    """The member's figures in each currency since the first day."""
    member = live.member
    return tuple(
        attrs.evolve(
            before + flows_of(member.journal, index),
            pending=member.accounts[index].pending,
            outstanding=member.accounts[index].outstanding,
        )
        for index, before in enumerate(live.totals)
    )


def state_of(live: LiveMember) -> MemberState:
    """What is kept of a member."""
    member, group = live.member, live.group
    uses = [list(each) for each in live.uses]
    for _, use in member.uses:
        for place, more in enumerate((use.times, use.off, use.given)):
            uses[use.reward][place] += more
    if member.at_expiry is not None and member.at_expiry[0] < group.today:  # asked on its own day only
        member.at_expiry = None
    document: dict[str, Plain] = {
        "format": FORMAT,
        "program": live.program.name,
        "rules": fingerprint_of(live.program),
        "member": live.name,
        "seed": live.seed,
        "today": group.today,
        "latest": write(tuple[int, int, tuple[str, ...]], live.latest),
        "events": live.events,
        "referrer": live.referrer,
        "state": _MEMBER.write(member),
        "usage": _USAGE.write(member.usage),
        "accounts": [_ACCOUNT.write(account) for account in member.accounts],
        "agenda": [_entry(due) for due in sorted(group.agenda, key=lambda due: due[:5]) if not _is_void(due)],
        "totals": write(tuple[Totals, ...], totals_of_live(live)),
        "uses": uses,
    }
    if live.friends:
        document["friends"] = {"names": list(live.friends), **live.friendships.kept()}
    return MemberState(_text_of(document))


def live_of(program: Program, state: MemberState, seed: int) -> LiveMember:
    """The member of a state, for the reference to go on with.

    Raises:
        InputRefused: the state is of another program, or of another seed where that matters, or is damaged.
    """
    document = json.loads(state.text)
    verify_same_rules(program, document.get("program"), document.get("rules"), "this member's state")
    if document["seed"] != seed and left_to_chance(program):
        raise InputRefused(
            f"this member's state has the luck of seed {document['seed']}, and this is seed {seed}"
        )
    try:
        return _live_of(program, document)
    except (Unreadable, LookupError, TypeError, ValueError) as problem:
        raise InputRefused(f"the state of member `{document.get('member')}` is damaged: {problem}") from None


def verify_same_rules(program: Program, name: object, rules: object, what: str) -> None:
    """Refuses what was kept under other rules.

    Raises:
        InputRefused: it was.
    """
    if name is None:
        raise InputRefused(f"{what} does not say of which program it is")
    if name != program.name:
        raise InputRefused(f"{what} is of the program `{name}`, and this is `{program.name}`")
    if rules != fingerprint_of(program):
        raise InputRefused(
            f"{what} was kept under other rules of `{program.name}` than those of this file",
            "go on with the rules that it was kept under, or start anew from the transactions",
        )


def _live_of(program: Program, document: dict[str, Any]) -> LiveMember:
    live = new_live(program, document["member"], document["seed"])
    if len(document["accounts"]) != len(program.currencies) or len(document["uses"]) != len(program.rewards):
        raise Unreadable("it has another number of currencies or rewards")
    accounts = tuple(
        _ACCOUNT.read((plain, {"currency": currency}))
        for currency, plain in zip(program.currencies, document["accounts"], strict=True)
    )
    usage = _USAGE.read((document["usage"], {}))
    member = _MEMBER.read((document["state"], {"slot": 0, "accounts": accounts, "usage": usage}))
    lots = {lot.order: lot for account in accounts for lot in account.lots}
    group = live.group
    group.members = (member,)
    group.today = document["today"]
    group.agenda = [_due(plain, lots) for plain in document["agenda"]]  # sorted, which is a heap
    live.totals = read(tuple[Totals, ...], document["totals"])
    live.uses = read(list[tuple[int, int, int]], document["uses"])
    live.latest = read(tuple[int, int, tuple[str, ...]], document["latest"])
    live.events = document["events"]
    live.referrer = document["referrer"]
    if "friends" in document:
        live.friends = list(document["friends"]["names"])
        live.friendships = Friendships.with_kept(program, document["friends"])
    return live


def _is_void(due: Due) -> bool:
    """Whether an entry is about a lot that is used up, of which nothing comes any more."""
    lot = due[5]
    return lot is not None and not lot.units


def _entry(due: Due) -> Plain:
    day, rank, declaration, _, order, _ = due
    return [day, rank.name, declaration, order]


def _due(plain: Plain, lots: dict[int, Lot]) -> Due:
    day, rank, declaration, order = read(tuple[int, Rank, int, int], plain)
    return day, rank, declaration, 0, order, lots[order] if order >= 0 else None


def _text_of(document: dict[str, Plain]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
