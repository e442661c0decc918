"""Keeps off the terminal what a library in Rust prints of its own failure."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def without_panic_output() -> Iterator[None]:
    """Discards what is written to file descriptor 2 meanwhile, by whatever thread.

    A panic prints its stack before Python hears of it; what it means is told in one sentence afterwards.
    Only a command may do this, whose process is its own: never a library. `LOYALTY_DEBUG` lets all through.
    """
    if os.environ.get("LOYALTY_DEBUG"):
        yield
        return
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def is_standard_error(target: Path) -> bool:
    """Whether what is written to `target` would be discarded meanwhile, by whatever name it goes."""
    try:
        return os.path.samestat(target.stat(), os.fstat(2))
    except OSError:
        return False
