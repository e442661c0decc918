"""A forecast names the responses that are on, with their numbers and what is known of them."""

from pathlib import Path

from loyalty_dsl.forecast.assumptions import assumptions_of
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText

GOOD = Path(__file__).parent.parent / "language" / "good" / "responses.loyalty"


def test_responses_are_among_the_assumptions() -> None:
    file, _ = parse_file(SourceText("people.loyalty", GOOD.read_text(encoding="utf-8")))
    book, _ = check_book((file,))
    assert book is not None
    found = assumptions_of(book.programs[0], book.populations[0], ())
    told = {one.what: one for one in found if one.what.startswith("Response: ")}
    assert len(told) == 4
    gradient = told["Response: goal gradient"]
    assert gradient.written == "goal_gradient 30% head_start 10%"
    assert str(gradient.source).startswith("the author's numbers; of the effect: Kivetz")
    reset = told["Response: post-reward reset"]
    assert reset.written == "post_reward_reset 10% fading 14 days"
    assert str(reset.source).endswith("(evidence C: recalled or judged)")
