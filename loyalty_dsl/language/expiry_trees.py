"""The rows of `trees` that make the terms of `expire`.

Invariant: as of `trees`.
"""

from collections.abc import Mapping

from loyalty_dsl.language import syntax
from loyalty_dsl.language.rows import Action, node_row, of_row

EXPIRY_ACTIONS: Mapping[str, Action] = {
    "never_term": lambda children, span: syntax.NeverTerm(span),
    "after_earning": of_row(lambda span, duration: syntax.EarningTerm(duration, None, None, span)),
    "end_after_earning": of_row(lambda span, duration, end: syntax.EarningTerm(duration, end, None, span)),
    "next_after_earning": of_row(lambda span, duration, day: syntax.EarningTerm(duration, None, day, span)),
    "at_end": of_row(lambda span, end: syntax.EarningTerm(None, end, None, span)),
    "at_end_of_next": of_row(lambda span, end: syntax.EarningTerm(None, end, None, span, True)),
    "at_next": of_row(lambda span, day: syntax.EarningTerm(None, None, day, span)),
    "date_term": node_row(syntax.expiry.DateTerm),
    "latest_term": lambda children, span: syntax.LatestTerm(tuple(children), span),
    "last_term": of_row(lambda span, duration, *names: syntax.LastTerm(duration, names, span)),
    "first_term": node_row(syntax.FirstTerm),
}
