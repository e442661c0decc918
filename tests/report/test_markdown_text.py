"""Words of a user in the Markdown and the text of terms stay words."""

import re

import pytest

from loyalty_dsl import pipeline
from loyalty_dsl.explanation.terms.versions import terms_in_force
from loyalty_dsl.report.markdown_text import escaped
from loyalty_dsl.report.style import PLAIN
from loyalty_dsl.report.terms_markdown import terms_markdown
from loyalty_dsl.report.terms_text import render_terms
from loyalty_dsl.source import SourceText


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Points of a year", "Points of a year"),
        ("year_spend, 5.5% - or $1", "year_spend, 5.5% - or $1"),
        ("<b> [x](y)", r"\<b> \[x\](y)"),
        ("```sh", r"\`\`\`sh"),
        (r"a | b \| c", r"a \| b \\\| c"),
        ("*all* _it_ ~~not~~ R&amp;D R&D", r"\*all\* \_it\_ \~\~not\~\~ R\&amp;D R&D"),
        ("# one", r"\# one"),
        ("- one", r"\- one"),
        ("12. one", r"12\. one"),
        ("1.5 points", "1.5 points"),
        ("left\u202eright\nnext", r"left\\u202eright\\nnext"),
    ],
)
def test_what_means_something_in_markdown_is_escaped(text: str, written: str) -> None:
    assert escaped(text) == written


def test_labels_of_a_program_are_words_in_its_terms() -> None:
    hostile = "</script><img src=x> | `a` \u202e"
    rules = f"""
program shop "{hostile}" {{
    money USD
    timezone "America/New_York"
    starts 2026-01-01 by purchase date
    currency points "Points" {{ round down per event
        expire never }}
    earn base {{ on purchase
        give 1 point per $1 }}
    reward off "{hostile}" {{ price 500 points
        give $5 off up to the basket }}
}}
"""
    book = pipeline.check_sources([SourceText("shop.loyalty", rules)]).book
    assert book is not None
    terms = terms_in_force(book, book.programs[0])
    written = terms_markdown(terms)
    assert r"\<img" in written
    assert r"\`a\`" in written
    assert not re.search(r"(?<!\\)<|(?<!\\)`|\u202e", written)
    assert "\u202e" not in render_terms(terms, PLAIN)
