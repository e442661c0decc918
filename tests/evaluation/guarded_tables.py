"""Runs the kernel as plain Python on tables that refuse an index below 0 or beyond their end.

    NUMBA_DISABLE_JIT=1 python tests/evaluation/guarded_tables.py FIRST END

Compiled code asks neither, so what is refused here would read or write elsewhere there. Runs the seeded pairs
of the agreement test from FIRST to END (not included).
"""

import sys
from typing import Any, cast

import numpy as np
from drawn_histories import seeded_pair

from loyalty_dsl.evaluation import replay_compiled
from loyalty_dsl.evaluation.replay import replay


class Guarded(np.ndarray):
    """An array as the compiled code takes it: from 0 to its end."""

    def _verify(self, key: Any) -> None:
        for axis, index in enumerate(key if isinstance(key, tuple) else (key,)):
            if isinstance(index, int | np.integer) and not 0 <= index < self.shape[axis]:
                raise IndexError(f"index {index} of axis {axis} in a table of {self.shape}")

    def __getitem__(self, key: Any) -> Any:
        self._verify(key)
        return super().__getitem__(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._verify(key)
        super().__setitem__(key, value)


def guarded(value: Any) -> Any:
    """The same array, or the same tuple of arrays, guarded; the data is shared."""
    if isinstance(value, np.ndarray):
        return value.view(Guarded)
    if isinstance(value, tuple):
        return type(value)(*(guarded(each) for each in value))
    return value


def main() -> None:
    run_members: Any = replay_compiled.run_members

    def run_guarded(*arguments: Any) -> int:
        return int(run_members(*(guarded(each) for each in arguments)))

    replay_compiled.run_members = cast(Any, run_guarded)
    for seed in range(int(sys.argv[1]), int(sys.argv[2])):
        replay(*seeded_pair(seed), "compiled", threads=1, with_postings=True)


if __name__ == "__main__":
    main()
