"""What the canonical layout is, a rule at a time."""

import pytest

from loyalty_dsl.language.printing import print_source
from loyalty_dsl.source import SourceText

CASES = {
    "words that clauses begin with are in a column": (
        "program p {\nearn e {\non purchase\ngive 5 points\nlimit 1 time per lifetime\nhidden\n}\n}\n",
        """\
program p {
    earn e {
        on     purchase
        give   5 points
        limit  1 time per lifetime
        hidden
    }
}
""",
    ),
    "rows of tables too, and what they give by a second key": (
        "program p {\nearn e {\ngive by zone and cabin {\ncolumns low, high\nus, eu 5 points, 1000 points\n"
        "others nothing, 20 points } and $5\n}\n}\n".replace("give", "price").replace("earn", "reward"),
        """\
program p {
    reward e {
        price  by zone and cabin {
            columns  low,      high
            us, eu   5 points, 1,000 points
            others   nothing,     20 points
        } and $5
    }
}
""",
    ),
    "levels have columns as wide as what has something behind it": (
        'program p {\ntiers t {\nlevel a_long_name\nlevel gold "Gold" when x >= 5\n'
        "level top when x >= 10000\n}\n}\n",
        """\
program p {
    tiers t {
        level  a_long_name
        level  gold  "Gold"  when x >= 5
        level  top           when x >= 10,000
    }
}
""",
    ),
    "counters that stand together": (
        'program p {\ncounter a "A" = spend in lifetime\ncounter long "L" = spend in lifetime\n\n'
        "counter b = spend in lifetime\n}\n",
        """\
program p {
    counter a    "A" = spend in lifetime
    counter long "L" = spend in lifetime

    counter b = spend in lifetime
}
""",
    ),
    "blank lines: one between blocks of a file, one at most in them, none at their ends": (
        "\n\nprogram p {\n\nmoney USD\n\n\nmember {\nx date\n\n}\n}\nprogram q {\n}\n"
        "# of r\nprogram r { }\n\n",
        """\
program p {
    money  USD

    member {
        x  date
    }
}

program q { }

# of r
program r { }
""",
    ),
    "a long clause is broken, a short one joined": (
        "program p {\nearn e {\non purchase where one_long_name is one of a_value, another_value and\n"
        "other is b\ndates 2026-01-01,\n2026-01-02, 2026-01-03, 2026-01-04, 2026-01-05, 2026-01-06, "
        "2026-01-07, 2026-01-08\n}\n}\n",
        """\
program p {
    earn e {
        on     purchase where one_long_name is one of a_value, another_value and other is b
        dates  2026-01-01, 2026-01-02, 2026-01-03, 2026-01-04, 2026-01-05, 2026-01-06, 2026-01-07,
               2026-01-08
    }
}
""",
    ),
    "outside the brackets first, and behind `and` before a comma": (
        "program p {\nearn e {\nwhen (one_condition or another_condition) and payment is one of a_card, "
        "another_card, a_third_card\n}\n}\n",
        """\
program p {
    earn e {
        when  (one_condition or another_condition) and
              payment is one of a_card, another_card, a_third_card
    }
}
""",
    ),
    "rows and levels stay on the lines that they are given": (
        "program p {\ntiers t {\nlevel x when a or\nb\n}\nearn e {\ngive by x {\na,\nb 5 points\n}\n}\n}\n",
        """\
program p {
    tiers t {
        level  x  when a or
               b
    }
    earn e {
        give  by x {
            a,
                b  5 points
        }
    }
}
""",
    ),
    "choices stay on a line where they fit": (
        "population p {\nsegment s 100% {\nchoose a {x 50%,y 50%}\nchoose bb {\nx 50%,\ny 50% }\n}\n}\n",
        """\
population p {
    segment s 100% {
        choose  a { x 50%, y 50% }
        choose  bb {
            x 50%,
            y 50%
        }
    }
}
""",
    ),
    "comments stay where they were": (
        '# of the file\nprogram p { # of p\n# above\nmoney USD #behind\ntimezone "UTC"# too\n'
        "# at its end\n} # after\n# last",
        """\
# of the file
program p {    # of p
    # above
    money     USD      #behind
    timezone  "UTC"    # too
    # at its end
}    # after

# last
""",
    ),
    "and in the midst of a clause": (
        "program p {\nearn e {\nwhen a and # first\n# second\nb and\nc\n}\n}\n",
        """\
program p {
    earn e {
        when  a and    # first
              # second
              b and c
    }
}
""",
    ),
    "a line with a comment behind it is not broken; one behind a closing brace is of the clause before": (
        "program p {\nearn e { on purchase } # allow L603: why\nearn f { on purchase\n"
        "give 5 points } # of give\n}\n",
        """\
program p {
    earn e { on purchase }    # allow L603: why
    earn f {
        on    purchase
        give  5 points    # of give
    }
}
""",
    ),
    "examples keep their numbers as titles quote them": (
        'scenario "s" for p {\neach spent,earns {\n$10000, 5 points\n$5 ,10 points\n}\n'
        "on 2026-01-01 purchase spent\nexpect earned earns\n}\n",
        """\
scenario "s" for p {
    each spent, earns {
        $10000, 5 points
        $5,     10 points
    }
    on      2026-01-01 purchase spent
    expect  earned earns
}
""",
    ),
    "numbers have commas between thousands": (
        "program p {\nruns at $1234567.50 per month\nearn e {\ngive 1234 points\n"
        "limit 999 points per event\n}\n}\n",
        """\
program p {
    runs  at $1,234,567.50 per month
    earn e {
        give   1,234 points
        limit  999 points per event
    }
}
""",
    ),
    "a comment right at the end": ("program p { }#", "program p { }    #\n"),
    "nothing but comments": ("\n#a\n\n\n  # b", "#a\n\n# b\n"),
    "nothing": (" \n\t\n", ""),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_a_rule_of_the_layout(before: str, after: str) -> None:
    printed = print_source(SourceText("rules.loyalty", before))
    assert not printed.mistakes, printed.mistakes[0]
    assert printed.text == after
    assert print_source(SourceText("rules.loyalty", after)).text == after
