"""What differs between two sets of rule files as JSON: `loyalty.diff/1`; the schema ships beside.

Invariant: the document has every line that differs, whatever a text folds.
"""

from collections.abc import Sequence
from typing import Any

import attrs

from loyalty_dsl import __version__
from loyalty_dsl.explanation.differences import Difference, Differences
from loyalty_dsl.explanation.terms.differences import TermsChange
from loyalty_dsl.language.changes import MARKS
from loyalty_dsl.reading import hash_of_text
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.source import SourceText

FORMAT = "loyalty.diff/1"


def differences_json(
    found: Sequence[Differences],
    old: Sequence[SourceText],
    new: Sequence[SourceText],
    terms: Sequence[TermsChange] | None = None,
) -> str:
    """The differences as JSON text.

    Args:
        old, new: the files of both sides, of which the document has the names and hashes.
        terms: what members read otherwise, where somebody asked.
    """
    told = {} if terms is None else {"terms": [attrs.asdict(change) for change in terms]}
    return json_text(
        {
            "format": FORMAT,
            "version": __version__,
            "old": {source.name: hash_of_text(source) for source in old},
            "new": {source.name: hash_of_text(source) for source in new},
            "differs": bool(found),
            "programs": [
                {
                    "name": each.subject,
                    "how": each.how.value if each.how else "changed",
                    "summary": each.summary,
                    "changes": [_change(part) for part in each.parts],
                }
                for each in found
                if each.subject
            ],
            "beside": [_change(part) for each in found if not each.subject for part in each.parts],
            **told,
        }
    )


def _change(part: Difference) -> dict[str, Any]:
    return {
        "mark": MARKS[part.how],
        "how": part.how.value,
        "what": part.what,
        "name": part.name,
        "label": part.label,
        "within": part.within or None,
        "was": part.was,
        "details": [
            {
                "old": line.old,
                "new": line.new,
                "under": list(line.under),
                "consequence": line.consequence,
            }
            for line in part.lines
        ],
        "read_by": list(part.read_by),
    }
