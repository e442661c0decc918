"""Program blocks: header clauses and declarations, then everything that refers to them.

Names come first, all of them: events, fields, currencies, counters, ladders, groups, rules. So a clause may
refer to what is declared below it, and every mention of a thing is checked although the thing is wrong.
"""

from collections.abc import Sequence

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.allowances import check_allowances
from loyalty_dsl.language.checking.amounts import day
from loyalty_dsl.language.checking.audiences import check_audiences, verify_named
from loyalty_dsl.language.checking.bounds import verify_products
from loyalty_dsl.language.checking.carrying import check_carries
from loyalty_dsl.language.checking.challenges import count_challenges, write_out
from loyalty_dsl.language.checking.clauses import at_most_one, exactly_one
from loyalty_dsl.language.checking.counters import check_counters
from loyalty_dsl.language.checking.currencies import check_currency, label_of, verify_usable
from loyalty_dsl.language.checking.declarations import (
    declare_currency,
    declare_events,
    declare_member,
    declare_periods,
    declare_rules,
    names_of,
)
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.friends import declare_friend_kinds, with_numbers
from loyalty_dsl.language.checking.gates import check_event_gates, verify_counted_elsewhere
from loyalty_dsl.language.checking.groups import check_group
from loyalty_dsl.language.checking.issuing import verify_no_cycles
from loyalty_dsl.language.checking.losses import Losses
from loyalty_dsl.language.checking.memberships import (
    check_membership,
    declare_memberships,
    declare_plans,
    memberships_of,
)
from loyalty_dsl.language.checking.menus import DEFAULT, OPTION, counting_options, write_out_menus
from loyalty_dsl.language.checking.named_tables import write_out_tables
from loyalty_dsl.language.checking.occasions import verify_no_circle
from loyalty_dsl.language.checking.only_uses import verify_only_uses
from loyalty_dsl.language.checking.order import Reference, order_rules
from loyalty_dsl.language.checking.partners import check_partners
from loyalty_dsl.language.checking.recipients import with_receivers
from loyalty_dsl.language.checking.referral import check_referral
from loyalty_dsl.language.checking.returns import check_returns
from loyalty_dsl.language.checking.rewards import check_reward
from loyalty_dsl.language.checking.rule_clauses import LimitNumbers
from loyalty_dsl.language.checking.rules import check_earn
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.tiers import check_ladder, declare_ladder
from loyalty_dsl.language.checking.transfers import check_transfer
from loyalty_dsl.language.checking.value_assumptions import check_running
from loyalty_dsl.language.program import Currency, EarnRule, Group, Program
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.language.syntax import versions as of_versions
from loyalty_dsl.language.tiers import Ladder
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.source import Span


