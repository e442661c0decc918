"""What a notebook shows of a result, and the table that other libraries get of it.

Invariant: results know nothing of reports. Whoever can draw one puts a function here under the name of its
class (`report.notebook` does, when the package's own functions are used); without it a notebook shows what
`repr` says, and there is no table. A result has one table, which `docs/python.md` names; its other tables are
properties of their own.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loyalty_dsl.refusals import InputRefused

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped,unused-ignore]
    import polars

RENDERERS: dict[str, Callable[[Any], str]] = {}
"""By the name of a result's class, what makes a piece of HTML of one."""
TABLES: dict[str, Callable[[Any], Any]] = {}
"""By the name of a result's class, what makes its table, a polars frame."""


class Shown:
    """A result that a notebook may show as HTML, and that has a table."""

    __slots__ = ()

    def _repr_html_(self) -> str | None:
        """A piece of a page, as IPython asks for it; `None` where nobody can make one."""
        render = RENDERERS.get(type(self).__name__)
        return None if render is None else render(self)

    def to_polars(self) -> "polars.DataFrame":
        """The table of this result.

        Raises:
            InputRefused: no function of the package, such as `loyalty_dsl.replay`, was used.
        """
        table = TABLES.get(type(self).__name__)
        if table is None:
            raise InputRefused(
                f"there is no table of a {type(self).__name__} yet",
                "take it from a function of the package, such as `loyalty_dsl.replay`",
            )
        frame: polars.DataFrame = table(self)
        return frame

    def to_pandas(self) -> "pandas.DataFrame":
        """The same table for pandas.

        Raises:
            InputRefused: pandas is not installed.
        """
        frame = self.to_polars()
        try:
            return frame.to_pandas()
        except ModuleNotFoundError as missing:
            raise InputRefused(
                f"`to_pandas` needs {missing.name or 'pandas and pyarrow'}, which is not installed",
                "pip install 'loyalty-dsl[pandas]', or take the polars frame from `to_polars()`",
            ) from None

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The same table as an Arrow stream, as pyarrow, DuckDB and others ask for it."""
        return self.to_polars().__arrow_c_stream__(requested_schema)
