"""File names as another machine needs them: from the root of the repository, whatever folder we ran in.

Invariant: a path below the root is relative to it and has forward slashes; any other is absolute. Links
are not followed, because the repository knows a file by the name that it has there.
"""

import os
from pathlib import Path


def path_from(root: Path, name: str) -> str:
    """A file's path from `root`, or its whole path where it lies elsewhere.

    Args:
        root: an absolute folder.
        name: as the user wrote it, relative to the working directory or absolute.
    """
    path = Path(os.path.abspath(name))  # noqa: PTH100 - resolving would follow links
    base = Path(os.path.abspath(root))  # noqa: PTH100
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix()
