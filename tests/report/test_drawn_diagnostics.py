"""How diagnostics are drawn."""

from loyalty_dsl.diagnostics import Diagnostic, Label, Severity
from loyalty_dsl.report.diagnostics import render_diagnostics
from loyalty_dsl.report.style import PLAIN, Style
from loyalty_dsl.source import SourceText, Span


def span(source: SourceText, words: str, after: int = 0) -> Span:
    start = source.text.index(words, after)
    return Span(source, start, start + len(words))


def drawn(diagnostic: Diagnostic, style: Style = PLAIN) -> str:
    return render_diagnostics([diagnostic], style)


def error(primary: Label, *secondary: Label, message: str = "wrong", help: str | None = None) -> Diagnostic:
    return Diagnostic("L203", Severity.ERROR, message, primary, secondary, help)


def test_places_are_drawn_in_the_order_of_the_file_with_a_gap_between() -> None:
    source = SourceText(
        "x.loyalty", "event stay {\n    nights number\n}\nearn base {\n    when nigths >= 2\n}\n"
    )
    picture = drawn(
        error(
            Label(span(source, "nigths"), "no such field"),
            Label(span(source, "event stay"), "its fields"),
            message="`nigths` is no field of `stay`",
            help="did you mean `nights`?",
        )
    )
    assert (
        picture
        == """\
error[L203]: `nigths` is no field of `stay`
 --> x.loyalty:5:10
  |
1 | event stay {
  | ---------- its fields
...
5 |     when nigths >= 2
  |          ^^^^^^ no such field
  |
  = help: did you mean `nights`?
"""
    )


def test_two_labels_on_a_line_both_speak() -> None:
    source = SourceText("x.loyalty", "give 5 points per visit\n")
    picture = drawn(error(Label(span(source, "visit"), "a visit"), Label(span(source, "points"), "points")))
    assert picture.splitlines()[3:] == [
        "1 | give 5 points per visit",
        "  |        ------     ^^^^^ a visit",
        "  |        |",
        "  |        points",
    ]


def test_tabs_and_wide_characters_keep_the_caret_in_place() -> None:
    source = SourceText("x.loyalty", "\t名前 bad\n")
    rows = drawn(error(Label(span(source, "bad")))).splitlines()
    assert rows[3] == "1 |     名前 bad"
    assert rows[4] == "  |          ^^^"  # a tab is 4 columns, each of the characters 2


def test_a_long_line_is_clipped_around_the_place() -> None:
    source = SourceText("x.loyalty", "a" * 500 + " bad " + "b" * 500)
    rows = drawn(error(Label(span(source, "bad"), "here")), Style(colour=False, width=60)).splitlines()
    assert all(len(row) <= 60 for row in rows[3:])
    assert rows[3].startswith("1 | …a") and rows[3].endswith("b…")
    assert rows[4].index("^^^") == rows[3].index("bad")


def test_a_place_longer_than_the_line_is_marked_to_the_end_of_the_line() -> None:
    source = SourceText("x.loyalty", "earn base {\n    give 1 point\n}\n")
    whole = Span(source, 0, len(source.text))
    rows = drawn(error(Label(whole))).splitlines()
    assert rows[3:] == ["1 | earn base {", "  | ^^^^^^^^^^^"]


def test_the_end_of_a_file_can_be_marked() -> None:
    source = SourceText("x.loyalty", "earn {")
    rows = drawn(error(Label(Span(source, 6, 6), "no `}`"))).splitlines()
    assert rows[3:] == ["1 | earn {", "  |       ^ no `}`"]


def test_characters_that_could_deceive_are_not_printed() -> None:
    hostile = "pay\u202ement\x1b[31m\u200b\x07"
    source = SourceText("x\x1b[2J.loyalty", f"when {hostile} is cash\n")
    place = span(source, hostile)
    picture = drawn(error(Label(place, hostile), message=f"`{hostile}`", help=hostile))
    assert not set("\u202e\x1b\u200b\x07") & set(picture)
    assert picture.splitlines()[4].startswith("  |      ^^^^^^^^^^^")


def test_colour_adds_codes_and_takes_nothing_away() -> None:
    import re

    source = SourceText("x.loyalty", "give 5 points per visit\n")
    found = error(Label(span(source, "visit"), "a visit"), Label(span(source, "points"), "points"), help="no")
    coloured = drawn(found, Style(colour=True, width=110))
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == drawn(found)


def test_a_label_in_another_file_has_its_own_heading() -> None:
    here, there = SourceText("a.loyalty", "program x {\n"), SourceText("b.loyalty", "\nprogram x {\n")
    rows = drawn(error(Label(span(here, "x")), Label(span(there, "x"), "first here"))).splitlines()
    assert " --> a.loyalty:1:9" in rows
    assert " ::: b.loyalty:2:9" in rows
