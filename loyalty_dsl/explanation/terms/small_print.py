"""The small print: what counts as spending, rounding, the time zone, what is refused, and returns."""

from collections.abc import Iterator
from fractions import Fraction

from loyalty_dsl.explanation.terms.conditions import clause
from loyalty_dsl.explanation.terms.counting import means, total_means, windows_named
from loyalty_dsl.explanation.terms.document import Block, Entry, Sentence, TermsTable
from loyalty_dsl.explanation.terms.naming import is_named
from loyalty_dsl.explanation.terms.occasions import about
from loyalty_dsl.explanation.terms.words import (
    Words,
    date_words,
    event_noun,
    human,
    is_plural,
    length_words,
    listed,
    number,
    quoted,
    titled,
)
from loyalty_dsl.language.allowances import Allowance, AllowanceRow
from loyalty_dsl.language.conditions import MemberField, StatusOf
from loyalty_dsl.language.program import Currency, RoundPer
from loyalty_dsl.language.returns import Returns
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.quantities import MINOR_DIGITS, Rounding


def counting_entry(words: Words) -> Entry:
    """What each name of a count means, and the program's own years."""
    program = words.program
    blocks: list[Block] = [Sentence(text) for text in windows_named(program)]
    for event in program.events:
        if event.counts_on is not None and event.span is not None:
            name, day = event_noun(event), quoted(human(event.counts_on.name))
            text = (
                f"Each {name} counts, in what is counted here, on the day that it names as {day}; all "
                "else of it "
                "is of its own day."
            )
            blocks.append(Sentence(text, (event.span,)))
    for counter in program.counters:
        if is_named(program, counter.index) and not _is_progress(words, counter.name):
            blocks += [Sentence(text, (counter.span,)) for text in means(words, counter)]
    blocks += [
        Sentence(total_means(words, total), (total.span,))
        for total in program.totals
        if not _is_progress(words, total.name)
    ]
    return Entry("counting", "", tuple(blocks))


def _is_progress(words: Words, name: str) -> bool:
    """Whether it is how far somebody is in a challenge, which the challenge tells."""
    challenge = name.removesuffix("_progress")
    return name.endswith("_progress") and any(rule.name == challenge for rule in words.program.earns)


def gate_entries(words: Words) -> Iterator[Entry]:
    """What is not accepted."""
    program = words.program
    blocks: list[Block] = []
    for gate in program.gates:
        if gate.event is None or _is_of_plan(gate.reason):
            continue
        name = event_noun(program.events[gate.event])
        article = "An" if name[0] in "aeiou" else "A"
        why = clause(words, gate.condition, about(words, gate.event))
        blocks.append(Sentence(f"{article} {name} is not accepted if {why} ({gate.reason}).", (gate.span,)))
    yield Entry("gates", "", tuple(blocks))


def _is_of_plan(reason: str) -> bool:
    """Whether a gate is that of a plan, which its membership tells."""
    return reason.startswith("the plan ") and reason.endswith(" is not open to this member")


def allowance_entry(words: Words, allowance: Allowance) -> Entry:
    """What members may use for as long as they stand as they do."""
    spans = (allowance.span,)
    blocks: list[Block] = []
    unit = human(allowance.unit)
    for line in allowance.lines:
        match line.of:
            case None:
                for row in line.rows:
                    blocks.append(Sentence(f"You may use {_row(words, row, unit)}.", spans))
            case StatusOf(ladder):
                found = words.program.ladders[ladder]
                header = f"{found.label} plan" if found.bought else titled(words.ladder(ladder))
                rows = tuple(
                    (
                        listed([words.level(ladder, value) for value in row.values], "or")
                        if row.values is not None
                        else "any other",
                        titled(_row(words, row, unit)),
                    )
                    for row in line.rows
                )
                blocks.append(TermsTable((header, "You may use"), rows, spans))
            case MemberField(field):
                rows = tuple(
                    (
                        listed([human(field.values[value]) for value in row.values], "or")
                        if row.values is not None
                        else "any other",
                        titled(_row(words, row, unit)),
                    )
                    for row in line.rows
                )
                blocks.append(TermsTable((titled(human(field.name)), "You may use"), rows, spans))
    if len(allowance.lines) > 1:
        blocks.append(Sentence("What these lines allow adds up.", spans))
    blocks.append(
        Sentence(
            "It is worked out anew whenever how you stand changes, and all of it changes with that.", spans
        )
    )
    return Entry(f"allowance {allowance.name}", titled(allowance.label), tuple(blocks))


