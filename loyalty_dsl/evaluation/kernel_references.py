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

from llvmlite.ir import LoadInstr
from numba import config
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, register_model
from numba.np import arrayobj

from loyalty_dsl.evaluation.kernel_widths import CONSTANT, WIDTHS


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
        if isinstance(its, types.BaseNamedTuple):
            return Reference(its)
        is_constant = isinstance(its, types.Array) and of.of.instance_class in CONSTANT
        typed: types.Type = its.copy(readonly=True) if is_constant else its
        return typed


@lower_getattr_generic(Reference)
def _load_field(context: Any, builder: Any, of: Reference, at: Any, field: str) -> Any:
    index = of.of.fields.index(field)
    its = of.of.types[index]
    where = cgutils.gep_inbounds(builder, at, 0, index)
    if isinstance(its, types.BaseNamedTuple):
        return where
    if isinstance(its, types.Array) and its.layout == "C":
        width = WIDTHS.get(of.of.instance_class, {}).get(field)
        if of.of.instance_class in CONSTANT:
            its = its.copy(readonly=True)
        return _load_array(context, builder, its, where, width)
    return _load_word(builder, where)


def _load_word(builder: Any, where: Any) -> Any:
    """Loads one word, as one that no store can change."""
    loaded = builder.load(where)
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def _load_array(context: Any, builder: Any, its: types.Array, where: Any, width: int | None) -> Any:
    """Loads what an array is, word by word: of a whole structure LLVM would forget that it never changes."""
    array = context.make_array(its)(context, builder)
    word = context.get_value_type(types.intp)
    names = list(array._datamodel._fields)
    shape = names.index("shape")
    lengths = [
        _load_word(builder, cgutils.gep_inbounds(builder, where, 0, shape, axis)) for axis in range(its.ndim)
    ]
    if width is not None:
        lengths[-1] = word(width)
    item = word(context.get_abi_sizeof(context.get_data_type(its.dtype)))
    strides = [item]
    for length in reversed(lengths[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    array.data = _load_word(builder, cgutils.gep_inbounds(builder, where, 0, names.index("data")))
    array.nitems = _load_word(builder, cgutils.gep_inbounds(builder, where, 0, names.index("nitems")))
    array.shape = cgutils.pack_array(builder, lengths)
    array.strides = cgutils.pack_array(builder, strides)
    array.itemsize = item
    array.meminfo = cgutils.get_null_value(array.meminfo.type)
    array.parent = cgutils.get_null_value(array.parent.type)
    return array._getvalue()


def _refuse_other_widths(context: Any, builder: Any, of: types.BaseNamedTuple, value: Any) -> None:
    """Raises, in an entry, where a table has not as many columns as it is said to have."""
    for index, (field, its) in enumerate(zip(of.fields, of.types, strict=True)):
        part = builder.extract_value(value, index)
        width = WIDTHS.get(of.instance_class, {}).get(field)
        if isinstance(its, types.BaseNamedTuple):
            _refuse_other_widths(context, builder, its, part)
        elif width is not None:
            table = context.make_array(its)(context, builder, value=part)
            length = builder.extract_value(table.shape, its.ndim - 1)
            with cgutils.if_unlikely(builder, builder.icmp_signed("!=", length, length.type(width))):
                context.call_conv.return_user_exc(builder, ValueError, (f"the width of `{field}`",))


def _load_item(context: Any, builder: Any, of: types.Array, at: Any) -> Any:
    """An item of a table; of one that never changes, as one that no store can change."""
    loaded = _load_any_item(context, builder, of, at)
    if not of.mutable and isinstance(loaded, LoadInstr):
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


_load_any_item = arrayobj.load_item
arrayobj.load_item = _load_item


@intrinsic
def _stored(typing: Any, value: types.BaseNamedTuple) -> Any:
    """Stores a named tuple in the frame of the entry, and says where."""

    def store(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _refuse_other_widths(context, builder, value, arguments[0])
        return cgutils.alloca_once_value(builder, arguments[0])

    return Reference(value)(value), store


@intrinsic
def _of_first_rows(typing: Any, table: types.Array, count: types.Integer) -> Any:
    """`table[:count]`, where there are so many: nothing is asked of the bounds."""

    def shorten(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        its = signature.args[0]
        array = context.make_array(its)(context, builder, value=arguments[0])
        lengths = [arguments[1], *cgutils.unpack_tuple(builder, array.shape, its.ndim)[1:]]
        array.shape = cgutils.pack_array(builder, lengths)
        items = lengths[0]
        for length in lengths[1:]:
            items = builder.mul(items, length)
        array.nitems = items
        return array._getvalue()

    return table(table, types.intp), shorten


first_rows: Any = (lambda table, count: table[:count]) if config.DISABLE_JIT else _of_first_rows
"""The first `count` rows of a table, of which it has as many."""

by_reference: Any = (lambda value: value) if config.DISABLE_JIT else _stored
"""What the entries call; as plain Python everything is a reference already."""
