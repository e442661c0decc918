"""Codes of studies."""

from loyalty_dsl.language.codes.code import Code, Example

CODES = (
    Code(
        "L551",
        "no such outcome",
        """\
An outcome is a figure that a forecast tells: `liability`, `reward cost`, `breakage`, `members of gold` and so
on. `docs/studies.md` lists them.""",
        Example(
            "study",
            "    require  liabilty at month 12 <= $4M\n",
            "    require  liability at month 12 <= $4M\n",
        ),
    ),
    Code(
        "L552",
        "an outcome that is not told in this way",
        """\
What there is at the end of a month is asked for `at month 12`, what adds up is asked for `over 12 months`,
and both within the months of the study. An outcome is of a currency, a level or a reward of the program, or
of all.""",
        Example(
            "study",
            "    months   24\n    require  liability at month 36 <= $4M\n",
            "    months   36\n    require  liability at month 36 <= $4M\n",
        ),
    ),
    Code(
        "L553",
        "a bound that cannot be used",
        "A bound is in the unit of its outcome: money, a number, or a percentage.",
        Example(
            "study",
            "    require  breakage <= $25\n",
            "    require  breakage <= 25%\n",
        ),
    ),
    Code(
        "L554",
        "nothing to accept",
        """\
`accept assumed` answers for a cost that nobody has sourced: that of a currency or of a reward, by its path,
or how members redeem where nothing in the data told it, as `POPULATION.redeem`.""",
        Example(
            "study",
            '    require  breakage <= 25%\n    accept   assumed points.cost "agreed"\n',
            '    require  breakage <= 25%\n    accept   assumed five_off.cost "agreed"\n',
        ),
    ),
    Code(
        "L555",
        "a study that asks nothing",
        "A study without an objective and without a bound would simulate, and say nothing.",
        Example("study", "    months  12\n", "    months  12\n    objective  liability\n"),
    ),
    Code(
        "L556",
        "a study of a program that does not fit",
        """\
A study is of a program and of a population that lives under it, and what it is compared with is another
program.""",
        Example(
            "study",
            "    compare    corner_shop\n    objective  liability\n",
            "    objective  liability\n",
        ),
    ),
)
