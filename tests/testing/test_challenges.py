"""What a challenge comes to, on both engines."""

from collections.abc import Callable

from loyalty_dsl.language.book import Book
from loyalty_dsl.testing.running import run_scenario

BookOf = Callable[[str], Book]

HEAD = """
program shop "Shop" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    event purchase {
        store  one of north, south, west
    }
    item {
        category  one of drink, food
    }
    currency points "Points" {
        round   down per rule
        expire  never
    }
    returns {
        balance  goes negative
    }
    challenge dare {
"""
WEEK = "start when member opts in\nends 7 days after start\n"
OPT_IN = "on {} 09:00 dare_opt_in"


def lived(book_of: BookOf, challenge: str, *lines: str) -> None:
    """Runs a scenario of a program with this challenge, which must pass on both engines."""
    told = "\n".join(lines)
    book = book_of(
        f'{HEAD}{challenge}\n}}\n}}\nscenario "one" for shop {{\ngiven joined 2026-01-01\n{told}\n}}\n'
    )
    result = run_scenario(book.programs[0], book.scenarios[0], "both")
    assert result.differences == ()
    assert [check for check in result.checks if not check.passed] == []


def buy(day: str, *categories: str, store: str = "north", label: str = "") -> str:
    items = "\n".join(f"item $1.00 with category {each}" for each in categories or ("drink",))
    return f"on {day} purchase{label and ' as ' + label} with store {store} {{\n{items}\n}}"


def test_a_goal_is_an_event_a_counter_and_a_rule(book_of: BookOf) -> None:
    """CHALLENGE-1: members opt in by an event, and the rule fires once although the counter goes on."""
    book = book_of(HEAD + WEEK + "goal 2 purchases\ngive 5 points\n}\n}\n")
    (program,) = book.programs
    assert program.event("dare_opt_in") is not None
    assert [rule.name for rule in program.earns] == ["dare"]
    assert "dare_progress" in [counter.name for counter in program.counters if not counter.hidden]


def test_it_runs_behind_the_first_opting_in_for_so_long(book_of: BookOf) -> None:
    """CHALLENGE-2: not before it on the same day, on the seventh day, not on the eighth, nor once more."""
    lived(
        book_of,
        WEEK + "goal 4 purchases\ngive 5 points",
        buy("2026-03-02 08:59"),
        OPT_IN.format("2026-03-02"),
        buy("2026-03-02 09:01"),
        "expect dare_progress 1",
        OPT_IN.format("2026-03-05"),
        buy("2026-03-08"),
        "expect dare_progress 2",
        buy("2026-03-09"),
        "expect dare_progress 2",
        OPT_IN.format("2026-03-10"),
        buy("2026-03-10"),
        "expect dare_progress 2",
    )


def test_it_runs_until_the_day_that_is_named(book_of: BookOf) -> None:
    """CHALLENGE-2: from opting in, or for everybody."""
    opted = "start when member opts in\nends 2026-03-08\ngoal 3 purchases\ngive 5 points"
    days = (
        buy("2026-03-01"),
        OPT_IN.format("2026-03-02"),
        *map(buy, ("2026-03-02 10:00", "2026-03-08", "2026-03-09")),
    )
    lived(book_of, opted, *days, "expect dare_progress 2")
    dated = "start 2026-03-02\nends 1 week after start\ngoal $3 spend\ngive 5 points"
    days = *map(buy, ("2026-03-01", "2026-03-02", "2026-03-08", "2026-03-09")), "expect dare_progress $2"
    lived(book_of, dated, *days)


def test_every_month_is_a_new_start(book_of: BookOf) -> None:
    """CHALLENGE-2."""
    lived(
        book_of,
        "start every calendar month\ngoal 2 items where category is food\ngive 5 points",
        buy("2026-03-30", "food", "drink"),
        buy("2026-03-31", "food"),
        "expect earned 5 points",
        buy("2026-03-31", "food", "food"),
        "expect earned 0 points",
        buy("2026-04-01", "food", "food"),
        "expect earned 5 points",
    )


