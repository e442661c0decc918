"""How the functions of the kernel become one piece of code.

numba links each function with all that it calls, optimizes the whole, makes machine code of it and a wrapper
for Python, and does so again for each caller on the way up: the time taken grows with the square of the
kernel. Only the entries are ever run, so what takes a plan or a state is left as it is until an entry is
compiled that calls it: nothing else is optimized, and nothing else becomes machine code.

Invariant: the code of an entry is the same as without this, for all of it is optimized there, as one; but no
index of ours is negative, so none counts from an array's end, and nothing asks whether it does; and nothing
of ours raises, so no call is followed by a question whether it did.
"""

# mypy: disable-error-code="no-untyped-call, method-assign, assignment"
# numba says little of the types of its own parts.
# ruff: noqa: PLR0917 - what takes the place of a function of numba takes what that takes

import gc
import threading
from typing import Any

from llvmlite.binding import PassBuilder, PipelineTuningOptions
from llvmlite.ir import Constant, PointerType
from numba.core import cgutils, sigutils, types
from numba.core.callconv import CPUCallConv, Status, excinfo_ptr_t
from numba.core.codegen import CPUCodegen, JITCodeLibrary
from numba.np import arrayobj

from loyalty_dsl.evaluation.kernel_references import Reference


class _Compiling(threading.local):
    """What this thread is compiling: the name of a function that is left to its caller, and how many of ours
    one within the other."""

    left = ""
    depth = 0


_compiling = _Compiling()

_apart: set[str] = set()
"""Functions whose code goes into no other."""


def indexed_from_zero(dispatcher: Any) -> Any:
    """Compiles a function of ours as one in which no index is negative."""
    compiler = getattr(dispatcher, "_compiler", None)
    if compiler is None:  # numba is off
        return dispatcher
    compile_ = compiler.compile

    def compile_ours(args: Any, return_type: Any) -> Any:
        _compiling.depth += 1
        collects = gc.isenabled()
        gc.disable()  # what compiling makes it keeps, so looking for garbage is a tenth of the time in vain
        try:
            return compile_(args, return_type)
        finally:
            _compiling.depth -= 1
            if collects:
                gc.enable()

    compiler.compile = compile_ours
    return dispatcher


def left_to_caller(dispatcher: Any, *, apart: bool = False) -> Any:
    """Leaves a function that takes a plan or a state to the entry that calls it; others stay as they are.

    Args:
        apart: the entry calls it, and never takes its code in.
    """
    compiler = getattr(indexed_from_zero(dispatcher), "_compiler", None)
    if compiler is None:  # numba is off
        return dispatcher
    compile_, customize = compiler.compile, compiler._customize_flags

    def compile_left(args: Any, return_type: Any) -> Any:
        outer = _compiling.left
        wide = any(isinstance(each, types.BaseNamedTuple | Reference) for each in args)
        _compiling.left = dispatcher.py_func.__qualname__ if wide else ""
        try:
            result = compile_(args, return_type)
            if apart:
                _apart.add(result.fndesc.llvm_func_name)
            if not _compiling.left:
                return result
            # What Python would call: it takes no arguments, and so refuses them. It has to be a built-in
            # function, and one of its own, for callers find the code by it.
            of_its_own: list[object] = []
            result = result._replace(entry_point=of_its_own.clear)
            dispatcher.targetctx.insert_user_function(result.entry_point, result.fndesc, [result.library])
            return result
        finally:
            _compiling.left = outer

    def customize_left(flags: Any) -> Any:
        flags = customize(flags)
        if _compiling.left:
            flags.no_compile = True
            flags.no_cpython_wrapper = True
            flags.no_cfunc_wrapper = True
        return flags

    compile_any = dispatcher.compile

    def compile_once(signature: Any) -> Any:
        # A constant argument would make a copy of the function of its own.
        arguments, _ = sigutils.normalize_signature(signature)
        return compile_any(tuple(types.unliteral(each) for each in arguments))

    compiler.compile, compiler._customize_flags = compile_left, customize_left
    dispatcher.compile = compile_once
    return dispatcher


def _create(codegen: Any, name: str, **options: Any) -> Any:
    library = _create_library(codegen, name, **options)
    library.left_to_caller = name == _compiling.left  # and not what numba itself compiles for it
    return library


def _optimize(library: Any) -> None:
    """Optimizes an entry with all that it calls. Our loops are over the few rows that a program has: to make
    them wide or long would only be in the way."""
    if getattr(library, "left_to_caller", False):
        return
    if _compiling.depth == 0:
        _optimize_all(library)
        return
    for function in library._final_module.functions:
        if function.name in _apart and not function.is_declaration:
            function.add_function_attribute("noinline")
    tuning = PipelineTuningOptions(speed_level=3)
    tuning.loop_unrolling = tuning.loop_interleaving = False
    tuning.loop_vectorization = tuning.slp_vectorization = False
    passes = PassBuilder(library._codegen._tm, tuning)
    passes.getModulePassManager().run(library._final_module, passes)


def _optimize_parts(library: Any, module: Any) -> None:
    if not getattr(library, "left_to_caller", False):
        _optimize_each(library, module)


def _make_code(library: Any) -> None:
    if getattr(library, "left_to_caller", False):
        library._finalize_dynamic_globals()
        library._finalized = True
    else:
        _make_all_code(library)


def _index(context: Any, builder: Any, its: Any, index: Any, size: Any) -> Any:
    """An index as a machine word, which of ours is never negative."""
    if _compiling.depth > 0:
        return context.cast(builder, index, its, types.intp)
    return _index_from_the_end(context, builder, its, index, size)


def _call(
    conv: Any, builder: Any, callee: Any, returns: Any, takes: Any, arguments: Any, attrs: Any = None
) -> Any:
    """A call of a function that raises nothing: nothing is made ready for an exception, nor asked after."""
    within = builder.function.args
    if _compiling.depth == 0 or len(within) < 2 or within[1].type != PointerType(excinfo_ptr_t):
        return _call_any(conv, builder, callee, returns, takes, arguments, attrs)
    its = conv.get_return_type(returns).pointee
    with builder.goto_entry_block():
        answer = builder.alloca(its)
    words = conv._get_arg_packer(takes).as_arguments(builder, arguments)
    code = builder.call(callee, [answer, within[1], *words])
    yes, no = cgutils.true_bit, cgutils.false_bit
    status = Status(
        code=code, is_ok=yes, is_none=no, is_error=no, is_stop_iteration=no, is_python_exc=no,
        is_user_exc=no, excinfoptr=Constant(excinfo_ptr_t, None),
    )  # fmt: skip
    none = isinstance(returns, types.NoneType)
    value = cgutils.get_null_value(its) if none else builder.load(answer)
    return status, conv.context.get_returned_value(builder, returns, value)


_call_any = CPUCallConv.call_function
CPUCallConv.call_function = _call
_index_from_the_end = arrayobj.fix_integer_index
arrayobj.fix_integer_index = _index
_create_library = CPUCodegen.create_library
_optimize_all = JITCodeLibrary._optimize_final_module
_optimize_each = JITCodeLibrary._optimize_functions
_make_all_code = JITCodeLibrary._finalize_final_module
CPUCodegen.create_library = _create
JITCodeLibrary._optimize_final_module = _optimize
JITCodeLibrary._optimize_functions = _optimize_parts
JITCodeLibrary._finalize_final_module = _make_code
