"""The regular singular and plural of a name that amounts are counted in: `1 point`, `2 points`.

Invariant: what `singular_of` makes of a name is among the `other_numbers` of it, or the name itself, so that
what we write for one of a currency can be read back.
"""

from functools import lru_cache

_HISSING = ("s", "x", "z", "ch", "sh")
_NO_PLURAL = ("ss", "us", "is")
_IN_IE = ("brownie", "calorie", "cookie", "foodie", "goodie", "movie", "pie", "selfie", "smoothie", "tie")
"""Words in -ie, whose plurals look like those of words in -y."""


@lru_cache(4096)
def plurals_of(word: str) -> tuple[str, ...]:
    """The regular plurals of a word; one in -y is also taken with an `s` alone."""
    plain = (word + "s",)
    if word.endswith(_HISSING):
        return (*plain, word + "es")
    return (word[:-1] + "ies", *plain) if word.endswith("y") and len(word) > 1 else plain


@lru_cache(4096)
def other_numbers(word: str) -> tuple[str, ...]:
    """The regular plurals and singulars of a word: `point` for `points`, `penny` for `pennies`."""
    shorter = (word[:-3] + "y", word[:-2], word[:-1]) if not word.endswith("ss") else ()
    return (*plurals_of(word), *(each for each in shorter if each and word in plurals_of(each)))


def singular_of(name: str) -> str:
    """What one of a name is called: `point` for `points`, and `glass` or `cash` as they are.

    Args:
        name: one word, or a title of several, whose last word is the one in the plural.
    """
    before, space, word = name.rpartition(" ")
    return before + space + _singular(word)


def _singular(word: str) -> str:
    if word.endswith(_NO_PLURAL) or not word.endswith("s") or len(word) < 2:
        return word
    if word.endswith("ies") and len(word) > 3 and word[:-1] not in _IN_IE:
        return word[:-3] + "y"
    if word.endswith(("sses", "uses", "xes", "ches", "shes")) and not word.endswith(("ouses", "auses")):
        return word[:-2]
    return word[:-1]
