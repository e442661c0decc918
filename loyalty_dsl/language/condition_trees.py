"""The rows of `trees` that make the nodes of conditions and of the days of `dates`.

Invariant: as of `trees`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from loyalty_dsl.language import syntax
from loyalty_dsl.language.rows import Action, node_row, of_row, words_row
from loyalty_dsl.language.syntax.leaves import TimeLiteral
from loyalty_dsl.source import Span


def _dated(
    span: Span, measure: syntax.Measure, word: syntax.Name, date: syntax.DateLiteral | TimeLiteral
) -> syntax.Dated:
    return syntax.Dated(measure, word.text, date, span)


def _measured(cls: Callable[..., Any], negated: bool) -> Action:
    return lambda children, span: cls(children[0], negated, children[1], span)


def _among(negated: bool) -> Action:
    return lambda children, span: syntax.OneAmong(children[0], negated, tuple(children[1:]), span)


CONDITION_ACTIONS: Mapping[str, Action] = {
    # ---- dates
    "dates_clause": lambda children, span: syntax.Dates(tuple(children), span),
    "on_date": of_row(lambda span, day: syntax.DateRange(day, day, None, span)),
    "between_dates": of_row(lambda span, first, last: syntax.DateRange(first, last, None, span)),
    "from_date": of_row(lambda span, first, last: syntax.DateRange(first, last, None, span)),
    "through_date": of_row(lambda span, last: syntax.DateRange(None, last, None, span)),
    "before_date": of_row(lambda span, before: syntax.DateRange(None, None, before, span)),
    "month_day": of_row(lambda span, day: syntax.MonthDays(day, None, span)),
    "month_days": node_row(syntax.MonthDays),
    "year_days": node_row(syntax.clauses.YearDays),
    "week_days": node_row(syntax.clauses.WeekDays),
    "weekday": words_row,
    # ---- conditions
    "all_of": lambda children, span: syntax.AllOf(tuple(children), span),
    "any_of": lambda children, span: syntax.AnyOf(tuple(children), span),
    "negated": node_row(syntax.Negated),
    "holds": node_row(syntax.Holds),
    "equals": _measured(syntax.Equals, False),
    "equals_not": _measured(syntax.Equals, True),
    "one_among": _among(False),
    "not_one_among": _among(True),
    "compares": node_row(syntax.Compares),
    "between": node_row(syntax.conditions.Between),
    "dated": of_row(_dated),
    "on_weekday": node_row(syntax.conditions.OnWeekday),
    "has": node_row(syntax.conditions.Has),
    "date_word": words_row,
    "measure": of_row(
        lambda span, name, of, earned, window: syntax.Measure(name, of, None, earned, window, span)
    ),
    "past_window": node_row(syntax.leaves.PastWindow),
    "since": of_row(lambda span, name, since: syntax.Measure(name, None, since, None, None, span)),
    "earned": lambda children, span: tuple(each for each in children if each is not None),
    "time": node_row(TimeLiteral),
    "yes_no": lambda children, span: syntax.YesNo(children[0].text == "yes", span),
}