def check_program(block: syntax.ProgramBlock, findings: Findings, losses: Losses) -> ProgramScope:
    """The scope of a program block, with its `Program` if nothing in the block is wrong.

    Args:
        losses: what the parser could not read.
    """
    errors = findings.errors
    block = write_out_tables(block, findings, losses)
    block, challenges = write_out(block, findings, losses)
    block = write_out_menus(block, findings, losses)
    scope, zone = _header(block, findings, losses)
    friends = declare_friend_kinds(scope, _rules(block, "referral"))

    currency_blocks = [clause for clause in block.clauses if isinstance(clause, syntax.CurrencyBlock)]
    units = [declare_currency(scope, currency) for currency in currency_blocks]
    ladder_blocks = [clause for clause in block.clauses if isinstance(clause, syntax.TiersBlock)]
    ladder_names = [declare_ladder(scope, ladder) for ladder in ladder_blocks]
    plans = [(each, declare_plans(scope, each)) for each in memberships_of(block)]
    group_blocks = declare_rules(scope, block)
    counters = [clause for clause in block.clauses if isinstance(clause, syntax.CounterClause)]
    totals = check_counters(scope, counters)
    totals += count_challenges(scope, challenges)
    audiences = check_audiences(scope, block)
    currencies = [
        checked
        for currency, unit in zip(currency_blocks, units, strict=True)
        if (checked := check_currency(scope, currency, unit)) is not None
    ]
    ladders = [
        known
        for ladder, name in zip(ladder_blocks, ladder_names, strict=True)
        if name is not None and (known := check_ladder(scope, ladder, name)) is not None
    ]
    gates = check_event_gates(scope, block)
    check_carries(scope, counters, ladders)
    numbers = LimitNumbers()
    references: dict[int, list[Reference]] = {}
    earn_blocks, referral_blocks = _rules(block, "earn"), _rules(block, "referral")
    earns = [
        rule
        for index, written in enumerate(earn_blocks)
        if (rule := check_earn(scope, written, index, numbers, references)) is not None
    ]
    _verify_lots(scope, earns, currencies)
    reward_blocks = _rules(block, "reward", "benefit", "transfer", OPTION, DEFAULT)
    rewards = [
        reward
        for index, written in enumerate(reward_blocks)
        if (
            reward := (check_transfer if written.word.text == "transfer" else check_reward)(
                scope, written, index, numbers
            )
        )
        is not None
    ]
    verify_no_cycles(scope, rewards)
    verify_only_uses(scope, currency_blocks, rewards)
    bought: list[Ladder] = []
    for membership, name in plans:
        free = max(len(reward_blocks), len(rewards))
        sold = None if name is None else check_membership(scope, membership, name, free)
        if sold is not None:
            bought.append(sold[0])
            rewards += sold[1]
    rewards, currencies = with_receivers(scope, rewards, currencies)
    allowance_blocks = [each for each in block.clauses if isinstance(each, syntax.allowances.AllowanceBlock)]
    free = max(len(reward_blocks), len(rewards))
    allowances, upkeep = check_allowances(scope, allowance_blocks, free)
    rewards += upkeep
    for written in referral_blocks:
        earns += check_referral(scope, written, _first_free(earns, earn_blocks), numbers)
    by_index = {rule.index: rule for rule in earns}
    groups: list[Group] = []
    for group_block in group_blocks:
        group_name = scope.groups.find(group_block.name.text)
        if group_name is not None:
            group = check_group(scope, group_block, group_name, by_index, numbers)
            groups += [] if group is None else [group]
    returns = check_returns(scope, [each for each in block.clauses if isinstance(each, syntax.ReturnsBlock)])
    partner_blocks = [each for each in block.clauses if isinstance(each, syntax.partners.PartnerBlock)]
    partners = check_partners(scope, partner_blocks, earns, rewards)
    running = check_running(scope, block)
    order = order_rules(findings, [written.name.text for written in earn_blocks], references)
    if order is not None:
        order = (*order, *(rule.index for rule in earns if rule.index >= len(earn_blocks)))
        verify_products(findings, currencies, earns, rewards, order=order, groups=groups)

    verify_no_circle(scope, earns)
    verify_counted_elsewhere(scope, scope.counters, ladders)

    whole = (
        len(currencies) == len(currency_blocks)
        and len(bought) == len(plans)
        and len(ladders) == len(ladder_blocks)
        and len(groups) == len(group_blocks)
        and sum(reward.index < len(reward_blocks) for reward in rewards) == len(reward_blocks)
        and sum(rule.index < len(earn_blocks) for rule in earns) == len(earn_blocks)
    )  # what lost a part without a word here is no program either: indices would shift
    if (
        findings.errors > errors
        or not whole
        or not losses.spared(block.span, *_bodies(block))
        or scope.money is None
        or scope.starts is None
        or zone is None
        or order is None
    ):
        return scope
    scope.program = Program(
        name=block.name.text,
        label=label_of(block.name, block.label),
        money=scope.money,
        timezone=zone,
        starts=scope.starts,
        events=(*scope.events.things(), *scope.friend_events),
        item_fields=scope.item_fields.things(),
        currencies=tuple(currencies),
        earns=tuple(earns),
        rewards=tuple(rewards),
        limit_count=numbers.used,
        span=block.span,
        member_fields=scope.member_fields.things(),
        counters=counting_options(scope.counters, rewards),
        totals=totals,
        ladders=(*ladders, *bought),
        groups=tuple(groups),
        clocks=tuple(scope.clocks),
        friend_kinds=with_numbers(scope, friends),
        returns=returns,
        partners=partners,
        allowances=allowances,
        running=running,
        audiences=audiences,
        gates=(*gates, *scope.plan_gates),
        order=order,
    )
    verify_named(scope, audiences)
    return scope


def _verify_lots(scope: ProgramScope, earns: Sequence[EarnRule], currencies: Sequence[Currency]) -> None:
    """Reports rules whose own `pending` or `expire` leaves no day on which what they give can be spent."""
    by_index = {currency.index: currency for currency in currencies}
    for rule in earns:
        currency = by_index.get(rule.currency)
        if currency is None or (rule.pending is None and rule.expiry is None and not rule.waits):
            continue
        delay = currency.pending if rule.pending is None else rule.pending
        expiry = currency.expiry if rule.expiry is None else rule.expiry
        for wait in (delay, *(wait for _, wait in rule.waits)):
            verify_usable(scope, rule.span, rule.span if rule.expiry else currency.span, wait, expiry)


def _rules(block: syntax.ProgramBlock, *words: str) -> list[syntax.RuleBlock]:
    """The rule blocks that begin with one of these words, in declared order."""
    return [each for each in block.clauses if isinstance(each, syntax.RuleBlock) and each.word.text in words]


def _first_free(earns: Sequence[EarnRule], earn_blocks: Sequence[syntax.RuleBlock]) -> int:
    """The index of the next rule behind the declared ones."""
    return max(len(earn_blocks), *(rule.index + 1 for rule in earns), 0)


def _bodies(block: syntax.ProgramBlock) -> list[Span]:
    return [
        each.line if isinstance(each, syntax.CounterClause) else each.span
        for each in block.clauses
        if isinstance(
            each,
            syntax.EventBlock
            | syntax.CounterClause
            | syntax.ItemBlock
            | syntax.MemberBlock
            | syntax.CurrencyBlock
            | syntax.TiersBlock
            | syntax.memberships.MembershipBlock
            | syntax.GroupBlock
            | syntax.RuleBlock
            | syntax.ReturnsBlock
            | syntax.partners.PartnerBlock
            | syntax.allowances.AllowanceBlock
            | syntax.audiences.AudienceBlock,
        )
    ]


