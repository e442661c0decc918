"""The terms of a program as a page of documents, and the list of such pages.

Invariant: a page says what it was made from and how faithful that file says it is, and no day of its making.
"""

from collections.abc import Iterable

from loyalty_dsl.explanation.terms.document import Terms
from loyalty_dsl.report.markdown_text import escaped
from loyalty_dsl.report.terms_markdown import terms_markdown


def terms_page(terms: Terms, source: str) -> str:
    """The page of one program.

    Args:
        source: the rule file, as a link from the page leads to it.
    """
    title, _, rest = terms_markdown(terms).partition("\n")
    name = source.rpartition("/")[2]
    notes = "\n".join(note.rstrip() for note in terms.notes)
    return (
        f"{title}\n\n"
        f"Written by `loyalty explain` from [{name}]({source}): what its rules mean, as a member reads it.\n"
        "It is a model of a program, and no company's own words;\n"
        f"what was found and what is ours stands [at the end](#about-this-model).\n{rest}\n"
        f"## About this model\n\nWhat the file says of itself:\n\n```text\n{notes}\n```\n"
    )


def index_page(pages: Iterable[tuple[str, Terms]]) -> str:
    """The list of the pages: the name of each and its terms."""
    lines = [
        f"* [{escaped(terms.label)}]({name}.md): {escaped(_first_sentence(terms))}" for name, terms in pages
    ]
    return (
        "# Terms of the programs\n\n"
        "What members of each program in `programs/` would read, written by [`loyalty "
        "explain`](../explain.md)\n"
        "from the rules alone. A change of a rule is a change of the lines that say it.\n\n"
        "## Programs\n\n" + "\n".join(lines) + "\n"
    )


def _first_sentence(terms: Terms) -> str:
    """What the file says of itself first."""
    words: list[str] = []
    for note in terms.notes:
        if not note.strip():
            break
        words += note.split()
        if note.endswith("."):
            break
    return " ".join(words).partition(". ")[0].rstrip(".")
