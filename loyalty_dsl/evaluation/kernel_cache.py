"""How the kernel is compiled, and where the compiled code is kept.

Compiled code is kept as pickles, and whoever writes a pickle that we read runs code as us. Invariant: the
folder is ours alone (mode 0700, our own, no symbolic link on the way in from the home folder); where that
cannot be had, compiled code stays in memory. It is never kept beside the program or in a temporary folder.

numba notices a change of the function that it compiled but not of one that this calls, so the key is a hash
of every source that can reach the kernel.
"""

import hashlib
import os
import shutil
import stat
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar, cast

from numba import njit
from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator

from loyalty_dsl.evaluation.kernel_linking import indexed_from_zero, left_to_caller

Compiled = TypeVar("Compiled", bound=Callable[..., object])

_OPTIONS: dict[str, Any] = {"nogil": True, "_nrt": False, "error_model": "numpy", "forceinline": False}
"""No reference counts: they are shared by threads, and half the speed of two threads went there.

`forceinline` is always said: a function that is compiled for another takes over what it leaves open."""

_PACKAGE = Path(__file__).parent.parent

KEPT = 4
"""Folders of compiled code that are kept, this version's among them; each takes some megabytes."""


def part(function: Compiled) -> Compiled:
    """Compiles a function that only compiled functions call."""
    return cast(Compiled, left_to_caller(njit(**_OPTIONS)(function)))


def copied(function: Compiled) -> Compiled:
    """The same, for what is hot and small, or hot and has one or two callers: its code goes into each."""
    return cast(Compiled, left_to_caller(njit(**(_OPTIONS | {"forceinline": True}))(function)))


def apart(function: Compiled) -> Compiled:
    """The same, for what is rarely run: its code goes into no caller, where it would be in the way."""
    return cast(Compiled, left_to_caller(njit(**_OPTIONS)(function), apart=True))


def entry(function: Compiled) -> Compiled:
    """Compiles a function that Python calls, at its first call, and keeps the code for later processes."""
    dispatcher: Any = indexed_from_zero(njit(**_OPTIONS)(function))
    if hasattr(dispatcher, "_cache") and private_folder() is not None:  # no dispatcher when numba is off
        dispatcher._cache = cast(Any, _Cache)(function)
    return cast(Compiled, dispatcher)


def is_cached(function: str = "") -> bool:
    """Whether code of these very sources is kept on this machine; when not, a first run takes seconds.

    Args:
        function: the name of the entry function, `run_members`; empty for any.
    """
    folder = private_folder()
    return folder is not None and any(folder.glob(f"*{function}-*.nbi"))


@cache
def private_folder() -> Path | None:
    """The folder for code compiled from these very sources, made if need be.

    Returns:
        A folder that only we can read and write, or `None` when there is none to be had.
    """
    try:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        if not root.is_absolute():
            return None
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = root
        for name in ("loyalty-dsl", f"kernel-{sources_hash()[:16]}"):
            folder = folder / name
            is_new = not folder.exists()
            folder.mkdir(mode=0o700, exist_ok=True)
            if not is_private(folder):
                return None
        if is_new:
            with suppress(OSError):  # another process may be at it
                prune(folder.parent)
    except (OSError, RuntimeError):
        return None
    return folder


def prune(root: Path) -> None:
    """Removes all but the newest `KEPT` folders of compiled code: each version of the package makes one.

    A process of another version that loses its folder compiles again, and keeps the code in memory.
    """
    folders = [folder for folder in root.glob("kernel-*") if is_private(folder)]
    folders.sort(key=lambda folder: folder.lstat().st_mtime, reverse=True)
    for folder in folders[KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def is_private(folder: Path) -> bool:
    """Whether a path is a folder, not a link to one, that is ours and closed to everybody else."""
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        return False
    if not hasattr(os, "getuid"):  # Windows: the user's own profile is closed by its access list
        return True
    return status.st_uid == os.getuid() and stat.S_IMODE(status.st_mode) & 0o077 == 0


@cache
def sources_hash() -> str:
    """A hash of the names and texts of all sources that compiled code can come from."""
    digest = hashlib.sha256()
    for pattern in ("calendar.py", "language/types.py", "evaluation/*.py", "simulation/*.py"):
        for path in sorted(_PACKAGE.glob(pattern)):
            text = path.read_bytes()
            digest.update(f"{path.relative_to(_PACKAGE).as_posix()} {len(text)}\n".encode())
            digest.update(text)
    return digest.hexdigest()


class _Locator(_CacheLocator):
    """Tells numba our folder and our hash in place of its own guesses."""

    def __init__(self, name: str) -> None:
        self._name = name

    def get_cache_path(self) -> str:
        return str(private_folder())

    def get_source_stamp(self) -> str:
        return sources_hash()

    def get_disambiguator(self) -> str:
        return hashlib.sha256(self._name.encode()).hexdigest()[:10]

    @classmethod
    def from_function(cls, function: Callable[..., object], _file: str) -> Self:
        return cls(f"{function.__module__}.{function.__qualname__}")


class _CacheImpl(CompileResultCacheImpl):
    _locator_classes: list[Any] = [_Locator]


class _Cache(cast(Any, FunctionCache)):  # type: ignore[misc]
    """Keeps code where it can. What cannot be read back, or be written to a full disk, is compiled again: a
    damaged pickle may raise anything, so anything is caught."""

    _impl_class = _CacheImpl

    def load_overload(self, signature: Any, context: Any) -> Any:
        try:
            return super().load_overload(signature, context)
        except Exception:
            return None

    def save_overload(self, signature: Any, data: Any) -> None:
        with suppress(Exception):
            super().save_overload(signature, data)
