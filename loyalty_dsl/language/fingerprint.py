"""A short word for what a program's rules mean, by which a kept state knows its program again.

Invariant: two programs with the same fingerprint treat every member alike. Comments, spelling, labels, costs
and the populations beside a program are not in it; what is at its default is left out, so a release that
gives programs a new property changes no fingerprint of a program without it.
"""

from collections.abc import Iterator
from enum import Enum
from fractions import Fraction
from hashlib import blake2b

import attrs

from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.program import CostOfFace, CostPerUse, Program
from loyalty_dsl.source import Span

_NO_BEARING = (Span, AssumedNumber, CostPerUse, CostOfFace)
_UNREAD = {"label", "account", "hidden", "partners", "running", "shown_whole", "notice"}

_latest: list[tuple[Program, str]] = []
"""The program that was asked about last, with its fingerprint."""


def fingerprint_of(program: Program) -> str:
    """32 hexadecimal digits."""
    if not _latest or _latest[-1][0] is not program:  # whoever asks once asks at every event
        text = "".join(_written(program))
        _latest[:] = [(program, blake2b(text.encode(), digest_size=16).hexdigest())]
    return _latest[-1][1]


def _written(part: object) -> Iterator[str]:
    """A part in a form that no other meaning has."""
    match part:
        case Enum():
            yield f"{type(part).__name__}.{part.name};"
        case None | bool() | int() | str() | Fraction():
            yield f"{part!r};"
        case tuple() | list():
            yield "("
            for each in part:
                yield from _written(each)
            yield ")"
        case frozenset() | set():
            yield "{" + "".join(sorted("".join(_written(each)) for each in part)) + "}"
        case dict():
            yield "["
            for key, value in part.items():
                yield from _written(key)
                yield from _written(value)
            yield "]"
        case _ if attrs.has(kind := type(part)):
            yield f"{kind.__name__}<"
            for field in attrs.fields(kind):
                value = getattr(part, field.name)
                if field.name in _UNREAD or isinstance(value, _NO_BEARING) or value == field.default:
                    continue
                yield f"{field.name}="
                yield from _written(value)
            yield ">"
        case _:
            raise TypeError(f"a program holds a {type(part).__name__}, which has no fingerprint")
