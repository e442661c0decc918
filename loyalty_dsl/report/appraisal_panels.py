"""The sections of a forecast's page that value it: both bases, estimators, lots, the bridge, deferred
revenue, layers of doubt, and what other programs have shown.

Invariant: as of `panels`; a section that has no figures is not there, or says why.
"""

from collections.abc import Iterator

from loyalty_dsl.calendar import date_of, month_start
from loyalty_dsl.forecast.appraisal import CurrencyAppraisal, issued_in
from loyalty_dsl.forecast.appraising import Appraisal, Basis
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.report import appraisal_headlines as headlines
from loyalty_dsl.report.appraisal_charts import Dot, bands_chart, dots_chart, lots_chart, units_axis
from loyalty_dsl.report.appraisal_wording import RUN_OFF, class_text, dot_text, error_of, scaled_text
from loyalty_dsl.report.chart_parts import flat_bars
from loyalty_dsl.report.charts_mechanics import HELD_AT_START
from loyalty_dsl.report.headlines import GOING_CONCERN
from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.quiet_balances import is_quiet
from loyalty_dsl.report.valuation_charts import balance_chart, bridge_chart
from loyalty_dsl.report.wording import (
    account_text,
    day_text,
    money_text,
    noise_text,
    one_line,
    percent_text,
    points_of_percent,
)
from loyalty_dsl.valuation.cautions import shortcut_text
from loyalty_dsl.valuation.estimates import LEVEL
from loyalty_dsl.valuation.rollforward import RollForward
from loyalty_dsl.valuation.sanity import BANDS


def appraisal_panels(appraisal: Appraisal) -> Iterator[Panel]:
    """Every section, in its order."""
    if appraisal.going_concern is not None and appraisal.run_off is not None:
        yield _bases(appraisal)
    told = [each for each in appraisal.currencies if not is_quiet(each.one, appraisal.forecast)]
    for each in told:
        if each.found is not None:
            yield _estimators(each, appraisal)
        if each.one.fate.issued:
            yield _lots(each, appraisal)
        if each.moved is not None and (each.moved.opening or each.moved.closing):
            yield _bridge(each, appraisal)
        if each.roll is not None:
            yield _deferred(each, each.roll, appraisal)
    lacking = [each for each in told if each.roll is None and each.why_no_roll]
    if lacking:
        yield _not_deferred(lacking)
    if appraisal.layers:
        yield _layers(appraisal)
    if appraisal.currencies and appraisal.currencies[0].one.fate.urr is not None:
        yield _bands(appraisal)


def _bases(appraisal: Appraisal) -> Panel:
    money = appraisal.forecast.program.money
    going, ended = appraisal.going_concern, appraisal.run_off
    assert going is not None and ended is not None
    known = [each for each in appraisal.currencies if each.liability is not None and each.run_off is not None]
    rows = []
    for basis, (liability, noise) in ((Basis.GOING_CONCERN, going), (Basis.RUN_OFF, ended)):
        parts = [
            each.liability if basis is Basis.GOING_CONCERN else each.run_off.liability
            for each in known
            if each.run_off is not None
        ]
        quoted = "quoted" if basis is appraisal.basis else ""
        cells = [money_text(part or 0, money) for part in parts] if len(known) > 1 else []
        rows.append(
            (_label(basis), *cells, money_text(liability, money), noise_text(noise, liability, money), quoted)
        )
    columns = [one_line(each.one.currency.label) for each in known] if len(known) > 1 else []
    bars = [
        {
            "name": _label(basis),
            "value": liability / 10 ** MINOR_DIGITS[money],
            "label": money_text(liability, money),
        }
        for basis, (liability, _) in ((Basis.GOING_CONCERN, going), (Basis.RUN_OFF, ended))
    ]
    members = max((each.run_off.members for each in known if each.run_off is not None), default=0)
    current = [each.current for each in known if each.current is not None]
    split = ""
    if len(current) == len(appraisal.currencies):
        soon = sum(current)
        split = (
            f" Of the going concern, {money_text(soon, money)} is used within a year (current) and "
            f"{money_text(going[0] - soon, money)} later (non-current)."
        )
    return Panel(
        name="bases",
        kind="bases",
        title=headlines.bases_title(appraisal),
        reading=(
            f"{GOING_CONCERN} {RUN_OFF} Balances that fall short of a reward then never reach it. Both are "
            f"lived by the same members with the same luck, {members:,} of them; their ratio gives the "
            f"run-off.{split}"
        ),
        chart=flat_bars(bars),
        table=Table(
            ("Basis", *columns, "Liability", "Simulation noise", "Headline"),
            tuple(rows),
            "n" * (2 + len(columns)) + "t",
        ),
    )


def _label(basis: Basis) -> str:
    return "Going concern" if basis is Basis.GOING_CONCERN else "Run-off"


