"""Two versions of a program as one: the old one's parts before a day, and the new one's from it (VERSION).

Invariant: before the day the program that is made does what the old version does, and from it what the new
version does, with the state that the transition leaves; so nothing below checking knows versions.
"""

# ruff: noqa: PLR0917 - two versions, the clauses between them, and where to report

from collections.abc import Sequence
from typing import Any

import attrs

from loyalty_dsl.language.checking.audiences import join_audiences
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.joined_carries import join_carries
from loyalty_dsl.language.checking.joined_numbers import JoinedNumbers
from loyalty_dsl.language.checking.joined_partners import join_partners, join_running
from loyalty_dsl.language.checking.joined_parts import index_of, merged_order, renamed
from loyalty_dsl.language.checking.joined_state import join_currency, join_ladder
from loyalty_dsl.language.checking.transitions import Exchange, Transition
from loyalty_dsl.language.checking.turning import Turn
from loyalty_dsl.language.clocks import Pays
from loyalty_dsl.language.counters import Counter
from loyalty_dsl.language.program import Currency, EarnRule, Program, Reward
from loyalty_dsl.language.records import record
from loyalty_dsl.language.renumbering import Renumbering, said
from loyalty_dsl.language.rewards import BalanceGiven, RewardCase, Taking
from loyalty_dsl.language.syntax import versions as written
from loyalty_dsl.language.tiers import Ladder


@record
class Succession:
    """A new version that replaces an old one.

    Attributes:
        program: both together.
        of_old, of_new: the numbers in it of the parts of each version.
    """

    program: Program
    of_old: Renumbering
    of_new: Renumbering


def join_versions(
    old: Program,
    new: Program,
    replaces: written.ReplacesClause,
    transition: Transition,
    turn: Turn,
    findings: Findings,
) -> Succession | None:
    """Both versions as one program; `None` where one changes what cannot change, which is reported."""
    errors = findings.errors
    work = _Work(old, new, replaces, transition, turn, findings)
    work.verify_header()
    if findings.errors > errors:
        return None
    program = work.program()
    if findings.errors > errors:
        return None
    return Succession(program, work.numbers.of_old, work.numbers.of_new)


