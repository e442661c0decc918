"""What a section of a forecast's page is: text and figures, already in words, and a chart.

Invariant: a title is computed from the data that its chart and its table show.
"""

from typing import Any

import attrs


@attrs.frozen
class Table:
    """A table: the first column names the row, the others are figures. All of it is plain text.

    Attributes:
        kinds: a letter for each column after the first, its class: `n` a figure, `w` a place in a file,
            `t` text; figures where it is empty.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kinds: str = ""


@attrs.frozen(eq=False)
class Panel:
    """One section.

    Attributes:
        name: unique on the page; letters, digits and hyphens.
        kind: which chart it is, for its style.
        title: what the data say.
        subtitle: the basis of the figures, where a reader has to know it; may be empty.
        reading: how to read the chart.
        chart: a Vega-Lite specification, or `None` when there is nothing to draw.
        table: the figures behind it.
    """

    name: str
    kind: str
    title: str
    reading: str
    chart: dict[str, Any] | None
    table: Table
    subtitle: str = ""
