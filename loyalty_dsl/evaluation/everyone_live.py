"""What all members used of the limits for everyone, for those who carry out one event at a time (LIMIT-9).

Invariant: a window closes for all from the day after its limit was reached, so events have to come in the
order of their days, whoever does them; within a day any order gives the same.
"""

import json

import attrs

from loyalty_dsl.evaluation.everyone import closings_of, limits_for_everyone
from loyalty_dsl.evaluation.member_states import LiveMember, verify_same_rules
from loyalty_dsl.evaluation.plain_data import Unreadable, read
from loyalty_dsl.language.fingerprint import fingerprint_of
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.refusals import InputRefused

FORMAT = "loyalty.everyone/1"


@attrs.frozen
class Everyone:
    """What was counted so far, of all members together.

    Attributes:
        rules: the fingerprint of the program.
        counted: the index of a limit, the day, and what was counted on it; in order.
    """

    program: str
    rules: str
    counted: tuple[tuple[int, int, int], ...] = ()

    def to_json(self) -> str:
        """One line of JSON."""
        document = {"format": FORMAT, "program": self.program, "rules": self.rules, "counted": self.counted}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Everyone":
        """What `to_json` wrote.

        Raises:
            InputRefused: it is something else.
        """
        try:
            its = json.loads(text)
            if its["format"] == FORMAT:
                counted = read(tuple[tuple[int, int, int], ...], its["counted"])
                return cls(str(its["program"]), str(its["rules"]), counted)
        except (ValueError, LookupError, TypeError, Unreadable):
            pass
        raise InputRefused("this is not what `Everyone.to_json` wrote")


def nobody_yet(program: Program) -> Everyone:
    """Before anybody has used anything."""
    return Everyone(program.name, fingerprint_of(program))


def verify_known_in_time(program: Program) -> None:
    """Refuses a program in which a limit for everyone counts at midnights, which come to each member late.

    Raises:
        InputRefused: it has such a limit.
    """
    limited = limits_for_everyone(program)
    kinds = len(program.events)
    at_midnight = {
        limit.index
        for rule in program.earns
        if any(trigger.event >= kinds for trigger in rule.triggers)
        for limit in (*rule.limits, *(() if rule.group is None else program.groups[rule.group].limits))
    }
    at_midnight |= {
        limit.index
        for reward in program.rewards
        if reward.taking is Taking.AFTER_EARNING or any(each.event >= kinds for each in reward.triggers)
        for limit in reward.limits
    }
    if at_midnight & set(limited):
        raise InputRefused(
            f"`{program.name}` has a limit for everyone on what happens at midnights, which event by event "
            "comes too late to be counted on its day",
            "replay all members together, with --state to go on from file to file",
        )


def close_for(live: LiveMember, everyone: Everyone | None) -> None:
    """Closes for a member what all together have used up.

    Raises:
        InputRefused: the program has a limit for everyone and nobody says what all used, or what is said is
            of other rules.
    """
    if not limits_for_everyone(live.program):
        return
    if everyone is None:
        raise InputRefused(
            f"`{live.program.name}` has a limit for everyone, which no member's state can know",
            "pass `everyone=`: at first `program.nobody_yet()`, then what each call returns as `everyone`",
        )
    verify_same_rules(live.program, everyone.program, everyone.rules, "what everyone used")
    together = {(limit, day): units for limit, day, units in everyone.counted}
    live.member.usage.closed = closings_of(live.program, together)


def used_by(live: LiveMember, everyone: Everyone | None) -> Everyone | None:
    """What all used, with what this member did since its state was read."""
    if everyone is None or not live.member.usage.together:
        return everyone
    counted = {(limit, day): units for limit, day, units in everyone.counted}
    for key, units in live.member.usage.together.items():
        counted[key] = counted.get(key, 0) + units
    return attrs.evolve(everyone, counted=tuple((*key, units) for key, units in sorted(counted.items())))
