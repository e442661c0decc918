"""Strategies as code that the kernel can call.

A function that numba compiles runs at the kernel's speed; any other is called as it is, at some microseconds
an event. Invariant: code that is compiled has said the same as the function on `_TRIALS` sets of values, and
what fails in the middle of a run makes the run fail.
"""

# mypy: disable-error-code="no-untyped-call, attr-defined"

import ctypes
from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np
from numba import cfunc, config, njit, types
from numba.core.errors import NumbaError

from loyalty_dsl.evaluation.kernel_strategies import C_STRATEGY, FAILED
from loyalty_dsl.evaluation.plan import Ints, Plan, State
from loyalty_dsl.language.strategies import Strategy, answer_of, strategy_named
from loyalty_dsl.refusals import InputRefused

_TRIALS = 400

_VALUES = (
    0, 1, 2, 3, 4, 5, 7, 9, 10, 12, 25, 30, 49, 50, 51, 99, 100, 101, 365, 499, 500, 999, 1000, 1999, 2500,
    4999, 5000, 7777, 9999, 10_000, 12_345, 50_000, 99_999, 100_000, 250_000, 1_000_000, 123_456_789,
)  # fmt: skip
"""What values are drawn from to set the two against each other."""

_SIX = "abcdef"

_kept: dict[tuple[Strategy, str, int], tuple[int, object]] = {}
"""Addresses of code, with what keeps it in memory, by function, name and how many values it is told."""

_names: dict[int, str] = {}
"""The name of the strategy whose code is at an address."""

_problems: dict[str, InputRefused] = {}
"""What went wrong in functions that are called as they are, by name."""


def lower_strategies(named: Sequence[tuple[str, int]]) -> Ints:
    """The addresses of the code of strategies, each a name and how many values it is told.

    Raises:
        InputRefused: one is not there, says no integers, or says something else once it is compiled.
    """
    return np.array([_address_of(name, count) for name, count in named], np.int64)


def verify_strategies(plan: Plan, state: State) -> None:
    """Makes sure that no strategy failed in a run.

    Raises:
        InputRefused: one did, so that nothing of the run may be used.
    """
    for failed in np.flatnonzero(state.mishaps).tolist():
        name = _names[int(plan.strategies[failed])]
        raise _problems.pop(name, None) or InputRefused(
            f"the strategy `{name}` raised an error",
            "replay on the reference evaluator to see which event it was told of",
        )


def _address_of(name: str, count: int) -> int:
    function = strategy_named(name)
    key = (function, name, count)
    if key not in _kept:
        code = None if config.DISABLE_JIT else _compiled(function, name, count)
        if code is None:
            kept: Any = C_STRATEGY(_plain(name, count))
            _kept[key] = ctypes.cast(kept, ctypes.c_void_p).value or 0, kept
        else:
            _kept[key] = code.address, code
        _names[_kept[key][0]] = name
    return _kept[key][0]


def _plain(name: str, count: int) -> Any:
    """The function itself, for C to call: it keeps what it raises."""

    def answer(*told: int) -> int:
        try:
            said = answer_of(name, told[:count])
        except InputRefused as problem:
            _problems[name] = problem
            return FAILED
        return max(-(2**62), min(said, 2**62))

    return answer


def _compiled(function: Strategy, name: str, count: int) -> Any:
    """The function compiled; `None` where numba cannot."""
    inner: Any = njit(function)
    try:
        inner.compile((types.int64,) * count)
    except NumbaError:
        return None
    returns = inner.overloads[(types.int64,) * count].signature.return_type
    if not isinstance(returns, types.Integer) or isinstance(returns, types.Boolean):
        answer_of(name, (1,) * count)  # says so with what it said
        raise InputRefused(
            f"the strategy `{name}` says {returns}, which is not an integer",
            "it has to say whole units, as an `int`: round in it, as in `7 * amount // 100`",
        )
    _verify_alike(inner, name, count)
    scope: dict[str, Any] = {"inner": inner, "FAILED": FAILED}
    told = ", ".join(_SIX[:count])
    exec(
        f"def guarded({', '.join(_SIX)}):\n    try:\n        return inner({told})\n"
        "    except Exception:\n        return FAILED\n",
        scope,
    )
    return cfunc(types.int64(*[types.int64] * 6))(scope["guarded"])


def _verify_alike(inner: Any, name: str, count: int) -> None:
    """Sets compiled code against the function (the reference calls that)."""
    draw = Random(20260310)
    for trial in range(_TRIALS):
        told = [_VALUES[trial % len(_VALUES)] if i == trial % max(1, count) else draw.choice(_VALUES)
                for i in range(count)]  # fmt: skip
        try:
            plain: int | None = answer_of(name, told)
        except InputRefused as problem:
            if "which is not an integer" in problem.message:
                raise
            plain = None
        try:
            said: int | None = int(inner(*told))
        except Exception:
            said = None
        if plain != said:
            words = " and ".join("raises" if each is None else f"says {each}" for each in (plain, said))
            raise InputRefused(
                f"the strategy `{name}` {words} once compiled, when told ({', '.join(map(str, told))})",
                "compiled integers have 64 bits: keep what it computes below 9 x 10^18",
            )
