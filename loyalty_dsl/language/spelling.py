"""How every clause is spelled: one line of the language for each, shown when a clause cannot be read.

Invariant: each line parses in its block, and each clause of the grammar has one; a test holds both.
"""

from collections.abc import Mapping, Sequence

from loyalty_dsl.calendar import MONTHS
from loyalty_dsl.language.gate_spelling import EVENT_CLAUSES, REFUSE
from loyalty_dsl.language.membership_spelling import MEMBERSHIP_CLAUSES
from loyalty_dsl.language.population_spelling import POPULATION_CLAUSES
from loyalty_dsl.language.seldom_spelling import SELDOM_CLAUSES
from loyalty_dsl.language.transfer_spelling import RETURNS_CLAUSES, TRANSFER_CLAUSES

_RULE = {
    "on": "on purchase where payment is store_card",
    "when": "when days since join >= 7 and amount >= $5",
    "dates": "dates from 2026-03-01 through 2026-05-31",
    "for": "for items where category is drink",
    "give": "give 1 point per $1",
    "limit": "limit 4 times per calendar day",
}
_REWARD = {
    "price": "price 500 points",
    "give": "give $5 off in full",
    "for": _RULE["for"],
    "issue": "issue automatically at checkout",
    "when": _RULE["when"],
    "dates": _RULE["dates"],
    "minimum": "minimum $20",
    "steps": "steps $5",
    "limit": _RULE["limit"],
    "cost": "cost $1.60 assumed",
    "worth": "worth $5.00", "hidden": "hidden", "refuse": REFUSE,
}  # fmt: skip

_PROGRAM = {
    "money": "money USD", "timezone": 'timezone "America/New_York"',
    "starts": "starts 2026-01-01 by purchase date", "table": "table NAME by status {",
    "replaces": "replaces version 1 from 2026-03-10 by purchase date", "transition": "transition {",
    "period": "period fiscal_year = year from march 1", "member": "member {", "event": "event purchase {",
    "item": "item {", "currency": 'currency points "Points" {', "returns": "returns {",
    "allowance": "allowance NAME {", "counter": "counter year_spend = spend in calendar year",
    "tiers": "tiers status {", "membership": "membership prime {", "group": "group promotions {",
    "earn": "earn NAME {", "reward": "reward NAME {", "benefit": "benefit NAME {",
    "referral": "referral NAME {", "challenge": "challenge NAME {", "transfer": "transfer NAME {",
    "menu": "menu NAME {", "partner": "partner NAME {", "audience": "audience NAME {",
    "runs": "runs at $45 per month",
}  # fmt: skip

_FILE = {
    "program": 'program NAME "Title" {', "population": "population NAME {", "study": "study NAME {",
    "scenario": 'scenario "Title" for PROGRAM {', "source": "source NAME {",
}  # fmt: skip

