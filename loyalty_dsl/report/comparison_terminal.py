"""A comparison on one screen: what changed, what that costs by month, and who gains and who loses.

Invariant: the text is a pure function of the comparison; every noise is called simulation noise; nothing that
a user wrote reaches the terminal unfiltered.
"""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from loyalty_dsl.forecast.compared import Comparison, CurrencyComparison, Figure, Outcome
from loyalty_dsl.language.changes import MARKS, Change, How, summary_of
from loyalty_dsl.quantities import MINOR_DIGITS, prefix_of
from loyalty_dsl.report.comparison_json import ComparedFiles
from loyalty_dsl.report.style import Style
from loyalty_dsl.report.wording import one_line, sample_text, span_text, wrapped

WIDTH = 80
NAME = 32
"""Columns for the names of figures; a longer name has a line of its own."""
QUARTER, YEAR = 3, 12
MOST_ROWS = 6
MOST_DETAILS = 8
MOST_CHANGES = 12
MOST_MOVES = 8
RECEIVED = (
    "What members receive: money off, and things at their worth, by the end of month {month}, and what they "
    "then hold at its worth. Certificates count when they are used or held."
)
UNKNOWN = (
    "Who gains and who loses is not known, as what members receive here has no `worth`: write into a reward, "
    "a benefit or a currency what it is worth to a member, such as `worth $3.00`."
)
NOISE = (
    "± and [ ] are simulation noise of the difference between the same members with the same luck: 95 times "
    "in 100 it is within that of what infinitely many members would give. They say nothing about whether the "
    "assumptions are right."
)
_Group = tuple[str, Sequence[Figure], int, str]
"""A figure by month: its name, smallest units in a display unit, and what stands before its amounts."""
_STEPS = ((10**9, "bn"), (10**6, "m"), (10**3, "k"))


def render_comparison(comparison: Comparison, files: ComparedFiles, style: Style) -> str:
    """The comparison as lines without a last newline, at most 80 wide but for names."""
    new = comparison.new
    blocks = [
        [style.paint(line, "bold") for line in _first_lines(comparison)],
        wrapped(
            f"{one_line(new.program.label)}: {one_line(files.old)} -> {one_line(files.new)} · "
            f"{one_line(new.population.name)} · {span_text(new)}"
        ),
        [line for change in comparison.changes[:MOST_CHANGES] for line in _change_lines(change, style)],
        _figure_table(comparison),
        _outcome_table(comparison),
        _move_lines(comparison),
        wrapped(NOISE),
        [line for notice in comparison.notices for line in hanging("! ", one_line(notice.message))],
        wrapped(f"{sample_text(new)} · seed {new.seed} · version {files.version}")
        + [f"{one_line(name)} {digest[:8]}" for name, digest in files.inputs],
    ]
    rest = len(comparison.changes) - MOST_CHANGES
    if rest > 0:
        blocks[2].append(f"  and {rest} more")
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block)


def summary_line(comparison: Comparison) -> str:
    """What changed and what it does to the liability, in one line, with the interval of the noise; where
    there is no currency, what it does to the cost of rewards."""
    changed = summary_of(comparison.changes)
    if not comparison.currencies:
        return f"{changed}: {cost_line(comparison) or 'no currency, and no reward with a cost'}"
    if comparison.liability is None:
        return f"{changed}: liability unknown, as not every currency has a cost"
    return f"{changed}: liability {_interval(comparison.liability, comparison)} at month {comparison.months}"


def _first_lines(comparison: Comparison) -> list[str]:
    cost = cost_line(comparison) if comparison.currencies else None
    return [summary_line(comparison), *([] if cost is None else [cost])]


def cost_line(comparison: Comparison) -> str | None:
    """What it does to the cost of rewards; `None` where that is not known."""
    if comparison.reward_cost is None:
        return None
    return f"reward cost {_interval(comparison.reward_cost, comparison)} over {comparison.months} months"


def _interval(figures: Sequence[Figure], comparison: Comparison) -> str:
    """The last difference, and between what it lies; one member has no noise that is known."""
    last, money = figures[-1], comparison.new.program.money
    told = signed_money(last.difference, money)
    if comparison.new.sample < 2:
        return told
    low, high = (signed_money(last.difference + side * last.noise, money) for side in (-1, 1))
    return f"{told} [{low}, {high}]"


# ---- what changed


def _change_lines(change: Change, style: Style) -> Iterator[str]:
    within = f" of {one_line(change.within)}" if change.within else ""
    name = f" {one_line(change.label)}" if change.label else ""
    role = {How.CHANGED: "warning", How.ADDED: "good", How.REMOVED: "error"}[change.how]
    yield style.paint(f"{MARKS[change.how]} {change.what}{name}{within}", role)
    for detail in change.details[:MOST_DETAILS]:
        if detail.old is not None and detail.new is not None:
            both = f"    {one_line(detail.old)} -> {one_line(detail.new)}"
            if len(both) <= WIDTH:
                yield both
                continue
        if detail.old is not None:
            yield f"    - {one_line(detail.old)}"
        if detail.new is not None:
            yield f"    + {one_line(detail.new)}"
    if len(change.details) > MOST_DETAILS:
        yield f"    and {len(change.details) - MOST_DETAILS} more"


# ---- by month


def months_shown(months: int) -> list[int]:
    """Numbers of the months whose ends are shown: ends of years or, of a short comparison, of quarters; and
    the last."""
    step = QUARTER if months <= YEAR + 2 else YEAR
    shown = [*range(step, months, step), months]
    return shown[-MOST_ROWS:]


