"""Terms as Markdown: a sentence a line, so that a change of one is a change of one line."""

from collections.abc import Iterator

from loyalty_dsl.explanation.terms.document import Sentence, Terms, TermsTable
from loyalty_dsl.report.markdown_text import escaped


def terms_markdown(terms: Terms) -> str:
    """The terms as one document that ends in a newline."""
    return "\n".join(_lines(terms)).rstrip("\n") + "\n"


def _lines(terms: Terms) -> Iterator[str]:
    yield f"# {escaped(terms.label)}"
    yield ""
    for section in terms.sections:
        yield f"## {escaped(section.title)}"
        yield ""
        for entry in section.entries:
            if entry.title:
                yield f"### {escaped(entry.title)}"
                yield ""
            in_sentences = False
            several = not entry.title and sum(isinstance(block, Sentence) for block in entry.blocks) > 1
            for block in entry.blocks:
                match block:
                    case Sentence(text):
                        line = escaped(text)
                        yield f"* {line}" if several else line  # of several things, each in a line of its own
                        in_sentences = True
                    case TermsTable():
                        if in_sentences:
                            yield ""
                        in_sentences = False
                        yield from _table(block)
                        yield ""
            if in_sentences:
                yield ""


def _table(table: TermsTable) -> Iterator[str]:
    yield _row(table.header)
    yield "|" + " --- |" * len(table.header)
    for row in table.rows:
        yield _row(row)


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(map(escaped, cells)) + " |"
