"""Challenges, written out as what the language has: an event, counters and a rule (CHALLENGE).

Invariant: behind this module nothing knows challenges. Of `challenge dash` there are the event `dash_opt_in`
where members opt in, the counter or total `dash_progress` that counts between start and end only, and the
earn rule `dash` that fires once when it reaches the goal or, of what is counted, at the end.
"""

from collections.abc import Sequence
from fractions import Fraction

from loyalty_dsl.calendar import Duration, Unit, add_duration
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import day, duration
from loyalty_dsl.language.checking.clauses import at_most_one, only, report_missing
from loyalty_dsl.language.checking.counting import take_counter
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.losses import Losses
from loyalty_dsl.language.checking.progress import Running, count_goal
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.windows import check_window, verify_present
from loyalty_dsl.language.conditions import All, Compare, Condition, CounterValue, EventDay, Literal, Order
from loyalty_dsl.language.counters import NamedTotal, NumberMeasure
from loyalty_dsl.language.records import record
from loyalty_dsl.language.syntax import challenges as written
from loyalty_dsl.language.types import Kind
from loyalty_dsl.language.windows import Lifetime, Rolling
from loyalty_dsl.source import Span

_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
MOST_DAYS = 31
"""The longest run of days that is looked for; each day of it is a counter."""


@record
class Challenge:
    """What a challenge says, each part once, as far as it is there.

    Attributes:
        goal: what there is to do, or what is counted until the end.
        gaps: how many days a run may miss; repeats: how often the goal may be reached.
    """

    block: written.ChallengeBlock
    start: written.Start | None
    ends: written.Ends | None
    goal: written.Goal | written.GoalDifferent | written.GoalInARow | written.CountInARow | None
    gaps: written.Forgive | None
    repeats: written.Repeats | None = None

    @property
    def event(self) -> str:
        """The event by which members opt in."""
        return f"{self.block.name.text}_opt_in"

    @property
    def progress(self) -> str:
        """The counter that says how far they are."""
        return f"{self.block.name.text}_progress"


def write_out(
    block: syntax.ProgramBlock, findings: Findings, losses: Losses
) -> tuple[syntax.ProgramBlock, tuple[Challenge, ...]]:
    """The program with an event and a rule in place of each challenge, and what there is to count."""
    clauses: list[syntax.ProgramClause] = []
    challenges = []
    for clause in block.clauses:
        if isinstance(clause, written.ChallengeBlock):
            challenge = _read(clause, findings, losses)
            challenges.append(challenge)
            clauses += _written_out(challenge, findings)
        else:
            clauses.append(clause)
    return syntax.ProgramBlock(block.name, block.label, block.version, tuple(clauses), block.span), tuple(
        challenges
    )


def _read(block: written.ChallengeBlock, findings: Findings, losses: Losses) -> Challenge:
    what = f"the challenge `{block.name.text}`"
    starts = [each for each in block.clauses if isinstance(each, written.Start)]
    ends = [each for each in block.clauses if isinstance(each, written.Ends)]
    goals = [
        each
        for each in block.clauses
        if isinstance(each, written.Goal | written.GoalDifferent | written.GoalInARow | written.CountInARow)
    ]
    gives = [each for each in block.clauses if isinstance(each, syntax.Give)]
    start, end = only(findings, starts, "start"), only(findings, ends, "ends")
    goal = only(findings, goals, "goal")
    examples: dict[str, tuple[object, str]] = {
        "start": (start, "start when member opts in"),
        "goal": (goal, "goal 3 purchases"),
        "give": (only(findings, gives, "give"), "give 50 points"),
    }
    if start is not None and not isinstance(start, written.StartEvery):
        examples["ends"] = (end, "ends 7 days after start")
    for word, (found, example) in examples.items():
        lost = losses.may_hold(block.span, word) or (word == "goal" and losses.may_hold(block.span, "count"))
        if found is None and not lost:
            report_missing(findings, block.span, what, word, example)
    gaps = at_most_one(findings, block.clauses, written.Forgive, "forgive")
    repeats = at_most_one(findings, block.clauses, written.Repeats, "limit")
    return Challenge(block, start, end, goal, gaps, repeats)


def _written_out(challenge: Challenge, findings: Findings) -> list[syntax.ProgramClause]:
    block, start, goal = challenge.block, challenge.start, challenge.goal
    clauses: list[syntax.ProgramClause] = []
    if isinstance(start, written.StartOptIn):
        clauses.append(syntax.EventBlock(syntax.Name(challenge.event, start.span), (), block.span))
    on = None if goal is None else _fires(challenge, goal, findings)
    gives = any(isinstance(each, syntax.Give) for each in block.clauses)
    if on is not None and start is not None and gives:
        own = tuple(each for each in block.clauses if not isinstance(each, _OWN))
        earn = syntax.Name("earn", block.name.span)
        clauses.append(syntax.RuleBlock(earn, block.name, block.label, (*on, *own), block.span))
    return clauses


