"""An example of each clause of the blocks that few programs have, as of `spelling.CLAUSES`."""

from collections.abc import Mapping

from loyalty_dsl.language.source_spelling import SOURCE_CLAUSES

SELDOM_CLAUSES: Mapping[str, Mapping[str, str]] = {
    **SOURCE_CLAUSES,
    "transition": {
        "keep": "keep stars",
        "end": "end status",
        "convert": "convert 2 points for 1 star",
        "start": "start status at the level earned",
        "honour": "honour status through 2027-01-31",
        "phase": "phase gold from $500 to $750 over 12 months",
    },
    "counter": {
        "carry": "carry what exceeds the level earned when status >= silver",
        "limit": "limit 20 nights per calendar month",
    },
    "partner": {
        "issues": "issues base, bonus",
        "redeems": "redeems money_off",
        "pays": "pays $0.60 per 100 points issued",
        "receives": "receives $0.49 per 100 points redeemed",
    },
    "allowance": {
        "give": "give 500 megabytes per referral up to 16,000 megabytes",
        "cost": "cost $0.01 per 1,000 megabytes per month",
    },
    "audience": {"when": "when days since join >= 365", "holdout": "holdout 10%"},
    "challenge": {
        "start": "start when member opts in",
        "ends": "ends 7 days after start",
        "goal": "goal 3 items where category is drink",
        "count": "count days in a row with purchase",
        "forgive": "forgive 1 gap",
        "give": "give 50 points",
        "limit": "limit 5 times",
        "when": "when days since join >= 30",
        "pending": "pending 14 days",
        "expire": "expire 6 months after earning",
        "account": "account marketing",
        "in": "in promotions",
    },
    "menu": {
        "on": "on year_nights reaches 50",
        "when": "when days since join >= 7",
        "dates": "dates from 2026-03-01 through 2026-05-31",
        "limit": "limit 1 time per calendar year",
        "choose": "choose 1 through january 8 otherwise upgrades",
        "option": "option upgrades give 5 upgrade_awards",
    },
    "option": {
        "give": "give 1 lounge_membership",
        "uses": "uses 2 choices",
        "when": "when status >= gold",
        "dates": "dates from 2026-03-01 through 2026-05-31",
        "limit": "limit 1 time per calendar year",
        "cost": "cost $400",
        "worth": "worth $500",
    },
    "on": {"item": "item $6.00 with category drink"},
}
