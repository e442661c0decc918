"""The text of a small program, and what the reader refused, for the reader's tests."""

from loyalty_dsl.transactions.histories import HistoryResult

HEAD = """\
program corner "Corner" {
    money     USD
    timezone  "America/New_York"
    starts    2020-01-01 by purchase date
"""
BODY = """\
    currency points "Points" {
        round   down per rule
        expire  never
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    reward five_off {
        price  500 points
        give   $5 off in full
    }
}
"""


def reasons(result: HistoryResult) -> dict[int, str]:
    """Why each refused row was refused."""
    return {row.row: row.reason for row in result.refused.rows}