def test_different_values_count_once_and_for_good(book_of: BookOf) -> None:
    """CHALLENGE-3: of items, several of them in one purchase, and of purchases."""
    lived(
        book_of,
        WEEK + "goal 2 values of category\ngive 5 points",
        OPT_IN.format("2026-03-02"),
        buy("2026-03-03", "food", "food", label="first"),
        "expect dare_progress 1",
        "on 2026-03-03 return of first",
        "expect dare_progress 1",
        buy("2026-03-04", "food", "drink"),
        "expect earned 5 points",
    )
    lived(
        book_of,
        "start every calendar month\ngoal 3 values of store\ngive 5 points",
        *(buy(f"2026-03-0{day}", store=store) for day, store in enumerate(("north", "south", "north"), 2)),
        "expect dare_progress 2",
        buy("2026-03-20", store="west"),
        "expect earned 5 points",
    )


def test_a_run_of_days_forgives_so_many_gaps(book_of: BookOf) -> None:
    """CHALLENGE-4: two purchases of a day are one day, and the missed day is none."""
    run = "start 2026-03-02\nends 2026-03-31\ngoal 3 days in a row with purchase"
    days = [buy(f"2026-03-{day}") for day in ("02", "02", "04", "05")]
    lived(
        book_of,
        run + "\ngive 5 points",
        *days,
        "expect dare_progress 2",
        buy("2026-03-06"),
        "expect earned 5 points",
    )
    lived(book_of, run + "\nforgive 1 gap\ngive 5 points", *days, "expect earned 5 points")
    far = [buy(f"2026-03-{day}") for day in ("02", "05", "06")]
    lived(book_of, run + "\nforgive 1 gap\ngive 5 points", *far, "expect dare_progress 2")


def test_what_is_counted_is_given_for_at_the_end_and_once(book_of: BookOf) -> None:
    """CHALLENGE-5: opting in again lets nothing more count, and puts the end off."""
    counted = (
        WEEK + "count days in a row with purchase\n"
        "give by band of dare_progress {\nfrom 0 nothing\nfrom 2 5 points\nfrom 4 9 points\n}"
    )
    days = OPT_IN.format("2026-03-02"), *map(buy, ("2026-03-03", "2026-03-04", "2026-03-09", "2026-03-10"))
    lived(
        book_of,
        counted,
        *days[:3],
        "on 2026-03-08 expect earned 0 points",
        "on 2026-03-09 expect earned 5 points",
        OPT_IN.format("2026-03-20"),
        "on 2026-03-27 expect earned 0 points",
        "on 2026-03-27 expect 5 points",
    )
    lived(
        book_of,
        counted,
        *days[:3],
        OPT_IN.format("2026-03-06"),
        "on 2026-03-09 expect earned 0 points",
        *days[3:],
        "expect dare_progress 2",
        "on 2026-03-13 expect earned 5 points",
    )


def test_a_goal_is_reached_so_often_from_one_start_on(book_of: BookOf) -> None:
    """CHALLENGE-6: at each second purchase, twice in each month; two at once count as two."""
    lived(
        book_of,
        "start every calendar month\ngoal 2 items\ngive 10 points\nlimit 2 times",
        buy("2026-01-02", "drink", "drink"),
        "expect earned 10 points",
        buy("2026-01-03", "drink", "drink", "drink", "drink"),
        "expect earned 10 points",
        buy("2026-02-01", "drink", "drink", "drink", "drink", "drink"),
        "expect earned 20 points",
    )


def test_who_is_given_it_is_asked_when_the_goal_is_reached(book_of: BookOf) -> None:
    """CHALLENGE-6: not at the second purchase, but at the fourth."""
    lived(
        book_of,
        WEEK + "goal 2 purchases\ngive 10 points\nlimit 9 times\nwhen spend in lifetime >= $3",
        OPT_IN.format("2026-01-02"),
        buy("2026-01-03"),
        buy("2026-01-03"),
        "expect earned 0 points",
        buy("2026-01-04"),
        buy("2026-01-04"),
        "expect earned 10 points",
    )
