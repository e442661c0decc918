"""Codes of the parser: the text cannot be read, or says what is not supported yet."""

from loyalty_dsl.language.codes.code import Code, Example

CODES = (
    Code(
        "L101",
        "unexpected text",
        """\
Something stands where the language has no place for it. A clause starts with its keyword, stands on a
line of its own and ends with the line; a comma, `and` or `or` at the end of a line continues it.""",
        Example(
            "earn",
            "        on    purchase purchase\n        give  1 point per $1\n",
            "        on    purchase\n        give  1 point per $1\n",
        ),
    ),
    Code(
        "L102",
        "unclosed brace or bracket",
        "Every `{` needs its `}` and every `(` its `)`. The message points at the one that was opened.",
        Example(
            "earn",
            "        on    purchase where (online or amount >= $5\n        give  1 point per $1\n",
            "        on    purchase where (online or amount >= $5)\n        give  1 point per $1\n",
        ),
    ),
    Code(
        "L103",
        "unclosed text",
        "A text in quotes ends on the line on which it starts.",
        Example(
            "currency",
            "        round   down per rule\n        expire  never\n"
            '        cost    $0.01 source "2026 contract\n',
            "        round   down per rule\n        expire  never\n"
            '        cost    $0.01 source "2026 contract"\n',
        ),
    ),
    Code(
        "L104",
        "number that cannot be read",
        """\
Digits come in groups of three behind commas (`1,250`) or without commas (`1250`), with decimals behind a
point, and at most 18 of them. There are no exponents.""",
        Example(
            "earn",
            "        on    purchase\n        give  1,00 points\n",
            "        on    purchase\n        give  100 points\n",
        ),
    ),
    Code(
        "L105",
        "no such day",
        "A date is written year-month-day and must be a day of the calendar.",
        Example(
            "earn",
            "        on     purchase\n        dates  from 2026-02-30\n        give   1 point per $1\n",
            "        on     purchase\n        dates  from 2026-02-28\n        give   1 point per $1\n",
        ),
    ),
    Code(
        "L106",
        "file too large",
        "A file may have 10 MB. Several files can be given to one command and share their names.",
        None,
    ),
    Code(
        "L107",
        "nested too deeply",
        "Brackets may be nested 64 deep. A condition that needs more reads better as several `when` lines.",
        Example(
            "earn",
            f"        on    purchase\n        when  {'(' * 65}amount >= $5{')' * 65}\n"
            "        give  1 point per $1\n",
            "        on    purchase\n        when  ((amount >= $5))\n        give  1 point per $1\n",
        ),
    ),
    Code(
        "L108",
        "unknown clause",
        "The line starts with a word that is not the keyword of any clause of this block.",
        Example(
            "earn",
            "        on    purchase\n        gvie  1 point per $1\n",
            "        on    purchase\n        give  1 point per $1\n",
        ),
    ),
    Code(
        "L109",
        "`and` mixed with `or`",
        """\
`a and b or c` can be read in two ways, so brackets must say which: `(a and b) or c`, or
`a and (b or c)`.""",
        Example(
            "earn",
            "        on    purchase where online and amount >= $5 or payment is card\n"
            "        give  1 point per $1\n",
            "        on    purchase where (online and amount >= $5) or payment is card\n"
            "        give  1 point per $1\n",
        ),
    ),
    Code(
        "L110",
        "too many mistakes",
        """\
After so many mistakes the rest is not read, because it is probably not a rule file, or one early mistake
makes the rest unreadable. Mend what is reported first.""",
        None,
    ),
    Code(
        "L190",
        "not supported yet",
        """\
The clause belongs to the language and this version does not run it yet. It is refused rather than
ignored, because a program without it would mean something else.""",
        Example("program", "    calls member partner\n", ""),
    ),
)
