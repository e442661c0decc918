"""How members earn: each earn rule as an entry, with all that has to hold and every limit."""

from collections.abc import Iterator

from loyalty_dsl.explanation.terms.amounts import amount_table, leaves, rate
from loyalty_dsl.explanation.terms.cases import grid
from loyalty_dsl.explanation.terms.conditions import clause, items_sentence
from loyalty_dsl.explanation.terms.document import Block, Entry, Sentence
from loyalty_dsl.explanation.terms.expiry import lot_sentence
from loyalty_dsl.explanation.terms.occasions import about, dates_words, limit_sentences, occasions
from loyalty_dsl.explanation.terms.words import Words, length_words, listed, percent, titled
from loyalty_dsl.language.amounts import Choice, Nothing
from loyalty_dsl.language.conditions import IsReferred, operands_of
from loyalty_dsl.language.program import Combine, EarnRule, Group


def rule_entry(words: Words, rule: EarnRule) -> Entry:
    """What one rule gives."""
    return Entry(f"earn {rule.name}", titled(rule.label), tuple(rule_blocks(words, rule)))


def rule_blocks(words: Words, rule: EarnRule, opening: str | None = None) -> Iterator[Block]:
    """The blocks of a rule.

    Args:
        opening: when it gives; by its triggers if `None`.
    """
    spans = (rule.span,)
    of = about(words, rule.triggers[0].event)
    when = opening or titled(occasions(words, rule.triggers))
    if rule.raises:
        yield from _raise(words, rule, when, of)
    elif isinstance(rule.amount, Choice):
        yield Sentence(f"{when}, you get what this table says.", spans)
        yield amount_table(words, rule.amount, rule.currency, of, spans)
        if not grid(words, leaves(rule.amount), of).exclusive:
            yield Sentence("The first row that applies counts.", spans)
    elif isinstance(rule.amount, Nothing):
        yield Sentence(f"{when}, you get nothing.", spans)
    else:
        yield Sentence(f"{when}, you get {rate(words, rule.amount, rule.currency, of)}.", spans)
    yield from conditions(words, rule, of)


def conditions(words: Words, rule: EarnRule, of: str) -> Iterator[Block]:
    """All that has to hold besides, and the limits."""
    spans = (rule.span,)
    if rule.when is not None:
        yield Sentence(f"This applies only if {clause(words, rule.when, of)}.", spans)
    days = dates_words(rule.dates)
    if days is not None:
        yield Sentence(f"This applies {days}.", spans)
    if rule.items is not None:
        yield Sentence(items_sentence(words, rule.items), spans)
    if rule.chance != 1:
        yield Sentence(f"You get it with a chance of {percent(rule.chance)} each time.", spans)
    what = "by this rule"
    for text in limit_sentences(words, rule.limits, rule.currency, what, "get this"):
        yield Sentence(text, tuple(limit.span for limit in rule.limits))
    for condition, length in rule.waits:
        yield Sentence(
            f"What you get here becomes available {length_words(length)} later, if "
            f"{clause(words, condition, of)}.",
            spans,
        )
    if rule.pending is not None:
        other = " in any other case" if rule.waits else ""
        yield Sentence(
            f"What you get here becomes available {length_words(rule.pending)} later{other}."
            if rule.pending.count
            else f"What you get here is available at once{other}.",
            spans,
        )
    if rule.expiry is not None:
        yield Sentence(lot_sentence("What you get here", rule.expiry, False), spans)


def _raise(words: Words, rule: EarnRule, when: str, of: str) -> Iterator[Block]:
    spans = (rule.span,)
    names = listed([words.rule(each) for each in rule.raises])
    if isinstance(rule.amount, Choice):
        yield Sentence(f"{when}, what you get by {names} is made up to what this table says.", spans)
        yield amount_table(words, rule.amount, rule.currency, of, spans)
    else:
        amount = rate(words, rule.amount, rule.currency, of)
        yield Sentence(f"{when}, what you get by {names} is made up to {amount}.", spans)
    yield Sentence("It is not paid on top: you get only what is missing to that amount.", spans)


def group_entry(words: Words, group: Group) -> Entry:
    """How the rules of a group go together."""
    spans = (group.span,)
    names = listed([words.rule(rule) for rule in group.rules])
    blocks: list[Block] = []
    match group.combine:
        case Combine.ADD:
            if group.limits:
                blocks.append(Sentence(f"What you get by {names} adds up.", spans))
        case Combine.BEST:
            blocks.append(Sentence(f"Of {names}, only the one that gives most is paid.", spans))
        case Combine.FIRST:
            blocks.append(Sentence(f"Of {names}, only the first that applies is paid, in this order.", spans))
        case Combine.NEWEST:
            blocks.append(
                Sentence(f"Of {names}, only the first that applies is paid, the newest offer first.", spans)
            )
    currency = words.program.earns[group.rules[0]].currency
    what = "by these rules together"
    blocks += [
        Sentence(text, spans) for text in limit_sentences(words, group.limits, currency, what, "get these")
    ]
    return Entry(f"group {group.name}", titled(group.label), tuple(blocks))


def is_referral(words: Words, rule: EarnRule) -> bool:
    """Whether a rule is about friends: for who referred them, or for those who were referred."""
    friends = {kind.event for kind in words.program.friend_kinds}
    return any(
        trigger.event in friends
        or any(isinstance(operand, IsReferred) for operand in operands_of(trigger.where))
        for trigger in rule.triggers
    ) or any(isinstance(operand, IsReferred) for operand in operands_of(rule.when))