CLAUSES: Mapping[str, Mapping[str, str]] = {
    "": _FILE,
    "program": _PROGRAM,
    **SELDOM_CLAUSES,
    "member": {},
    "event": EVENT_CLAUSES,
    "item": {},
    "currency": {
        "round": "round half up per rule",
        "pending": "pending 14 days",
        "expire": "expire 6 months after earning",
        "postpone": "postpone 1 month when purchases in previous calendar month >= 1",
        "restart": "restart on status falls below gold",
        "spend": "spend soonest to expire first",
        "worth": "worth $0.01",
        "cost": 'cost $0.008 source "2026 contract"',
        "breakage": "breakage 15% assumed",
        "show": "show whole stars",
        "notify": "notify 14 days before expiry",
        "use": "use gift_card, donation",
    },
    "tiers": {
        "hold": "hold through end of calendar year plus 12 months",
        "notice": "notice 1 month",
        "lapse": "lapse to the level earned",
        "upgrade": "upgrade before the event",
        "review": "review every calendar month",
        "level": 'level gold "Gold" when year_spend >= $500',
    },
    "group": {"combine": "combine best of", "limit": "limit 100 points per event"},
    "earn": {
        **_RULE,
        "raise": "raise base to 3 points per $1",
        "use": "use strategy volume_curve of basket, visits for up to 500 points",
        "in": "in promotions",
        "chance": "chance 1%",
        "account": "account marketing",
        "pending": "pending 14 days",
        "expire": "expire 6 months after earning",
        "hidden": "hidden",
    },
    "reward": _REWARD,
    "benefit": {
        **_RULE,
        "give": "give 10% off",
        "minimum": "minimum $20",
        "cost": "cost 100% of face value",
        "worth": "worth $5.00",
        "hidden": "hidden",
        "refuse": REFUSE,
    },
    "referral": {
        "on": "on first purchase by friend kept 14 days",
        "stage": "stage install within 30 days",
        **{word: _RULE[word] for word in ("when", "dates")},
        "give": "give 500 points to friend",
        "limit": "limit 16 times per calendar year",
    },
    "by": {
        "columns": "columns economy, business",
        "from": "from $100 2 points per $1",
        "others": "others nothing",
    },
    "returns": RETURNS_CLAUSES,
    "transfer": TRANSFER_CLAUSES,
    **MEMBERSHIP_CLAUSES,
    **POPULATION_CLAUSES,
    "scenario": {
        "given": "given 495 points earned 2026-01-15",
        "on": "on 2026-07-06 purchase $6.00",
        "advance": "advance to 2026-07-31",
        "expect": "expect earned 6 points",
    },
    "study": {
        "program": "program NAME",
        "population": "population NAME",
        "months": "months 36",
        "sample": "sample 20,000 members",
        "seed": "seed 7",
        "compare": "compare with status.gold = $400",
        "objective": "objective liability at month 36",
        "require": "require liability at month 36 <= $4.0M",
        "warn": "warn active rate at month 12 >= 45%",
        "accept": 'accept assumed points.cost "agreed with finance"',
    },
}
"""Block -> leading word -> an example. `""` is a file, `on` the braces of a purchase with items, `by` those
of a table, and `segment event` an `event` in a segment."""

PLACES = {"event_traits_header": "segment event"}
"""The blocks whose first word is that of another block, by the rule that makes their header."""

FIELDS = {
    "member": "birthday date",
    "event": "online yes/no",
    "item": "category one of drink, food",
    "segment": "payment store_card 45%, other 55%",
    "responses": "goal_gradient 25%",
    "segment event": "fare_class a 60%, b 40%",
    "by": "gold 2 points per $1",
}
"""Blocks whose lines may start with a name, with an example."""

KINDS = {
    "NAME": "a name",
    "NUMBER": "a number",
    "NEGATIVE": "a number below zero such as `-5`",
    "NEGATIVE_MONEY": "an amount below zero such as `-$5`",
    "NEGATIVE_PERCENT": "a percentage below zero such as `-5%`",
    "=": "`=`",
    "MONEY": "an amount of money such as `$5`",
    "PERCENT": "a percentage such as `5%`",
    "DATE": "a date such as `2026-01-31`",
    "TIME": "a time such as `12:30`",
    "STRING": "a text in quotes",
    "COMPARE": "a comparison such as `>=`",
    "CODE": "a code such as `USD`",
    "YES_NO": "`yes/no`",
    "NEWLINE": "the end of the line",
    "END": "the end of the file",
}
"""What a person calls a kind of token that is not a word or a mark."""

COMPOUNDS = {"one": "one of", "half": "half up", "face": "face value", "best": "best of"}
"""Words that are only said together."""

UNITS = ("day", "days", "week", "weeks", "month", "months", "quarter", "quarters", "year", "years")

MONEY_WORDS = frozenset({"dollar", "dollars", "euro", "euros", "pound", "pounds", "usd", "eur", "gbp"})
"""What people write for `$1`."""

