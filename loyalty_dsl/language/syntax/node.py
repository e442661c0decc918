"""The decorator of every class of the syntax tree.

Invariant: a node is a frozen, slotted attrs class with equality, a hash and a repr over all its fields, just
as `attrs.frozen` makes it. Those three are shared functions here instead of code generated for each class:
generating it for sixty classes would take a third of the time of a whole `loyalty check`.
"""

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

import attrs

Class = TypeVar("Class", bound=type)


@dataclass_transform(frozen_default=True, field_specifiers=(attrs.field,))
def node(cls: Class) -> Class:
    """Makes a class of the tree: like `attrs.frozen`."""
    make: Callable[[Any], Any] = attrs.frozen(eq=False, repr=False)
    made = make(cls)
    made.__eq__ = _equal
    made.__hash__ = _hash
    made.__repr__ = _repr
    return made  # type: ignore[no-any-return]


def _values(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, field.name) for field in self.__attrs_attrs__)


def _equal(self: Any, other: object) -> Any:
    return _values(self) == _values(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash((self.__class__, _values(self)))


def _repr(self: Any) -> str:
    fields = ", ".join(
        f"{field.name}={getattr(self, field.name)!r}" for field in self.__attrs_attrs__ if field.repr
    )
    return f"{self.__class__.__name__}({fields})"
