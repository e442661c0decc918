"""How single parts of a program read: one sentence each, beside the clause that says it."""

import re

import pytest

from loyalty_dsl.explanation.terms.document import TermsTable, sentences_of
from loyalty_dsl.explanation.terms.of_program import terms_of
from loyalty_dsl.explanation.terms.versions import terms_in_force
from loyalty_dsl.explanation.terms.words import Words, number, one_of_name, ordinal
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import Program
from loyalty_dsl.source import SourceText

HEAD = """\
program club "Club" {{
    money     {money}
    timezone  "UTC"
    starts    2026-01-01 by purchase date
    member {{
        cardholder  yes/no
        verified    date
    }}
    event purchase {{
        store   one of north, south
        online  yes/no
        time    time
    }}
    item {{
        category  one of drink, food, gift_card
        approved  yes/no
    }}
    event verify
    event flight {{
        distance  number
        legs      number
    }}
    currency points "Points" {{
        round   down per rule
        expire  12 months after earning
    }}
    currency credit "Store credit" in money {{
        round   down per rule
        expire  at end of calendar year
    }}
    counter year_spend "Spend of the year" = spend in calendar year
    tiers status "Status" {{
        hold   12 months
        lapse  to the level earned
        level  member
        level  gold    when year_spend >= $500
        level  black   when year_spend >= $2,000 or (cardholder and year_spend >= $900)
    }}
{parts}
}}
"""


def program(parts: str, money: str = "USD") -> Program:
    text = HEAD.format(money=money, parts=parts).replace("        time    time\n", "")
    file, _ = parse_file(SourceText("club.loyalty", text))
    book, found = check_book([file])
    assert book is not None, [(each.code, each.message) for each in found if each.is_error]
    return book.programs[0]


def texts(parts: str, money: str = "USD") -> list[str]:
    return [sentence.text for sentence in sentences_of(terms_of(program(parts, money)))]


def tables(parts: str) -> list[TermsTable]:
    blocks = [
        block
        for part in terms_of(program(parts)).sections
        for entry in part.entries
        for block in entry.blocks
    ]
    return [block for block in blocks if isinstance(block, TermsTable)]


EARN = "    earn base {{\n        on    {on}\n        give  {give}\n{more}    }}"


@pytest.mark.parametrize(
    ("on", "give", "more", "said"),
    [
        ("purchase", "1 point per $1", "", "For each purchase, you get 1 Point per $1 that you spend."),
        ("purchase", "3 points per whole $2.50 of basket", "",
         "For each purchase, you get 3 Points for each whole $2.50 of the basket of the purchase."),
        ("purchase", "5% of amount as credit", "",
         "For each purchase, you get 5% of what you spend, in Store credit."),
        ("verify", "1 point", "", "Each time you verify, you get 1 Point."),
        ("join", "250 points", "", "When you join, you get 250 Points."),
        ("flight", "2 points per 3 legs", "", "For each flight, you get 2 Points for each 3 legs."),
        ("flight where distance >= 50", "1 point per distance", "",
         "For each flight, if the number “distance” is at least 50, you get as many Points as the number "
         "“distance” "
         "says."),
        ("purchase where online and (store is north or amount > $10)", "1 point", "",
         "For each purchase, if the purchase is marked “online” and (either the store is “north”, or the "
         "amount of "
         "the purchase is more than $10), you get 1 Point."),
        ("purchase where not (online and store is north)", "1 point", "",
         "For each purchase, if either the purchase is not marked “online”, or the store is not “north”, "
         "you get 1 "
         "Point."),
        ("anniversary of join", "1 point", "", "On each anniversary of the day you joined, you get 1 Point."),
        ("start of calendar quarter", "1 point", "",
         "At the start of each calendar quarter, you get 1 Point."),
        ("year_spend reaches $500", "1 point", "",
         "When your total of “Spend of the year” in the current calendar year reaches $500, you get 1 "
         "Point."),
        ("status falls below gold", "1 point", "", "When your Status falls below Gold, you get 1 Point."),
        ("purchase", "1 point", "        when  status >= gold\n",
         "This applies only if your Status is Gold or higher."),
        ("purchase", "1 point", "        when  status >= black\n",
         "This applies only if your Status is Black."),
        ("purchase", "1 point", "        when  verified within 2 years\n",
         "This applies only if the day is within 2 years after your “verified” date."),
        ("purchase", "1 point", "        dates  2026-03-01 through 2026-03-08\n",
         "This applies from March 1, 2026 through March 8, 2026."),
        ("purchase", "1 point", "        dates  on weekends\n", "This applies on Saturdays and Sundays."),
        ("purchase", "1 point per $1", "        for  items where category is drink and approved\n",
         "Only items with category “drink” that are marked “approved” count."),
        ("purchase", "1 point per $1", "        for  items where category is not one of drink, food\n",
         "Items with category “drink” or “food” do not count."),
        ("purchase", "1 point", "        limit  1 time per calendar day per store\n",
         "You can get this at most 1 time on any one day, counted for each store by itself."),
        ("purchase", "1 point", "        limit  2 points per calendar month else refuse\n",
         "What does not fit under this limit as a whole is not given at all."),
        ("purchase", "1 point", "        chance  30%\n", "You get it with a chance of 30% each time."),
        ("purchase", "1 point", "        pending  14 days\n",
         "What you get here becomes available 14 days later."),
    ],
)  # fmt: skip
def test_a_rule_reads(on: str, give: str, more: str, said: str) -> None:
    assert said in texts(EARN.format(on=on, give=give, more=more))


