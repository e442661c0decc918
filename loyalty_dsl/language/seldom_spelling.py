"""An example of each clause of the blocks that few programs have, as of `spelling.CLAUSES`."""

from collections.abc import Mapping

SELDOM_CLAUSES: Mapping[str, Mapping[str, str]] = {
    "transition": {
        "keep": "keep stars",
        "end": "end status",
        "convert": "convert 2 points for 1 star",
        "start": "start status at the level earned",
        "honour": "honour status through 2027-01-31",
        "phase": "phase gold from $500 to $750 over 12 months",
    },
    "audience": {"when": "when days since join >= 365", "holdout": "holdout 10%"},
    "challenge": {
        "start": "start when member opts in",
        "ends": "ends 7 days after start",
        "goal": "goal 3 items where category is drink",
        "count": "count days in a row with purchase",
        "forgive": "forgive 1 gap",
        "give": "give 50 points",
        "pending": "pending 14 days",
        "expire": "expire 6 months after earning",
        "account": "account marketing",
        "in": "in promotions",
    },
}