_OWN = (
    written.Start | written.Ends | written.Goal | written.GoalDifferent | written.GoalInARow
    | written.CountInARow | written.Forgive | written.Repeats
)  # fmt: skip


def _fires(
    challenge: Challenge, goal: syntax.challenges.ChallengeClause, findings: Findings
) -> tuple[syntax.RuleClause, ...] | None:
    """The `on` of the rule: at the goal or, of what is counted, at the end, for once."""
    progress = syntax.Name(challenge.progress, goal.span)
    repeats = challenge.repeats
    if repeats is not None and not _may_repeat(goal, repeats, findings):
        return None
    match goal:
        case written.Goal(quantity=quantity) if repeats is not None:
            every = syntax.rules.OnReaches(progress, (quantity.number,), quantity.number, goal.span)
            return every, _times(challenge, repeats.number, repeats.span)
        case written.Goal(quantity=quantity):
            return (syntax.rules.OnReaches(progress, (quantity.number,), None, goal.span),)
        case written.GoalDifferent(number=number) | written.GoalInARow(number=number):
            return (syntax.rules.OnReaches(progress, (number,), None, goal.span),)
        case _:
            return _at_the_end(challenge, goal.span, findings)


def _may_repeat(goal: written.ChallengeClause, repeats: written.Repeats, findings: Findings) -> bool:
    """Whether a goal can be reached several times in one run, so many; if not, it is reported."""
    times = repeats.number.value
    if repeats.unit.text not in ("time", "times"):
        findings.report(
            "L309", repeats.unit.span, "a challenge is limited in times",
            help="write `limit 5 times`: so often the goal may be reached from one start on",
        )  # fmt: skip
    elif times.denominator != 1 or times < 2:
        findings.report(
            "L310", repeats.span, "a goal is reached once without this line",
            help="delete the line, or write `limit 2 times` or more",
        )  # fmt: skip
    elif not isinstance(goal, written.Goal):
        findings.report(
            "L206", repeats.span, "only what is counted up can be reached again",
            secondary=[(goal.span, "this is reached once")],
            help="delete the line, or write a goal such as `goal 3 purchases`",
        )  # fmt: skip
    else:
        return True
    return False


def _times(challenge: Challenge, number: syntax.Number, span: Span) -> syntax.Limit:
    """A limit of so many times from one start on: in each window where it starts with one, otherwise ever."""
    often = syntax.Quantity(number, syntax.Name("times", span), span)
    start = challenge.start
    window = start.of if isinstance(start, written.StartEvery) else syntax.LifetimeWindow(span)
    return syntax.Limit(often, window, False, False, None, span)


def _at_the_end(challenge: Challenge, span: Span, findings: Findings) -> tuple[syntax.RuleClause, ...] | None:
    start, ends = challenge.start, challenge.ends
    if start is None or ends is None:
        return None
    if not isinstance(start, written.StartOptIn) or not isinstance(ends, written.EndsAfter):
        findings.report(
            "L330", span, "what is counted is given for at the end of each member's own time",
            secondary=[(start.span, "this starts or ends for everybody on one day")],
            help="write `start when member opts in` and `ends 7 days after start`, or "
            "`goal 5 days in a row with purchase`, which is given for at once",
        )  # fmt: skip
        return None
    give = next((each for each in challenge.block.clauses if isinstance(each, syntax.Give)), None)
    if give is not None and not (
        isinstance(give, syntax.Table) and any(key.text == challenge.progress for key in give.keys)
    ):
        findings.report(
            "L206", give.span, "this would be given for a run of no day at all",
            secondary=[(span, "what is counted")],
            help=f"write `give by band of {challenge.progress} {{` with a row such as `from 3 25 points`",
        )  # fmt: skip
        return None
    event = syntax.Name(challenge.event, ends.span)
    limit = _times(challenge, syntax.Number(Fraction(1), span), span)
    return (syntax.rules.OnSilence(ends.length, (event,), ends.span), limit)


# ---- what counts


def count_challenges(scope: ProgramScope, challenges: Sequence[Challenge]) -> tuple[NamedTotal, ...]:
    """Puts the progress of every challenge in scope, and returns those that are totals."""
    totals = []
    for challenge in challenges:
        goal = challenge.goal
        if goal is None:
            continue
        running = _running(scope, challenge)
        days = None
        if isinstance(goal, written.GoalInARow | written.CountInARow):
            days = _days_in_a_row(scope, challenge, goal)
        elif challenge.gaps is not None:
            scope.findings.report(
                "L206", challenge.gaps.span, "only a run of days has gaps",
                secondary=[(goal.span, "this is no run")], help="delete this line",
            )  # fmt: skip
        if running is None or (days is None and isinstance(goal, written.GoalInARow | written.CountInARow)):
            scope.counted.hide(challenge.progress)
            continue
        gaps = 0 if challenge.gaps is None else int(challenge.gaps.number.value)
        name = syntax.Name(challenge.progress, goal.span)
        total = count_goal(scope, running, goal, name, days=days or 0, gaps=gaps)
        totals += [] if total is None else [total]
    return tuple(totals)


