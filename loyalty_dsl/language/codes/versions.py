"""Codes of versions of a program, and of what becomes of what members hold."""

from loyalty_dsl.language.codes.code import Code, Example

_OLD = """\
program club "Club" version 1 {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    currency points {
        round   down per rule
        expire  12 months after earning
    }
    earn base {
        on    purchase
        give  1 point per $1
    }
    reward five_off {
        price  500 points
        give   $5 off up to the basket
    }
}
"""


def _club(header: str, *, rounded: str = "down", unit: str = "point") -> str:
    """Both versions of a small program, the new one with these lines in its header."""
    return (
        _OLD
        + 'program club "Club" version 2 {\n    money     USD\n    timezone  "America/New_York"\n'
        + header
        + f"    currency {unit}s {{\n        round   {rounded} per rule\n"
        + "        expire  12 months after earning\n    }\n"
        + f"    earn base {{\n        on    purchase\n        give  2 {unit}s per $1\n    }}\n"
        + f"    reward five_off {{\n        price  500 {unit}s\n        give   $5 off up to the basket\n"
        + "    }\n}\n"
    )


_REPLACES = "    replaces  version 1 from 2026-07-01 by purchase date\n"


def version_pair(transition: str) -> str:
    """Two versions of a small program, of which the second changes how points expire."""
    old, _, new = _club(_REPLACES + transition).rpartition("12 months after earning")
    return f"{old}6 months after earning{new}"


CODES = (
    Code(
        "L251",
        "a version that does not fit",
        """\
A program whose terms change is written as versions: `program NAME "..." version 2` replaces version 1 from a
day. Each version has a number of its own, all but the first say which one they replace, and all are in the
files that are given together. What decides is the day of the event, or a date field of it.""",
        Example("file", _club(_REPLACES.replace("version 1", "version 3")), _club(_REPLACES)),
    ),
    Code(
        "L252",
        "nothing says what becomes of what members hold",
        """\
What has the same name in both versions goes on. A currency that a version does not have any more has to be
converted into one that it has, and a ladder that it does not have has to end.""",
        Example(
            "file",
            _club(_REPLACES, unit="star"),
            _club(_REPLACES + "    transition {\n        convert 2 points for 1 star\n    }\n", unit="star"),
        ),
    ),
    Code(
        "L253",
        "a transition that cannot be",
        """\
A transition says of each currency and each ladder what becomes of it: `keep` what both versions have,
`convert` a currency of the old version into one of the new one, `start` a status at the level earned or
`honour` it through a day, `end` a status that is no more, and `phase` what a level asks for from the old
number to the new one.""",
        Example(
            "file",
            _club(_REPLACES + "    transition {\n        keep  stars\n    }\n"),
            _club(_REPLACES + "    transition {\n        keep  points\n    }\n"),
        ),
    ),
    Code(
        "L254",
        "what a version cannot change",
        """\
What has one name in two versions is one thing, so its nature stays: the money of a program, the type of a
field, the rounding of a currency, how long a level is held. Give the new thing a name of its own, and convert
or end the old one. Prices, rates, conditions, limits, levels and expiry can change under one name.""",
        Example("file", _club(_REPLACES, rounded="up"), _club(_REPLACES)),
    ),
)
