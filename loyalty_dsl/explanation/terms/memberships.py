"""Paid memberships in words: plans, their fees, the trial, renewals, and what a cancellation gives back."""

from collections.abc import Iterator

from loyalty_dsl.explanation.terms.blocks import date_of_literal, duration_of, money_of
from loyalty_dsl.explanation.terms.conditions import clause
from loyalty_dsl.explanation.terms.document import Block, Entry, Sentence, TermsTable
from loyalty_dsl.explanation.terms.naming import counter_noun
from loyalty_dsl.explanation.terms.words import Words, counted, titled
from loyalty_dsl.language.clocks import Pays, RefundLine
from loyalty_dsl.language.syntax import memberships as written


def membership_entry(words: Words, block: written.MembershipBlock, pays: Pays) -> Entry:
    """One membership."""
    ladder = words.program.ladders[pays.ladder]
    return Entry(f"membership {ladder.name}", titled(ladder.label), tuple(_blocks(words, block, pays)))


def _blocks(words: Words, block: written.MembershipBlock, pays: Pays) -> Iterator[Block]:
    ladder = words.program.ladders[pays.ladder]
    plans = [part for part in block.clauses if isinstance(part, written.PlanBlock)]
    rows = []
    for place, plan in enumerate(plans):
        fees = [fee for part in plan.clauses if isinstance(part, written.FeeClause) for fee in part.fees]
        told = []
        for fee in fees:
            price = f"{money_of(words, fee.money)} per {fee.per.text}"
            told.append(price if fee.start is None else f"from {date_of_literal(fee.start)}: {price}")
        when = pays.when_of(place)
        label = plan.name.text if plan.label is None else str(plan.label.text)
        rows.append(
            (
                titled(label.replace("_", " ")),
                "; ".join(told),
                "everybody" if when is None else f"you, if {clause(words, when)}",
            )
        )
    open_to_all = all(row[2] == "everybody" for row in rows)
    header = ("Plan", "Fee", "Open to")
    spans = tuple(plan.span for plan in plans)
    yield TermsTable(
        header[:2] if open_to_all else header, tuple(row[:2] if open_to_all else row for row in rows), spans
    )
    yield Sentence(
        f"Your {ladder.label} membership begins when you subscribe, and is renewed and paid for at the "
        "end of each "
        "term until you cancel.",
        (block.span,),
    )
    if not open_to_all:
        yield Sentence(
            "A plan with a condition is not renewed at the end of a term if the condition no longer "
            "holds then.",
            spans,
        )
    for part in block.clauses:
        yield from _clause(part)
    if pays.refund is not None:
        for text in _refunds(words, pays):
            yield Sentence(text, (block.span,))
    yield Sentence(
        "After you cancel, nothing is charged again, and you keep what you have paid for to the end of its "
        f"term{', unless you get money back' if pays.refund is not None else ''}.",
        (block.span,),
    )
    yield Sentence(
        "If you subscribe again before that end, you go on as if you had not cancelled.", (block.span,)
    )


def _clause(part: written.MembershipClause) -> Iterator[Block]:
    match part:
        case written.TrialClause(duration, span):
            yield Sentence(
                f"It begins with a free trial of {duration_of(duration)}, after which you pay.", (span,)
            )
        case written.TrialLimitClause(times, duration, span):
            yield Sentence(
                f"You can have {counted(times.value, 'trial')} in any {duration_of(duration)}; after that "
                "you pay "
                "from the first day.",
                (span,),
            )
        case written.ProtectClause(date, span):
            yield Sentence(
                "If you subscribed before the last new fee began, and not again since, you pay the fee "
                "before it for "
                f"payments through {date_of_literal(date)}.",
                (span,),
            )
        case written.RefundNothing(span):
            yield Sentence("What you have paid is not given back when you cancel.", (span,))
        case _:
            pass  # plans and refunds are told by themselves; what a member costs is not told to members


def _refunds(words: Words, pays: Pays) -> Iterator[str]:
    refund = pays.refund
    assert refund is not None
    used = "" if refund.used is None else counter_noun(words, refund.used)
    if len(refund.lines) > 1:
        yield "When you cancel, the first of these that applies decides what you get back."
    for line in refund.lines:
        yield _line(line, used)
    yield "In any other case you get nothing back."
    yield "If you get anything back, your membership ends with that day."


def _line(line: RefundLine, used: str) -> str:
    back = "the fee that you paid last"
    if line.less:
        back += f", less what {used} has risen by since you paid"
    when = []
    if line.days is not None:
        when.append(f"within {counted(line.days, 'business day' if line.business else 'day')} after you paid")
    told = f"If you cancel{' ' + when[0] if when else ''}"
    if line.unless:
        told += f" and {used} has not risen since you paid"
    return f"{told}, you get back {back}."
