"""The names of outcomes: figures of a forecast that a study or a command may be about.

Invariant: every outcome that `decisions` can work out has its row here, with the same unit and the same
months, so that a study can be checked without anything that computes; a test holds the two together.
"""

from enum import Enum

from loyalty_dsl.language.program import Program
from loyalty_dsl.language.records import record
from loyalty_dsl.language.suggestions import listed, nearest


class Unit(Enum):
    """What an outcome is counted in."""

    MONEY = "money"
    UNITS = "units of a currency"
    MEMBERS = "members"
    COUNT = "times"
    SHARE = "a percentage"


class When(Enum):
    """Which months an outcome is of."""

    AT = "at month 12"
    OVER = "over 12 months"
    EVER = "of all that is issued"


class Of(Enum):
    """What an outcome may be of."""

    NOTHING = "nothing"
    CURRENCY = "currency"
    LEVEL = "level"
    REWARD = "reward"


@record
class OutcomeName:
    """How an outcome is written, and what it is.

    Attributes:
        of: what it may be of.
        words: other names of it.
    """

    name: str
    unit: Unit
    when: When
    of: Of = Of.NOTHING
    words: tuple[str, ...] = ()


OUTCOME_NAMES = (
    OutcomeName("liability", Unit.MONEY, When.AT, Of.CURRENCY),
    OutcomeName("reward cost", Unit.MONEY, When.OVER, Of.REWARD),
    OutcomeName("reward cost rate", Unit.SHARE, When.OVER),
    OutcomeName("issued", Unit.UNITS, When.OVER, Of.CURRENCY),
    OutcomeName("redeemed", Unit.UNITS, When.OVER, Of.CURRENCY),
    OutcomeName("expired", Unit.UNITS, When.OVER, Of.CURRENCY),
    OutcomeName("reversed", Unit.UNITS, When.OVER, Of.CURRENCY),
    OutcomeName("outstanding", Unit.UNITS, When.AT, Of.CURRENCY),
    OutcomeName("urr", Unit.SHARE, When.EVER, Of.CURRENCY, ("redemption rate",)),
    OutcomeName("breakage", Unit.SHARE, When.EVER, Of.CURRENCY),
    OutcomeName("phi", Unit.SHARE, When.AT, Of.CURRENCY),
    OutcomeName("active rate", Unit.SHARE, When.AT),
    OutcomeName("active", Unit.MEMBERS, When.AT),
    OutcomeName("members", Unit.MEMBERS, When.AT, Of.LEVEL),
    OutcomeName("joined", Unit.MEMBERS, When.OVER),
    OutcomeName("purchases", Unit.COUNT, When.OVER),
    OutcomeName("spend", Unit.MONEY, When.OVER),
    OutcomeName("uses", Unit.COUNT, When.OVER, Of.REWARD),
    OutcomeName("net value", Unit.MONEY, When.OVER),
    OutcomeName("margin", Unit.MONEY, When.OVER),
    OutcomeName("incremental spend", Unit.MONEY, When.OVER),
    OutcomeName("break even lift", Unit.SHARE, When.OVER),
    OutcomeName("cannibalised share", Unit.SHARE, When.OVER, words=("cannibalized share",)),
)
"""Every outcome."""


def find_outcome(written: str) -> OutcomeName | None:
    """The outcome of a name; words may be joined by `_`."""
    name = plain(written)
    return next((one for one in OUTCOME_NAMES if name == one.name or name in one.words), None)


def plain(written: str) -> str:
    """A name with a space between its words."""
    return " ".join(written.replace("_", " ").split())


def nearest_outcome(written: str) -> str | None:
    """The outcome that was probably meant."""
    return nearest(plain(written), [each for one in OUTCOME_NAMES for each in (one.name, *one.words)])


def names_of(of: Of, program: Program) -> tuple[str, ...]:
    """What an outcome may be of, by name: levels of two ladders that share one by `ladder.level`."""
    match of:
        case Of.NOTHING:
            return ()
        case Of.CURRENCY:
            return tuple(one.name for one in program.currencies)
        case Of.REWARD:
            return tuple(one.name for one in program.rewards)
        case Of.LEVEL:
            levels = [level.name for one in program.ladders for level in one.levels]
            return tuple(
                level.name if levels.count(level.name) == 1 else f"{one.name}.{level.name}"
                for one in program.ladders
                for level in one.levels
            )


@record
class WrongSubject:
    """Why an outcome is not of what it is said to be of."""

    message: str
    help: str | None
    guess: str | None = None


def subject_of(outcome: OutcomeName, name: str | None, program: Program) -> str | WrongSubject | None:
    """What an outcome is of; `None` for all.

    Args:
        name: as written; without one, units are of the only currency.
    """
    known = names_of(outcome.of, program)
    if name is None:
        if outcome.of is not Of.CURRENCY or outcome.unit is Unit.MONEY or len(known) == 1:
            return known[0] if outcome.of is Of.CURRENCY and outcome.unit is not Unit.MONEY else None
        message = f"`{outcome.name}` is of one currency, and there are {len(known)}"
        return WrongSubject(message, f"write `{outcome.name} of {known[0]}`" if known else None)
    if name in known:
        return name
    if outcome.of is Of.LEVEL and name.partition(".")[2] in known:
        return name.partition(".")[2]
    if not known:
        what = outcome.of.value if outcome.of is not Of.NOTHING else ""
        why = f"there is no {what}" if what else "it is of all"
        return WrongSubject(f"`{outcome.name}` is not of `{name}`: {why}", f"write `{outcome.name}`")
    near = nearest(name, known)
    only = f"the only {outcome.of.value} is `{known[0]}`" if len(known) == 1 else f"there are {listed(known)}"
    help = f"did you mean `{near}`?" if near else only
    return WrongSubject(f"there is no {outcome.of.value} `{name}`", help, near)
