"""Codes of what counters carry and of how much they count at most."""

from loyalty_dsl.language.codes.code import Code, Example


def _nights(levels: str) -> str:
    return (
        "    event stay { nights  number }\n"
        "    counter year_nights = nights of stay in calendar year {\n"
        "        carry  what exceeds the level earned when status >= silver\n"
        "    }\n"
        "    tiers status {\n        hold   through end of calendar year plus 12 months\n"
        f"        level  member\n{levels}    }}\n"
    )


CODES = (
    Code(
        "L375",
        "what a counter carries, or counts at most",
        """\
What exceeds a level is what a counter has beyond the number that the level asks for, so every level but the
lowest asks for the counter once: `year_nights >= 40`, also beside `or` and `and`. It is carried at the end of
a calendar window or a period. What is carried was not done in the new window, so no threshold (`reaches`) is
of such a counter. A limit is in the units of its counter.""",
        Example(
            "program",
            _nights("        level  silver when stays in calendar year >= 4\n"),
            _nights("        level  silver when year_nights >= 10 or stays in calendar year >= 4\n"),
        ),
    ),
)
