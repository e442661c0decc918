"""Codes of audiences and their holdouts."""

from loyalty_dsl.language.codes.code import Code, Example


def _audience(clauses: str) -> str:
    return (
        "program shop {\n"
        "    money     USD\n"
        '    timezone  "America/New_York"\n'
        "    starts    2026-01-01 by purchase date\n"
        "    currency points {\n"
        "        round   down per rule\n"
        "        expire  12 months after earning\n"
        "    }\n"
        f"    audience regulars {{\n{clauses}    }}\n"
        "    earn base {\n        on    purchase\n        when  member of regulars\n"
        "        give  1 point per $1\n    }\n"
        "    reward off { price 500 points\n                 give $5 off in full }\n"
        "}\n"
    )


CODES = (
    Code(
        "L381",
        "an audience of nobody, or without a comparison",
        """\
An audience says `when` a member is in it, and may hold out a share of members at random, who are treated as
if they were not: more than nobody, and less than everybody. Who is held out stays so for good, under later
versions of the program, too.""",
        Example(
            "file",
            _audience("        when     days since join >= 365\n        holdout  100%\n"),
            _audience("        when     days since join >= 365\n        holdout  10%\n"),
        ),
    ),
)
