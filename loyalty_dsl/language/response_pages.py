"""The page on responses, `docs/responses.md`, made from the registry.

Invariant: what a response means, by default and by whom, is written in its row and nowhere else.
"""

from collections.abc import Iterable
from fractions import Fraction
from textwrap import fill

from loyalty_dsl.calendar import Duration
from loyalty_dsl.language.checking.responses import written_value
from loyalty_dsl.language.responses import Parameter, Response

_HEAD = """\
# How customers react

By default nobody reacts to a program: with the same seed a member buys on the same days whatever it is
given, and a liability rests on no reaction. A population may turn **responses** on, each an assumption with
a source and a grade of evidence:

```loyalty
program coffee_card {
    money     USD
    timezone  "America/New_York"
    starts    2027-01-01 by purchase date
    currency stamps {
        round   down per rule
        expire  12 months after earning
    }
    earn stamp {
        on    purchase
        give  1 stamp
    }
    reward coffee {
        price  10 stamps
        give   $5 off up to the basket
        issue  automatically at checkout
    }
}

population drinkers {
    start  5,000 members
    responses {
        goal_gradient  25%
        expiry_rush    20% within 30 days aware 50%
    }
    segment everyone 100% {
        purchases  4 per month spread 0.8
        basket     median $6 sigma 0.5
    }
}
```

One clause a line. A number that a clause leaves out is the literature's, below. `responses literature`
turns the preset on: every response below that says so and for which the program gives a cause; clauses in
braces behind it take the place of the preset's numbers. A response that is named and for which the program
gives no cause (levels, for a program without tiers) does nothing, and `loyalty check` warns. Every number
has a path, such as `responses.goal_gradient` or `responses.expiry_rush.within`, for `--set`, `loyalty
sweep` and `loyalty solve`.

A segment may have responses of its own, in place of the population's of the same name; the others stay. One
with 0% is off there. What all members react to together (`promotion_lift` and the three responses to how much
a program gives back) is said of the population only.

```loyalty
program coffee_stamps {
    money     USD
    timezone  "America/New_York"
    starts    2027-01-01 by purchase date
    currency stamps {
        round   down per rule
        expire  12 months after earning
    }
    earn stamp {
        on    purchase
        give  1 stamp
    }
    reward coffee {
        price  10 stamps
        give   $5 off up to the basket
        issue  automatically at checkout
    }
}

population offices_and_homes {
    start  5,000 members
    responses literature
    segment office 40% {
        purchases  9 per month spread 0.8
        basket     median $6 sigma 0.5
        responses {
            goal_gradient  0%
        }
    }
    segment home 60% {
        purchases  2 per month spread 0.8
        basket     median $6 sigma 0.5
    }
}
```

## What a response does

It multiplies the rate at which a member buys, the hazard of leaving, the odds of redeeming or the rate of
joining. Several multiply each other. It never adds an event: purchase 7 of a member has the same luck with
a response and without, and comes sooner or later. So two programs, or a response on and off, are compared
on the same luck.

A member looks at where it stands after each event of its own, and on Mondays where something on moves with
time. It then sees its balance, its level, what is about to expire and when it was last rewarded, and keeps
that pace until the next look. What is left of the time to the next purchase passes at the new pace. A level
that is lost at midnight is seen at the next look; of levels won and lost the latest change counts alone.
Between two looks, a week at most, nothing moves.

The life without the program (see [what a program is worth](value.md)) has no reaction. `self_selection`,
`enrolment_elasticity` and `referral_retention` stay on in it, since they say who the members are and not what
the program makes of them.

## How much a program gives back

Three responses are to the **reward rate**: the worth of what members received in a year over what they spent
in it. It is measured before anything else, on a pilot of 10,000 members of the same population with the same
seed, in which these three responses are off and the others as they are. Received is money off, things at
their `worth`, and what is held at the end at its `worth` (money at its face). What declares no `worth` is
left out of the rate, and the forecast names it. Members compare the rate with another one:

| what runs | the rate is compared with |
| --- | --- |
| a clause that states one, `rate_elasticity 5% from 2%` | what it states, in whatever command |
| `loyalty compare OLD NEW`, and a study that compares | OLD's, by its own pilot: under OLD nothing changes |
| `loyalty sweep`, `loyalty solve` | that of the files as they are |
| `loyalty simulate` alone | nothing: the response does nothing, and a notice says so |

```loyalty
program member_points {
    money     USD
    timezone  "America/New_York"
    starts    2027-01-01 by purchase date
    currency points {
        round   down per rule
        expire  12 months after earning
        worth   $0.01
    }
    earn base {
        on    purchase
        give  3 points per $1
    }
    reward money_off {
        price  100 points per $1 off
    }
}

population members_of_it {
    start  5,000 members
    join   100 members per month
    responses {
        rate_elasticity       5% from 2%
        devaluation_churn     50% for 12 months
        enrolment_elasticity  20% from 2%
    }
    segment everyone 100% {
        purchases  2 per month spread 0.8
        leave      2% per month
        basket     median $30 sigma 0.5
        redeem     30% when a reward is affordable
    }
}
```

The forecast says which rates were measured and what was made of them. A member has the same luck under both
versions: its purchases come sooner or later by the same factor, its day of leaving is that of the same draw
under the larger hazard, and joiner 7 of a month is the same person under both; who joins under one version
alone receives nothing under the other.

## Grades of evidence

| grade | means |
| --- | --- |
| A | a field study or an experiment whose figures we read |
| B | the direction is confirmed, the size was not read |
| C | the size is recalled, or is our judgement |

No response has grade A: **calibrate what decides**, or show how the answer depends on it with `loyalty
sweep`.

## The responses
"""

