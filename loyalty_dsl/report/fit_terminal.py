"""A calibration on one screen: the model that was chosen, how it forecasts, and what it gets wrong."""

from rich.text import Text

from loyalty_dsl.calendar import date_of
from loyalty_dsl.calibration.fitting import Fitted
from loyalty_dsl.calibration.population_text import parameters_with_errors
from loyalty_dsl.report.style import Style, counted
from loyalty_dsl.report.terminal import new_console, text_of
from loyalty_dsl.report.wording import long_date, percent_text


def render_fit(fitted: Fitted, style: Style) -> str:
    """The summary of a calibration, as lines without a last newline.

    Args:
        style: colour and width of the terminal.
    """
    console = new_console(style)
    found = fitted.calibration
    chosen = found.choice.chosen
    span = f"{long_date(date_of(found.first_day))} to {long_date(date_of(found.until))}"
    console.print(Text(f"{counted(found.customers.count, 'member')} · {span}", style="dim"))
    console.print(Text(f"{chosen.form.label}: {regularity_text(chosen.form.k)}", style="bold"))
    told = ", ".join(parameters_with_errors(chosen))
    console.print(Text(f"per {found.unit}: {told}"))
    for tried in found.choice.candidates:
        if tried is not chosen:
            less = chosen.log_likelihood - tried.log_likelihood
            word = "less" if less >= 0 else "more, but no proper maximum or for more parameters"
            console.print(Text(f"  {tried.form.label}: log-likelihood {abs(less):,.1f} {word}", style="dim"))
    if found.holdout is not None and found.holdout.error is not None:
        weeks = found.holdout
        console.print(
            Text(
                f"Backtest: {counted(len(weeks.last), 'week')} that it had not seen: "
                f"{weeks.actual.sum():,.0f} purchase days, "
                f"forecast {weeks.forecast.sum():,.0f} ({weeks.error:+.1%}).",
                style="bold",
            )
        )
    for one in found.rolling:
        if one.error is not None:
            day = long_date(date_of(one.origin))
            console.print(
                Text(f"  {counted(len(one.last), 'week')} from {day}: {one.error:+.1%}", style="dim")
            )
    failed = [fact for fact in found.facts if not fact.passes]
    passed = len(found.facts) - len(failed)
    console.print(Text(f"Facts not fitted: {passed} of {len(found.facts)} as in the data."))
    for fact in failed:
        console.print(Text(f"! {fact.name}: off by {percent_text(fact.off)} ({fact.tier})", style="yellow"))
    for notice in found.notices:
        console.print(Text(notice, style="dim"))
    return text_of(console)


def regularity_text(k: int) -> str:
    """What the Erlang shape says of gaps."""
    return "purchases come at random" if k == 1 else f"gaps as regular as {k} random steps"
