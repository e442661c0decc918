"""Ctrl-C is answered at once, whatever is running."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")

_LOOK = 0.1
"""Seconds between looks at what has been pressed, for systems on which waiting hears of nothing."""


def run_interruptibly(work: Callable[[], Result]) -> Result:
    """Runs `work` in a thread of its own, while this one waits and can be interrupted.

    Compiled code does not look for interrupts. On one, `work` is abandoned: only a command, which ends its
    process then without waiting for threads, may do this. Files stay whole, as they get their names last.

    Raises:
        KeyboardInterrupt: Ctrl-C; and whatever `work` raises.
    """
    outcome: Future[Result] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as problem:  # a panic of a library is no Exception
            outcome.set_exception(problem)

    thread = Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_LOOK)
    return outcome.result()
