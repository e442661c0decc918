"""What a notebook shows of a result.

Invariant: results know nothing of reports. Whoever can draw one puts a function here under the name of its
class (`report.notebook` does, when the package's own functions are used); without it a notebook shows what
`repr` says.
"""

from collections.abc import Callable
from typing import Any

RENDERERS: dict[str, Callable[[Any], str]] = {}
"""By the name of a result's class, what makes a piece of HTML of one."""


class Shown:
    """A result that a notebook may show as HTML."""

    __slots__ = ()

    def _repr_html_(self) -> str | None:
        """A piece of a page, as IPython asks for it; `None` where nobody can make one."""
        render = RENDERERS.get(type(self).__name__)
        return None if render is None else render(self)
