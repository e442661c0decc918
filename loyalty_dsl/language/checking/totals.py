"""Totals: what is made of counters, as sums, shares, ratios, or in windows some time ago.

Invariant: a total is a sum of whole multiples of counters over one scale, so that every comparison with it
is one of integers.
"""

from collections.abc import Sequence
from math import lcm

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import LARGEST, fine_enough, more_than_nothing
from loyalty_dsl.language.checking.counting import WORDS, event_named, names_counter
from loyalty_dsl.language.checking.currencies import label_of
from loyalty_dsl.language.checking.pasts import past_counted
from loyalty_dsl.language.checking.scope import Counted, ProgramScope, Terms, declare_readable
from loyalty_dsl.language.counters import NamedTotal
from loyalty_dsl.language.types import Kind

_MOST_COEFFICIENTS = 2**62 // LARGEST
"""How large the coefficients of a total may be together, for counters up to `LARGEST`."""


def names_in(clause: syntax.CounterClause) -> tuple[syntax.Name, ...]:
    """The names of the counters and totals that a total is made of."""
    match clause.of:
        case syntax.CounterSum(terms=terms):
            return tuple(term.name for term in terms)
        case syntax.CounterShare(name=name):
            return (name,)
        case syntax.CounterRatio(name=name, by=by):
            return (name, by)
        case syntax.CounterMeasure(measure=measure):
            return (measure.name,)


def is_past(scope: ProgramScope, of: syntax.CounterMeasure, clauses: Sequence[syntax.CounterClause]) -> bool:
    """Whether a counter is another declared one, in a window some time ago."""
    if of.measure.window is None or not names_counter(scope, of.measure):
        return False
    return any(clause.name.text == of.measure.name.text for clause in clauses)


def report_circle(scope: ProgramScope, waiting: Sequence[syntax.CounterClause]) -> None:
    """Reports totals that wait for each other."""
    names = {clause.name.text: clause for clause in waiting}
    path = [waiting[0].name.text]
    while True:
        following = next(used.text for used in names_in(names[path[-1]]) if used.text in names)
        if following in path:
            break
        path.append(following)
    circle = [*path[path.index(following) :], following]
    first = names[circle[0]]
    scope.findings.report(
        "L327", first.span,
        f"these totals wait for each other: {' needs '.join(f'`{name}`' for name in circle)}",
        secondary=[(names[name].span, "") for name in circle[1:-1]],
        help="make one of them of counters alone",
    )  # fmt: skip
    for clause in waiting:
        scope.counted.hide(clause.name.text)


def check_total(scope: ProgramScope, clause: syntax.CounterClause) -> NamedTotal | None:
    """Puts a total in scope, and returns it unless it is a ratio."""
    parts = [_part(scope, name) for name in names_in(clause)]
    if parts[0] is not None:
        parts[0] = _in_window(scope, clause.of, parts[0])
    known = [part for part in parts if part is not None]
    counted = _total(scope, clause, known) if len(known) == len(parts) else None
    if counted is None:
        scope.counted.hide(clause.name.text)
        return None
    return declare_total(scope, clause, counted)


def declare_total(scope: ProgramScope, clause: syntax.CounterClause, counted: Counted) -> NamedTotal | None:
    """The same of one whose terms are known."""
    if not declare_readable(scope, scope.counted, clause.name, counted) or counted.divisor is not None:
        return None
    return NamedTotal(
        name=counted.name,
        label=label_of(clause.name, clause.label),
        terms=counted.terms,
        scale=counted.scale,
        kind=counted.kind,
        currency=-1 if counted.currency is None else counted.currency.index,
        span=clause.span,
    )


def _in_window(scope: ProgramScope, of: syntax.counters.CounterOf, part: Counted) -> Counted | None:
    """What a total is made of, in the window some time ago that it names."""
    match of:
        case syntax.CounterShare(window=window) if window is not None:
            return past_counted(scope, part, window)
        case syntax.CounterMeasure(measure=measure, where=where) if measure.window is not None:
            if where is not None:
                scope.findings.report(
                    "L204", where.span, f"`{part.name}` says already what it counts",
                    secondary=[(part.span, "declared here")], help="write the condition where it is declared",
                )  # fmt: skip
                return None
            return past_counted(scope, part, measure.window)
        case _:
            return part