def _estimators(each: CurrencyAppraisal, appraisal: Appraisal) -> Panel:
    assert each.found is not None
    money, factor = appraisal.forecast.program.money, float(each.weight) / each.one.currency.scale
    dots = [
        Dot("Simulated", each.future * factor, None, None, dot_text(each, each.future, money), filled=True)
    ]
    rows = [("Simulated", scaled_text(each, each.future, money), "", "", "", "quoted")]
    rows[0] = (
        "Simulated",
        scaled_text(each, each.future, money),
        "",
        percent_text(each.future / max(1, sum(row.held for row in each.lots))),
        "",
        "the forecast",
    )
    for method in each.found.methods:
        bounds, error = method.interval(LEVEL), error_of(method, each)
        low, high = bounds or (None, None)
        label = scaled_text(each, method.total_future, money)
        shown = dot_text(each, method.total_future, money)
        dots.append(
            Dot(
                method.label,
                method.total_future * factor,
                None if low is None else low * factor,
                None if high is None else high * factor,
                shown,
            )
        )
        rows.append(
            (
                method.label,
                label,
                ""
                if low is None or high is None
                else f"{scaled_text(each, low, money)} to {scaled_text(each, high, money)}",
                "" if method.phi is None else percent_text(method.phi),
                "" if error is None else f"{error * 100:+.1f}%",
                "an actuary's choice" if method is each.found.headline else "",
            )
        )
    left = "".join(f" {one.label} could not be used: {one.reason}." for one in each.found.left_out)
    return Panel(
        name=f"estimators-{each.one.currency.index}",
        kind="estimators",
        title=headlines.estimators_title(each, appraisal),
        reading=(
            "The filled dot is what members of this simulation redeem after the valuation. The others are "
            f"what an actuary would estimate who sees the reported months alone, with {LEVEL:.0%} "
            "intervals of its formula: members who act alike in a month, and the choice of a method, are not "
            f"in them, so they are too narrow. {each.found.why} {shortcut_text(each.found)} "
            f"{percent_text(each.beyond)} of what is redeemed lies at ages that no lot has reached by "
            f"{day_text(appraisal.day)}.{left}"
        ),
        chart=dots_chart(dots, units_axis(each, appraisal.forecast.program.money)),
        table=Table(
            ("Method", "Will be redeemed", f"{LEVEL:.0%} interval", "phi", "Off", "Which"),
            tuple(rows),
            "nnnnt",
        ),
    )


def _lots(each: CurrencyAppraisal, appraisal: Appraisal) -> Panel:
    money, cost = appraisal.forecast.program.money, each.one.cost
    rows = []
    for row in each.lots:
        owed = "" if cost is None else money_text(float(cost.value * row.future * each.weight), money)
        rows.append(
            (
                issued_in(row, appraisal.forecast),
                str(row.age),
                *(
                    scaled_text(each, units, money)
                    for units in (row.issued, row.redeemed, row.expired, row.held, row.future)
                ),
                percent_text(row.phi),
                "" if row.urr is None else percent_text(row.urr),
                "" if row.breakage is None else percent_text(row.breakage),
                owed,
            )
        )
    noise = "" if each.run_off is None else f" ({points_of_percent(each.run_off.phi_noise)} simulation noise)"
    flows = ("Issued", "Redeemed", "Expired", "Held", "Will be redeemed")
    header = ("Issued in", "Age", *flows, "phi", "URR", "Breakage", "Liability")
    return Panel(
        name=f"lots-{each.one.currency.index}",
        kind="lots",
        title=headlines.lots_title(each, appraisal),
        reading=(
            f"What members hold on {day_text(appraisal.day)}, by the age of its lot, and what they go on to "
            f"redeem of it: phi, {percent_text(each.one.phi[each.month])} of all that is "
            f"outstanding{noise}. Breakage is the share of a month's issue that expires sooner or later."
            + (HELD_AT_START if each.one.triangle.opened else "")
        ),
        chart=lots_chart(each, appraisal.forecast.program.money),
        table=Table(header, tuple(rows)),
    )


def _bridge(each: CurrencyAppraisal, appraisal: Appraisal) -> Panel:
    assert each.moved is not None and each.moved_from is not None
    money, months = appraisal.forecast.program.money, appraisal.forecast.months
    first, last = months[each.moved_from].label, months[each.month].label
    moved = each.moved
    rows = (
        (f"End of {first}", account_text(moved.opening, money)),
        ("Volume: issued less redeemed", account_text(moved.volume, money)),
        ("Experience: members acted otherwise", account_text(moved.experience, money)),
        ("Assumptions: other rates by age", account_text(moved.assumptions, money)),
        ("Cost per point", account_text(moved.cost_per_point, money)),
        (f"End of {last}", account_text(moved.closing, money)),
    )
    return Panel(
        name=f"bridge-{each.one.currency.index}",
        kind="bridge",
        title=headlines.bridge_title(each, appraisal),
        reading=(
            "Volume is what was issued since, at the redemption rate of all before, less what was "
            "redeemed. Experience is what is held now at the earlier rates by age, less what volume led to "
            "expect. Assumptions are the later rates on the same lots. The steps add up to the cent."
        ),
        chart=bridge_chart(moved, first, last, money),
        table=Table(("Why it moved", "Liability"), rows),
    )


