"""The registry of responses: how customers may react to a program, each a named assumption.

Invariants: every response is off until a population names it, so that a baseline liability rests on no
reaction; a response multiplies an intensity or the odds of a choice and never adds an event, so that a member
has the same luck with it and without; a response that is named with its neutral parameters changes nothing.

One row is the only place where a response is described: its clause, its page in `docs/responses.md`, the rows
of assumptions in a report and the preset `literature` are all made from it. Grades: A, a field study or an
experiment whose figures we read; B, the direction is confirmed and the size is not; C, the size is
recalled or is our judgement.
"""

from enum import Enum
from fractions import Fraction

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.records import record
from loyalty_dsl.source import Span


class Acts(Enum):
    """What a response multiplies."""

    BUYING = "purchase intensity"
    LEAVING = "hazard of leaving"
    REDEEMING = "odds of redeeming"
    JOINING = "rate of joining"


class Grade(Enum):
    """How good the evidence for a response's size is."""

    A = "field study or experiment, figures read"
    B = "direction confirmed, size not read"
    C = "recalled or judged"


Value = Fraction | Duration
"""A percentage as a fraction, a number, or a length of time."""


@record
class Parameter:
    """One number of a response.

    Attributes:
        keyword: the words before it in the clause; the first parameter of a response has none.
        meaning: what it is, for the page and for messages.
        literature: its value in the preset, and where the clause leaves it out; `None` for a percentage that
            is not there unless it is written.
        least, most: bounds of a fraction, both allowed; `None` for durations, which are at least a day.
        percent: it is written as a percentage; otherwise as a plain number. Durations are neither.
    """

    keyword: str
    meaning: str
    literature: Value | None
    least: Fraction | None = None
    most: Fraction | None = None
    percent: bool = True


@record
class Response:
    """One way to react.

    Attributes:
        name: the word that opens its clause.
        title: its name in reports.
        acts: what it multiplies.
        form: the multiplier, as a formula in plain text whose letters are the parameters'.
        says: what it assumes about people, in a sentence.
        in_literature: whether the preset turns it on; a response whose direction is disputed stays off.
        source: whose finding it is; "judgement" where it is ours.
        caution: what to know before relying on it.
    """

    name: str
    title: str
    acts: tuple[Acts, ...]
    parameters: tuple[Parameter, ...]
    form: str
    says: str
    grade: Grade
    source: str
    in_literature: bool = True
    caution: str = ""


@record
class ChosenResponse:
    """A response that a population turns on.

    Attributes:
        values: of its parameters, in their order.
        span: of its clause, or of the word `literature`.
        preset: whether the preset turned it on.
    """

    response: Response
    values: tuple[Value | None, ...]
    span: Span
    preset: bool = False

    @property
    def name(self) -> str:
        return self.response.name

    def share(self, keyword: str = "") -> Fraction:
        """The value of a parameter that is a percentage."""
        value = self._value(keyword)
        assert isinstance(value, Fraction)
        return value

    def lasting(self, keyword: str) -> Duration:
        """The value of a parameter that is a length of time."""
        value = self._value(keyword)
        assert isinstance(value, Duration)
        return value

    def stated(self, keyword: str) -> Fraction | None:
        """The value of a percentage that may be left out."""
        value = self._value(keyword)
        assert value is None or isinstance(value, Fraction)
        return value

    def _value(self, keyword: str) -> Value | None:
        keywords = [parameter.keyword for parameter in self.response.parameters]
        return self.values[keywords.index(keyword)]

    @property
    def stays_without_program(self) -> bool:
        """Whether it says who the members are, and not how they react to what they are given."""
        return Acts.JOINING in self.response.acts or self.name == "referral_retention"


def _percent(
    keyword: str, meaning: str, value: int | Fraction, least: int | None = 0, most: int | None = 1_000
) -> Parameter:
    """A percentage; its value and bounds in hundredths."""
    lower, upper = (None if bound is None else Fraction(bound, 100) for bound in (least, most))
    return Parameter(keyword, meaning, Fraction(value) / 100, lower, upper)


def _lasting(keyword: str, meaning: str, count: int, unit: Unit = Unit.DAY) -> Parameter:
    return Parameter(keyword, meaning, Duration(count, unit), percent=False)


def _rate_from(meaning: str) -> Parameter:
    """The reward rate that a program's own is compared with; without it that of the version before."""
    return Parameter("from", meaning, None, Fraction(1, 10_000), Fraction(1))


_NOT_PUBLISHED = "Not in the preset, as no size is published: show what hangs on it with `loyalty sweep`."