_A_RATE = Fraction(2, 100)
"""A reward rate, for an example."""

_PRESET = {True: "on in `responses literature`", False: "not in the preset"}


def document(responses: Iterable[Response]) -> str:
    """The page."""
    rows = tuple(responses)
    lines = [_HEAD, "| response | acts on | preset | evidence |", "| --- | --- | --- | --- |"]
    for one in rows:
        acts = ", ".join(each.value for each in one.acts)
        state = "on" if one.in_literature else "off"
        lines.append(f"| `{one.name}` | {acts} | {state} | {one.grade.name} |")
    return "\n".join([*lines, "", *(_section(one) for one in rows)])


def _wrapped(text: str, margin: str = "") -> str:
    return fill(
        text, 118, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip


def _section(one: Response) -> str:
    parts = [f"### {one.title[0].upper()}{one.title[1:]}", "", f"`{example(one)}`", ""]
    parts += [_wrapped(one.says), "", _wrapped(one.form, "    "), ""]
    parts += ["| number | means | literature | may be |", "| --- | --- | --- | --- |"]
    parts += [_row(one.name, parameter) for parameter in one.parameters]
    state = _PRESET[one.in_literature]
    evidence = f"Evidence {one.grade.name} ({one.grade.value}); {state}. {_sentence(one.source)}"
    parts += ["", _wrapped(evidence)]
    if one.caution:
        parts += ["", _wrapped(one.caution)]
    return "\n".join([*parts, ""])


def _row(name: str, parameter: Parameter) -> str:
    if isinstance(parameter.literature, Duration):
        bounds = "a day or longer"
    else:
        low, high = (
            None if each is None else written_value(each) for each in (parameter.least, parameter.most)
        )
        bounds = f"{low} to {high}"
    word = parameter.keyword or name
    usual = "the version before" if parameter.literature is None else written_value(parameter.literature)
    return f"| `{word}` | {parameter.meaning} | {usual} | {bounds} |"


def example(one: Response) -> str:
    """The clause with the literature's numbers; a number that is not in it is written for an example."""
    return " ".join([one.name, *(_written(parameter) for parameter in one.parameters)])


def _written(parameter: Parameter) -> str:
    value = _A_RATE if parameter.literature is None else parameter.literature
    return f"{parameter.keyword} {written_value(value)}".strip()


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
