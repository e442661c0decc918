"""Codes of paid memberships."""

from loyalty_dsl.language.codes.code import Code, Example

_HEAD = """\
program club {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
"""


def membership_with(clauses: str) -> str:
    """A program with a membership of these clauses."""
    return (
        _HEAD
        + "    membership plus {\n"
        + clauses
        + "    }\n    benefit shipping {\n        on    purchase\n        when  plus is active\n"
        + "        give  1 shipping\n        cost  $5.50\n    }\n}\n"
    )


def _plan(fee: str) -> str:
    return f"        plan annual {{\n            fee  {fee}\n        }}\n"


CODES = (
    Code(
        "L370",
        "a membership that does not fit",
        """\
A membership is paid for by the month, quarter or year, and a plan keeps its length; another length is
another plan. A trial is a number of days. What is limited or protected has to be there: a trial, a new fee by
that day.""",
        Example("file", membership_with(_plan("$3 per week")), membership_with(_plan("$13 per month"))),
    ),
)
