"""The decorator of the classes that are many: those of checked programs and, by `node`, of the syntax tree.

Invariant: a record is what `attrs.frozen` makes of a class: frozen, slotted, with an equality, a hash and a
repr over its fields, less those that say `eq=False` or `repr=False`. Those three are shared functions here
instead of code generated for each class, which would take a quarter of the time of a whole `loyalty check`.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs

__all__ = ["record"]

if TYPE_CHECKING:
    from attrs import frozen as record
else:

    def record(cls: type) -> type:
        """Makes a class frozen: like `attrs.frozen`."""
        make: Callable[[type], Any] = attrs.frozen(eq=False, repr=False)
        made = make(cls)
        names = [field.name for field in made.__attrs_attrs__ if field.eq]
        made.__compared__ = attrgetter(*names) if names else type
        made.__eq__ = _equal
        made.__hash__ = _hash
        made.__repr__ = _repr
        return made


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    compared = self.__compared__
    return compared(self) == compared(other)


def _hash(self: Any) -> int:
    return hash((self.__class__, self.__compared__(self)))


def _repr(self: Any) -> str:
    fields = ", ".join(
        f"{field.name}={getattr(self, field.name)!r}" for field in self.__attrs_attrs__ if field.repr
    )
    return f"{self.__class__.__name__}({fields})"
