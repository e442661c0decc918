"""A forecast as one page that needs nothing else: no script, no font, no picture from anywhere.

In this order: the answer that was asked for, the headline figures, a summary in words, warnings, what the
figures rest on, the charts, the tables behind them, and how to make the page again.

Invariant: a page of `page_parts`, which keep what a user wrote from doing anything.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from loyalty_dsl.forecast.costs import cost_text
from loyalty_dsl.forecast.figures import CostBasis, CurrencyForecast, Forecast, given_by
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.report.headlines import (
    GOING_CONCERN,
    NOISE,
    did_something,
    headline,
    redemption_text,
    start_text,
)
from loyalty_dsl.report.page_parts import escape, panel_html, prose, table_html, tiles, unbroken, whole_page
from loyalty_dsl.report.panel_parts import Panel
from loyalty_dsl.report.panels import panels_of
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.quiet_balances import is_quiet, quiet_text
from loyalty_dsl.report.style import latest
from loyalty_dsl.report.summary import summary_of
from loyalty_dsl.report.summary_assumptions import assumptions_html
from loyalty_dsl.report.wording import (
    amount_text,
    becomes_text,
    breakage_text,
    declared_breakage,
    liability_text,
    money_text,
    noise_text,
    one_line,
    percent_text,
    points_of_percent,
    sample_text,
    span_text,
    unit_cost_text,
    urr_text,
)

if TYPE_CHECKING:
    from loyalty_dsl.decisions.studies import StudyResult
    from loyalty_dsl.forecast.appraising import Appraisal

YEAR = 12


def forecast_page(
    forecast: Forecast,
    provenance: Provenance,
    study: "StudyResult | None" = None,
    appraisal: "Appraisal | None" = None,
) -> str:
    """The whole page.

    Args:
        forecast: what to show.
        provenance: where it comes from, and how to make it again.
        study: whose objective and gates come first.
        appraisal: of that forecast; without it there are no sections that value it.

    Returns:
        An HTML document in UTF-8's characters; the same for the same figures.
    """
    panels = forecast_panels(forecast, study, appraisal)
    parts = [
        _header(forecast, study, appraisal),
        _gates(study),
        _figures(forecast, appraisal),
        _summary(forecast),
        _notices(forecast, appraisal),
        assumptions_html(forecast),
        *(panel_html(panel, figures=False) for panel in panels),
        _data([panel for panel in panels if panel.chart is not None]),
        _made_by(forecast, provenance),
    ]
    return whole_page(f"{forecast.program.label}: loyalty forecast", parts)


def forecast_panels(
    forecast: Forecast, study: "StudyResult | None" = None, appraisal: "Appraisal | None" = None
) -> tuple[Panel, ...]:
    """The sections with charts and tables, with the bounds that a study sets and what an appraisal says."""
    valued: tuple[Panel, ...] = ()
    if appraisal is not None:
        from loyalty_dsl.report.appraisal_panels import appraisal_panels

        valued = tuple(appraisal_panels(appraisal))
    if study is None:
        return (*panels_of(forecast), *valued)
    from loyalty_dsl.report.summary_study import bounds_of

    return (*panels_of(forecast, bounds_of(study)), *valued)


# ---- the top of the page


def _header(forecast: Forecast, study: "StudyResult | None", appraisal: "Appraisal | None") -> str:
    """What was asked: the study's objective or, without a study, what is owed at the end."""
    program, population = escape(forecast.program.label), escape(forecast.population.name)
    what, title = "Loyalty forecast", headline(forecast)
    if appraisal is not None:
        from loyalty_dsl.report.appraisal_wording import quoted_headline

        title = quoted_headline(appraisal)
    if study is not None:
        from loyalty_dsl.report.summary_study import study_title

        what, title = f"Study {escape(study.study.title or study.study.name)}", study_title(study)
    return (
        f'<header>\n<p class="eyebrow">{what} · {program}</p>\n'
        f"<h1>{unbroken(escape(title))}</h1>\n"
        f'<p class="meta">Population <em>{population}</em> · {escape(span_text(forecast))} · '
        f"{escape(sample_text(forecast))}</p>\n</header>"
    )


def _figures(forecast: Forecast, appraisal: "Appraisal | None") -> str:
    """The headline figures; each currency has its row."""
    shown = [one for one in forecast.by_currency if not is_quiet(one, forecast)]
    rows = [_currency_figures(one, forecast, appraisal) for one in shown]
    if quiet := quiet_text(forecast):
        rows.append(f'<p class="cost">{escape(quiet)}</p>\n')
    if not forecast.owed:
        rows.append(tiles(_people(forecast)))
    elif len(forecast.owed) > 1 and (apart := _benefits(forecast)):
        rows.append(f"<h2>{_apart(forecast)}</h2>{tiles(apart)}")
    concern = GOING_CONCERN
    if appraisal is not None:
        from loyalty_dsl.report.appraisal_wording import bases_text, basis_text

        concern = f"{bases_text(appraisal)} {basis_text(appraisal)}"
    sentences = (
        concern.strip() if forecast.owed else "",
        redemption_text(forecast),
        start_text(forecast),
        NOISE,
    )
    basis = f'<p class="basis">{prose(" ".join(filter(None, sentences)))}</p>'
    return f'<section aria-label="Headline figures">\n{"".join(rows)}{basis}\n</section>'