class _Work:
    """One join: numbers first, then the parts under them."""

    def __init__(
        self,
        old: Program,
        new: Program,
        replaces: written.ReplacesClause,
        transition: Transition,
        turn: Turn,
        findings: Findings,
    ) -> None:
        self.old, self.new = old, new
        self.replaces, self.transition, self.turn, self.findings = replaces, transition, turn, findings
        self.errors = findings.errors
        self.version = f"version_{replaces.version.value}"
        self.numbers = JoinedNumbers(old, new, turn.day, transition, findings)
        if turn.field is not None:
            self.turn = attrs.evolve(
                turn,
                event=self.numbers.events.of_new[turn.event],
                field=self.numbers.fields.fields[turn.field],
            )

    def _parts(self, kind: str) -> list[Any]:
        """All parts of a kind: shared ones as the new version says them, the old ones under other names where
        the new version took theirs."""
        taken = {each.name for each in getattr(self.new, kind)}
        parts = []
        for index, (first, second) in enumerate(self.numbers.joined[kind].rows):
            part = self.numbers.part_of(kind, first if second < 0 else second, second < 0)
            if second < 0 and part.name in taken:
                label = f"{part.label} ({self.version.replace('_', ' ')})"
                part = attrs.evolve(part, name=renamed(part.name, taken, self.version), label=label)
                taken.add(part.name)
            if first < 0 or second < 0:
                if isinstance(part, EarnRule):
                    part = self.turn.rule(part, before=second < 0)
                elif isinstance(part, Reward):
                    part = self.turn.reward(part, before=second < 0)
            assert kind == "totals" or part.index == index
            parts.append(part)
        return parts

    def program(self) -> Program:
        """Both versions as one program."""
        rewards = self._parts("rewards")
        currencies = self._currencies()
        self._verify_menus()
        for name, exchange in self.transition.exchanges.items():
            rewards.append(self._exchange(name, exchange, len(rewards), currencies))
        friends = {}
        for program, numbers in ((self.old, self.numbers.of_old), (self.new, self.numbers.of_new)):
            for friend in program.friend_kinds:
                known = numbers.of(friend)
                friends[known.event] = known
        order = self._order()
        return attrs.evolve(
            self.new,
            starts=self.old.starts,
            events=self.numbers.events.events,
            item_fields=self.numbers.item_fields,
            member_fields=self.numbers.member_fields,
            currencies=tuple(currencies),
            earns=tuple(self._parts("earns")),
            rewards=tuple(rewards),
            limit_count=self.numbers.limit_count,
            counters=self._counters(),
            totals=tuple(self._parts("totals")),
            ladders=tuple(self._ladders()),
            groups=tuple(self._parts("groups")),
            clocks=self.numbers.clocks(),
            friend_kinds=tuple(friends[index] for index in sorted(friends)),
            replaced=(*self.old.replaced, self.old.span),
            order=order,
            renamed=self._renamed(),
            partners=join_partners(
                self.old,
                self.new,
                self.numbers.of_old,
                self.numbers.of_new,
                self.turn.day,
                self.findings,
            ),
            running=join_running(self.old, self.new, self.turn.day),
            audiences=join_audiences(
                self.old, self.new, self.numbers.of_old, self.numbers.of_new, self.findings
            ),
        )

    def _counters(self) -> tuple[Counter, ...]:
        parts = self._parts("counters")
        return join_carries(parts, self.numbers, self.transition, self.turn, self.replaces, self.findings)

    def _renamed(self) -> tuple[tuple[int, int, int], ...]:
        numbers, of_old = self.numbers, self.numbers.of_old.rewards
        now = [
            (numbers.of_new.rewards[second], of_old[first], self.turn.day)
            for first, second in numbers.twins("rewards")
            if numbers.of_new.rewards[second] != of_old[first]
        ]
        return (*now, *((of_old[new], of_old[one], day) for new, one, day in self.old.renamed))

    def _order(self) -> tuple[int, ...]:
        earns = self.numbers.joined["earns"]
        return merged_order(self.old.order, self.new.order, earns)

    def _currencies(self) -> list[Currency]:
        currencies: list[Currency] = []
        taken = {each.name for each in self.new.currencies}
        for index, (first, second) in enumerate(self.numbers.currencies.rows):
            was = None if first < 0 else self.numbers.of_old.of(self.old.currencies[first])
            now = None if second < 0 else self.numbers.of_new.of(self.new.currencies[second])
            if now is None:
                assert was is not None
                name = renamed(was.name, taken, self.version) if was.name in taken else was.name
                label = was.label if name == was.name else f"{was.label} ({self.version.replace('_', ' ')})"
                currencies.append(attrs.evolve(was, name=name, label=label))
            else:
                says = join_currency(was, now, self.turn, self.findings)
                self._ask(was, now, now.name)
                currencies.append(says)
            assert currencies[-1].index == index
        return currencies

    def _ladders(self) -> list[Ladder]:
        ladders: list[Ladder] = []
        for row, (first, second) in enumerate(self.numbers.ladders.rows):
            was = None if first < 0 else self.numbers.of_old.of(self.old.ladders[first])
            now = None if second < 0 else self.numbers.of_new.of(self.new.ladders[second])
            joined = self.numbers.levels.get(row)
            known = now or was
            assert known is not None
            if now is not None:
                self._ask(was, now, now.name, decided=was is None)
            ladders.append(join_ladder(was, now, joined, self.transition, self.turn, self.findings))
        return ladders

    def _ask(self, was: Any, now: Any, name: str, *, decided: bool = False) -> None:
        """Asks for a clause of the transition where what members hold changes and nothing is said of it."""
        said_of = {name, *(level.name for level in now.levels)} if isinstance(now, Ladder) else {name}
        silent = was is None and not decided
        if self.findings.errors > self.errors or silent or said_of & self.transition.said:
            return
        if said(was) == said(now):
            return
        what = f"`{name}` is new here" if decided else f"`{name}` changes here"
        clauses = f"start {name} at the level earned" if decided else f"keep {name}"
        self.findings.report(
            "L620", now.span, f"{what}, and no transition says what members begin this version with",
            secondary=[(self.replaces.span, "from this day")],
            help=f"write `transition {{ {clauses} }}`"
            + ("" if decided or not isinstance(now, Ladder) else ", or `honour` it, or `start` it anew"),
        )  # fmt: skip

    def _verify_menus(self) -> None:
        """Warns where choices that are open lose the day on which something was given for them."""
        kept = {self.new.currencies[each.currency].name for each in self.new.rewards if _is_default(each)}
        for lost in self.old.rewards:
            name = self.old.currencies[lost.currency].name if _is_default(lost) else ""
            now = self.new.currency(name)
            if now is None or name in kept or name in self.transition.said:
                continue
            self.findings.report(
                "L620", now.span,
                f"`{name}` has no last day here, so nothing is given for choices that are open",
                secondary=[(lost.span, "what was given for them"), (self.replaces.span, "from this day")],
                help=f"write `through` and `otherwise` here too, or `transition {{ keep {name} }}`",
            )  # fmt: skip

    def _exchange(self, name: str, exchange: Exchange, index: int, currencies: Sequence[Currency]) -> Reward:
        """What turns the balance of a currency into another one (VERSION-8)."""
        old = currencies[self.numbers.of_old.currencies[index_of(self.old.currencies, name)]]
        new = currencies[self.numbers.of_new.currencies[index_of(self.new.currencies, exchange.new)]]
        share = exchange.given * new.scale / (exchange.taken * old.scale)
        reward = Reward(
            name=f"{old.name}_become_{new.name}",
            label=f"{old.label} become {new.label}",
            index=index,
            currency=old.index,
            cases=(RewardCase(None, 1, True, BalanceGiven(new.index, share)),),
            taking=Taking.AFTER_EARNING,
            when=None,
            dates=(),
            minimum_basket=0,
            minimum_balance=0,
            limits=(),
            cost=None,
            span=exchange.span,
        )
        return self.turn.reward(reward, before=False)

    # ---- what cannot change

    def verify_header(self) -> None:
        """Reports what a version cannot change."""
        for what, was, now in (
            ("money", self.old.money, self.new.money),
            ("time zone", self.old.timezone, self.new.timezone),
        ):
            if was != now:
                self.findings.report(
                    "L254", self.new.span, f"the {what} was {was}, and is {now} in this version",
                    secondary=[(self.old.span, "the replaced version")],
                    help="write the same in both versions: another money or time zone is another program",
                )  # fmt: skip
        for allowance in (*self.old.allowances, *self.new.allowances):
            self.findings.report(
                "L190", allowance.span, "allowances in a program with versions are not supported yet",
                help="write the new version as a program of its own, and compare the two",
            )  # fmt: skip
        if any(isinstance(clock.at, Pays) for one in (self.old, self.new) for clock in one.clocks):
            self.findings.report(
                "L190", self.replaces.span,
                "levels that are paid for in a program with versions are not supported yet",
                help="write the new version as a program of its own, and compare the two",
            )  # fmt: skip
        counted = [kind for one in (self.old, self.new) for kind in one.events if kind.counts_on is not None]
        if counted or self.old.gates or self.new.gates:
            self.findings.report(
                "L190", self.replaces.span,
                "events that are refused, or count on a date, beside versions are not supported yet",
                help="write the new version as a program of its own, and compare the two",
            )  # fmt: skip
        telling = next((each for one in (self.new, self.old) for each in one.currencies if each.notice), None)
        if telling is not None:
            self.findings.report(
                "L190", telling.span, "notices of what expires are not supported yet where versions change",
                secondary=[(self.replaces.span, "the change of version")], help="leave out `notify`",
            )  # fmt: skip
        if said(self.old.returns) != said(self.new.returns):
            place = self.new.returns or self.old.returns
            span = self.new.span if place is None or place.span is None else place.span
            self.findings.report(
                "L254", span, "what a return does cannot change from one version to the next",
                help="write the same `returns` in both versions",
            )  # fmt: skip


def _is_default(reward: Reward) -> bool:
    """Whether it is what a menu gives for choices that are left on its last day."""
    return reward.taking is Taking.DEFAULTED