STAND_INS = {
    "NAME": "unnamed",
    "NUMBER": "1",
    "MONEY": "$1",
    "PERCENT": "1%",
    "DATE": "2026-01-01",
    "STRING": '"untitled"',
    "CODE": "USD",
}
"""What stands for a missing piece of a header, so that the block behind it is still read."""

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "a": ("per",),
    "after": ("from",),
    "an": ("per",),
    "award": ("give",),
    "cap": ("limit",),
    "capped": ("limit",),
    "costs": ("price",),
    "during": ("in",),
    "earns": ("give",),
    "each": ("every", "per"),
    "estimate": ("assumed",),
    "estimated": ("assumed",),
    "every": ("per",),
    "expires": ("expire",),
    "for": ("to", "per"),
    "from": ("of", "by"),
    "gives": ("give",),
    "if": ("when", "where"),
    "last": ("rolling",),
    "max": ("limit",),
    "maximum": ("limit",),
    "min": ("minimum",),
    "of": ("by",),
    "or": ("else",),
    "otherwise": ("else", "others"),
    "over": ("in", "from"),
    "past": ("rolling",),
    "per": ("in",),
    "receive": ("give",),
    "recieve": ("give",),
    "since": ("from",),
    "tier": ("tiers", "level"),
    "till": ("through",),
    "until": ("through",),
    "value": ("worth",),
    "when": ("where",),
    "where": ("when",),
}
"""Words that people write for a word of the language that is spelled differently."""

GROUPS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"days", "months", *UNITS}), "a unit such as `days`"),
    (frozenset(MONTHS), "a month such as `march`"),
    (frozenset({"by", "free", "from", "not", "nothing", "MONEY", "NUMBER", "PERCENT"}),
     "an amount such as `5 points`"),
    (frozenset({"calendar", "lifetime", "previous", "rolling", "year", "NAME"}),
     "a window such as `calendar month`"),
    (frozenset({"yes", "no", "DATE", "MONEY", "NAME", "NUMBER"}), "a value such as `5`, `gold` or `yes`"),
)  # fmt: skip
"""Kinds of token that begin one thing, and what a person calls that thing."""

_VARIANTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "counter": (
        ("plus", "counter both = in_shops plus online"),
        ("minus", "counter both = in_shops minus returned"),
        ("divided", "counter part = online divided by both"),
        ("%", "counter tenth = 10% of year_spend"),
        ("with", "counter active_months = calendar months with purchase in rolling 12 months"),
        ("rolling", "counter recent = spend in rolling 30 days"),
        ("earned", "counter earned = points earned by base in calendar year"),
        ("where", "counter by_card = spend in calendar year where payment is card"),
    ),
    "hold": (("NUMBER", "hold 12 months"),),
    "review": (("on", "review on november 1"),),
    "lapse": (("at", "lapse at most one level"), ("one", "lapse at most one level")),
    "give": (
        ("by", "give by status {"),
        ("free", "give free item up to $6.00"),
        ("off", "give $5 off in full"),
        ("to", "give 500 points to friend"),
        ("of", "give 60% of base"),
        ("%", "give 10% off"),
    ),
    "raise": (("by", "raise base to by status {"),),
    "price": (
        ("per", "price 100 points per $1 off"),
        ("all", "price all cash"),
        ("by", "price by zone {"),
    ),
    "on": (
        ("anniversary", "on anniversary of join"),
        ("start", "on start of calendar month"),
        ("end", "on 45 days after end of calendar quarter"),
        ("reaches", "on year_nights reaches 40 then every 10"),
        ("falls", "on status falls below gold"),
        ("last", "on 60 days after last purchase"),
        ("after", "on 60 days after last purchase"),
        ("within", "on first purchase by friend within 30 days of join"),
        ("kept", "on first purchase by friend kept 14 days"),
        ("by", "on first purchase by friend kept 14 days"),
        ("first", "on first purchase where amount >= $40"),
    ),
    "when": (("between", "when amount between $5 and $9"), ("on", "when on mondays")),
    "dates": (("on", "dates on mondays"), ("december", "dates december 1 through december 24")),
    "limit": (
        ("lifetime", "limit 1 time per lifetime"),
        ("membership", "limit 1 time per year of membership"),
        ("everyone", "limit 20,000 times per calendar month for everyone"),
    ),
    "expire": (
        ("last", "expire 24 months after last purchase, redemption"),
        ("first", "expire 12 months after first earning"),
        ("latest", "expire latest of 6 months after earning and at end of calendar year"),
        ("next", "expire 36 months after earning at next september 30"),
        ("end", "expire 6 months after earning at end of calendar month"),
        ("never", "expire never when status >= gold"),
    ),
    "balance": (("stops", "balance stops at zero"),),
    "scenario on": (
        ("return", "on 2026-07-09 return $6.00 of lunch"),
        ("redeeming", "on 2026-07-06 purchase $6.00 redeeming five_off"),
        ("exchange", "on 2026-07-06 exchange 800 points by to_miles"),
        ("choose", "on 2026-07-06 choose upgrades of annual_choice"),
        ("transfer", "on 2026-07-06 transfer 1,000 points to ben"),
        ("by", "on 2026-07-06 purchase $6.00 by friend"),
        ("as", "on 2026-07-06 purchase $6.00 as lunch"),
        ("with", "on 2026-07-06 purchase $6.00 with payment card"),
        ("expect", "on 2026-07-06 expect status gold"),
    ),
    "given": (
        ("times", "given 16 times friends"), ("comes", "given lottery comes up"),
        ("of", "given holdout of lapsing"), ("joined", "given joined 2026-01-15"),
        ("NUMBER", "given 495 points earned 2026-01-15"),
        ("", "given status gold"),
    ),
    "expect": (
        ("earned", "expect earned 6 points"),
        ("used", "expect used 1 drink"),
        ("reversed", "expect reversed 6 points"),
        ("NUMBER", "expect earned 6 points"),
        ("NAME", "expect status gold through 2026-12-31"),
    ),
    "require": (("between", "require breakage between 8% and 25%"),),
    "compare": (("with", "compare with status.gold = $400"), ("", "compare shop_2026")),
    "basket": (("gamma", "basket gamma p 6.25 q 3.74 scale $15.44"),),
    "leave": (("or", "leave 3.2% per purchase or join spread 0.9"),),
    "items": (("NUMBER", "items 1 60%, 2 30%, 3 10%"),),
    "segment": (
        ("any", "birthday any day"),
        ("median", "distance median 800 sigma 0.5"),
        ("sigma", "distance median 800 sigma 0.5"),
        ("NUMBER", "nights 1 60%, 2 40%"),
    ),
}  # fmt: skip
"""The leading word of a clause (or `segment`, for a line that starts with a field) -> forms of it, each with
a word, a kind of token or the sign that only this form has; `""` is any other."""

