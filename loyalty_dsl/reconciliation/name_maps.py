"""What another system calls our members or currencies: a CSV file with the columns `theirs` and `ours`.

Invariant: a name of theirs stands for one of ours; two of theirs may be one of ours, as a member may have two
cards.
"""

import csv
import io
from pathlib import Path

from loyalty_dsl.reading import file_near
from loyalty_dsl.refusals import InputRefused

_COLUMNS = ("theirs", "ours")


def read_names(path: Path | None) -> dict[str, str]:
    """Their names to ours; empty without a file.

    Raises:
        InputRefused: the file is not there, is no CSV with the two columns, or says one name twice.
    """
    if path is None:
        return {}
    if not path.is_file():
        raise InputRefused(f"there is no file `{path}`", file_near(path))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputRefused(f"`{path}` is not text in UTF-8", "save it as UTF-8") from None
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise InputRefused(f"`{path}` cannot be read: {reason}") from None
    lines = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in _COLUMNS if name not in (lines.fieldnames or ())]
    if missing:
        raise InputRefused(
            f"`{path}` lacks the column{'s' if len(missing) > 1 else ''} "
            + " and ".join(f"`{name}`" for name in missing),
            "its first line is `theirs,ours`, then a line for each name",
        )
    names: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        theirs, ours = ((line[name] or "").strip() for name in _COLUMNS)
        if not theirs or not ours:
            raise InputRefused(f"row {number} of `{path}` has a blank cell")
        if names.setdefault(theirs, ours) != ours:
            raise InputRefused(f"`{path}` says of `{theirs}` that it is `{names[theirs]}` and `{ours}`")
    return names
