"""Where the files that ship with the package lie: the grammar's tables and the example programs.

Invariant: a path given here means the same file in an installed wheel, where `resources/` lies inside the
package, and in a checkout or editable install, where `grammar/` and `programs/` lie beside it.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "resources"


def resource_path(relative: str) -> Path:
    """The path of a file or folder that ships with the package.

    Args:
        relative: the path inside the repository, such as `grammar/loyalty.tables.json` or `programs`.

    Returns:
        The path; whether it exists is for the caller to find out by reading it.
    """
    root = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
    return root / relative
