"""What became of files that were to be laid out, as JSON: `loyalty.fmt/1`; the schema ships beside.

Invariant: fields never change meaning within a version.
"""

from collections.abc import Iterable

from loyalty_dsl import __version__
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.report.check_json import diagnostic_as_data
from loyalty_dsl.report.json_text import json_text

FORMAT = "loyalty.fmt/1"


def fmt_json(files: Iterable[tuple[str, bool, tuple[Diagnostic, ...]]], *, written: bool) -> str:
    """The outcome as JSON text.

    Args:
        files: of each its name, whether its layout is another, and the mistakes for which it was left alone.
        written: whether those whose layout is another were written.
    """
    outcome = {
        "format": FORMAT,
        "version": __version__,
        "written": written,
        "files": [
            {
                "file": name,
                "changes": changes,
                "diagnostics": [diagnostic_as_data(mistake) for mistake in mistakes],
            }
            for name, changes, mistakes in files
        ],
    }
    return json_text(outcome)