def _currency_figures(one: CurrencyForecast, forecast: Forecast, appraisal: "Appraisal | None") -> str:
    money, fate = forecast.program.money, one.fate
    noise = "no cost is declared"
    if one.liability and one.liability_noise:
        noise = f"{noise_text(one.liability_noise[-1], one.liability[-1], money)} simulation noise"
    least, unknown = "", ""
    if fate.is_open:
        least = "at least "
        unknown = f"; the fate of {percent_text(fate.undetermined_share)} is unknown"
    if one.is_score:
        units = (sum(getattr(month, flow) for month in one.total) for flow in ("issued", "expired"))
        issued, expired = (amount_text(one, amount, money) for amount in units)
        held = amount_text(one, one.total[-1].outstanding, money)
        score = [
            (f"{one.currency.label} held", held, "a count: it cannot be used, and nothing is owed for it"),
            ("Issued", issued, "over all reported months"),
            ("Lapsed", expired, "over all reported months"),
        ]
        return f"<h2>{escape(one.currency.label)}</h2>{tiles(score)}"
    shown = [
        ("Liability at cost, going concern", liability_text(one, money), noise),
        *_run_off_figure(one, appraisal, money),
        (
            f"{one.currency.label} outstanding",
            amount_text(one, one.total[-1].outstanding, money),
            f"{least}{percent_text(one.phi[-1])} will be redeemed",
        ),
        (
            "Ultimate redemption rate",
            urr_text(fate),
            f"{points_of_percent(fate.noise)} simulation noise",
        ),
        (
            "Breakage",
            breakage_text(fate),
            "; ".join(filter(None, (f"of what is issued expires{unknown}", declared_breakage(one)))),
        ),
        *(
            [("Taken back", percent_text(fate.reversed_share), "of what is issued, by returns")]
            if fate.reversed
            else []
        ),
        *(_people(forecast)[:1] if len(forecast.owed) == 1 else []),
        ("Cost of rewards", *_reward_cost(one, forecast)),
        *(_benefits(forecast) if len(forecast.owed) == 1 else []),
    ]
    cost = f"Cost of a redeemed unit: {unit_cost_text(one, money)}."
    cost += f"{_mix(one, forecast)} Rewards are booked when redeemed. {becomes_text(one, forecast)}"
    name = f"<h2>{escape(one.currency.label)}</h2>" if len(forecast.by_currency) > 1 else ""
    return f'{name}{tiles(shown)}<p class="cost">{escape(cost.strip())}</p>\n'


def _run_off_figure(
    one: CurrencyForecast, appraisal: "Appraisal | None", money: str
) -> list[tuple[str, str, str]]:
    """The liability of a currency if earning stops with the last reported month, where it is known."""
    if appraisal is None or appraisal.month != len(appraisal.forecast.months) - 1:
        return []
    each = next(each for each in appraisal.currencies if each.one.currency.index == one.currency.index)
    ended = each.run_off
    if ended is None or ended.liability is None or ended.liability_noise is None:
        return []
    noise = noise_text(ended.liability_noise, ended.liability, money)
    least = "at least " if one.fate.is_open else ""
    said = f"{noise} simulation noise; nobody earns any more"
    return [("Liability at cost, run-off", f"{least}{money_text(ended.liability, money)}", said)]


def _people(forecast: Forecast) -> list[tuple[str, str, str]]:
    """What members do, whatever the program owes them."""
    last, months = forecast.members[-1], min(YEAR, len(forecast.months))
    bought = f"of all who ever joined {did_something(forecast)} in the last month: {last.active:,}"
    cost = forecast.reward_cost
    spent = "unknown" if cost is None else money_text(sum(cost[-months:]), forecast.program.money)
    if any(one.reward.fee for one in forecast.rewards):
        cost_tile = _benefits(forecast)
    else:
        cost_tile = [("Cost of benefits", spent, latest(months))]
    return [
        ("Active members", percent_text(last.active_rate), bought),
        ("Members", f"{last.enrolled:,}", "have joined by the last day"),
        *cost_tile,
    ]


def _apart(forecast: Forecast) -> str:
    fees = any(one.reward.fee for one in forecast.rewards)
    return "Benefits and fees" if fees else "Benefits"


