"""How the pages of this folder become a site: `sphinx-build -W docs build/site`.

Invariant: the pages are the same Markdown that is read in the repository, and the site's navigation is what
`index.md` lists under its headings. A page that is not listed, or a link that leads nowhere, stops the build.
"""

import re
from importlib.metadata import version as version_of

from pygments.lexer import RegexLexer, bygroups
from pygments.lexers.special import TextLexer
from pygments.token import Generic
from sphinx.application import Sphinx

from loyalty_dsl.pygments_lexer import LoyaltyLexer

project = "loyalty-dsl"
version = release = version_of("loyalty-dsl")
copyright = "the loyalty-dsl project"

extensions = ["myst_parser"]
myst_heading_anchors = 4

html_theme = "furo"
html_title = "loyalty-dsl"
html_copy_source = False
html_show_sphinx = False
html_static_path = ["static"]
html_css_files = ["site.css"]
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
pygments_dark_style = "monokai"


class ConsoleLexer(RegexLexer):
    """What is typed behind `$` stands out; what a command prints has no colours of its own."""

    name = "console"
    tokens = {
        "root": [
            (r"^(\$ )(.*\n)", bygroups(Generic.Prompt, Generic.Strong)),
            (r".*\n", Generic.Output),
        ]
    }


def setup(app: Sphinx) -> None:
    """Makes the navigation, and names the kinds of blocks that have no colours of their own."""
    app.connect("source-read", add_navigation)
    app.connect("source-read", colour_rule_files)
    app.add_lexer("console", ConsoleLexer)
    app.add_lexer("csv", TextLexer)
    app.add_lexer("loyalty", LoyaltyLexer)


def add_navigation(app: Sphinx, page: str, text: list[str]) -> None:
    """Adds to an index a hidden list of contents for each of its headings, of the pages linked under it."""
    if page.rpartition("/")[2] != "index":
        return
    for section in re.split(r"^## ", text[0], flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        pages = "\n".join(dict.fromkeys(re.findall(r"\]\(([\w/]+)\.md\)", body)))
        text[0] += f"\n```{{toctree}}\n:caption: {heading}\n:hidden:\n\n{pages}\n```\n"


def colour_rule_files(app: Sphinx, page: str, text: list[str]) -> None:
    """Colours blocks that show a rule file by name, which are text to whoever runs the pages' commands."""
    text[0] = re.sub(r"^```text \S+\.loyalty$", "```loyalty", text[0], flags=re.MULTILINE)
