"""Plans, states and sinks by reference: one word where each is dozens of arrays.

A named tuple of arrays is passed to a compiled function array by array, word by word: hundreds of arguments,
so that a function either is copied into each caller or costs a hundred moves at each call. An entry stores
each tuple once, in its own frame, and hands on where; a field is loaded from there when it is asked for.

Invariant: what is stored is never changed (arrays change, which array a field is does not), so a load may be
moved, kept or dropped; and it lives as long as the entry's call does, which no reference survives.
"""

# mypy: disable-error-code="no-untyped-call, attr-defined, untyped-decorator, override"
# numba says little of the types of its own parts.

from typing import Any

from numba import config
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, register_model


class Reference(types.Type):
    """Where a named tuple is stored."""

    def __init__(self, of: types.BaseNamedTuple) -> None:
        self.of = of
        super().__init__(name=f"Reference({of.name})")


@register_model(Reference)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, of: Reference) -> None:
        super().__init__(manager, of, manager.lookup(of.of).get_value_type().as_pointer())


@infer_getattr
class _Fields(AttributeTemplate):
    key = Reference

    def generic_resolve(self, of: Reference, field: str) -> types.Type | None:
        if field not in of.of.fields:
            return None
        its = of.of.types[of.of.fields.index(field)]
        return Reference(its) if isinstance(its, types.BaseNamedTuple) else its


@lower_getattr_generic(Reference)
def _load_field(context: Any, builder: Any, of: Reference, at: Any, field: str) -> Any:
    index = of.of.fields.index(field)
    where = cgutils.gep_inbounds(builder, at, 0, index)
    if isinstance(of.of.types[index], types.BaseNamedTuple):
        return where
    loaded = builder.load(where)
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


@intrinsic
def _stored(typing: Any, value: types.BaseNamedTuple) -> Any:
    """Stores a named tuple in the frame of the entry, and says where."""

    def store(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return cgutils.alloca_once_value(builder, arguments[0])

    return Reference(value)(value), store


by_reference: Any = (lambda value: value) if config.DISABLE_JIT else _stored
"""What the entries call; as plain Python everything is a reference already."""
