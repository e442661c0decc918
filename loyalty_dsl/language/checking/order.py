"""Earn rules in order of dependence: what a rule refers to comes before it (EARN-8).

Invariant: an order exists for every program that is run; rules that refer to each other in a circle are
refused, with the circle.
"""

from collections.abc import Mapping, Sequence

from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.records import record
from loyalty_dsl.source import Span


@record
class Reference:
    """A place where a rule's amount reads what other rules passed on.

    Attributes:
        needs: every rule that must be reached first, by index: those named, and all rules of their groups.
        named: the rule or group as written.
    """

    needs: frozenset[int]
    named: str
    span: Span


def order_rules(
    findings: Findings, names: Sequence[str], references: Mapping[int, Sequence[Reference]]
) -> tuple[int, ...] | None:
    """The indices of the rules, each after those that it refers to, else in declared order.

    Args:
        names: of all earn rules, in declared order.
        references: what each rule refers to.

    Returns:
        `None` when there is a circle, which is reported.
    """
    left = dict.fromkeys(range(len(names)))
    needs = {
        index: frozenset[int]().union(*(each.needs for each in references.get(index, ()))) for index in left
    }
    done: list[int] = []
    reached: set[int] = set()
    while left:
        ready = next((index for index in left if needs[index] <= reached), None)
        if ready is None:
            _report_circle(findings, names, references, left)
            return None
        del left[ready]
        reached.add(ready)
        done.append(ready)
    return tuple(done)


def _report_circle(
    findings: Findings,
    names: Sequence[str],
    references: Mapping[int, Sequence[Reference]],
    left: Mapping[int, None],
) -> None:
    """Reports one circle among the rules that are left: each of them waits for another one of them."""
    path: list[int] = [next(iter(left))]
    taken: list[Reference] = []
    while True:
        reference, waits_for = next(
            (each, needed) for each in references[path[-1]] for needed in sorted(each.needs) if needed in left
        )
        taken.append(reference)
        if waits_for in path:
            break
        path.append(waits_for)
    begin = path.index(waits_for)
    circle, taken = path[begin:], taken[begin:]
    words = [f"`{names[circle[0]]}`"]
    for index, reference in zip([*circle[1:], circle[0]], taken, strict=True):
        name = names[index]
        words.append(f"`{name}`" if reference.named == name else f"`{name}` of `{reference.named}`")
    first = taken[0]
    findings.report(
        "L327", first.span,
        f"these rules wait for each other: {' needs '.join(words)}",
        secondary=[(each.span, f"and `{names[index]}` needs this")
                   for index, each in zip(circle[1:], taken[1:], strict=True)],
        help="give one of them an amount that does not depend on the others",
    )  # fmt: skip
