"""Python functions that say what a rule gives, found by name (EARN-15).

Invariant: a strategy is code that somebody installed, never a path in a rule file; it is told integers and
says one, or the run is refused.
"""

import inspect
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from loyalty_dsl.refusals import InputRefused

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINTS = "loyalty_dsl.strategies"
"""The group of entry points under which packages register strategies."""

MOST_ARGUMENTS = 6

Strategy = Callable[..., int]

_registered: dict[str, Strategy] = {}


def register_strategy(name: str, function: Strategy) -> None:
    """Makes a function known in this process, as in a notebook; it goes before one that is installed."""
    _registered[name] = function
    _installed.cache_clear()


def _entry_points() -> "tuple[EntryPoint, ...]":
    from importlib.metadata import entry_points  # a tenth of a check's time, for those who use a strategy

    return tuple(entry_points(group=ENTRY_POINTS))


def strategy_names() -> tuple[str, ...]:
    """The names that rules may use, sorted."""
    return tuple(sorted({*_registered, *(each.name for each in _entry_points())}))


def strategy_named(name: str) -> Strategy:
    """The function of a name.

    Raises:
        InputRefused: none is installed, or it cannot be loaded.
    """
    return _registered[name] if name in _registered else _installed(name)


@cache
def _installed(name: str) -> Strategy:
    found = tuple(each for each in _entry_points() if each.name == name)
    if not found:
        raise InputRefused(
            f"no strategy `{name}` is installed",
            f"install the package that has it as an entry point of `{ENTRY_POINTS}`",
        )
    if len({each.value for each in found}) > 1:
        places = " and ".join(sorted(f"`{each.value}`" for each in found))
        raise InputRefused(f"two packages have a strategy `{name}`: {places}", "remove one of them")
    try:
        function = found[0].load()
    except Exception as problem:
        raise InputRefused(
            f"the strategy `{name}` cannot be loaded from `{found[0].value}`: {_said(problem)}",
            "mend or reinstall the package that has it",
        ) from None
    if not callable(function):
        raise InputRefused(f"the strategy `{name}` is `{found[0].value}`, which is not a function")
    return function  # type: ignore[no-any-return]  # called with integers; what it says is looked at


def takes(function: Strategy, count: int) -> bool:
    """Whether a function can be told so many values by their places."""
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # written in C, without a signature
        return True
    return True


def answer_of(name: str, told: Sequence[int]) -> int:
    """What a strategy says.

    Raises:
        InputRefused: it is not installed, raised something, or said something that is no integer.
    """
    try:
        answer = strategy_named(name)(*told)
    except InputRefused:
        raise
    except Exception as problem:
        raise InputRefused(
            f"the strategy `{name}` raised {_said(problem)} when told ({_written(told)})", _MEND
        ) from None
    if not isinstance(answer, int) or isinstance(answer, bool):
        raise InputRefused(
            f"the strategy `{name}` said {answer!r:.60}, which is not an integer, when told "
            f"({_written(told)})",
            "it has to say whole units, as an `int`: round in it, as in `7 * amount // 100`",
        )
    return answer


_MEND = "mend the function, or say with `when` where it may be asked"


def _written(told: Sequence[int]) -> str:
    return ", ".join(map(str, told))


def _said(problem: Exception) -> str:
    text = str(problem)
    return f"{type(problem).__name__}: {text}" if text else type(problem).__name__