RESPONSES: tuple[Response, ...] = (
    Response(
        "goal_gradient",
        "goal gradient",
        (Acts.BUYING,),
        (
            _percent("", "how much faster members buy just before a reward than just after one", 25),
            _percent("head_start", "how much faster members buy who were given points to start with", 0),
        ),
        "1 + g x p, p the share of the price of the next reward that the balance has reached (with enough "
        "for the dearest, of the way to one more); "
        "x (1 + head_start) until the first reward while the balance holds points given at joining",
        "Members buy sooner the nearer they are to their next reward, measured as a share of the way.",
        Grade.B,
        "Kivetz, Urminsky and Zheng 2006 (shorter gaps towards the last stamp); "
        "Nunes and Dreze 2006 (head start)",
        caution="One g cannot give both the shortening of the gaps and the effect of a head start, so the "
        "head start is a number of its own; the preset leaves it at nothing.",
    ),
    Response(
        "post_reward_reset",
        "post-reward reset",
        (Acts.BUYING,),
        (
            _percent("", "how much less members buy just after a reward", 10, most=100),
            _lasting("fading", "the time in which the effect falls to 37%", 14),
        ),
        "1 - d x exp(-days since the reward / fading)",
        "After a reward the next one is far: members pause.",
        Grade.C,
        "Kivetz, Urminsky and Zheng 2006 (the pause); size by judgement",
        caution="For programs with thresholds. Where points are paid like money, use redemption_momentum; "
        "a population that names both is refused.",
    ),
    Response(
        "redemption_momentum",
        "redemption momentum",
        (Acts.BUYING,),
        (
            _percent("", "how much more members buy after redeeming", 5),
            _lasting("for", "how long", 4, Unit.WEEK),
        ),
        "1 + m for that long after redeeming",
        "The decision to redeem is followed by more purchases, even where it uses only part of the balance.",
        Grade.C,
        "Dorotic, Verhoef, Fok and Bijmolt 2014 (direction); size by judgement",
        in_literature=False,
        caution="For programs without thresholds. The study also finds more purchases before the redemption, "
        "which is not modelled.",
    ),
    Response(
        "tier_pull",
        "tier pull",
        (Acts.BUYING,),
        (
            _percent("", "how much faster members buy just before the next level", 10),
            _lasting("within", "the last part of the qualifying window in which they look at it", 90),
        ),
        "1 + g x p in the last days of the calendar window or year of membership that a level's numbers "
        "are counted in, p the share of the way to the next level: of the number that is nearest or, where "
        "a level asks for all of several, farthest; rolling and lifetime counts have no last day",
        "Members who are near the next level buy more before the window closes.",
        Grade.B,
        "Taylor and Neslin 2005; Kopalle and others 2012 (both tiers and rewards raise sales); size recalled",
    ),
    Response(
        "promotion_to_level",
        "reaction to a higher level",
        (Acts.BUYING,),
        (
            _percent("", "how much more members buy after they reach a higher level", 5),
            _lasting("half_life", "the time in which half of the effect is gone", 180),
        ),
        "1 + u x 2^(-days since / half_life), until a level is lost",
        "A higher level is answered with more purchases.",
        Grade.C,
        "Wagner, Hennig-Thurau and Rudolph 2009 (direction); size by judgement",
    ),
    Response(
        "demotion",
        "reaction to a lost level",
        (Acts.BUYING,),
        (
            _percent("", "the change of buying after a level was lost; negative", -15, least=-100, most=0),
            _lasting("half_life", "the time in which half of the effect is gone", 180),
        ),
        "1 + d x 2^(-days since / half_life), d below 0, until a level is won",
        "A lost level hurts more than a won one helps: such members buy less than those who never had it.",
        Grade.C,
        "Wagner, Hennig-Thurau and Rudolph 2009 (direction, asymmetry); size by judgement",
    ),
    Response(
        "expiry_rush",
        "expiry rush",
        (Acts.BUYING, Acts.REDEEMING),
        (
            _percent("", "how much faster members buy, and more readily redeem, before points expire", 20),
            _lasting("within", "how long before the expiry", 30),
            _percent("aware", "the share of members who know", 50, most=100),
        ),
        "1 + e where units of an aware member expire within that time; the odds of redeeming likewise",
        "Members who know that points are about to expire come to use them.",
        Grade.B,
        "Breugelmans and Liu-Thompkins 2017 (direction); coupons of the Complete Journey data rise by about "
        "20% in the last fifth of their validity (measured); share aware by judgement",
    ),
    Response(
        "program_lift",
        "program lift by usage",
        (Acts.BUYING,),
        (
            _percent("", "how much more light buyers buy because there is a program", 5),
            _percent("moderate", "the same of moderate buyers", 8),
            _percent("heavy", "the same of heavy buyers", 0),
            _lasting("fading", "the time since joining in which it falls to 37%", 240),
        ),
        "1 + lift x exp(-days since joining / fading), by the third of the population's buying rates "
        "in which the member's own lies",
        "A program moves light and moderate buyers; heavy ones claim its rewards and buy as before.",
        Grade.C,
        "Liu 2007 (by usage); Leenheer and others 2007, Meyer-Waarden (fading within 6 to 9 months); sizes "
        "by judgement; across 429 effects Belli and others 2022",
        caution="This number decides whether a program pays. `loyalty solve --vary lift` finds the lift at "
        "which it does.",
    ),
    Response(
        "rate_elasticity",
        "elasticity to the reward rate",
        (Acts.BUYING,),
        (
            _percent("", "percent more purchases for one percent more reward value", 5, most=300),
            _rate_from("the reward rate at which purchases are as the population says"),
        ),
        "(rate / from)^e, the rates as measured (above), bounded between 1/2 and 2",
        "More generous programs are bought from more. Without it every cut looks like a gain.",
        Grade.C,
        "judgement: no study that we could read gives it by rate",
        in_literature=False,
        caution=_NOT_PUBLISHED,
    ),
    Response(
        "devaluation_churn",
        "churn after a devaluation",
        (Acts.LEAVING,),
        (
            _percent("", "percent more leaving for one percent less reward value", 50, most=1_000),
            _rate_from("the reward rate that members were used to"),
            _lasting("for", "how long", 12, Unit.MONTH),
        ),
        "1 + c x max(0, 1 - rate / from) for that long from the first day on, of the first members: who "
        "joins later, or is brought by a friend, has never been given more",
        "Members who are given less for the same spend leave sooner.",
        Grade.C,
        "judgement: no study that we could read gives it by rate",
        in_literature=False,
        caution=_NOT_PUBLISHED,
    ),
    Response(
        "enrolment_elasticity",
        "elasticity of joining",
        (Acts.JOINING,),
        (
            _percent("", "percent more joiners for one percent more reward value", 20, most=300),
            _rate_from("the reward rate at which as many join as the population says"),
        ),
        "(rate / from)^e, the rates as measured (above), bounded between 1/2 and 2; friends come as before",
        "A more generous program is joined by more.",
        Grade.C,
        "judgement: no study that we could read gives it by rate",
        in_literature=False,
        caution=_NOT_PUBLISHED,
    ),
    Response(
        "promotion_lift",
        "lift of promotions",
        (Acts.BUYING,),
        (
            _percent("", "how much more members buy on the days of a dated rule", 20),
            _percent("pull_forward", "the share of it that is bought later otherwise", 60, most=100),
            _lasting("over", "how long they buy less afterwards", 28),
        ),
        "1 + l on the days of a rule for purchases that is on for 62 days in a row at most; for the time "
        "`over` after them 1 - l x pull_forward x their number / over, not below 0",
        "A double-points weekend sells more, and part of it is bought from the weeks after.",
        Grade.C,
        "judgement; size to be taken from past promotions",
        in_literature=False,
    ),
    Response(
        "self_selection",
        "self-selection of joiners",
        (Acts.JOINING,),
        (_percent("", "the exponent of the buying rate in the chance to join", 50, most=200),),
        "the chance to join grows as (own rate / mean rate)^s: rates of a gamma of shape k (the spread is "
        "1 / sqrt(k)) are those of shape k + s among those who join, so their mean is (k + s) / k as large; "
        "without spread nothing changes, and friends are drawn as the first members",
        "Heavy buyers join first, whatever the program does for them.",
        Grade.B,
        "Leenheer and others 2007; Meyer-Waarden (direction); exponent by judgement",
    ),
    Response(
        "stockpiling",
        "stockpiling",
        (Acts.REDEEMING,),
        (
            _percent(
                "",
                "how much lower the odds are below the basket",
                30,
                most=100,
            ),
        ),
        "odds x (1 - h), of points that are paid like money, while what the balance can pay is less than the "
        "basket",
        "In programs without thresholds members hoard points until using them is worth the trouble.",
        Grade.B,
        "Stourm, Bradlow and Fader 2015 (direction); size by judgement",
        in_literature=False,
        caution="Where redemptions are in the data, fit `redeem ... slope` instead.",
    ),
    Response(
        "referral_retention",
        "retention of referred members",
        (Acts.LEAVING,),
        (_percent("", "how much lower the hazard of referred members is", 18, most=100),),
        "1 - r for the whole life of a referred member",
        "Referred customers stay longer.",
        Grade.B,
        "Schmitt, Skiera and Van den Bulte 2011 (retention gap persists); 18% recalled",
    ),
)


EXCLUDES = (("post_reward_reset", "redemption_momentum"),)
"""Responses of which a member has one at most."""


def response_named(name: str) -> Response | None:
    """The row whose clause opens with `name`."""
    return next((row for row in RESPONSES if row.name == name), None)
