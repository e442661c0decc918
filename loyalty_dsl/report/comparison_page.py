"""A comparison as one page: what changes, what it costs, who gains, who loses, and who ends where.

Invariant: every title is computed from the figures that its chart and its table show.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from loyalty_dsl.forecast.compared import Comparison, Figure, Matrix, Outcome, Touched
from loyalty_dsl.language.changes import MARKS
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.comparison_charts import difference_chart, matrix_chart, spread_chart
from loyalty_dsl.report.comparison_headlines import bin_text, liability_title, matrix_title, winners_title
from loyalty_dsl.report.comparison_json import ComparedFiles
from loyalty_dsl.report.comparison_terminal import NOISE, RECEIVED, signed_money, summary_line
from loyalty_dsl.report.files import WriteFailure, write_whole
from loyalty_dsl.report.page_parts import escape, panel_html, prose, table_html, unbroken, whole_page
from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.sweep_page import made_by
from loyalty_dsl.report.wording import money_text, noise_text, one_line, percent_text, sample_text, span_text


def write_comparison_page(comparison: Comparison, files: ComparedFiles, path: Path) -> None:
    """Writes the page.

    Raises:
        InputRefused: it cannot be written.
    """
    outcome = write_whole(path, comparison_page(comparison, files).encode())
    if isinstance(outcome, WriteFailure):
        raise InputRefused(outcome.message)


def comparison_page(comparison: Comparison, files: ComparedFiles) -> str:
    """The whole page; the same for the same figures."""
    new = comparison.new
    label = one_line(new.program.label)
    parts = [
        f'<header>\n<p class="eyebrow">Loyalty comparison · {escape(label)}</p>\n'
        f"<h1>{unbroken(escape(_headline(comparison)))}</h1>\n"
        f'<p class="meta">{escape(files.old)} → {escape(files.new)} · population '
        f"<em>{escape(new.population.name)}</em> · {escape(span_text(new))} · "
        f"{escape(sample_text(new))}</p>\n"
        f'<p class="basis">{escape(NOISE)}</p></header>',
        _changes(comparison),
        _notices(comparison),
        *(panel_html(panel) for panel in comparison_panels(comparison)),
        made_by(Provenance(files.version, files.inputs, files.command), new.seed),
    ]
    return whole_page(f"{new.program.label}: loyalty comparison", parts)


def _headline(comparison: Comparison) -> str:
    if comparison.liability is None:
        return summary_line(comparison)
    return f"{liability_title(comparison)}. {winners_title(comparison)}."


def _changes(comparison: Comparison) -> str:
    rows = []
    for change in comparison.changes:
        within = f" of {change.within}" if change.within else ""
        name = f"{MARKS[change.how]} {change.what} {change.label}{within}"
        details = change.details or (None,)
        for detail in details:
            rows.append((name, (detail.old or "") if detail else "", (detail.new or "") if detail else ""))
    table = table_html(Table(("What changes", "Old", "New"), tuple(rows), "tt"))
    return f'<section class="panel"><h2>What changes</h2>\n{table if rows else "<p>Nothing.</p>"}</section>'


def _notices(comparison: Comparison) -> str:
    items = "".join(f"<li>{prose(notice.message)}</li>" for notice in comparison.notices)
    title = "Before you quote a figure"
    return f'<aside class="notices" aria-label="Warnings"><h2>{title}</h2><ul>{items}</ul></aside>'


def comparison_panels(comparison: Comparison) -> Iterator[Panel]:
    """Every section with a chart or a table."""
    if comparison.liability is not None:
        yield _difference(
            "liability",
            liability_title(comparison),
            "What is owed under the new version less what is owed under the old one, at each month's end, "
            "with the band of the noise of that difference.",
            comparison.liability,
            comparison,
        )
    if comparison.reward_cost is not None:
        last = comparison.reward_cost[-1]
        money = comparison.new.program.money
        told = "Rewards cost just as much"
        if last.difference:
            more = "more" if last.difference > 0 else "less"
            told = f"Rewards cost {money_text(abs(last.difference), money)} {more}"
        yield _difference(
            "reward-cost",
            f"{told} over {comparison.months} months",
            "What rewards have cost so far under the new version less under the old one, with its noise.",
            comparison.reward_cost,
            comparison,
        )
    yield _spread(comparison)
    yield _outcomes(comparison)
    for i, matrix in enumerate(comparison.matrices):
        yield _matrix(matrix, i, comparison.months)
    if comparison.touched:
        yield _touched(comparison)


def _difference(
    name: str, title: str, reading: str, figures: Sequence[Figure], comparison: Comparison
) -> Panel:
    money = comparison.new.program.money
    differs = any(figure.difference or figure.noise for figure in figures)
    told = list(zip(comparison.new.months, figures, strict=True))
    rows = tuple(
        (
            month.label,
            money_text(figure.old, money),
            money_text(figure.new, money),
            signed_money(figure.difference, money),
            noise_text(figure.noise, figure.difference, money),
        )
        for month, figure in (told if differs else told[-1:])
    )
    return Panel(
        name=name,
        kind="difference",
        title=title,
        reading=reading,
        chart=difference_chart(figures, comparison) if differs else None,
        table=Table(("Month", "Old", "New", "Difference", "Noise"), rows),
    )


def _spread(comparison: Comparison) -> Panel:
    money = comparison.new.program.money
    rows = tuple(
        (
            f"{'gain' if one.gains else 'lose'} {bin_text(one, money)}" if one.most != 0 else "no change",
            f"{one.members:,}",
        )
        for one in comparison.spread
    )
    chart = spread_chart(comparison)
    same = comparison.everybody.same
    reading = RECEIVED.format(month=comparison.months)
    if chart is not None:
        reading += f" {same:,} members, for whom nothing changes, are left out of the chart."
    return Panel(
        name="winners-losers",
        kind="spread",
        title=winners_title(comparison),
        reading=reading,
        chart=chart,
        table=Table(("Members who", "Members"), rows),
    )


def _outcomes(comparison: Comparison) -> Panel:
    money = comparison.new.program.money
    rows = [_outcome_row("everybody", comparison.everybody, money)]
    rows += [_outcome_row(one.name, one, money) for one in comparison.by_segment]
    for ladder, outcomes in comparison.by_level:
        rows += [_outcome_row(f"{ladder}: {one.name}", one, money) for one in outcomes]
    for _, segment, outcomes in comparison.by_segment_and_level:
        rows += [_outcome_row(f"{segment}, {one.name}", one, money) for one in outcomes if one.members]
    return Panel(
        name="who",
        kind="who",
        title=_who_title(comparison),
        reading="By segment, by level at the end under the old version, and by both.",
        chart=None,
        table=Table(("Members", "In all", "Gain", "Each", "Lose", "Each", "Together", "Noise"), tuple(rows)),
    )


def _outcome_row(name: str, one: Outcome, money: str) -> tuple[str, ...]:
    return (
        one_line(name),
        f"{one.members:,}",
        f"{one.rose:,}",
        signed_money(one.rise / one.rose, money) if one.rose else "",
        f"{one.fell:,}",
        signed_money(one.fall / one.fell, money) if one.fell else "",
        signed_money(one.value.difference, money),
        noise_text(one.value.noise, one.value.difference, money),
    )


def _who_title(comparison: Comparison) -> str:
    """Which segment gains most and which loses most."""
    gains = max(comparison.by_segment, key=lambda one: one.value.difference)
    loses = min(comparison.by_segment, key=lambda one: one.value.difference)
    money = comparison.new.program.money
    told = []
    if gains.value.difference > 0:
        told.append(
            f"{one_line(gains.name)} gains most, {money_text(gains.value.difference, money)} together"
        )
    if loses.value.difference < 0:
        told.append(
            f"{one_line(loses.name)} loses most, {money_text(-loses.value.difference, money)} together"
        )
    return f"Of the segments, {'; '.join(told)}" if told else "No segment gains or loses as a whole"


def _matrix(matrix: Matrix, place: int, months: int) -> Panel:
    rows = tuple(
        (one_line(was), *(f"{count:,}" for count in counts), f"{sum(counts):,}")
        for was, counts in zip(matrix.old, matrix.members, strict=True)
    )
    return Panel(
        name=f"moves-{place}",
        kind="moves",
        title=matrix_title(matrix, months),
        reading=(
            "A row is everybody who would end at that level under the old version; its cells are where they "
            "end under the new one."
        ),
        chart=matrix_chart(matrix),
        table=Table(("Old level", *(one_line(name) for name in matrix.new), "In all"), rows),
    )


def _touched(comparison: Comparison) -> Panel:
    enrolled = comparison.new.members[-1].enrolled
    rows = tuple((f"{one.what} {one_line(one.name)}", *_reach(one, enrolled)) for one in comparison.touched)
    changed = sum(one.old != one.new for one in comparison.touched)
    what = f"{len(comparison.touched)} rules, limits, rewards and levels"
    return Panel(
        name="reach",
        kind="reach",
        title=f"{changed} of {what} reach another number of members",
        reading=(
            "Members whom a rule ever paid, a limit ever held back, who used a reward or held a level, as a "
            "share of all who joined; the noise is that of each share alone."
        ),
        chart=None,
        table=Table(("What", "Old", "Noise", "New", "Noise"), rows),
    )


def _reach(one: Touched, enrolled: int) -> Iterator[str]:
    for members, noise in ((one.old, one.old_noise), (one.new, one.new_noise)):
        if members is None or not enrolled:
            yield from ("not there", "")
        else:
            yield percent_text(min(1.0, members / enrolled))
            yield f"±{noise / enrolled * 100:.1f} points"
