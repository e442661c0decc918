"""No text makes checking raise: valid files with words and lines dropped, doubled and exchanged."""

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.codes import CODES
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText

HERE = Path(__file__).parent
TEXTS = [path.read_text(encoding="utf-8") for path in sorted(HERE.glob("[bg]*d/*.loyalty"))]
WORD = re.compile(r'"[^"\n]*"|[$£€]?[\d.,:-]*\d%?|\w+|[^\s\w]')
WORDS = sorted({word for text in TEXTS for word in WORD.findall(text)})
places = st.integers(min_value=0, max_value=10**6)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A file of this folder after one to six small accidents."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 6))):
        found = list(WORD.finditer(text))
        if not found:
            return text
        word = found[draw(places) % len(found)]
        lines = text.split("\n")
        line = draw(places) % len(lines)
        match draw(st.sampled_from(["drop", "replace", "swap", "drop line", "double line", "move line"])):
            case "drop":
                text = text[: word.start()] + text[word.end() :]
            case "replace":
                text = text[: word.start()] + draw(st.sampled_from(WORDS)) + text[word.end() :]
            case "swap":
                other = found[draw(places) % len(found)].group()
                text = text[: word.start()] + other + text[word.end() :]
            case "drop line":
                text = "\n".join(lines[:line] + lines[line + 1 :])
            case "double line":
                text = "\n".join(lines[: line + 1] + lines[line:])
            case _:
                moved = lines.pop(line)
                lines.insert(draw(places) % (len(lines) + 1), moved)
                text = "\n".join(lines)
    return text


@settings(max_examples=150, deadline=None)
@given(text=mutated())
def test_no_text_makes_checking_raise(text: str) -> None:
    file, broken = parse_file(SourceText("mutated.loyalty", text))
    book, found = check_book([file], broken)
    errors = [finding for finding in (*broken, *found) if finding.is_error]
    assert (book is None) == bool(errors)
    for finding in found:
        assert finding.code in CODES
        assert 0 <= finding.span.start <= finding.span.end <= len(text)


@settings(max_examples=50, deadline=None)
@given(text=mutated(), other=mutated())
def test_a_book_of_two_files_is_checked_alike(text: str, other: str) -> None:
    sources = [SourceText("one.loyalty", text), SourceText("two.loyalty", other)]
    parsed = [parse_file(source) for source in sources]
    broken = [finding for _, findings in parsed for finding in findings]
    book, found = check_book([file for file, _ in parsed], broken)
    assert (book is None) == any(finding.is_error for finding in (*broken, *found))
    places = [(sources.index(finding.span.source), finding.span.start) for finding in found]
    assert places == sorted(places)


VERSIONS = """\
program shop version 1 {
    money     USD
    timezone  "UTC"
    starts    2026-01-01 by purchase date
    event purchase {
        booked  number
    }
}
program shop version 2 {
    money     USD
    timezone  "UTC"
    replaces  version 1 from 2026-07-01 by booked date
    event purchase {
        booked  date
    }
}
"""
BRACES = "program shop {\n    counter stays = stays in lifetime { limit} 1 stay per calendar day\n}\n"


def test_what_once_made_checking_raise() -> None:
    """A date that decides and was a number before; and braces in a clause that is said otherwise."""
    for text, code, message in (
        (VERSIONS, "L254", "`booked` was number, and is date now"),
        (
            BRACES,
            "L101",
            "`counter stays = stays in lifetime { limit} 1 stay per calendar day` is said otherwise here",
        ),
    ):
        file, broken = parse_file(SourceText("rules.loyalty", text))
        _, found = check_book([file], broken)
        assert (code, message) in [(one.code, one.message) for one in (*broken, *found)]
