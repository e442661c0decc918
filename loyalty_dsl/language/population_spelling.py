"""An example of each clause of a population, as of `spelling.CLAUSES`."""

from collections.abc import Mapping

POPULATION_CLAUSES: Mapping[str, Mapping[str, str]] = {
    "population": {
        "start": "start 100,000 members on 2027-01-01",
        "join": "join 2,000 members per month season december 1.5",
        "fitted": 'fitted from "purchases.csv" through 2026-06-30 parameter error 2.1% holdout error 4.2%',
        "margin": "margin 32%",
        "discount": "discount 8% per year",
        "runs": "runs at $4,000 per month",
        "lift": "lift 3%",
        "responses": "responses literature {",
        "segment": "segment NAME 55% {",
    },
    "responses": {},
    "segment": {
        "purchases": "purchases 9 per month spread 0.8",
        "leave": "leave 3% per month",
        "basket": "basket median $6.20 sigma 0.8",
        "redeem": "redeem 60% when a reward is affordable",
        "regularity": "regularity 2",
        "season": "season november 1.3, december 1.9, january 0.8",
        "weekday": "weekday saturday 1.2, sunday 0.7",
        "items": "items 1 60%, 2 30%, 3 10%",
        "event": "event flight 0.8 per month {",
        "returns": "returns 4% of purchases within 30 days",
        "refer": "refer 0.4% of purchases",
        "take_up": "take_up birthday_gift 60%, sale 80%",
        "exchange": "exchange to_miles 2%",
        "choose": "choose annual_choice { upgrades 40%, nights 30% }",
        "orders": "orders 4.2 per year",
        "redeeming": "redeeming 30%",
        "responses": "responses {",
    },
    "segment event": {
        "basket": "basket median $240 sigma 0.6",
        "regularity": "regularity 2",
        "season": "season november 1.3, december 1.9, january 0.8",
        "weekday": "weekday saturday 1.2, sunday 0.7",
    },
}
