"""The sentences over a comparison's charts, computed from its figures so that none can be false."""

from fractions import Fraction

from loyalty_dsl.forecast.compared import Bin, Comparison, Figure, Matrix
from loyalty_dsl.quantities import format_money
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.wording import money_text, noise_text, one_line, percent_text


def liability_title(comparison: Comparison) -> str:
    """What the new version owes more or less at the end."""
    if comparison.liability is None:
        return "The liability is not known, as not every currency has a cost"
    return f"At the end of month {comparison.months} {_owed(comparison.liability[-1], comparison)}"


def _owed(figure: Figure, comparison: Comparison) -> str:
    money = comparison.new.program.money
    if not figure.difference:
        return "the new version owes just as much"
    more = "more" if figure.difference > 0 else "less"
    size = abs(figure.difference)
    noise = noise_text(figure.noise, size, money) if comparison.new.sample > 1 else ""
    told = f"the new version owes {money_text(size, money)} {more}"
    if size <= figure.noise:
        return f"{told}, within the simulation noise of {noise}"
    return f"{told} ({noise})" if noise else told


def winners_title(comparison: Comparison) -> str:
    """How many gain, how many lose, and how much each."""
    everybody, money = comparison.everybody, comparison.new.program.money
    if not everybody.rose and not everybody.fell:
        return "Nobody gains and nobody loses"
    parts = []
    for word, count, amount in (
        ("gain", everybody.rose, everybody.rise),
        ("lose", everybody.fell, -everybody.fall),
    ):
        if count:
            each = money_text(amount / count, money)
            parts.append(f"{_share(count, everybody.members)} of members {word} {each} each")
    if everybody.same:
        parts.append(f"nothing changes for {_share(everybody.same, everybody.members)}")
    told = ", ".join(parts)
    return told if everybody.fell else f"{told}; nobody loses"


def _share(count: int, whole: int) -> str:
    share = Fraction(count, whole) if whole else Fraction(0)
    return "under 0.1%" if 0 < share < Fraction(1, 1000) else percent_text(share)


def matrix_title(matrix: Matrix, months: int) -> str:
    """How many end at another level than under the old version, and the largest move of all."""
    moves = [
        (members, was, now)
        for was, row in zip(matrix.old, matrix.members, strict=True)
        for now, members in zip(matrix.new, row, strict=True)
        if was != now and members
    ]
    ladder = one_line(matrix.ladder)
    if not moves:
        return f"{ladder}: everybody ends month {months} at the same level"
    total = sum(members for members, _, _ in moves)
    most, was, now = max(moves)
    verb = "ends" if total == 1 else "end"
    told = f"{counted(total, 'member')} {verb} month {months} at another level"
    if len(moves) == 1:
        return f"{told}: {one_line(was)} became {one_line(now)}"
    return f"{told}, most of them ({most:,}) {one_line(now)} instead of {one_line(was)}"


def bin_text(one: Bin, money: str) -> str:
    """Between what the members of a bin gain or lose: `$1 to $2`."""
    if one.most is None:
        return f"over {_plain(one.least, money)}"
    if not one.most:
        return "nothing"
    return f"{_plain(one.least, money)} to {_plain(one.most, money)}"


def _plain(minor: int, money: str) -> str:
    text = format_money(minor, money)
    return text.removesuffix(".00").removesuffix(".000")