def test_a_table_names_what_is_left() -> None:
    by_store = EARN.format(
        on="purchase",
        give="by store {\n            south 2 points\n            others 1 point\n        }",
        more="",
    )
    table = next(table for table in tables(by_store) if table.header[0] == "Store")
    assert table.rows == (("south", "2 Points"), ("north", "1 Point"))


def test_levels_say_what_they_take_and_give() -> None:
    (table,) = tables(
        EARN.format(
            on="purchase",
            give="by status {\n            member nothing\n            others 2 points per $1\n        }",
            more="",
        )
    )[1:]
    assert table.header == ("Level", "You reach it if", "It gives")
    assert table.rows[2][1] == (
        "either your total of “Spend of the year” is at least $2,000, or (your account is marked "
        "“cardholder” and "
        "your total of “Spend of the year” is at least $900)"
    )
    assert [row[2] for row in table.rows] == ["", *["Base: 2 Points per $1 that you spend"] * 2]


def test_a_hidden_rule_is_told_to_the_company_alone() -> None:
    parts = EARN.format(on="purchase", give="7 points", more="        hidden\n")
    assert not any("7 Points" in text for text in texts(parts))
    inside = [sentence.text for sentence in sentences_of(terms_of(program(parts), internal=True))]
    assert "For each purchase, you get 7 Points." in inside


def test_expiry_has_an_example_to_the_day() -> None:
    told = texts(EARN.format(on="purchase", give="1 point", more=""))
    assert "Points last for 12 months from the day on which you earn them." in told
    assert "For example, what you earn on March 15, 2027 can be used through March 14, 2028." in told
    assert "For example, what you earn on March 15, 2027 can be used through December 31, 2027." in told


def test_money_is_in_the_money_of_the_program() -> None:
    told = texts(EARN.format(on="purchase", give="1 point per $100", more=""), "JPY")
    assert "For each purchase, you get 1 Point per JPY 100 that you spend." in told


