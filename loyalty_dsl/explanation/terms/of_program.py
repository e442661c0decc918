"""The terms of a program: all its parts, each in the section where members look for it.

Invariant: every part of a checked program is told, to members or, where it is none of theirs, to the company.
"""

from collections.abc import Iterator

from loyalty_dsl.explanation.terms.blocks import block_of
from loyalty_dsl.explanation.terms.challenges import challenge_entry
from loyalty_dsl.explanation.terms.document import Entry, Section, Sentence, Terms, section
from loyalty_dsl.explanation.terms.earning import group_entry, is_referral, rule_entry
from loyalty_dsl.explanation.terms.expiry import currency_entry
from loyalty_dsl.explanation.terms.internal import internal_entries
from loyalty_dsl.explanation.terms.levels import ladder_entry
from loyalty_dsl.explanation.terms.memberships import membership_entry
from loyalty_dsl.explanation.terms.rewards import reward_entry
from loyalty_dsl.explanation.terms.small_print import (
    allowance_entry,
    counting_entry,
    gate_entries,
    partner_entry,
    returns_entry,
    small_print,
)
from loyalty_dsl.explanation.terms.transfers import menu_entry, transfer_entry
from loyalty_dsl.explanation.terms.words import Words
from loyalty_dsl.language import syntax
from loyalty_dsl.language.clocks import Pays
from loyalty_dsl.language.program import EarnRule, Program, Reward
from loyalty_dsl.language.rewards import Taking, Thing


def terms_of(program: Program, *, internal: bool = False) -> Terms:
    """What members read of a program.

    Args:
        program: one version of a program by itself.
        internal: whether to add what is for the company only.
    """
    return Terms(
        program.name, program.label, tuple(_sections(Words(program, internal), internal)), notes_of(program)
    )


def notes_of(program: Program) -> tuple[str, ...]:
    """What the file says of itself at its top: its comments before the program, line by line."""
    notes = []
    for line in program.span.source.text.splitlines():
        if not line.startswith("#"):
            break
        notes.append(line.removeprefix("#").rstrip())
    return tuple(notes)


def _sections(words: Words, internal: bool) -> Iterator[Section]:
    told = tuple(_members_sections(words))
    spoken = {word for text in _texts(told) for word in ("basket", "you spend") if word in text}
    currencies = tuple(
        each for each in words.program.currencies if each.index not in _menus_of(words.program)
    )
    yield from told
    yield from section("small print", "Small print", [small_print(words, currencies, basket=bool(spoken))])
    if internal:
        yield from section("internal", "For the company only", list(internal_entries(words)))


def _texts(sections: tuple[Section, ...]) -> Iterator[str]:
    for part in sections:
        for entry in part.entries:
            for block in entry.blocks:
                yield block.text if isinstance(block, Sentence) else str(block.rows)


def _menus_of(program: Program) -> set[int]:
    """The currencies that are choices of a menu."""
    return {reward.currency for reward in program.rewards if reward.taking.of_menu}


def _members_sections(words: Words) -> Iterator[Section]:
    program = words.program
    block = block_of(program)
    menus = _menus_of(program)
    own = own_rewards(program)
    challenges = {
        part.name.text: part for part in block.clauses if isinstance(part, syntax.challenges.ChallengeBlock)
    }
    told = tuple(rule for rule in program.earns if not rule.hidden)
    earning = [rule for rule in told if rule.currency not in menus and rule.name not in challenges]
    plain = [rule for rule in earning if not is_referral(words, rule)]
    offered = tuple(reward for reward in program.rewards if reward.index not in own and not reward.hidden)
    currencies = tuple(each for each in program.currencies if each.index not in menus)

    yield from section(
        "earning",
        "How you earn",
        [rule_entry(words, rule) for rule in plain] + [group_entry(words, group) for group in program.groups],
    )
    yield from section(
        "referrals", "Friends", [rule_entry(words, rule) for rule in earning if is_referral(words, rule)]
    )
    yield from section(
        "challenges",
        "Challenges",
        [challenge_entry(words, challenges[rule.name], rule) for rule in told if rule.name in challenges],
    )
    yield from section(
        "levels",
        "Levels",
        [
            ladder_entry(words, ladder, tuple(plain), offered)
            for ladder in program.ladders
            if not ladder.bought
        ],
    )
    yield from section("memberships", "Memberships", list(_memberships(words, block)))
    yield from section(
        "rewards", "What you get", [reward_entry(words, each) for each in offered if _is_plain(each)]
    )
    yield from section("menus", "What you can choose", list(_menus(words, told, menus)))
    yield from section(
        "transfers",
        "Exchanging and sending",
        [transfer_entry(words, each) for each in offered if each.exchange],
    )
    yield from section(
        "allowances", "What you may use", [allowance_entry(words, each) for each in program.allowances]
    )
    yield from section("expiry", "How long it lasts", [currency_entry(words, each) for each in currencies])
    yield from section("counting", "How we count", [counting_entry(words)])
    yield from section("partners", "Partners", [partner_entry(words)])
    yield from section("returns", "Returns", [returns_entry(words, program.returns)])
    yield from section("gates", "What is not accepted", list(gate_entries(words)))


def _is_plain(reward: Reward) -> bool:
    return not (reward.exchange or reward.taking.of_menu or reward.taking is Taking.RECEIVED)


def own_rewards(program: Program) -> set[int]:
    """The rewards that the program made of fees, refunds and upkeep, by index."""
    own = set()
    for clock in program.clocks:
        if isinstance(clock.at, Pays):
            own |= {fee for fee, _ in clock.at.fees}
            own |= set() if clock.at.refund is None else {clock.at.refund.reward}
    for reward in program.rewards:
        if reward.name.partition("_upkeep")[1] and reward.cases[0].face == Thing("upkeep"):
            own.add(reward.index)
    return own


def _memberships(words: Words, block: syntax.ProgramBlock) -> Iterator[Entry]:
    blocks = {
        part.name.text: part for part in block.clauses if isinstance(part, syntax.memberships.MembershipBlock)
    }
    for clock in words.program.clocks:
        if isinstance(clock.at, Pays):
            name = words.program.ladders[clock.at.ladder].name
            yield membership_entry(words, blocks[name], clock.at)


def _menus(words: Words, told: tuple[EarnRule, ...], menus: set[int]) -> Iterator[Entry]:
    for rule in told:
        if rule.currency in menus:
            options = tuple(
                each
                for each in words.program.rewards
                if each.taking.of_menu and each.currency == rule.currency
            )
            yield menu_entry(words, rule, options)