def _part(scope: ProgramScope, name: syntax.Name) -> Counted | None:
    if scope.counted.find(name.text) is None and not scope.counted.may_be_unseen(name.text):
        counts = name.text in WORDS or event_named(scope, name.text) is not None
        if counts:
            scope.findings.report(
                "L201", name.span, f"there is no counter `{name.text}`",
                help=f"declare one, `counter NAME = {name.text} in calendar year`, and write its NAME here",
            )  # fmt: skip
            return None
    part = scope.counted.resolve(name)
    if part is not None and part.divisor is not None:
        scope.findings.report(
            "L301", name.span, f"`{name.text}` is a ratio, which is only compared",
            secondary=[(part.span, "declared here")], help="make the total of counters",
        )  # fmt: skip
        return None
    return part


def _total(scope: ProgramScope, clause: syntax.CounterClause, parts: Sequence[Counted]) -> Counted | None:
    kind, currency = parts[0].kind, parts[0].currency
    scale, divisor = 1, None
    match clause.of:
        case syntax.CounterSum(terms=written):
            for term, part in zip(written[1:], parts[1:], strict=True):
                if not _verify_alike(scope, parts[0], part, term.name, "added to"):
                    return None
            scale = lcm(*(part.scale for part in parts))
            signs = [-1 if term.minus else 1 for term in written]
            scaled = [times(part.terms, scale // part.scale) for part in parts]
            terms = merged(*(times(each, sign) for sign, each in zip(signs, scaled, strict=True)))
        case syntax.CounterShare(percent=percent):
            share = percent.value
            if more_than_nothing(scope, share.numerator, percent.span) is None:
                return None
            if not fine_enough(scope, share, percent.span):
                return None
            scale = parts[0].scale * share.denominator
            terms = times(parts[0].terms, share.numerator)
        case syntax.CounterRatio(by=by):
            if parts[1].kind is not Kind.NUMBER:
                if not _verify_alike(scope, parts[0], parts[1], by, "divided by"):
                    return None
                kind, currency = Kind.NUMBER, None
            terms, divisor = times(parts[0].terms, parts[1].scale), times(parts[1].terms, parts[0].scale)
        case syntax.CounterMeasure():
            scale, terms = parts[0].scale, parts[0].terms
    largest = scale + sum(abs(each) for each, _ in (*terms, *(divisor or ())))
    if largest > _MOST_COEFFICIENTS:
        scope.findings.report(
            "L311", clause.span, f"`{clause.name.text}` is so fine that its sum may not fit 64 bits",
            help="write its shares with fewer digits",
        )  # fmt: skip
        return None
    return Counted(
        name=clause.name.text, terms=terms, scale=scale, divisor=divisor, kind=kind, currency=currency,
        counter=None, span=clause.name.span,
    )  # fmt: skip


def _verify_alike(scope: ProgramScope, first: Counted, part: Counted, name: syntax.Name, verb: str) -> bool:
    if (first.kind, first.currency) == (part.kind, part.currency):
        return True
    currency = part.currency
    whole = currency is not None and currency.scale == 1 and not currency.in_money
    if verb == "added to" and first.kind is Kind.NUMBER and part.kind is Kind.UNITS and whole:
        return True  # five night credits are five nights
    scope.findings.report(
        "L301", name.span,
        f"`{part.name}` is {kind_in_words(part)}, and cannot be {verb} `{first.name}`, which is "
        f"{kind_in_words(first)}" if verb == "added to" else
        f"`{first.name}` is {kind_in_words(first)}, and cannot be {verb} `{part.name}`, which is "
        f"{kind_in_words(part)}",
        secondary=[(first.span, "declared here"), (part.span, "declared here")],
        help="make the total of counters of one kind",
    )  # fmt: skip
    return False


def kind_in_words(counted: Counted) -> str:
    """What a counter counts, behind "is"."""
    match counted.kind:
        case Kind.UNITS if counted.currency is not None:
            return f"an amount of `{counted.currency.name}`"
        case Kind.MONEY:
            return "money"
        case _:
            return "a number"


def times(terms: Terms, factor: int) -> Terms:
    """Every coefficient multiplied."""
    return tuple((factor * each, counter) for each, counter in terms)


def merged(*sums: Terms) -> Terms:
    """The sum of sums, each counter once."""
    total: dict[int, int] = {}
    for terms in sums:
        for each, counter in terms:
            total[counter] = total.get(counter, 0) + each
    return tuple((each, counter) for counter, each in total.items() if each)
