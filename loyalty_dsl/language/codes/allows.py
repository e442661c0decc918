"""Codes of comments that allow a warning."""

from loyalty_dsl.language.codes.code import Code, Example


def _rule(limit: str, points: int) -> str:
    return f"        on     purchase\n        limit  {limit}\n        give   {points} points\n"


CODES = (
    Code(
        "L621",
        "an allow that cannot be",
        """\
A comment `# allow CODE: reason` names a warning and says why it is meant. It needs the reason, behind a
colon, and codes of warnings: an error stops the file from being used, so none can be allowed. Until the
comment is mended, it allows nothing.""",
        Example(
            "earn",
            _rule("90 points per calendar day  # allow L612", 90),
            _rule("90 points per event  # allow L612: 90 in the pilot", 100),
        ),
    ),
    Code(
        "L622",
        "an allow that allows nothing",
        """\
At the end of a line it is for the warnings that point at this line, on a line of its own for those in the
clause or block below, and with `in file` for the whole file. There is no such warning in its place, perhaps
no longer.""",
        Example(
            "earn",
            _rule("90 points per calendar day  # allow L612: 90 in the pilot", 90),
            _rule("90 points per event  # allow L612: 90 in the pilot", 100),
        ),
    ),
)