def _header(
    block: syntax.ProgramBlock, findings: Findings, losses: Losses
) -> tuple[ProgramScope, str | None]:
    """A scope with the names that refer to nothing, and the time zone."""
    what = f"the program `{block.name.text}`"
    money = exactly_one(
        findings, block.clauses, syntax.MoneyClause, "money",
        block=block.span, what=what, example="money USD", losses=losses,
    )  # fmt: skip
    timezone = exactly_one(
        findings, block.clauses, syntax.TimezoneClause, "timezone",
        block=block.span, what=what, example='timezone "America/New_York"', losses=losses,
    )  # fmt: skip
    replaces = at_most_one(findings, block.clauses, of_versions.ReplacesClause, "replaces")
    starts = at_most_one(findings, block.clauses, syntax.StartsClause, "starts")
    if starts is None and replaces is None:
        starts = exactly_one(
            findings, block.clauses, syntax.StartsClause, "starts",
            block=block.span, what=what, example="starts 2026-01-01 by purchase date", losses=losses,
        )  # fmt: skip
    scope = names_of(block, findings, losses)
    _verify_version(findings, block, starts, replaces)
    transitions = [each for each in block.clauses if isinstance(each, of_versions.TransitionBlock)]
    scope.transition = tuple(clause for each in transitions for clause in each.clauses)
    scope.replaces = replaces
    scope.money = None if money is None else _money(findings, money)
    declare_events(scope, block)
    declare_memberships(scope, block)
    declare_member(scope, block)
    declare_periods(scope, block)
    if starts is not None:
        scope.starts = day(scope, starts.date)
        if starts.deciding.text != "event":
            scope.events.resolve(starts.deciding)
    if replaces is not None:
        scope.starts = day(scope, replaces.date)
    return scope, None if timezone is None else check_zone(findings, timezone.zone)


# ---- header


def _verify_version(
    findings: Findings,
    block: syntax.ProgramBlock,
    starts: syntax.StartsClause | None,
    replaces: of_versions.ReplacesClause | None,
) -> None:
    """Reports a version whose header does not say which one it is, or that begins twice."""
    numbers = [] if block.version is None else [block.version]
    numbers += [] if replaces is None else [replaces.version]
    for number in numbers:
        if number.value.denominator != 1 or not 1 <= number.value <= _MOST_VERSIONS:
            findings.report(
                "L251", number.span, "versions are numbered 1, 2, 3 and so on", help="write a whole number"
            )
    if replaces is not None and starts is not None:
        findings.report(
            "L251", starts.span, "a version that replaces another one starts on the day on which it does so",
            secondary=[(replaces.span, "this day")], help="delete `starts`",
        )  # fmt: skip
    for each in block.clauses:
        if isinstance(each, of_versions.TransitionBlock) and replaces is None:
            findings.report(
                "L251", each.span, "a transition is from one version to the next, and this replaces none",
                help="write `replaces version 1 from DATE by purchase date`",
            )  # fmt: skip


def _money(findings: Findings, clause: syntax.MoneyClause) -> str | None:
    code = clause.code.text
    if clause.code.span.text.upper() != code:  # made up by the parser, which has said so
        return None
    if code in MINOR_DIGITS:
        return code
    guess = nearest(code, MINOR_DIGITS)
    findings.report(
        "L314",
        clause.code.span,
        f"`{code}` is not a money that is known here",
        help=f"did you mean `{guess}`?" if guess else "write an ISO 4217 code such as USD, EUR or GBP",
        edit=Edit(clause.code.span, guess) if guess else None,
    )
    return None


_MOST_VERSIONS = 1000

NO_PLACE = ("localtime", "posixrules", "posix/", "right/", "Factory")
"""Files of the database that are no zone, or that count leap seconds."""


def check_zone(findings: Findings, written: syntax.Text) -> str | None:
    """The time zone that a text names; `None` where there is none of that name (reported)."""
    from zoneinfo import ZoneInfo

    zone = written.text
    try:
        known = bool(zone) and not zone.startswith(NO_PLACE) and ZoneInfo(zone).key == zone
    except (ValueError, OSError, LookupError):  # unknown, malformed, or a folder of the zone files
        known = False
    if known:
        return zone
    from zoneinfo import available_timezones  # slow, so only for a mistake

    zones = {name for name in available_timezones() if not name.startswith(NO_PLACE)}
    guess = nearest(zone, zones) or next(
        (
            name
            for name in sorted(zones)
            if zone and name.lower().endswith("/" + zone.lower().replace(" ", "_"))
        ),
        None,
    )
    findings.report(
        "L313",
        written.span,
        f"`{zone}` is not a time zone",
        help=f"did you mean `{guess}`?" if guess else 'write a zone by its city, such as "America/New_York"',
        edit=Edit(written.span, f'"{guess}"') if guess else None,
    )
    return None
