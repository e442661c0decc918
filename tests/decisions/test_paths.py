"""Every number has a path, and setting one edits that number and nothing else."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toy_shop import SHOP

from loyalty_dsl.decisions.paths import NumberPath, paths_of
from loyalty_dsl.decisions.settings import (
    Setting,
    apply_settings,
    find_path,
    parse_setting,
    settled_book,
    with_settings,
)
from loyalty_dsl.decisions.written import Kind, parse_number, spelled
from loyalty_dsl.language.tokens import tokenize
from loyalty_dsl.pipeline import load
from loyalty_dsl.reading import read_sources
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.source import SourceText

PROGRAMS = sorted((Path(__file__).parents[2] / "programs").glob("*.loyalty"))
SOURCES = {path.stem: read_sources([path]) for path in PROGRAMS}
PATHS = {name: paths_of(sources) for name, sources in SOURCES.items()}
EVERY = [(name, path) for name, paths in PATHS.items() for path in paths]


def paths(name: str) -> dict[str, NumberPath]:
    return {path.path: path for path in PATHS[name]}


@pytest.mark.parametrize(
    ("program", "path", "text", "unit"),
    [
        ("nordy_club", "status.influencer", "$500", ""),
        ("nordy_club", "points.expire", "12 months", "months"),
        ("nordy_club", "base.give.nordstrom_card.influencer", "2 points per $1", "points"),
        ("nordy_club", "ten_points.on.amount", "$150", ""),
        ("nordy_club", "influencer_day.limit", "1 time", "time"),
        ("nordy_club", "use_note.price.off", "$1", ""),
        ("nordy_club", "regular.share", "27%", ""),
        ("nordy_club", "join", "30,000", "members"),
        ("grocery_points", "base.give", "1 point per whole $1 of basket", "point"),
        ("grocery_points", "five_off.price", "500 points", "points"),
        ("grocery_points", "points.worth", "$0.01", ""),
        ("grocery_points", "regulars.purchases", "9.5", "per month"),
        ("grocery_points", "regulars.basket", "$17.00", ""),
        ("grocery_points", "regulars.basket.sigma", "1.0", ""),
        ("starbucks_2026", "status.gold", "500", ""),
        ("starbucks_2026", "status_stars.rolling", "12 months", "months"),
        ("aadvantage", "card.give", "1 mile per $1", "mile"),
        ("aadvantage", "executive_choice.miles.give", "20,000 miles", "miles"),
        ("aadvantage", "off_peak_award.price.beside", "$5.60", ""),
        ("aadvantage", "status_bonus.give.gold", "40% of base", ""),
        ("delta_medallion", "leisure.flight", "2.2", "per year"),
        ("delta_medallion", "leisure.flight.basket", "$260", ""),
        ("delta_medallion", "card_mqd.give.reserve_card.per", "$10", ""),
    ],
)
def test_paths_that_a_designer_guesses(program: str, path: str, text: str, unit: str) -> None:
    found = paths(program)[path]
    assert (found.text, found.unit) == (text, unit)


def test_other_names_of_a_number() -> None:
    known = PATHS["nordy_club"]
    assert find_path("status.influencer.year_spend", known).path == "status.influencer"
    assert find_path("nordy_club.status.influencer", known).path == "status.influencer"
    icon, ambassador = (
        find_path(f"base.give.nordstrom_card.{level}", known) for level in ("icon", "ambassador")
    )
    assert icon == ambassador
    assert find_path("regular", known).path == "regular.share"


@pytest.mark.parametrize("name", SOURCES)
def test_each_number_has_one_path_and_each_path_one_number(name: str) -> None:
    found = [path.path for path in PATHS[name]]
    assert len(found) == len(set(found))
    assert len({path.span.start for path in PATHS[name]}) == len(found)


MANY = 150
"""Numbers of a program above which it takes long to set them all, as each is read again behind the last."""


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow) if len(PATHS[name]) > MANY else name for name in SOURCES],
)
def test_a_number_set_to_itself_changes_nothing(name: str) -> None:
    own = [Setting(path.path, path.spelled(path.value)) for path in PATHS[name]]
    (source,) = SOURCES[name]
    assert apply_settings([source], own) == (source,)
    for path in PATHS[name]:
        (again,) = apply_settings([source], [Setting(path.path, path.text)])
        assert again.text.split() == source.text.split()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_is_set_is_read_and_nothing_else_moves(data: st.DataObject) -> None:
    name, path = data.draw(st.sampled_from(EVERY))
    value = data.draw(st.integers(1, 5000)) * path.step
    (edited,) = apply_settings(SOURCES[name], [Setting(path.path, path.spelled(value))])
    before, after = PATHS[name], paths_of([edited])
    assert [one.path for one in after] == [one.path for one in before]
    for old, new in zip(before, after, strict=True):
        assert new.value == (value if old.path == path.path else old.value)
    # Whatever the checker says of it, setting it back gives the file.
    (back,) = apply_settings([edited], [Setting(path.path, path.span.text)])
    assert back.text == SOURCES[name][0].text


@given(st.fractions(0, 10**6, max_denominator=100), st.sampled_from(Kind))
def test_numbers_are_read_as_they_are_written(value: Fraction, kind: Kind) -> None:
    exact = Fraction(round(value * 10**4), 10**4)
    written = parse_number(spelled(exact, kind))
    assert written is not None
    assert (written.value, written.kind, written.rest) == (exact, kind, "")


def test_two_settings_of_a_file_and_the_source_remembers_them() -> None:
    book = with_settings(load(PROGRAMS[0].parent / "grocery_points.loyalty"), {"five_off.price": "600"})
    book = with_settings(book, {"points.expire": "12 months", "five_off.price": "700 points"})
    (source,) = book.sources
    assert source.settings == ("points.expire=12 months", "five_off.price=700 points")
    assert source.as_read is not None
    assert "price  500 points" in source.as_read.text
    assert "expire  12 months after earning" in source.text
    assert book.programs[0].rewards[0].price == 700


def test_every_clause_of_the_language_has_paths() -> None:
    """A file with every clause: one path a number, each set to itself, and all numbers of populations."""
    sources = read_sources([PROGRAMS[0].parents[1] / "tests/language/every_clause.loyalty"])
    known = paths_of(sources)
    assert len({path.path for path in known}) == len({path.span.start for path in known}) == len(known)
    assert (
        apply_settings(sources, [Setting(path.path, path.spelled(path.value)) for path in known]) == sources
    )
    text = sources[0].text
    first, last = text.index("\npopulation "), text.index("\nscenario ")
    written = {
        token.start: token.text
        for token in tokenize(text)
        if first < token.start < last and token.kind in {"NUMBER", "MONEY", "PERCENT", "NEGATIVE"}
    }
    decided = {path.span.start for path in known}
    left = [number for start, number in written.items() if start not in decided]
    fitted = re.search(r"^ *fitted.*$", text[first:last], re.MULTILINE)
    assert left == ([] if fitted is None else re.findall(r"[\d.]+%", fitted[0]))


def refused(name: str, *texts: str) -> InputRefused:
    with pytest.raises(InputRefused) as refusal:
        settled_book(SOURCES[name], [parse_setting(text) for text in texts])
    return refusal.value


@pytest.mark.parametrize(
    ("text", "message", "help_"),
    [
        ("five_off.prize=3", "there is no number `five_off.prize`", "did you mean `five_off.price`?"),
        ("five_off.price", "`five_off.price` sets nothing", "write PATH=VALUE"),
        ("five_off.price=$5", "and $5 is money", "write five_off.price=5"),
        (
            "points.worth=1",
            "points.worth is money, such as $600, and 1 is a number",
            "quotes, 'points.worth=$1'",
        ),
        ("points.worth=€1", "the file writes money with `$`", "write points.worth=$1"),
        ("regulars.leave=3", "regulars.leave is a percentage", "write regulars.leave=3%"),
        ("five_off.price=0", "`five_off.price=0` is refused: [L310] `0 points` is nothing", "above 0"),
        ("points.worth=soon", "points.worth is money", "write a value such as points.worth=$0.01"),
        ("five_off.price=5 } earn x {", "it has a sign that no number has", ""),
        ("regulars.share=50%", "the segments of `shoppers` make 110%", "take away 10%"),
        ("regulars.purchases=3 per week", "without `per week`", "write regulars.purchases=3"),
    ],
)
def test_what_cannot_be_set_is_refused_in_words(text: str, message: str, help_: str) -> None:
    refusal = refused("grocery_points", text)
    assert message in refusal.message
    assert help_ in (refusal.help or "")


def test_the_guilty_setting_is_named() -> None:
    assert refused("grocery_points", "join=10", "five_off.price=0").message.startswith(
        "`five_off.price=0` is"
    )
    together = refused("grocery_points", "regulars.share=50%", "occasional.share=70%").message
    assert together.startswith("`regulars.share=50%` with `occasional.share=70%` are refused")
    assert "set twice" in refused("grocery_points", "join=10", "shoppers.join=12").message


def test_a_path_in_two_blocks_says_whose_it_is() -> None:
    (source,) = SOURCES["grocery_points"]
    start = source.text.index("population shoppers")
    end = source.text.index("scenario")
    other = source.text[start:end].replace("shoppers", "others", 1)
    both = (SourceText("both", source.text + other),)
    known = paths_of(both)
    assert {"shoppers.join", "others.join"} <= {path.path for path in known}
    with pytest.raises(InputRefused, match="stands for 2 numbers"):
        find_path("join", known)
    assert find_path("join", known, ("grocery_points", "others")).path == "others.join"


def test_money_without_decimals_steps_by_whole_units() -> None:
    """A step of a hundredth of a yen made `solve` try what the checker refuses."""
    text = SHOP.replace("USD", "JPY").replace("$0.01", "$1")
    steps = {path.path: path.step for path in paths_of([SourceText("shop.loyalty", text)])}
    assert steps["off.give"] == 1
    cents = {path.path: path.step for path in paths_of([SourceText("shop.loyalty", SHOP)])}
    assert cents["off.give"] == Fraction(1, 100)