def _days_in_a_row(
    scope: ProgramScope, challenge: Challenge, goal: written.GoalInARow | written.CountInARow
) -> int | None:
    """The longest run that is looked for."""
    if isinstance(challenge.start, written.StartEvery):
        scope.findings.report(
            "L330", challenge.start.span, "a run of days may begin in one window and end in the next",
            secondary=[(goal.span, "the run")],
            help="write `start when member opts in`, or a day on which it starts for everybody",
        )  # fmt: skip
        return None
    if isinstance(goal, written.GoalInARow):
        if goal.unit.text not in ("day", "days"):
            scope.findings.report(
                "L309", goal.unit.span, "what comes in a row is days",
                help="write `goal 7 days in a row with purchase`, for one",
            )  # fmt: skip
            return None
        days, span = goal.number.value, goal.number.span
    else:
        ends = challenge.ends
        if not isinstance(ends, written.EndsAfter):
            return None
        length = duration(scope, ends.length)
        if length is None:
            return None
        days, span = Fraction(length.count) * _DAYS.get(length.unit, MOST_DAYS + 1), ends.span
    gaps = Fraction(0) if challenge.gaps is None else challenge.gaps.number.value
    if challenge.gaps is not None and (gaps.denominator != 1 or not 1 <= gaps <= MOST_DAYS):
        scope.findings.report(
            "L310", challenge.gaps.span, "a run forgives 1 gap or more, in whole days",
            help="write `forgive 1 gap`, or delete the line",
        )  # fmt: skip
        return None
    if days.denominator != 1 or not 2 <= days <= MOST_DAYS:
        scope.findings.report(
            "L310", span, f"a run is of 2 to {MOST_DAYS} days in a row",
            help="write a whole number of days, as in `goal 7 days in a row with purchase`"
            if isinstance(goal, written.GoalInARow) else "end the challenge `7 days after start`, for one",
        )  # fmt: skip
        return None
    return int(days)


def _running(scope: ProgramScope, challenge: Challenge) -> Running | None:
    """When it counts; `None` if that is wrong, which is reported."""
    start, ends = challenge.start, challenge.ends
    last = None
    length: Duration | None = None
    match ends:
        case written.EndsOn():
            last = day(scope, ends.day)
            if last is None:
                return None
        case written.EndsAfter():
            length = duration(scope, ends.length)
            if length is None:
                return None
        case None:
            pass
    match start:
        case None:
            return None
        case written.StartEvery():
            if ends is not None:
                scope.findings.report(
                    "L330", ends.span, f"it starts every {start.of.span.text}, and ends with it",
                    secondary=[(start.span, "starts here")], help="delete this line",
                )  # fmt: skip
                return None
            if not verify_present(scope, start.of, "it starts with each window"):
                return None
            window = check_window(scope, start.of)
            if isinstance(window, Rolling | Lifetime):
                scope.findings.report(
                    "L330", start.of.span, f"`{start.of.span.text}` does not start every so often",
                    help="write `start every calendar month`, for one",
                )  # fmt: skip
                return None
            return None if window is None else Running(window, None)
        case written.StartOn():
            first = day(scope, start.day)
            if first is None or ends is None:
                return None
            last = add_duration(first, length) - 1 if length is not None else last
            if last is None or last < first:
                scope.findings.report(
                    "L316", ends.span, "it ends before it starts",
                    secondary=[(start.span, "starts here")], help="write a later day",
                )  # fmt: skip
                return None
            return Running(Lifetime(), All((_from(first), _through(last))))
        case written.StartOptIn():
            if ends is None:
                return None
            return Running(Lifetime(), _opted_in(scope, challenge, start.span, length, last))


def _opted_in(
    scope: ProgramScope, challenge: Challenge, span: Span, length: Duration | None, last: int | None
) -> Condition | None:
    """That a member's first opting in was before this event and less than `length` ago."""
    kind = scope.events.find(challenge.event)
    if kind is None:
        return None
    name = f"{challenge.event} in lifetime"
    number = NumberMeasure(kind.index)
    ever = take_counter(scope, number, Lifetime(), kind=Kind.NUMBER, name=name, span=span)
    if length is None:
        opted = Compare(CounterValue(ever), Order.AT_LEAST, Literal(1, Kind.NUMBER))
        return opted if last is None else All((opted, _through(last)))
    first = Compare(CounterValue(ever), Order.EQUAL, Literal(0, Kind.NUMBER))
    recent = take_counter(
        scope, number, Rolling(length), first, kind=Kind.NUMBER,
        name=f"the first {challenge.event} in rolling {length}", span=span,
    )  # fmt: skip
    return Compare(CounterValue(recent), Order.AT_LEAST, Literal(1, Kind.NUMBER))


def _from(first: int) -> Condition:
    return Compare(EventDay(), Order.AT_LEAST, Literal(first, Kind.DATE))


def _through(last: int) -> Condition:
    return Compare(EventDay(), Order.AT_MOST, Literal(last, Kind.DATE))
