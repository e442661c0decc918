"""Where output will go, asked before anything is computed.

Invariant: what is written never replaces what was read, by whatever name, link or spelling; and a target that
can be known to fail is refused before the work, not after it.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from loyalty_dsl.refusals import InputRefused


def verify_file_target(target: Path, inputs: Iterable[Path]) -> None:
    """Refuses a file that cannot be written, or must not be.

    Args:
        inputs: files that are read.

    Raises:
        InputRefused: it is one of `inputs` or a folder, or its own folder is not there or closed to us.
    """
    _verify_not_read(target, inputs)
    if target.is_dir():
        raise InputRefused(f"`{target}` is a folder", "name a file")
    if target.exists() and not target.is_file():  # a terminal or a pipe, which is written to as it is
        return
    folder = target.resolve().parent
    if not folder.is_dir():
        raise InputRefused(f"there is no folder for `{target}`")
    if not os.access(folder, os.W_OK) and not (target.exists() and os.access(target, os.W_OK)):
        raise InputRefused(f"cannot write `{target}`: its folder is closed to us")


def verify_table_name(target: str | None) -> None:
    """Refuses a file for a table whose name does not say which kind of table it is.

    Raises:
        InputRefused: it ends in neither .csv nor .parquet.
    """
    if target is not None and Path(target).suffix.lower() not in (".csv", ".parquet"):
        raise InputRefused(f"`{target}` is no table", "name a file that ends in .csv or .parquet")


def verify_folder_target(folder: Path, files: Iterable[str], inputs: Iterable[Path]) -> None:
    """Refuses a folder of files that cannot be made, or must not be; a folder that is not there will be.

    Args:
        files: the names of the files that will be in it.
        inputs: files that are read.

    Raises:
        InputRefused: one of the files is one of `inputs`, or there is something in the way of the folder.
    """
    nearest = next((path for path in (folder, *folder.absolute().parents) if path.exists()), folder)
    if not nearest.is_dir():
        raise InputRefused(f"`{folder}` cannot be a folder: `{nearest}` is a file")
    if not os.access(nearest, os.W_OK):
        raise InputRefused(f"cannot write to `{folder}`: `{nearest}` is closed to us")
    inputs = list(inputs)
    for target in (folder / name for name in files):
        if target.exists():
            verify_file_target(target, inputs)


def _verify_not_read(target: Path, inputs: Iterable[Path]) -> None:
    """Refuses to write where something was read from, by whatever name, link or spelling."""
    for path in inputs:
        if _is_same(target, path):
            raise InputRefused(
                f"`{target}` would be written over `{path}`, which is read", "give the output another name"
            )


def _is_same(one: Path, other: Path) -> bool:
    try:
        if one.exists() and other.exists():
            return one.samefile(other)
        return one.resolve() == other.resolve()
    except (OSError, RuntimeError):  # a ring of links, or a folder that is closed to us: no file of ours
        return False
