"""Which values a number takes in turn: `base.give=1..3 step 0.5`, `status.gold=$400, $500, $600`.

Invariant: values are exact, in the number's own unit, and told apart by how they are written, so a sweep
names each point by the very settings that make it.
"""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import product

import attrs

from loyalty_dsl.decisions.paths import NumberPath
from loyalty_dsl.decisions.settings import Setting, find_path, value_edit
from loyalty_dsl.decisions.written import parse_number
from loyalty_dsl.refusals import InputRefused

MOST_POINTS = 500
"""The most points of a sweep: each is a simulation."""

_BARE_COMMAS = re.compile(r"\d(?:[^,]|(?<=\d),(?=\d))*")
"""A list without money, in which every comma stands between two digits."""

_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\D.*)?")


@attrs.frozen
class Varied:
    """A number that varies.

    Attributes:
        values: in order, as a setting writes them.
        stepped: whether a range was given with its step, or as a list; without, only its ends are meant.
    """

    path: NumberPath
    values: tuple[str, ...]
    stepped: bool

    def between(self, share: float) -> str:
        """The value at a share of the way from the first to the last, on the steps that the number allows."""
        low, high = (number_of(self.path, text) for text in (self.values[0], self.values[-1]))
        steps = round((low + (high - low) * Fraction(share)) / self.path.step)
        return self.path.spelled(steps * self.path.step)


def parse_varied(text: str, paths: Sequence[NumberPath], within: Sequence[str] = ()) -> Varied:
    """Reads `PATH=VALUES`: a range, a list, or `PATH+-20%` around the value that it has.

    Args:
        paths: of the files; within: as of `find_path`.

    Raises:
        InputRefused: an unknown path, or values that are none of this number.
    """
    around = re.fullmatch(r"\s*([\w.]+)\s*(?:±|\+-|\+/-)\s*([\d.]+)%\s*", text)
    if around is not None:
        path = find_path(around[1], paths, within)
        return _around(path, Fraction(around[2]) / 100)
    name, sign, values = (part.strip() for part in text.partition("="))
    if not (name and sign and values):
        raise InputRefused(
            f"`{text}` varies nothing",
            "write PATH=VALUES, such as base.give=1..3 step 0.5 or status.gold=$400, $500",
        )
    path = find_path(name, paths, within)
    spread = re.fullmatch(r"(.+?)\.\.(.+?)(?:\s+step\s+(.+))?", values)
    if spread is None:
        return Varied(path, _without_repeats(path, _listed(path, values)), stepped=True)
    low, high = (number_of(path, part) for part in spread.groups()[:2])
    if low >= high:
        raise InputRefused(f"`{text}` is empty: {spread[1]} is not below {spread[2]}")
    if spread[3] is None:
        return Varied(path, (path.spelled(low), path.spelled(high)), stepped=False)
    step = number_of(path, spread[3])
    if step <= 0:
        raise InputRefused(f"`{text}`: a step is above 0")
    count = int((high - low) / step) + 1
    if count > MOST_POINTS:
        raise InputRefused(f"`{text}` has {count:,} values; a sweep has at most {MOST_POINTS:,}")
    return Varied(path, tuple(path.spelled(low + i * step) for i in range(count)), stepped=True)


def _around(path: NumberPath, share: Fraction) -> Varied:
    low, high = (round(path.value * (1 + side * share) / path.step) * path.step for side in (-1, 1))
    if low == high:
        raise InputRefused(
            f"{path.path} is {path.text}, and {float(share):.3g}% of that is no step of it",
            f"name its values, as in {path.path}={path.spelled(path.value)}, "
            f"{path.spelled(path.value + path.step)}",
        )
    return Varied(path, (path.spelled(low), path.spelled(high)), stepped=False)


def _listed(path: NumberPath, values: str) -> Iterator[str]:
    """The values of a list; commas may separate values, and thousands where blanks separate the values."""
    if "," in values and _BARE_COMMAS.fullmatch(values):  # money says its sign before each value
        if _GROUPED.fullmatch(values):
            one, several = values.replace(",", ""), values.replace(",", ", ")
            raise InputRefused(
                f"`{values}` may be one number or several",
                f"write `{one}` for one, or `{several}`, with blanks, for several",
            )
        parts = values.split(",")
    else:
        parts = re.split(r",(?!\d)|(?<!\d),", values)
    for part in (part.strip() for part in parts):
        if not part or part.startswith(","):
            raise InputRefused(f"`{values}` has a comma with nothing behind it")
        value_edit(Setting(path.path, part), path)
        yield part


def _without_repeats(path: NumberPath, values: Iterable[str]) -> tuple[str, ...]:
    """The values of a list; one that is there again, if only as `$400.00` for `$400`, is not told twice."""
    found: dict[object, str] = {}
    for text in values:
        written = parse_number(text)
        key = text if written is None else (written.value, written.kind, written.rest)
        found.setdefault(key, text)
    return tuple(found.values())


def number_of(path: NumberPath, text: str) -> Fraction:
    """The value of a number that is written for a path, in its own unit.

    Raises:
        InputRefused: another unit, or no number.
    """
    setting = Setting(path.path, text.strip())
    value_edit(setting, path)
    written = parse_number(setting.value)
    if written is None or (written.rest and written.rest not in path.units):
        raise InputRefused(f"`{text.strip()}` is no number in the unit of {path.path}, which is {path.text}")
    return written.value


# ---- designs


def grid(varied: Sequence[Varied]) -> list[tuple[Setting, ...]]:
    """Every combination of values, the last number varying fastest.

    Raises:
        InputRefused: too many, or a range without a step.
    """
    count = 1
    for each in varied:
        if not each.stepped and len(each.values) > 1:
            low, high = each.values
            raise InputRefused(
                f"`{each.path.path}={low}..{high}` has no step",
                f"write {each.path.path}={low}..{high} step {each.path.spelled(each.path.step)}, or take "
                "--design latin or --tornado",
            )
        count *= len(each.values)
    if count > MOST_POINTS:
        raise InputRefused(
            f"the grid has {count:,} points; a sweep has at most {MOST_POINTS:,}",
            "take fewer values, or --design latin --points 20",
        )
    paths = [each.path.path for each in varied]
    return [
        tuple(Setting(path, value) for path, value in zip(paths, values, strict=True))
        for values in product(*(each.values for each in varied))
    ]


def latin(varied: Sequence[Varied], points: int, seed: int) -> list[tuple[Setting, ...]]:
    """A Latin hypercube: so many points, and of each number one value in each of as many equal parts of its
    range; the same for the same seed.

    Raises:
        InputRefused: a list of values, which has no range.
    """
    for each in varied:
        if len(each.values) != 2 or each.stepped:
            raise InputRefused(
                f"{each.path.path} has a list of values, and a Latin hypercube draws from a range",
                f"write {each.path.path}={each.values[0]}..{each.values[-1]}",
            )
    drawn = random.Random(seed)
    columns = []
    for each in varied:
        parts = list(range(points))
        drawn.shuffle(parts)
        columns.append([each.between((part + drawn.random()) / points) for part in parts])
    paths = [each.path.path for each in varied]
    return [
        tuple(Setting(path, value) for path, value in zip(paths, row, strict=True))
        for row in zip(*columns, strict=True)
    ]


def one_at_a_time(varied: Sequence[Varied]) -> list[tuple[Setting, ...]]:
    """The low and the high end of each number, all others as they are."""
    return [(Setting(each.path.path, each.values[end]),) for each in varied for end in (0, -1)]
