"""The footer of a Parquet file, read without decoding any data, to bound what reading it would take.

Invariant: a few kilobytes of the file are read and nothing is decompressed. The footer is a struct of
Thrift's compact protocol; only the fields named below are looked at, by their numbers in `parquet.thrift`
(Apache Parquet format 2.10).
"""

import struct
from pathlib import Path
from typing import Any, BinaryIO

import attrs

_MAGIC = b"PAR1"
_MAX_FOOTER = 64_000_000

# FileMetaData, RowGroup, ColumnChunk and ColumnMetaData: numbers of the fields that are read.
_ROWS, _ROW_GROUPS = 3, 4
_COLUMNS = 1
_META_DATA = 3
_PATH, _UNCOMPRESSED = 3, 6


@attrs.frozen
class ParquetFooter:
    """What a file says of itself: its rows, and the uncompressed bytes of each top-level column."""

    rows: int
    bytes_of: dict[str, int]


def read_footer(path: Path) -> ParquetFooter:
    """Reads the footer.

    Raises:
        ValueError: the file is no Parquet file, or its footer is damaged.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        document = _document(file)
    try:
        sizes: dict[str, int] = {}
        for group in document[_ROW_GROUPS]:
            for chunk in group[_COLUMNS]:
                meta = chunk[_META_DATA]
                name = meta[_PATH][0].decode()
                sizes[name] = sizes.get(name, 0) + int(meta[_UNCOMPRESSED])
        return ParquetFooter(int(document[_ROWS]), sizes)
    except (KeyError, IndexError, TypeError, AttributeError):
        raise ValueError("its footer is damaged") from None


def _document(file: BinaryIO) -> dict[int, Any]:
    size = file.seek(0, 2)
    if size < 12:
        raise ValueError("it is no Parquet file")
    file.seek(0)
    head = file.read(4)
    file.seek(size - 8)
    length, tail = struct.unpack("<I4s", file.read(8))
    if (head, tail) != (_MAGIC, _MAGIC):
        raise ValueError("it is no Parquet file, or was cut off")
    if not 0 < length <= min(size - 12, _MAX_FOOTER):
        raise ValueError("its footer is damaged")
    file.seek(size - 8 - length)
    try:
        return _Reader(file.read(length)).struct(0)
    except (IndexError, RecursionError):
        raise ValueError("its footer is damaged") from None


class _Reader:
    """Reads Thrift's compact protocol into dictionaries by field number."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _varint(self) -> int:
        value, shift = 0, 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
            if shift > 63:
                raise IndexError

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def struct(self, depth: int) -> dict[int, Any]:
        if depth > 32:
            raise IndexError
        fields: dict[int, Any] = {}
        number = 0
        while header := self._byte():
            delta, type_ = header >> 4, header & 0x0F
            number = number + delta if delta else self._zigzag()
            fields[number] = type_ == 1 if type_ in (1, 2) else self._value(type_, depth)
        return fields

    def _value(self, type_: int, depth: int) -> Any:
        match type_:
            case 1 | 2 | 3:  # a boolean inside a list takes a byte, as an i8 does
                return self._byte()
            case 4 | 5 | 6:
                return self._zigzag()
            case 7:
                self._at += 8
                return 0.0
            case 8:
                length = self._varint()
                start = self._at
                self._at += length
                if self._at > len(self._data):
                    raise IndexError
                return self._data[start : self._at]
            case 9 | 10:
                header = self._byte()
                length = header >> 4
                if length == 15:
                    length = self._varint()
                if length > len(self._data):
                    raise IndexError
                return [self._value(header & 0x0F, depth) for _ in range(length)]
            case 12:
                return self.struct(depth + 1)
            case _:
                raise IndexError  # maps do not occur in a footer
