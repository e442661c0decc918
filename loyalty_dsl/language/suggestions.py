"""Did-you-mean: the name in scope that an unknown one was probably meant to be."""

from collections.abc import Iterable


def nearest(text: str, names: Iterable[str]) -> str | None:
    """The name closest to `text`, or `None` when none is close enough to be worth a guess.

    Case and the choice between `-`, `_` and nothing do not count as differences.
    """
    from difflib import get_close_matches  # only a mistake pays for the import

    plain = {_plain(name): name for name in sorted(names, reverse=True)}
    found = get_close_matches(_plain(text), plain, n=1, cutoff=0.65)
    return plain[found[0]] if found else None


def listed(names: Iterable[str], joint: str = "and", most: int = 8) -> str:
    """Names as a person lists them: `a`, `b` and `c`; after `most`, how many more there are."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) > most:
        quoted = [*quoted[: most - 1], f"{len(quoted) - most + 1} more"]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {joint} {quoted[-1]}"


def with_article(noun: str) -> str:
    """A noun behind `a` or `an`."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _plain(text: str) -> str:
    return text.lower().replace("_", "").replace("-", "")