def _deferred(each: CurrencyAppraisal, roll: RollForward, appraisal: Appraisal) -> Panel:
    money = appraisal.forecast.program.money
    several = len(roll.classes) > 1
    rows = tuple(
        (
            _month_name(row.month),
            *((class_text(row.accounting),) if several else ()),
            *(
                account_text(flow, money)
                for flow in (
                    row.opening,
                    row.deferred,
                    row.recognised,
                    row.catch_up,
                    row.breakage,
                    row.closing,
                )
            ),
        )
        for row in roll.rows
    )
    total = roll.with_accrued()
    flows = ("Opening", "Deferred", "Recognised", "Catch-up", "Breakage", "Closing")
    classes = ", ".join(accounting.value for accounting in roll.classes)
    return Panel(
        name=f"deferred-{each.one.currency.index}",
        kind="deferred",
        title=headlines.deferred_title(each, appraisal),
        reading=(
            f"The balance at the end of each month, of the class {classes}: a part of each sale, by "
            "stand-alone selling prices, is revenue only when its points are used (IFRS 15, ASC 606); "
            "points that nobody paid for are accrued at cost. What a lot will redeem is known to a "
            "simulation from the first day, so nothing but cents of rounding is caught up. In every row "
            "opening + deferred - recognised - catch-up - breakage = closing."
        ),
        chart=balance_chart([_month_name(row.month) for row in total], total, money),
        table=Table(
            ("Month", *(("Class",) if several else ()), *flows),
            rows,
            ("t" if several else "") + "n" * len(flows),
        ),
    )


def _month_name(month: int) -> str:
    return date_of(month_start(month)).isoformat()[:7]


def _not_deferred(lacking: list[CurrencyAppraisal]) -> Panel:
    names = " and ".join(one_line(each.one.noun) for each in lacking)
    return Panel(
        name="not-deferred",
        kind="deferred",
        title=f"No deferred revenue is shown for {names}",
        reading="Why, currency by currency, is in the figures. The liability at cost does not need it.",
        chart=None,
        table=Table(
            ("Currency", "Why"),
            tuple((one_line(each.one.currency.label), each.why_no_roll) for each in lacking),
            "t",
        ),
    )


def _layers(appraisal: Appraisal) -> Panel:
    money = appraisal.forecast.program.money
    unit = 10 ** MINOR_DIGITS[money]
    rows = [
        (
            layer.label,
            "not known" if layer.half_width is None else f"±{money_text(layer.half_width, money)}",
            layer.says,
        )
        for layer in appraisal.layers
    ]
    rows += [
        (f"{one_line(swing.what)}, a tenth", f"±{money_text(swing.amount, money)}", one_line(swing.written))
        for swing in appraisal.swings
    ]
    bars = [
        {
            "name": layer.label,
            "value": layer.half_width / unit,
            "label": f"±{money_text(layer.half_width, money)}",
        }
        for layer in appraisal.layers
        if layer.half_width is not None
    ]
    return Panel(
        name="layers",
        kind="layers",
        title=headlines.layers_title(appraisal),
        reading=(
            "Each bar is a half-width of one kind of error. They are never added up: the first shrinks "
            "with more simulated members, that of the parameters with more data, that of the model with a "
            "better one, and an assumed number only when somebody finds it out."
        ),
        chart=flat_bars(bars),
        table=Table(("Layer", "Half-width", "What it is"), tuple(rows), "nt"),
    )


def _bands(appraisal: Appraisal) -> Panel:
    urrs = [
        (f"{one_line(each.one.noun)} {percent_text(each.one.fate.urr)}", float(each.one.fate.urr))
        for each in appraisal.currencies
        if each.one.fate.urr is not None and not is_quiet(each.one, appraisal.forecast)
    ]
    rows = tuple(
        (f"{band.label[:1].upper()}{band.label[1:]}", f"{band.low:.0%} to {band.high:.0%}", band.source)
        for band in BANDS
    )
    return Panel(
        name="bands",
        kind="bands",
        title=headlines.bands_title(appraisal),
        reading=(
            "Bars are the redemption rates that programs have published, as others transcribed them; lines "
            "are this forecast's. To be outside is a reason to look again, not an error; --like says which "
            "kind it is."
        ),
        chart=bands_chart(
            [(row[0], band.low, band.high) for row, band in zip(rows, BANDS, strict=True)], urrs
        ),
        table=Table(("Kind", "URR", "Source"), rows, "nt"),
    )
