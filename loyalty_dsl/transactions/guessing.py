"""A `source` to begin with, guessed from the first rows of a file.

Invariant: what is written checks with its program. Each guess says what it rests on, and one that rests on
little says that it is unsure; nothing is read, skipped or mapped because of a guess that nobody can see.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

import attrs
import polars as pl

from loyalty_dsl.calendar import date_of
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.sources import Source
from loyalty_dsl.quantities import symbol_of
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.guessed_fields import guess_fields
from loyalty_dsl.transactions.guessed_moments import guess_moment
from loyalty_dsl.transactions.rows import DAY_MICROSECONDS
from loyalty_dsl.transactions.seen_columns import ADDRESS, AMOUNT, NUMBER, SeenColumn, seen_columns
from loyalty_dsl.transactions.source_cells import read_source_cells
from loyalty_dsl.transactions.source_moments import moments_of


@attrs.frozen
class Guess:
    """A clause: its words, what it rests on, and whether that is little."""

    text: str
    why: str
    unsure: bool = False


@attrs.frozen
class GuessedSource:
    """A source as a rule file.

    Attributes:
        text: the file.
        kind: what the file seems to be.
        unsure: how many of its clauses are.
    """

    text: str
    kind: str
    unsure: int


_EARLIEST = 365
"""The last day of the epoch's first year."""

_MEMBER = (
    "email", "e mail", "customer email", "email address", "member", "member id", "loyalty id", "customer id",
    "customer", "user id", "user", "client id", "client", "card number", "phone",
)  # fmt: skip
_ID = (
    "order id", "order number", "order no", "order", "order name", "transaction id", "transaction",
    "receipt id", "receipt", "receipt number", "invoice", "invoice number", "purchase", "purchase id",
    "sale id", "ticket", "reference", "event id", "id",
)  # fmt: skip
_BASKET = (
    "subtotal", "net sales", "net amount", "net", "amount", "order amount", "order subtotal", "basket",
    "spend", "value", "order value", "order total", "total", "gross sales", "paid", "revenue", "sales",
)  # fmt: skip
_PRICE = ("lineitem price", "unit price", "item price", "price", "price each")
_QUANTITY = ("lineitem quantity", "quantity", "qty", "units", "item quantity")
_OFF = ("lineitem discount", "item discount", "line discount")
_CURRENCY = ("currency", "currency code", "money")
_GONE = {"cancelled", "canceled", "void", "voided", "refunded", "failed", "declined", "expired"}


def guess_source(path: Path, program: Program, name: str) -> GuessedSource:
    """Guesses how a file is read for a program.

    Args:
        name: of the source.

    Raises:
        InputRefused: the file cannot be read.
    """
    form, columns = seen_columns(path)
    if not columns:
        raise InputRefused(
            f"no column of `{path}` has a name of its own",
            "give each another name in the first line, without quotes",
        )
    plain = {column.plain for column in columns}
    if {"name", "lineitem price", "lineitem quantity", "created at"} <= plain:
        kind, guesses = "Shopify orders", _shopify(columns, program)
    elif {"gross sales", "net sales", "transaction id", "event type"} <= plain:
        kind, guesses = "Square items", _square(columns, program)
    else:
        kind, guesses = "a table of purchases", _plain(columns, form, program)
    moment = guess_moment(columns)
    event = next(guess for guess in guesses if guess.text.startswith("event"))
    timed = Guess(
        f"{event.text} at {moment.text}", f"{event.why}; {moment.why}", event.unsure or moment.unsure
    )
    guesses = [timed if guess is event else guess for guess in guesses]
    guesses += _currency(columns, program)
    guesses += _left_out(columns)
    guesses += [Guess(each.text, each.why, each.unsure) for each in guess_fields(columns, program)]
    unsure = sum(guess.unsure for guess in guesses)
    return GuessedSource(_written(guesses, path, program, name, kind), kind, unsure)


def first_year(source: Source, program: Program, path: Path) -> int | None:
    """The year of the earliest moment in a file that a source reads; `None` where it has none. Moments
    before 1971 are those of cells that nobody filled in."""
    read = read_source_cells(source, path, None)
    columns = [read.of(column) for column in source.moment.columns]
    texts = read.cells.select(pl.concat_str(columns, separator=" ")).to_series()
    days = moments_of(texts, source.moment, program.timezone)["micros"] // DAY_MICROSECONDS
    earliest = days.filter(days > _EARLIEST).min()
    return None if earliest is None else date_of(int(cast(int, earliest))).year


