"""Objects of attrs classes as plain data that JSON can hold, and back, by the types of their fields.

Invariant: what is read back equals what was written, for every class whose fields are made of the types named
here; a type that is not is refused when it is first met, never written as something else. Whole numbers have
any size; nothing is a float. A field that holds its default is left out, so data that was written before a
class got a further field with a default can still be read.
"""

import types
from collections.abc import Callable, Mapping
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

Plain = Any
"""`None`, `bool`, `int`, `str`, lists of these and dicts by text."""


class Unreadable(ValueError):
    """Plain data that is not of the form that its type has."""


@attrs.frozen
class Form:
    """How values of one type are written and read."""

    write: Callable[[Any], Plain]
    read: Callable[[Plain], Any]


@cache
def form_of(type_: Any) -> Form:
    """The form of a type.

    Raises:
        TypeError: values of the type have none.
    """
    if type_ in (int, str, bool, type(None)):
        return Form(_same, lambda plain: _checked(plain, type_))
    if type_ is Fraction:
        return Form(str, _read_fraction)
    if isinstance(type_, type) and issubclass(type_, Enum):
        return Form(lambda value: value.name, lambda plain: _member(type_, plain))
    if attrs.has(type_):
        return _form_of_class(type_)
    origin, inner = get_origin(type_), get_args(type_)
    if origin in (Union, types.UnionType):
        return _form_of_union(inner)
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return _form_of_many(inner[0], tuple)
    if origin is tuple:
        return _form_of_tuple(inner)
    if origin in (list, set, frozenset):
        return _form_of_many(inner[0], origin)
    if origin is dict or origin is Mapping or getattr(origin, "__name__", "") == "Mapping":
        return _form_of_mapping(inner[0], inner[1])
    raise TypeError(f"{type_} cannot be written as plain data")


def write(type_: Any, value: Any) -> Plain:
    """A value of a type as plain data."""
    return form_of(type_).write(value)


def read(type_: Any, plain: Plain) -> Any:
    """A value of a type from its plain data.

    Raises:
        Unreadable: it is not data of such a value.
    """
    return form_of(type_).read(plain)


def form_without(type_: type, *left_out: str) -> Form:
    """The form of a class but for some fields, which whoever reads it has to give.

    Returns:
        A form whose `read` takes a pair: the data, and the fields left out, by name.
    """
    form = _form_of_class(type_, left_out)
    return Form(form.write, lambda pair: form.read({**pair[0], _GIVEN: pair[1]}))


_GIVEN = "(given)"


@cache
def _form_of_class(type_: type, left_out: tuple[str, ...] = ()) -> Form:
    hints = get_type_hints(type_)
    fields = [field for field in attrs.fields(type_) if field.init and field.name not in left_out]
    forms = {field.name: (form_of(hints[field.name]), field) for field in fields}
    writers = [(name, form.write, _is_default_of(field)) for name, (form, field) in forms.items()]

    def write_one(value: Any) -> Plain:
        plain = {}
        for name, write_its, is_default in writers:
            its = getattr(value, name)
            if not is_default(its):
                plain[name] = write_its(its)
        return plain

    def read_one(plain: Plain) -> Any:
        if not isinstance(plain, dict):
            raise Unreadable(f"`{plain!r}` is no {type_.__name__}")
        given = dict(plain.get(_GIVEN, {}))
        if unknown := set(plain) - set(forms) - {_GIVEN}:
            raise Unreadable(f"a {type_.__name__} has no `{min(unknown)}`")
        for name, its in plain.items():
            if name != _GIVEN:
                form, field = forms[name]
                given[field.alias or name] = form.read(its)
        try:
            return type_(**given)
        except TypeError:
            raise Unreadable(f"a {type_.__name__} lacks a part") from None

    return Form(write_one, read_one)


def _is_default_of(field: "attrs.Attribute[Any]") -> Callable[[Any], bool]:
    """Whether a value is what the field has where nothing is given."""
    default: Any = field.default
    if default is attrs.NOTHING:
        return lambda value: False
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        if default.takes_self:
            return lambda value: False
        default = default.factory()
    return lambda value: bool(value == default)


def _form_of_union(types_: tuple[Any, ...]) -> Form:
    """Of `None` and one other type; what could be either of two others is not told apart."""
    others = [type_ for type_ in types_ if type_ is not type(None)]
    if len(others) != 1:
        raise TypeError(f"a value of {types_} does not say which of them it is")
    form = form_of(others[0])
    return Form(
        lambda value: None if value is None else form.write(value),
        lambda plain: None if plain is None else form.read(plain),
    )


def _form_of_many(inner: Any, make: Any) -> Form:
    in_order: Callable[[Any], Any] = sorted if make in (set, frozenset) else list
    form = form_of(inner)
    return Form(
        lambda value: [form.write(each) for each in in_order(value)],
        lambda plain: make([form.read(each) for each in _checked(plain, list)]),
    )


def _form_of_tuple(inner: tuple[Any, ...]) -> Form:
    forms = [form_of(type_) for type_ in inner]

    def read_all(plain: Plain) -> tuple[Any, ...]:
        if len(_checked(plain, list)) != len(inner):
            raise Unreadable(f"`{plain!r}` has not {len(inner)} parts")
        return tuple([form.read(each) for form, each in zip(forms, plain, strict=True)])

    return Form(lambda value: [form.write(each) for form, each in zip(forms, value, strict=True)], read_all)


def _form_of_mapping(key: Any, value: Any) -> Form:
    """In the order in which the keys came."""
    pair = form_of(tuple[key, value])
    return Form(
        lambda its: [pair.write(each) for each in its.items()],
        lambda plain: dict([pair.read(each) for each in _checked(plain, list)]),
    )


def _same(value: Any) -> Plain:
    return value


def _checked(plain: Plain, type_: Any) -> Any:
    if type(plain) is not type_:
        raise Unreadable(f"`{plain!r}` is no {type_.__name__}")
    return plain


def _member(type_: type[Enum], plain: Plain) -> Enum:
    if plain not in type_.__members__:
        raise Unreadable(f"`{plain!r}` is no {type_.__name__}")
    return type_[plain]


def _read_fraction(plain: Plain) -> Fraction:
    try:
        return Fraction(_checked(plain, str))
    except (ValueError, ZeroDivisionError):
        raise Unreadable(f"`{plain!r}` is no fraction") from None
