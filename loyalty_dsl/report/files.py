"""Files that are there whole or not at all.

Invariant: a name that a user sees holds either what it held before or all of the new bytes, even after a
kill or on a full disk: write beside it, flush to the disk, rename. What fails is told as a value.
"""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

import attrs


@attrs.frozen
class WriteFailure:
    """A file or folder that could not be written; a command ends with exit code 2."""

    path: Path
    reason: str

    @property
    def message(self) -> str:
        """One line, in lower case, with the name in backticks."""
        return f"cannot write `{self.path}`: {self.reason}"


def write_whole(path: Path, data: bytes) -> WriteFailure | None:
    """Writes a file whole.

    Args:
        path: where to; its folder must exist. A link is followed; what is no file, such as a terminal or
            a pipe, is written to as it is and never replaced.
        data: all of it.

    Returns:
        `None`, or why nothing was written; then `path` is as it was.
    """
    if path.exists() and not path.is_file():
        return _write_through(path, data)
    target = path.resolve()
    staged = stage(target, data)
    return staged if isinstance(staged, WriteFailure) else publish(staged, target)


def _write_through(path: Path, data: bytes) -> WriteFailure | None:
    try:
        with path.open("wb") as file:
            file.write(data)
    except OSError as error:
        return WriteFailure(path, reason_of(error))
    return None


def stage(path: Path, data: bytes) -> Path | WriteFailure:
    """Writes `data` to the disk beside `path`, under a temporary name, which it returns."""
    temporary: Path | None = None
    try:
        handle, name = mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
    except OSError as error:
        if temporary is not None:
            discard(temporary)
        return WriteFailure(path, reason_of(error))
    return temporary


def publish(temporary: Path, path: Path) -> WriteFailure | None:
    """Gives a staged file its name, and makes the name last."""
    try:
        temporary.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        discard(temporary)
        return WriteFailure(path, reason_of(error))
    return None


def discard(temporary: Path) -> None:
    """Removes a staged file, if it is there."""
    with suppress(OSError):
        temporary.unlink()


def reason_of(error: OSError) -> str:
    """What the system says, in lower case: `no space left on device`."""
    return (error.strerror or str(error)).lower()


def _flush_folder(folder: Path) -> None:
    """Flushes a folder's names, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    """The process's mask for new files, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