def _written(guesses: Sequence[Guess], path: Path, program: Program, name: str, kind: str) -> str:
    shown = "".join(letter if letter.isprintable() else "?" for letter in path.name)
    unsure = sum(guess.unsure for guess in guesses)
    lines = [
        f"# How {shown} is read, guessed from its first rows: it looks like {kind}.",
        "# Each clause says what the guess rests on. Read them all, and mend what is not so"
        + (f"; first the {unsure} that say `unsure`." if unsure else "."),
        "",
        f"source {name} for {program.name} {{",
    ]
    width = max(len(_word(guess.text)) for guess in guesses) + 2
    for guess in guesses:
        word = _word(guess.text)
        lines.append(f"    # {'unsure: ' if guess.unsure else ''}{guess.why}")
        lines.append(f"    {word:{width}}{guess.text.removeprefix(word).strip()}")
    return "\n".join([*lines, "}", ""])


def _word(text: str) -> str:
    """The words that a clause begins with, which stand in a column."""
    return "tie out" if text.startswith("tie out") else text.partition(" ")[0]


# ---- exports that are known by their columns


def _shopify(columns: Sequence[SeenColumn], program: Program) -> list[Guess]:
    cent = f"{symbol_of(program.money)}0.01"
    known = "a column of Shopify's order export"
    by_plain = {column.plain: column.name for column in columns}
    off = ' less "' + by_plain["lineitem discount"] + '"' if "lineitem discount" in by_plain else ""
    guesses = [
        Guess(
            "read csv, one row per item, blanks repeat the order above", "Shopify writes a row for each item"
        ),
        Guess(
            f'member "{by_plain.get("email", "Email")}"',
            "orders of one address are one member's; add `, hashed` to hide it",
        ),
        Guess(f'event "{by_plain["name"]}"', "the order's number"),
        Guess(
            f'item "{by_plain["lineitem price"]}" x "{by_plain["lineitem quantity"]}"{off}',
            "the price is that of one",
        ),
    ]
    total = "items"
    if "discount amount" in by_plain:
        total = f'items less "{by_plain["discount amount"]}"'
        guesses.append(
            Guess(
                f"basket {total}",
                "discount codes come off the order; leave it out if they are your rewards",
                True,
            )
        )
    if "refunded amount" in by_plain:
        guesses.append(
            Guess(f'refunded "{by_plain["refunded amount"]}"', f"{known}, which does not say when")
        )
    if "email" in by_plain and any(cell is None for cell in _of(columns, "email").cells):
        guesses.append(Guess(f'skip when "{by_plain["email"]}" is absent', "guests are no members"))
    if "subtotal" in by_plain:
        guesses.append(
            Guess(f'tie out {total} to "{by_plain["subtotal"]}" within {cent}', "what Shopify sums up itself")
        )
    return guesses


def _square(columns: Sequence[SeenColumn], program: Program) -> list[Guess]:
    by_plain = {column.plain: column.name for column in columns}
    member = by_plain.get("customer id", by_plain.get("customer name", "Customer ID"))
    guesses = [
        Guess("read csv, one row per item", "Square writes a row for each item"),
        Guess(f'member "{member}"', "a column of Square's item export"),
        Guess(f'event "{by_plain["transaction id"]}"', "a column of Square's item export"),
        Guess(f'item "{by_plain["net sales"]}"', "after discounts, without tax"),
        Guess(f'skip when "{member}" is absent', "whom the till does not know is no member"),
    ]
    if program.returns is not None:
        guesses.append(
            Guess(
                "return negative rows of the latest purchase",
                "refunds are rows below zero, and do not say of what",
                True,
            )
        )
    if "discounts" in by_plain:
        guesses.append(
            Guess(
                f'tie out "{by_plain["gross sales"]}" plus "{by_plain["discounts"]}" '
                f'to "{by_plain["net sales"]}" within {symbol_of(program.money)}0.01',
                "what Square sums up itself",
            )
        )
    return guesses


# ---- any other table


def _plain(columns: Sequence[SeenColumn], form: str, program: Program) -> list[Guess]:
    member, by = _named(columns, _MEMBER), "its name"
    if member is None:
        member = next((column for column in columns if column.share(ADDRESS) > 0.8), None)
        by = "its cells, which are addresses"
    guesses = []
    if member is None:
        member = max(
            columns, key=lambda column: len(column.filled) - len(column.texts()) if column.filled else -1
        )
        guesses.append(Guess(f'member "{member.name}"', "no column looks like a member's", True))
    else:
        guesses.append(Guess(f'member "{member.name}"', f"by {by}; add `, hashed` to hide it"))
    id_ = _named([column for column in columns if column is not member], _ID)
    amounts = [column for column in columns if column not in (member, id_) and column.share(AMOUNT) > 0.8]
    price, count = _named(amounts, _PRICE), _named(amounts, _QUANTITY)
    basket = _named(amounts, _BASKET)
    several = 0 if id_ is None else len(id_.filled) - len(id_.texts())
    if id_ is not None and several:
        apart = basket is not None and _blank_below(id_, basket)
        repeat = ", blanks repeat the order above" if apart else ""
        why = f"{several:,} rows have the `{id_.name}` of another one"
        guesses.insert(0, Guess(f"read {form}, one row per item{repeat}", why))
        guesses.append(Guess(f'event "{id_.name}"', "by its name"))
        if not apart or price is not None or program.item_fields:
            guesses.append(_item_of(price, count, basket if not apart else None, amounts, columns))
        if apart and basket is not None:
            guesses.append(Guess(f'basket "{basket.name}"', "by its name, and only first rows have it"))
    else:
        guesses.insert(0, Guess(f"read {form}", "no two rows have an id in common"))
        if id_ is None:
            guesses.append(Guess("event", "no column looks like an id, so every row is an event", True))
        else:
            guesses.append(Guess(f'event "{id_.name}"', "by its name, and each row has its own"))
        guesses.append(_basket_of(basket, price, count, amounts, columns))
    used = guesses[-1].text
    below = [
        column.name
        for column in amounts
        if f'"{column.name}"' in used and any("-" in x or "(" in x for x in column.filled)
    ]
    if below and program.returns is not None:
        guesses.append(
            Guess(
                "return negative rows of the latest purchase",
                f"some `{below[0]}` are below zero, and nothing says of what they are returns",
                True,
            )
        )
    return guesses


