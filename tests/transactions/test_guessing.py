"""Sources guessed from files: what is written checks, reads the file, and says where it is unsure."""

from pathlib import Path

import pytest

from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.pipeline import load
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.source import SourceText
from loyalty_dsl.transactions.guessing import GuessedSource, first_year, guess_source
from loyalty_dsl.transactions.ways_to_read import way_to_read

PROGRAM = """\
program shop "Shop" {
    money     USD
    timezone  "America/New_York"
    starts    2025-01-01 by purchase date
    event purchase {
        channel  one of online, store
        gift     yes/no
    }
    currency points {
        round   down per rule
        expire  12 months after earning
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    reward five_off {
        price  500 points
        give   $5 off in full
    }
    returns { balance stops at zero }
}
"""


def guessed(path: Path, rules: str = PROGRAM) -> tuple[GuessedSource, Book]:
    """The guess, and the book of the program with it."""
    program, _ = check_book([parse_file(SourceText("shop.loyalty", rules))[0]])
    assert program is not None
    guess = guess_source(path, program.programs[0], "export")
    sources = [SourceText("shop.loyalty", rules), SourceText("guess.loyalty", guess.text)]
    parsed = [parse_file(source) for source in sources]
    book, found = check_book([file for file, _ in parsed], [each for _, some in parsed for each in some])
    assert book is not None, [each.message for each in found]
    return guess, book


def clauses(guess: GuessedSource) -> list[str]:
    lines = (line.strip() for line in guess.text.splitlines())
    return [" ".join(line.split()) for line in lines if line and not line.startswith(("#", "source", "}"))]


def every_guess_is_explained(guess: GuessedSource) -> bool:
    lines = guess.text.splitlines()
    inside = lines[lines.index(next(line for line in lines if line.startswith("source"))) + 1 : -1]
    return all(line.strip().startswith("#") for line in inside[::2]) and len(inside) == 2 * len(
        clauses(guess)
    )


@pytest.mark.parametrize(
    ("sample", "name", "used"), [("shopify_orders", "coffee_shop", 1887), ("square_items", "bakery", 94)]
)
def test_known_exports_are_guessed_as_we_would_write_them(
    repository: Path, sample: str, name: str, used: int
) -> None:
    path = repository / "programs" / "data" / f"{sample}.csv"
    ours = load(repository / "programs" / "sources" / f"{sample}.loyalty")
    rules = ours.sources[0].text.partition("\nsource ")[0] + "\n"
    guess, book = guessed(path, rules)
    assert every_guess_is_explained(guess)
    program = book.programs[0]
    assert program.name == name
    theirs = way_to_read(book, program).read(program, path)
    assert len(theirs.history.ids) == used
    assert first_year(book.data_sources[0], program, path) == (2025 if used > 100 else 2026)


def test_a_plain_table(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(
        "Receipt No,Customer ID,Sold On,Net Amount,Channel,Status\n"
        '1,c1,31/03/2026 4:10 PM,"$1,200.00",Online,done\n'
        "2,c1,01/04/2026 9:00 AM,$12.00,In store,done\n"
        "3,c2,02/04/2026 9:00 AM,$-3.00,Store,void\n"
    )
    guess, book = guessed(path)
    assert clauses(guess) == [
        "read csv",
        'member "Customer ID"',
        'event at "Sold On" written "day/month/year hour:minute am"',
        'basket "Net Amount"',
        "return negative rows of the latest purchase",
        'skip when "Status" is "void"',
        'field channel "Channel" { "Online" = online, "In store", "Store" = store, others = store }',
        "field gift = no",
    ]
    assert every_guess_is_explained(guess)
    assert guess.text.count("# unsure: ") == guess.unsure == 5
    result = way_to_read(book, book.programs[0]).read(book.programs[0], path)
    assert result.history.basket.tolist() == [120000, 1200]


def test_items_below_the_first_row_of_their_order(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "order_id,email,date,time,subtotal,price,qty\n"
        "1,ann@x.com,2026-03-01,10:15,30.00,10.00,1\n1,,,,,10.00,2\n2,bob@x.com,2026-03-02,11:00,5.00,5.00,1\n"
    )
    guess, book = guessed(path)
    assert clauses(guess)[:5] == [
        "read csv, one row per item, blanks repeat the order above",
        'member "email"',
        'event "order_id" at "date" "time"',
        'item "price" x "qty"',
        'basket "subtotal"',
    ]
    result = way_to_read(book, book.programs[0]).read(book.programs[0], path)
    assert (result.history.basket.tolist(), len(result.refused)) == ([3000, 500], 0)


def test_what_cannot_be_a_column_is_left_out_and_nothing_is_made_of_what_cells_say(tmp_path: Path) -> None:
    path = tmp_path / 'a "b".csv'
    path.write_text('who,"am""ount",when,total\n"x\n}\nprogram evil {",1,2026-01-01,2\ny,1,2026-01-02,3\n')
    guess, _ = guessed(path)
    assert "evil" not in guess.text
    assert 'am"ount' not in guess.text


def test_json_lines_and_what_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "sales.jsonl"
    path.write_text('{"user": "ann", "timestamp": "2026-03-01T10:00:00Z", "total": 12.5}\n')
    guess, book = guessed(path)
    assert clauses(guess)[:4] == [
        "read json lines", 'member "user"', 'event at "timestamp"', 'basket "total"',
    ]  # fmt: skip
    result = way_to_read(book, book.programs[0]).read(book.programs[0], path)
    assert result.history.basket.tolist() == [1250]
    (tmp_path / "prose.csv").write_text("once upon a time\n")
    with pytest.raises(InputRefused, match="one column"):
        guessed(tmp_path / "prose.csv")
    with pytest.raises(InputRefused, match="there is no file"):
        guessed(tmp_path / "nothing.csv")
