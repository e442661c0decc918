"""Strategies in the kernel: a function at an address is told registers (EARN-15).

Invariant: what is called is C code that takes six words and gives one, and raises nothing: it says `FAILED`.
"""

# ruff: noqa: PLR0917 - compiled code passes by position
# mypy: disable-error-code="no-untyped-call, attr-defined"

import ctypes
from typing import Any

from llvmlite import ir
from numba import config, types
from numba.extending import intrinsic

from loyalty_dsl.evaluation.kernel_cache import apart
from loyalty_dsl.evaluation.plan import PART_RULE, Ints

FAILED = -(2**63)
"""What the code of a strategy says where the function raised, or said no integer."""

C_STRATEGY = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * 6)


@intrinsic
def _call_code(typing: Any, at: Any, a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> Any:
    """Calls the code at an address."""

    def call(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = ir.IntType(64)
        code = builder.inttoptr(arguments[0], ir.FunctionType(word, [word] * 6).as_pointer())
        return builder.call(code, arguments[1:])

    return types.int64(*[types.int64] * 7), call


def _call_plainly(at: int, *told: int) -> int:
    answer: int = C_STRATEGY(int(at))(*map(int, told))
    return answer


call_code: Any = _call_plainly if config.DISABLE_JIT else _call_code


@apart
def strategy_units(
    strategies: Ints,
    mishaps: Ints,
    parts: Ints,
    registers: Ints,
    first: int,
    end: int,
    strategy: int,
    most: int,
) -> int:
    """What a strategy gives that is told the registers of rows `first` to `end` of the parts."""
    a, b, c, d, e, f = 0, 0, 0, 0, 0, 0
    for place in range(first, end):
        value = registers[parts[place, PART_RULE]]
        told = place - first
        if told == 0:
            a = value
        elif told == 1:
            b = value
        elif told == 2:
            c = value
        elif told == 3:
            d = value
        elif told == 4:
            e = value
        else:
            f = value
    units: int = call_code(strategies[strategy], a, b, c, d, e, f)
    if units == FAILED:
        mishaps[strategy] = 1
        return 0
    return min(max(0, units), most)
