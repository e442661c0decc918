"""What one version of a program is called: `coffee version 1`.

Invariant: the latest version of a program also goes by the program's own name.
"""

from collections.abc import Iterable
from fractions import Fraction

from loyalty_dsl.language import syntax


def versioned(name: str, version: int | Fraction) -> str:
    """The name of one version of a program."""
    return f"{name} version {version}"


def name_without_version(name: str) -> str:
    """The program's own name."""
    return name.partition(" version ")[0]


def newest_versions(files: Iterable[syntax.File]) -> dict[str, Fraction]:
    """The highest version of each program that has versions."""
    newest: dict[str, Fraction] = {}
    for file in files:
        for block in file.blocks:
            if isinstance(block, syntax.ProgramBlock) and block.version is not None:
                name = block.name.text
                newest[name] = max(newest.get(name, Fraction(0)), block.version.value)
    return newest
