"""The decorator of every class of the syntax tree.

Invariant: a node is a record: a frozen, slotted attrs class with equality, a hash and a repr over all fields.
"""

from typing import TypeVar, dataclass_transform

import attrs

from loyalty_dsl.language.records import record

Class = TypeVar("Class", bound=type)


@dataclass_transform(frozen_default=True, field_specifiers=(attrs.field,))
def node(cls: Class) -> Class:
    """Makes a class of the tree: like `attrs.frozen`."""
    return record(cls)