def _benefits(forecast: Forecast) -> list[tuple[str, str, str]]:
    """What costs beside the rewards that balances pay for, and what members pay for it; with those it is the
    cost of rewards and benefits that the summary tells."""
    money, months = forecast.program.money, min(YEAR, len(forecast.months))
    known = [one for one in forecast.rewards if one.reward.taking is Taking.BENEFIT and one.cost is not None]
    cost = sum(sum(one.cost[-months:]) for one in known if one.cost is not None and not one.reward.fee)
    fees = -sum(sum(one.cost[-months:]) for one in known if one.cost is not None and one.reward.fee)
    beside = ", beside the rewards" if forecast.owed else ""
    found = []
    if cost:
        found.append(("Cost of benefits", money_text(cost, money), latest(months) + beside))
    if fees:
        found.append(("Fees of members", money_text(fees, money), f"{latest(months)}, refunds taken off"))
    return found


def _mix(one: CurrencyForecast, forecast: Forecast) -> str:
    """What a reader of the cost of a unit has to know besides: the other cost there is, or its noise."""
    if one.cost is None or one.reward_mix is None:
        return ""
    if one.cost.basis is CostBasis.REWARD_MIX:
        return " The noise of the liability leaves out that of this cost."
    mix = cost_text(one.reward_mix.value, one.currency.scale, forecast.program.money)
    return f" The rewards taken in this run cost {mix} for each."


def _reward_cost(one: CurrencyForecast, forecast: Forecast) -> tuple[str, str]:
    """What the rewards of a currency cost in the last year, and over which months that is."""
    cost = forecast.reward_cost_in(one.currency)
    months = min(YEAR, len(forecast.months))
    paid = forecast.rewards_of(one.currency)
    given = [given_by(taken.reward) for taken in paid]
    targets = " or ".join(dict.fromkeys(forecast.currency(i).noun for i in given if i is not None))
    if paid and None not in given:
        return "none yet", f"booked when the {targets} they become are used"
    if cost is None:
        return "unknown", "declare `cost` in a reward to know it"
    apart = ""
    if any(taken.reward.taking is Taking.BENEFIT for taken in forecast.rewards):
        apart = f", for rewards paid with {one_line(one.noun)}"
    return money_text(sum(cost[-months:]), forecast.program.money), latest(months) + apart


def _notices(forecast: Forecast, appraisal: "Appraisal | None") -> str:
    messages = [notice.message for notice in forecast.notices]
    messages += () if appraisal is None else appraisal.outside
    if not messages:
        return ""
    items = "".join(f"<li>{prose(message)}</li>" for message in messages)
    title = "Before you quote a figure"
    return f'<aside class="notices" aria-label="Warnings"><h2>{title}</h2><ul>{items}</ul></aside>'


# ---- the rest of it


def _gates(study: "StudyResult | None") -> str:
    if study is None:
        return ""
    from loyalty_dsl.report.summary_study import gates_html

    return gates_html(study)


def _summary(forecast: Forecast) -> str:
    """A paragraph for each of two readers."""
    summary = summary_of(forecast)
    paragraphs = "".join(
        f"<div><h3>{name}</h3><p>{prose(' '.join(sentences))}</p></div>\n"
        for name, sentences in (("For finance", summary.finance), ("For marketing", summary.marketing))
        if sentences
    )
    title = '<h2 id="in-short">In short</h2>'
    return f'<section class="summary" aria-labelledby="in-short">{title}\n{paragraphs}</section>'


def _data(panels: Sequence[Panel]) -> str:
    """The tables behind the charts, to copy."""
    tables = "\n".join(
        f"<details><summary>{escape(panel.title)}</summary>{table_html(panel.table)}</details>"
        for panel in panels
    )
    return (
        '<section class="panel data" aria-labelledby="data">\n'
        '<h2 id="data">The figures behind the charts</h2>\n'
        '<p class="lead">Open a table to read or copy it; --xlsx writes them all as a workbook, --out with '
        f"every digit.</p>\n{tables}</section>"
    )


def _made_by(forecast: Forecast, provenance: Provenance) -> str:
    inputs = "".join(
        f"<dt>{escape(name)}</dt><dd><code>{escape(digest)}</code></dd>" for name, digest in provenance.inputs
    )
    return (
        "<footer><h2>Reproduce this</h2>\n"
        f"<pre><code>{escape(provenance.command)}</code></pre>\n"
        f'<dl class="facts"><dt>Seed</dt><dd>{forecast.seed}</dd><dt>Version</dt><dd>loyalty-dsl '
        f"{escape(provenance.version)}</dd>{inputs}</dl>\n"
        "<p>The same seed, version and inputs give the same figures, on any machine and any number of "
        "threads. The hashes are SHA-256 of the files' text.</p></footer>"
    )