PARTS = {
    "rounding": "the rounding",
    "round_per": "the rounding",
    "spend_order": "the order of spending",
    "duration": "the duration",
    "quantity": "the amount",
    "measure": "the measure",
    "window": "the window",
    "note": "the source",
    "extent": "the extent",
    "figure": "the figure",
    "held": "the value",
    "lapse": "the lapse",
    "side": "the side",
    "combining": "the way of combining",
    "balance_how": "the balance",
    "day_of_year": "the day",
    "columns": "the columns",
    "names_case": "the case",
    "yes_or_no": "the case",
    "returning": "the return",
    "happening": "the event",
}
"""What a person calls a part of a clause."""


def kind_in_words(kind: str) -> str:
    """A kind of token as a person says it: words and marks in backticks."""
    return KINDS.get(kind, f"`{kind}`")


def example(place: str, word: str) -> str | None:
    """How the clause that starts with `word` is spelled in the block `place`."""
    return CLAUSES.get(place, {}).get(word)


def example_like(place: str, word: str, tokens: Sequence[tuple[str, str]]) -> str | None:
    """How the form of a clause is spelled that these tokens, each kind and text, begin."""
    seen = {each for pair in tokens[1:] for each in pair} | {"%" for kind, _ in tokens if kind == "PERCENT"}
    forms = _VARIANTS.get(f"{place} {word}") or _VARIANTS.get(word) or ()
    if place in ("segment", "segment event") and word not in CLAUSES[place]:
        forms = _VARIANTS["segment"]
    return next((shown for mark, shown in forms if not mark or mark in seen), None)


def leading_words(place: str) -> tuple[str, ...]:
    """The words that a clause of this block starts with."""
    return tuple(CLAUSES.get(place, {}))


def places_of(word: str) -> tuple[str, ...]:
    """The blocks that have a clause which starts with this word."""
    return tuple(place for place, clauses in CLAUSES.items() if word in clauses and place not in ("on", "by"))