def _basket_of(
    basket: SeenColumn | None,
    price: SeenColumn | None,
    count: SeenColumn | None,
    amounts: Sequence[SeenColumn],
    columns: Sequence[SeenColumn],
) -> Guess:
    if basket is not None:
        return Guess(f'basket "{basket.name}"', "by its name; it should be without tax and shipping")
    if price is not None and count is not None:
        return Guess(f'basket "{price.name}" x "{count.name}"', "by their names")
    return _any_amount("basket", amounts, columns)


def _item_of(
    price: SeenColumn | None,
    count: SeenColumn | None,
    basket: SeenColumn | None,
    amounts: Sequence[SeenColumn],
    columns: Sequence[SeenColumn],
) -> Guess:
    if price is not None and count is not None:
        off = _named(amounts, _OFF)
        less = "" if off is None else f' less "{off.name}"'
        return Guess(
            f'item "{price.name}" x "{count.name}"{less}', "by their names, if the price is that of one"
        )
    chosen = price or basket
    if chosen is not None:
        return Guess(f'item "{chosen.name}"', "by its name, if it is of the item and not of the order", True)
    return _any_amount("item", amounts, columns)


def _any_amount(word: str, amounts: Sequence[SeenColumn], columns: Sequence[SeenColumn]) -> Guess:
    parts = [column for column in amounts if column.share(NUMBER) < 0.8] or list(amounts) or list(columns)
    return Guess(
        f'{word} "{parts[-1].name}"', "no column is named like an amount; this one looks like one", True
    )


def _blank_below(id_: SeenColumn, basket: SeenColumn) -> bool:
    """Whether the rows of an order below its first have no amount of the order."""
    seen: set[str] = set()
    below = []
    for name, cell in zip(id_.cells, basket.cells, strict=True):
        if name is not None and name in seen:
            below.append(cell)
        elif name is not None:
            seen.add(name)
    return bool(below) and all(cell is None for cell in below)


# ---- what any file may have


def _currency(columns: Sequence[SeenColumn], program: Program) -> list[Guess]:
    column = _named(columns, _CURRENCY)
    if column is None:
        return []
    others = sorted(set(column.filled) - {program.money})
    why = "all rows that were looked at are in it"
    if others:
        why = f"rows in {', '.join(_shown(text) for text in others[:3])} are set aside"
    return [Guess(f'currency "{column.name}" must be {program.money}', why, bool(others))]


def _left_out(columns: Sequence[SeenColumn]) -> list[Guess]:
    guesses = []
    for column in columns:
        if column.plain in ("cancelled at", "canceled at", "voided at"):
            guesses.append(
                Guess(f'skip when "{column.name}" is present', "by its name: the order was called off")
            )
        elif column.plain.endswith(("status", "state")):
            gone = [text for text in sorted(column.texts()) if text.lower() in _GONE and '"' not in text]
            if gone:
                several = ", ".join(f'"{text}"' for text in gone)
                test = f"is one of {several}" if len(gone) > 1 else f"is {several}"
                others = [_shown(text) for text in sorted(column.texts()) if text not in gone]
                why = (
                    f"these were called off; it also has {', '.join(others[:4])}" if others else "called off"
                )
                guesses.append(Guess(f'skip when "{column.name}" {test}', why, True))
    return guesses


def _named(columns: Iterable[SeenColumn], names: Sequence[str]) -> SeenColumn | None:
    """The column with the first of these names."""
    by_plain: dict[str, SeenColumn] = {}
    for column in columns:
        by_plain.setdefault(column.plain, column)
    return next((by_plain[name] for name in names if name in by_plain), None)


def _of(columns: Sequence[SeenColumn], plain: str) -> SeenColumn:
    return next(column for column in columns if column.plain == plain)


def _shown(text: str) -> str:
    kept = "".join(letter if letter.isprintable() else "?" for letter in text)
    return f"`{kept[:30]}`"