def _figure_table(comparison: Comparison) -> list[str]:
    money = comparison.new.program.money
    groups: list[_Group] = []
    minor = 10 ** MINOR_DIGITS[money]
    if comparison.liability is not None:
        groups.append(("Liability", comparison.liability, minor, prefix_of(money)))
    if comparison.reward_cost is not None:
        groups.append(("Reward cost so far", comparison.reward_cost, minor, prefix_of(money)))
    for one in comparison.currencies:
        groups += _currency_groups(one, prefix_of(money) if one.in_money else "")
    same = []
    several = len({level.ladder for level in comparison.levels}) > 1
    for level in comparison.levels:
        name = one_line(f"{level.label} ({level.ladder})" if several else level.label)
        if any(figure.difference or figure.noise for figure in level.members):
            groups.append((f"Members: {name}", level.members, 1, ""))
        else:
            same.append(name)
    lines = [_row("", "month", "old", "new", "difference", "noise")]
    for name, figures, scale, prefix in groups:
        label = name
        if len(name) > NAME:
            lines += wrapped(name)
            label = ""
        for month in months_shown(comparison.months):
            figure = figures[month - 1]
            lines.append(
                _row(
                    label,
                    str(month),
                    short_amount(figure.old / scale, prefix),
                    short_amount(figure.new / scale, prefix),
                    _signed(figure.difference / scale, prefix),
                    f"±{short_amount(figure.noise / scale, prefix)}",
                )
            )
            label = ""
    if same:
        lines += wrapped(f"Just as many members at: {', '.join(same)}")
    return lines


def _currency_groups(
    one: CurrencyComparison, prefix: str
) -> Iterator[tuple[str, Sequence[Figure], int, str]]:
    label = one_line(one.label)
    for what, figures in (("issued", one.issued), ("redeemed", one.redeemed)):
        yield f"{label} {what} so far", figures, one.scale, prefix


def _row(*cells: str) -> str:
    return _spaced(cells, (NAME, 5, 10, 10, 12, 10))


def _spaced(cells: Iterable[str], widths: Iterable[int]) -> str:
    """Cells in columns: the first to the left, the others to the right."""
    first, *others = zip(cells, widths, strict=True)
    return "".join([f"{first[0]:<{first[1]}}", *(f"{cell:>{width}}" for cell, width in others)])


# ---- who gains and who loses


def _outcome_table(comparison: Comparison) -> list[str]:
    money = comparison.new.program.money
    everybody = comparison.everybody
    if not (everybody.rose or everybody.fell) and any(one.id == "no-worth" for one in comparison.notices):
        return wrapped(UNKNOWN)
    lines = wrapped(RECEIVED.format(month=comparison.months))
    lines.append(_outcome_row("members who", "gain", "each", "lose", "each", "the same", "in all"))
    lines += _outcome_rows([comparison.everybody], money)
    lines.append("by segment")
    lines += _outcome_rows(comparison.by_segment, money)
    for ladder, outcomes in comparison.by_level:
        lines.append(f"by {one_line(ladder)} at the end of month {comparison.months} under the old version")
        lines += _outcome_rows(outcomes, money)
    return lines


def _outcome_rows(outcomes: Iterable[Outcome], money: str) -> Iterator[str]:
    for one in outcomes:
        yield _outcome_row(
            f"  {one_line(one.name)}",
            _count(one.rose),
            signed_money(one.rise / one.rose, money) if one.rose else "",
            _count(one.fell),
            signed_money(one.fall / one.fell, money) if one.fell else "",
            _count(one.same),
            signed_money(one.rise + one.fall, money),
        )


def _outcome_row(*cells: str) -> str:
    return _spaced(cells, (22, 9, 9, 9, 9, 11, 11))


def _count(number: int) -> str:
    return f"{number:,}" if number else "none"


def _move_lines(comparison: Comparison) -> list[str]:
    moves = comparison.moves
    if not moves:
        return []
    lines = [f"Other levels at the end of month {comparison.months}, old -> new:"]
    for move in moves[:MOST_MOVES]:
        lines.append(f"  {one_line(move.old)} -> {one_line(move.new)}: {move.members:,} members")
    if len(moves) > MOST_MOVES:
        rest = sum(move.members for move in moves[MOST_MOVES:])
        lines.append(f"  and {len(moves) - MOST_MOVES} more, {rest:,} members")
    return lines


# ---- amounts


def short_amount(amount: float, prefix: str = "") -> str:
    """An amount to three digits or so: `$2.04m`, `310k`, `$12.50`, `0`."""
    sign = "-" if amount < 0 else ""
    size = abs(amount)
    for step, word in _STEPS:
        if size >= step * 0.9995:
            value = size / step
            digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
            return f"{sign}{prefix}{value:,.{digits}f}{word}"
    if not size:
        return f"{prefix}0"
    if prefix:
        return f"{sign}{prefix}{size:.2f}" if size < 99.995 else f"{sign}{prefix}{size:.0f}"
    return f"{sign}{size:.0f}" if size == int(size) or size >= 99.95 else f"{sign}{size:.1f}"


def _signed(amount: float, prefix: str = "") -> str:
    return f"+{short_amount(amount, prefix)}" if amount > 0 else short_amount(amount, prefix)


def signed_money(minor: float, money: str) -> str:
    return _signed(minor / 10 ** MINOR_DIGITS[money], prefix_of(money))


def hanging(mark: str, text: str) -> Iterator[str]:
    """A paragraph whose later lines are indented under its first."""
    for i, line in enumerate(wrap(text, WIDTH - len(mark))):
        yield f"{mark if i == 0 else ' ' * len(mark)}{line}"