def test_numbers_and_names() -> None:
    assert [number(each) for each in (0, 1234567)] == ["0", "1,234,567"]
    assert [ordinal(each) for each in (1, 3, 4, 11, 21, 102, 1013)] == [
        "first", "third", "4th", "11th", "21st", "102nd", "1,013th",
    ]  # fmt: skip
    labels = {
        "Stars": "Star",
        "Points to give": "Point to give",
        "Store credit": "Store credit",
        "7 days": None,
    }
    assert {label: one_of_name(label) for label in labels} == labels
    words = Words(program(""))
    assert [words.money(each) for each in (500, 1250, 5, -300)] == ["$5", "$12.50", "$0.05", "-$3"]
    assert not re.search("_", words.label(0))


VERSION = """\
program shop "Shop" version {number} {{
    money     USD
    timezone  "UTC"
    {begins}
    currency points "Points" {{
        round   down per rule
        expire  {months} months after earning
    }}
    currency stars "Stars" {{
        round   down per rule
        expire  never
    }}
    counter year_spend "Spend of the year" = spend in calendar year
    tiers status "Status" {{
        hold   12 months
        lapse  to the level earned
        level  member
        level  gold    when year_spend >= ${gold}
    }}
    earn base {{
        on    purchase
        give  {rate} points per $1
    }}
}}
"""


def replacing(number: int, months: int, rate: int, *clauses: str, gold: int = 500) -> str:
    lines = [f"replaces version {number - 1} from {2024 + number}-01-01 by purchase date", "    transition {"]
    begins = "\n    ".join([*lines, *(f"    {clause}" for clause in clauses), "}"])
    return VERSION.format(number=number, begins=begins, months=months, rate=rate, gold=gold)


def test_each_version_says_what_it_changed() -> None:
    first = VERSION.format(number=1, begins="starts 2025-01-01 by purchase date", months=12, rate=1, gold=500)
    second = replacing(
        2,
        18,
        2,
        "keep points",
        "convert 3 stars for 2 points",
        "honour status through 2026-03-31",
    )
    third = replacing(
        3, 24, 3, "keep points", "keep stars", "start status at the level earned",
        "phase gold from $500 to $800 over 12 months", gold=800,
    )  # fmt: skip
    file, _ = parse_file(SourceText("shop.loyalty", first + second + third))
    book, found = check_book([file])
    assert book is not None, [(each.code, each.message) for each in found if each.is_error]
    now = terms_in_force(book, book.programs[0])
    said = [sentence.text for sentence in sentences_of(now)]
    assert "For each purchase, you get 3 Points per $1 that you spend." in said
    changes = [part.title for part in now.sections if part.key.startswith("changes")]
    assert changes == ["What changed on January 1, 2027", "What changed on January 1, 2026"]
    assert "Points last for 18 months from the day on which you earn them." in said
    assert "On January 1, 2026, your Stars turned into Points: 2 for each 3." in said
    assert "Status: you keep the level that you have on January 1, 2026 through March 31, 2026." in said
    assert "What Gold takes goes from $500 to $800 in steps over 12 months." in said
    second_alone = terms_in_force(book, book.earlier[1])
    assert [part.title for part in second_alone.sections][-1:] == ["What changed on January 1, 2026"]


def test_what_nobody_can_use_counts_and_is_not_used() -> None:
    parts = EARN.format(on="purchase", give="1 point", more="")
    told = texts(
        parts + "\n    reward five {\n        price  100 points\n        give   $5 off in full\n    }\n"
    )
    assert "For example, what you earn on March 15, 2027 can be used through March 14, 2028." in told
    assert "For example, what you earn on March 15, 2027 counts through December 31, 2027." in told
    assert [text for text in told if text.startswith("When you use")] == [
        "When you use Points, what would be gone soonest is used first."
    ]


@pytest.mark.parametrize(
    ("by", "says"), [("", "that you earn"), (" by base", "that you get from “Base”")], ids=["all", "named"]
)
def test_a_counter_names_the_rules_that_the_file_names(by: str, says: str) -> None:
    parts = EARN.format(on="purchase", give="1 point", more="")
    told = texts(parts + f'\n    counter made "Made" = points earned{by} in calendar year\n')
    assert f"“Made” means the Points {says} in the current calendar year." in told
