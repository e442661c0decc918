"""Members without their names: a keyed hash in place of an address, so that no output can be led back to it.

Invariant: the key is read, used and forgotten; nothing that is written holds it, nor anything that it can be
found by. The same member has the same hash under the same key, in every file.
"""

import hmac
import os
import re
from hashlib import sha256
from pathlib import Path

import polars as pl

from loyalty_dsl.refusals import InputRefused

VARIABLE = "LOYALTY_MEMBER_KEY"
PREFIX = "hashed:"
"""What a hash begins with in a quarantine file, by which it is known as one when that is read."""

_LEAST = 16
_HASHED = re.compile(r"hashed:[0-9a-f]{32}")


def member_key(key_file: str | os.PathLike[str] | None) -> bytes:
    """The key, from a file or from the environment.

    Raises:
        InputRefused: there is none, or it is too short to keep anybody out.
    """
    if key_file is not None:
        try:
            key = Path(key_file).read_bytes().strip()
        except OSError as problem:
            raise InputRefused(f"`{key_file}` cannot be read: {(problem.strerror or '').lower()}") from None
        where = f"`{key_file}`"
    else:
        key, where = os.environ.get(VARIABLE, "").strip().encode(), f"the variable {VARIABLE}"
    if not key:
        raise InputRefused(
            f"the source hashes members, and there is no key in {where}",
            f"put a secret of {_LEAST} characters or more into the variable {VARIABLE}, or name a file that "
            "holds one with --key-file FILE",
        )
    if len(key) < _LEAST:
        raise InputRefused(f"the key in {where} is too short", f"take {_LEAST} characters or more")
    return key


def hashed(members: pl.Series, key: bytes) -> pl.Series:
    """Each member as 32 hexadecimal digits: HMAC-SHA-256 under the key, cut in half. What was hashed before
    stays as it is."""
    names = members.unique().drop_nulls().to_list()
    hashes = [hash_of(name, key) for name in names]
    return members.replace_strict(names, hashes, default=None, return_dtype=pl.String)


def hash_of(member: str, key: bytes) -> str:
    """The hash of one member."""
    if _HASHED.fullmatch(member):
        return member.removeprefix(PREFIX)
    return hmac.new(key, member.encode(), sha256).hexdigest()[:32]
