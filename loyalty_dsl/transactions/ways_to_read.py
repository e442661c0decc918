"""How a file of transactions is read: as it is, with a mapping, or by a source of the book.

Invariant: nothing is guessed. A source that is not named is the only one of the program; a mapping and a
source exclude each other.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import attrs

from loyalty_dsl.language.book import Book
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.sources import Source
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.language.version_names import name_without_version
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.earlier_rows import EarlierRows
from loyalty_dsl.transactions.histories import HistoryResult, read_history
from loyalty_dsl.transactions.mapping import ColumnMapping, parse_mapping
from loyalty_dsl.transactions.member_keys import member_key
from loyalty_dsl.transactions.schema import schema_of

PLAIN = "none"
"""What is named in place of a source where a file has our own columns."""

PathLike = str | os.PathLike[str]


@attrs.frozen
class WayToRead:
    """How a file is read.

    Attributes:
        mapping: what the file calls columns and values.
        source: by which it is read instead.
        key: for the hashes of members, where the source asks for them.
        files: what was read to know this, but for keys.
    """

    mapping: ColumnMapping | None = None
    source: Source | None = None
    key: bytes | None = attrs.field(default=None, repr=False)
    files: tuple[Path, ...] = ()

    def read(
        self,
        program: Program,
        path: Path,
        *,
        data: bytes | None = None,
        earlier: EarlierRows | None = None,
    ) -> HistoryResult:
        """Reads a file; arguments and result as of `read_history`."""
        if self.source is None:
            return read_history(program, path, self.mapping, data=data, earlier=earlier)
        from loyalty_dsl.transactions.exports import read_export

        return read_export(program, path, self.source, self.key, data=data, earlier=earlier)


def way_to_read(
    book: Book | None,
    program: Program,
    *,
    mapping: PathLike | None = None,
    source: str | None = None,
    key_file: PathLike | None = None,
) -> WayToRead:
    """How a file is to be read (SOURCE-10).

    Args:
        book: with the sources; `None` where there is none to choose from.
        mapping: a TOML file.
        source: the name of a source, or `PLAIN` for none.
        key_file: a file with the key for hashes of members.

    Raises:
        InputRefused: both or an unknown one is named, several could be meant, or there is no key.
    """
    if mapping is not None and source is not None:
        raise InputRefused("--map and --source both say what the columns are", "give one of them")
    chosen = None if mapping is not None else _source(book, program, source)
    if chosen is None:
        if key_file is not None:
            raise InputRefused(
                "there is nothing to hash: the file is read without a source",
                'a source hashes members where it says `member "Email", hashed`',
            )
        renamed = None if mapping is None else parse_mapping(Path(mapping), schema_of(program))
        return WayToRead(mapping=renamed, files=() if mapping is None else (Path(mapping),))
    key = member_key(key_file) if chosen.hashed else None
    if key_file is not None and not chosen.hashed:
        raise InputRefused(
            f"the source `{chosen.name}` hashes no members", 'write `member "Email", hashed` in it'
        )
    return WayToRead(source=chosen, key=key)


def _source(book: Book | None, program: Program, name: str | None) -> Source | None:
    everything = () if book is None else book.data_sources
    own = [one for one in everything if one.program == name_without_version(program.name)]
    if name == PLAIN:
        return None
    if name is not None:
        found = next((one for one in everything if one.name == name), None)
        if found is None:
            near = nearest(name, [one.name for one in everything])
            there_are = f"; there are:\n{_listed(everything)}" if everything else ""
            lacking = None if everything else "a rule file needs a block `source NAME { ... }`"
            raise InputRefused(
                f"there is no source `{name}`{there_are}", f"did you mean `{near}`?" if near else lacking
            )
        if found not in own:
            raise InputRefused(
                f"the source `{name}` is for the program `{found.program}`, not for `{program.name}`",
                f"choose that program: --program {found.program}",
            )
        return found
    if len(own) > 1:
        raise InputRefused(
            f"there are {len(own)} sources, and one is wanted:\n{_listed(own)}",
            f"choose one with --source {own[0].name}, or --source {PLAIN} for a file with our own columns",
        )
    return own[0] if own else None


def _listed(sources: Sequence[Source]) -> str:
    return "\n".join(f"  {one.name}  ({one.span})" for one in sources)