def _row(words: Words, row: AllowanceRow, unit: str) -> str:
    most = "" if row.most is None else f", at most {number(row.most)} {unit}"
    one = words.units(row.currency, words.currency(row.currency).scale)
    return f"{number(row.units)} {unit} for each {one.removeprefix('1 ')} that you have{most}"


def returns_entry(words: Words, returns: Returns | None) -> Entry:
    """What a return does."""
    if returns is None:
        bought = any(trigger.event == PURCHASE for rule in words.program.earns for trigger in rule.triggers)
        text = "These terms say nothing of returns: what you earned for a purchase stays yours."
        return Entry("returns", "", (Sentence(text, (words.program.span,)),) if bought else ())
    spans = () if returns.span is None else (returns.span,)
    told = []
    if returns.within is not None:
        told.append(f"A return is accepted within {length_words(returns.within)} after the purchase.")
    told.append("When you return something, what you earned for it is taken back, in part for a part.")
    if returns.negative:
        told.append("If you no longer have that much, what is missing is set off against what you earn next.")
    else:
        told.append("If you no longer have that much, what is missing is let go.")
    if not words.program.counters:
        pass
    elif returns.in_own_period:
        told.append("Counts towards levels and goals fall on the day of the return.")
    else:
        told.append(
            "Counts towards levels and goals fall as of the day of the purchase, in every period that "
            "holds it."
        )
    if returns.rechecks:
        told.append("A level that you have then no longer earned ends with the return.")
    elif any(not ladder.bought for ladder in words.program.ladders):
        told.append("A return does not end a level that you hold.")
    told.append("What you used for a purchase that you return, and money off it, does not come back.")
    return Entry("returns", "", tuple(Sentence(text, spans) for text in told))


def small_print(words: Words, told: tuple[Currency, ...], *, basket: bool) -> Entry:
    """Rounding, days, and the order in which things happen.

    Args:
        basket: whether the terms speak of the basket or of what is spent.
    """
    program = words.program
    texts = [
        (
            f"These terms apply from {date_words(program.starts)} on; nothing before that day counts by "
            "them.",
            program.span,
        ),
        (f"Days begin and end at midnight in the time zone {human(program.timezone)}.", program.span),
    ]
    if basket:
        texts.append(
            (
                "The basket is what a purchase costs before rewards of this program are taken off; what you "
                "spend is what is left after them.",
                program.span,
            )
        )
    texts += [(_rounding(words, currency), currency.span) for currency in told]
    if any(rule.limits for rule in program.earns):
        texts.append(
            (
                "Where a limit leaves room for only a part, you get that part; where several limits "
                "apply, the one that "
                "leaves least decides.",
                program.span,
            )
        )
    return Entry("small print", "", tuple(Sentence(text, (span,)) for text, span in texts))


def _rounding(words: Words, currency: Currency) -> str:
    smallest = currency.scale if not currency.in_money else 1
    unit = "cent" if currency.in_money and MINOR_DIGITS[words.program.money] == 2 else "unit"
    label = words.label(currency.index)
    if not currency.in_money and smallest > 1:
        to = f"to {number(Fraction(1, smallest))}"
    else:
        to = f"to whole {unit}s" if currency.in_money else "to whole ones"
    how = {
        Rounding.DOWN: "down", Rounding.UP: "up", Rounding.HALF_UP: "to the nearest, halves up",
    }[currency.rounding]  # fmt: skip
    per = (
        "for each rule by itself"
        if currency.round_per is RoundPer.RULE
        else "once for all that one event earns"
    )
    shown = " You are shown only whole ones." if currency.shown_whole else ""
    if currency.rounding is Rounding.HALF_UP:
        how = "halves up"
    subject = (
        words.held(currency.index)[0]
        if is_plural(currency.label) and not currency.in_money
        else f"Amounts in {label}"
    )
    return f"{subject} are rounded {to}, {how}, {per}.{shown}"


def partner_entry(words: Words) -> Entry:
    """With whom members earn and use what they have."""
    program = words.program
    blocks: list[Block] = []
    for partner in program.partners:
        parts = []
        if partner.issues:
            names = [quoted(titled(program.earns[rule].label)) for rule in partner.issues]
            parts.append(f"you earn by {listed(names)}")
        if partner.redeems:
            names = [quoted(titled(program.rewards[reward].label)) for reward in partner.redeems]
            parts.append(f"you can use {listed(names)}")
        if parts:
            blocks.append(Sentence(f"With {partner.label}, {listed(parts)}.", (partner.span,)))
    return Entry("partners", "", tuple(blocks))
