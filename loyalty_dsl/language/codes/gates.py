"""Codes of what is let in, and of dates that count."""

from loyalty_dsl.language.codes.code import Code, Example


def _claims(event: str) -> str:
    return f"""\
program claims {{
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    event purchase {{
        approved  yes/no
        sold      date
        {event}
    }}
    currency rebate in money {{
        round   half up per rule
        expire  never
    }}
    earn base {{
        on    purchase where approved
        give  1% back
    }}
    reward credit {{
        price  $1 rebate per $1 off
    }}
}}
"""


CODES = (
    Code(
        "L380",
        "a day on which nothing counts",
        """\
An event counts on its own day, or on that of a date field of its own: `counts on sold`. Where it is to be
accepted within a time of the end of a window, the window is the one that holds that day, so the event has to
say which date it counts on.""",
        Example("file", _claims("counts on approved"), _claims("counts on sold")),
    ),
)
