"""`use strategy`: a Python function that says what an earn rule gives.

Invariant: a strategy that checks is installed, and takes as many values as it is told.
"""

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.amounts import OfStrategy
from loyalty_dsl.language.checking.amounts import positive_quantity
from loyalty_dsl.language.checking.earned_amounts import Earning, Given
from loyalty_dsl.language.checking.measures import check_measure
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.conditions import Operand
from loyalty_dsl.language.strategies import MOST_ARGUMENTS, strategy_named, strategy_names, takes
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.refusals import InputRefused


def by_strategy(scope: ProgramScope, earning: Earning, use: syntax.amounts.UseStrategy) -> Given | None:
    """What a `use strategy` gives, or `None` when it is wrong (reported)."""
    errors = scope.findings.errors
    most = positive_quantity(scope, use.most)
    operands: list[Operand] = []
    for measure in use.of:
        measured = check_measure(scope, earning.fired.readable, measure)
        if measured is None:
            continue
        if measured.ratio is not None:
            scope.findings.report(
                "L209", measure.span, f"{measured.words}, and a strategy is told whole numbers",
                help="tell it the counters that are divided, and divide in the function",
            )  # fmt: skip
            continue
        operands.append(measured.operand)
    if len(use.of) > MOST_ARGUMENTS:
        scope.findings.report(
            "L209", use.of[MOST_ARGUMENTS].span, f"a strategy is told at most {MOST_ARGUMENTS} things",
            help="leave some out, or count together in a counter",
        )  # fmt: skip
    _verify_installed(scope, use)
    if scope.findings.errors > errors or most is None:
        return None
    return Given(OfStrategy(use.name.text, tuple(operands), most[1]), most[0], use.span)


def _verify_installed(scope: ProgramScope, use: syntax.amounts.UseStrategy) -> None:
    name = use.name.text
    try:
        function = strategy_named(name)
    except InputRefused as problem:
        known = strategy_names()
        guess = nearest(name, known)
        help, edit = problem.help, None
        if guess is not None and name not in known:
            help, edit = f"did you mean `{guess}`?", Edit(use.name.span, guess)
        elif known and name not in known:
            help = f"{help}; installed: {listed(known, 'and')}"
        scope.findings.report("L209", use.name.span, problem.message, help=help, edit=edit)
        return
    if not takes(function, len(use.of)):
        told = f"{len(use.of)} {'value' if len(use.of) == 1 else 'values'}" if use.of else "nothing"
        scope.findings.report(
            "L209", use.span, f"the strategy `{name}` is told {told}, which is not what it takes",
            help="name behind `of` what it takes, in its order: `of basket, visits`",
        )  # fmt: skip
