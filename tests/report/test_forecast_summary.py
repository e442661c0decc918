"""The two paragraphs at the top of a page: every sentence true of the figures, and silent where they are."""

import attrs
import pytest
from forecast_cases import HOSTILE, cut_short, declared, hostile, one_month, plain, without_cost
from test_forecast_page import Reader, page_of

from loyalty_dsl.report.summary import summary_of
from loyalty_dsl.report.summary_assumptions import assumptions_table, assumptions_title
from loyalty_dsl.report.wording import money_text, percent_text


def finance(made):
    return " ".join(summary_of(made).finance)


def marketing(made):
    return " ".join(summary_of(made).marketing)


def test_finance_reads_what_is_owed_what_it_costs_and_what_is_doubtful():
    made = plain()
    told, one = finance(made), made.by_currency[0]
    assert told.startswith(f"{money_text(one.liability[-1], 'USD')} is owed on 31 December 2029, at cost")
    cost, spent = sum(made.reward_cost[-12:]), sum(month.basket for month in made.members[-12:])
    assert f"Rewards cost {money_text(cost, 'USD')} in the last 12 months" in told
    assert f", {percent_text(cost / spent)} of what members spent." in told
    assert "100% of the liability rests on costs that nobody has sourced" in told
    assert "stated, not fitted to data" in told


def test_marketing_reads_who_takes_part_and_who_earns():
    made = plain()
    told, last = marketing(made), made.members[-1]
    assert f"{last.enrolled:,} members have joined by 31 December 2029" in told
    assert f"{percent_text(last.active_rate)} of them bought in December 2029" in told
    one = made.by_currency[0]
    issued = [sum(month.issued for month in segment[-12:]) for segment in one.segments]
    most = max(range(2), key=issued.__getitem__)
    assert f"The segment {made.population.segments[most].name} is " in told
    assert f"earns {percent_text(issued[most] / sum(issued), 0)} of the points." in told
    assert f"$5 off was used {sum(made.rewards[0].uses[-12:]):,} times in the last 12 months" in told


def test_a_lower_bound_says_at_least():
    told = finance(cut_short())
    assert told.startswith("At least ")
    assert "for points and at least" in told
    assert "(those with a declared cost)" in told


def test_a_change_is_told_only_beyond_the_noise():
    assert "within the noise" in finance(plain())
    made = declared()
    change = made.liability[-1] - made.liability[-13]
    assert f"; {money_text(change, 'USD')} more than a year before" in finance(made)
    risen = attrs.evolve(made, liability=tuple(reversed(made.liability)))
    assert f"; {money_text(made.liability[1] - made.liability[0], 'USD')} " not in finance(made)
    assert "than a year before" in finance(risen) or "within the noise" in finance(risen)


@pytest.mark.parametrize("made", [one_month, without_cost])
def test_what_is_not_known_is_said_to_be_so(made):
    told = finance(made())
    assert told.startswith("What is owed is not known: no cost is declared for points")
    assert "$" not in told.partition(".")[0]


def test_nothing_is_said_of_a_year_that_is_not_there():
    assert "in its only month" in finance(one_month())
    assert "year before" not in finance(one_month())


def test_a_rule_that_never_paid_is_named():
    made = plain()
    first, *others = made.rules
    idle = attrs.evolve(made, rules=(attrs.evolve(first, times=0, units=0), *others))
    assert f"{first.rule.label} never paid anybody." in marketing(idle)
    assert "never paid" not in marketing(made)


def test_every_number_has_a_grade_and_costs_come_first():
    made = declared()
    table = assumptions_table(made)
    assert len(table.rows) == len(made.assumptions)
    assert {row[2] for row in table.rows} == {"sourced", "assumed"}
    assert "sourced" in table.rows[0]
    assert assumptions_title(made) == "0% of the liability rests on costs that nobody has sourced"
    assert assumptions_title(plain()) == "100% of the liability rests on costs that nobody has sourced"
    assert assumptions_title(without_cost()).startswith("What the figures rest on: ")


def test_the_page_answers_first_and_tables_come_last():
    page = page_of(plain())
    order = [
        "<h1>",
        "Liability at cost",
        'id="in-short"',
        'class="notices"',
        'id="assumptions"',
        'id="liability-0"',
        'id="rewards"',
        'id="data"',
        "Reproduce this",
    ]
    places = [page.index(part) for part in order]
    assert places == sorted(places)
    assert len(page.encode()) < 1_000_000


def test_hostile_names_are_text_in_the_summary_too():
    made = hostile()
    summary = summary_of(made)
    told = " ".join((*summary.finance, *summary.marketing))
    assert "javascript:alert(3)" in told
    assert "\x1b" not in told and "\u202e" not in told and HOSTILE not in told
    assert "javascript:alert(3)" in Reader(page_of(made)).text
