"""Menus, written out as what the language has: a currency of choices, the rule that gives them, and a reward
for each option (MENU).

Invariant: behind this module a menu is a currency `annual_choice`, the earn rule `annual_choice` that grants
its choices, a reward `annual_choice_upgrades` for each option that takes choices, and one more,
`annual_choice_default`, that takes those that are left when their day is over.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import attrs

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.clauses import at_most_one, only, report_missing
from loyalty_dsl.language.checking.currencies import label_of
from loyalty_dsl.language.checking.dates import month_day
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.losses import Losses
from loyalty_dsl.language.checking.occasions import take_clock
from loyalty_dsl.language.checking.scope import ProgramScope, RewardName
from loyalty_dsl.language.clocks import WindowStart
from loyalty_dsl.language.counters import Counter, EarnedMeasure
from loyalty_dsl.language.program import Reward, Trigger
from loyalty_dsl.language.rewards import Thing, UnitsGiven
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.syntax import menus as written
from loyalty_dsl.language.syntax.rules import Choose
from loyalty_dsl.source import Span

OPTION, DEFAULT = "option", "default"
"""Words of blocks that only this module writes: what a choice buys, and what comes without one."""
MOST_CHOICES = 20
NO_MONEY_OFF = "members choose outside a purchase, so an option takes no money off"
INSTEAD = (
    "give a thing, such as `give 1 voucher` with its `cost`, or an amount of a currency that a reward takes"
)
_MONEY_OFF = frozenset({"off", "back"})


def write_out_menus(block: syntax.ProgramBlock, findings: Findings, losses: Losses) -> syntax.ProgramBlock:
    """The program with a currency, a rule and rewards in place of each menu."""
    clauses: list[syntax.ProgramClause] = []
    for clause in block.clauses:
        if isinstance(clause, written.MenuBlock):
            clauses += _written_out(clause, findings, losses)
        else:
            clauses.append(clause)
    return syntax.ProgramBlock(block.name, block.label, block.version, tuple(clauses), block.span)


def _written_out(block: written.MenuBlock, findings: Findings, losses: Losses) -> list[syntax.ProgramClause]:
    what = f"the menu `{block.name.text}`"
    options = [each for each in block.clauses if isinstance(each, written.Option)]
    choose = at_most_one(findings, block.clauses, Choose, "choose")
    grants = tuple(each for each in block.clauses if not isinstance(each, written.Option | Choose))
    missing = (
        ("choose", choose is None, "choose 1 through january 8 otherwise gift"),
        ("option", not options, "option gift give 1 gift"),
        ("on", not any(isinstance(each, written.On) for each in grants), "on year_nights reaches 50"),
    )
    for word, lacks, example in missing:
        if lacks and not losses.may_hold(block.span, word):
            report_missing(findings, block.span, what, word, example)
    if choose is None or not _fits(findings, choose, options, losses.spared(block.span)):
        number = Fraction(1)
    else:
        number = choose.number.value
    given = syntax.GiveFlat(_choices(block, number, block.span), block.span)
    earn = syntax.Name("earn", block.name.span)
    rules: list[syntax.ProgramClause] = [_currency(block, choose)]
    if any(isinstance(each, written.On) for each in grants):
        rules.append(syntax.RuleBlock(earn, block.name, block.label, (*grants, given), block.span))
    title = label_of(block.name, block.label)
    for option in _once(options):
        rules.append(_reward(block, option, OPTION, (), title))
    default = None if choose is None else _default(choose, options)
    if choose is not None and choose.through is not None and default is not None:
        rules.append(_reward(block, default, DEFAULT, (choose,), title))
    return rules


def _once(options: Sequence[written.Option]) -> list[written.Option]:
    """The first option of each name; a second one is reported by `_fits`."""
    return list({each.name.text: each for each in reversed(options)}.values())[::-1]


def _choices(block: written.MenuBlock, number: Fraction, span: Span) -> syntax.Quantity:
    return syntax.Quantity(syntax.Number(number, span), syntax.Name(block.name.text, span), span)


def _currency(block: written.MenuBlock, choose: Choose | None) -> syntax.CurrencyBlock:
    """Choices: whole, and lost on their day unless something is given for them then (MENU-1)."""
    span = block.span
    how = syntax.RoundClause(syntax.Name("down", span), syntax.Name("rule", span), None, span)
    term: syntax.expiry.Term = syntax.expiry.NeverTerm(span)
    if choose is not None and choose.through is not None and choose.otherwise is None:
        term = syntax.EarningTerm(None, None, choose.through, choose.span)
    lost = syntax.ExpireClause(term, None, span)
    return syntax.CurrencyBlock(block.name, block.label, False, (how, lost), span)


def _reward(
    block: written.MenuBlock,
    option: written.Option,
    word: str,
    more: tuple[Choose, ...],
    title: str,
) -> syntax.RuleBlock:
    """An option as a reward that takes choices."""
    used = next((each.number.value for each in option.clauses if isinstance(each, written.Uses)), Fraction(1))
    price = syntax.rules.PriceClause(_choices(block, used, option.span), None, option.span)
    kept = tuple(each for each in option.clauses if not isinstance(each, written.Uses))
    if any(_takes_off(each) for each in kept):  # reported; something else stands in for it
        name = syntax.Name("something_else", option.span)
        thing = syntax.Quantity(syntax.Number(Fraction(1), option.span), name, option.span)
        kept = (*(each for each in kept if not _takes_off(each)), syntax.GiveFlat(thing, option.span))
    own = option.name.text if word == OPTION else DEFAULT
    name = syntax.Name(f"{block.name.text}_{own}", option.name.span)
    of = option.name.text.replace("_", " ")
    label = syntax.Text(f"{title}: {of}" if word == OPTION else f"{title}: {of}, not chosen", option.span)
    return syntax.RuleBlock(
        syntax.Name(word, block.name.span), name, label, (price, *kept, *more), option.span
    )


def _default(choose: Choose, options: Sequence[written.Option]) -> written.Option | None:
    """The option that is given by itself, where there is such a one."""
    name = choose.otherwise
    return None if name is None else next((each for each in options if each.name.text == name.text), None)


def _fits(findings: Findings, choose: Choose, options: Sequence[written.Option], all_read: bool) -> bool:
    """Whether a menu can be chosen from as it says; what cannot is reported."""
    errors = findings.errors
    number = choose.number.value
    if number.denominator != 1 or not 1 <= number <= MOST_CHOICES:
        findings.report(
            "L376", choose.number.span, f"a menu gives 1 to {MOST_CHOICES} choices at a time",
            help="write a whole number, as in `choose 2`",
        )  # fmt: skip
        return False
    through = choose.through
    if through is not None and through.month == 2 and through.day.value == 29:
        findings.report(
            "L376", through.span, "29 February comes every four years only",
            help="write `through february 28`",
        )  # fmt: skip
    first: dict[str, written.Option] = {}
    for option in options:
        if option.name.text in first or option.name.text == DEFAULT:
            known = first.get(option.name.text)
            findings.report(
                "L202", option.name.span,
                f"`{DEFAULT}` stands for what comes without a choice" if known is None
                else f"the option `{option.name.text}` is declared twice",
                secondary=[] if known is None else [(known.name.span, "first declared here")],
                help="give the option another name",
            )  # fmt: skip
        first.setdefault(option.name.text, option)
        _verify_no_money_off(findings, option)
        uses = at_most_one(findings, option.clauses, written.Uses, "uses")
        if uses is not None and (uses.number.value.denominator != 1 or not 1 <= uses.number.value <= number):
            findings.report(
                "L376", uses.span,
                f"an option uses {'1' if number == 1 else f'1 to {int(number)}'} of the choices",
                secondary=[(choose.span, "so many are given at a time")],
                help="write a whole number of choices, or give more of them",
            )  # fmt: skip
    _verify_default(findings, choose, options, all_read)
    return findings.errors == errors


def _takes_off(clause: object) -> bool:
    """Whether this is `give $5` or `give $5 off`, which a line `option NAME give ...` reads as units."""
    match clause:
        case syntax.GiveFlat(quantity=syntax.Quantity(unit=syntax.Name(text=unit))):
            return unit in _MONEY_OFF
        case syntax.GiveFlat(quantity=syntax.Quantity(number=syntax.Money(), unit=None)):
            return True
    return False


def _verify_no_money_off(findings: Findings, option: written.Option) -> None:
    for clause in option.clauses:
        if _takes_off(clause):
            findings.report("L376", clause.span, NO_MONEY_OFF, help=INSTEAD)


def _verify_default(
    findings: Findings, choose: Choose, options: Sequence[written.Option], all_read: bool
) -> None:
    """Reports what is given without a choice, where it is not known, or cannot be."""
    name = choose.otherwise
    if name is None:
        return
    if choose.through is None:
        findings.report(
            "L376", choose.span, "this does not say until when members may choose",
            help=f"write `choose {choose.number.span.text} through january 8 otherwise {name.text}`",
        )  # fmt: skip
    default = _default(choose, options)
    if default is None:
        if all_read:
            guess = nearest(name.text, [each.name.text for each in options])
            findings.report(
                "L201", name.span, f"the menu has no option `{name.text}`",
                help=f"did you mean `{guess}`?" if guess
                else f"name one of {listed([each.name.text for each in options], 'or')}",
            )  # fmt: skip
        return
    for clause in default.clauses:
        if isinstance(clause, syntax.When | written.Uses | syntax.Limit | syntax.Dates):
            findings.report(
                "L376", clause.span,
                f"`{name.text}` is given to everybody who has not chosen, once for each choice",
                secondary=[(choose.span, "here")],
                help="delete this line, or let another option be given, one without conditions",
            )  # fmt: skip


# ---- behind the write-out


def menu_of(block: syntax.RuleBlock) -> str:
    """The menu that a block was written out from; "" for none."""
    if block.word.text not in (OPTION, DEFAULT):
        return ""
    price = next(each for each in block.clauses if isinstance(each, syntax.rules.PriceClause))
    unit = price.quantity.unit
    return "" if unit is None else unit.text


def default_triggers(scope: ProgramScope, block: syntax.RuleBlock) -> tuple[Trigger, ...]:
    """The midnight at which the last day for choosing is over (MENU-3)."""
    choose = only(scope.findings, [each for each in block.clauses if isinstance(each, Choose)], "choose")
    if choose is None or choose.through is None:
        return ()
    last = month_day(scope, choose.through)
    if last is None:
        return ()
    after = take_clock(scope, WindowStart(Unit.YEAR, *last), f"the day after {choose.through.span.text}")
    return (Trigger(after, None, choose.span),)


def verify_option(scope: ProgramScope, reward: Reward, block: syntax.RuleBlock) -> None:
    """Reports an option that gives what cannot be given outside a purchase, or of several currencies."""
    give = next((each.span for each in block.clauses if isinstance(each, syntax.Give)), block.span)
    if not all(isinstance(case.face, UnitsGiven | Thing) for case in reward.cases):
        scope.findings.report("L376", give, NO_MONEY_OFF, help=INSTEAD)
    elif len(reward.currencies_given) > 1:
        scope.findings.report(
            "L376", give, "an option gives amounts of one currency",
            help="write an option for each currency, each with a `when`",
        )  # fmt: skip


def counting_options(counters: Sequence[Counter], rewards: Iterable[Reward]) -> tuple[Counter, ...]:
    """The counters, those of what is earned with the options that do give their currency (MENU-4)."""
    given = {reward.index: reward.currency_given for reward in rewards}
    found = []
    for counter in counters:
        measure = counter.measure
        if isinstance(measure, EarnedMeasure) and measure.rewards:
            kept = tuple(each for each in measure.rewards if given.get(each) == measure.currency)
            measure = attrs.evolve(measure, rewards=kept)
            found.append(attrs.evolve(counter, measure=measure))
        else:
            found.append(counter)
    return tuple(found)


# ---- what scenarios and populations say of it


def option_named(scope: ProgramScope, menu: syntax.Name, option: syntax.Name) -> RewardName | None:
    """The option of a menu; `None`, reported, where there is no such one."""
    options = [each for each in scope.rewards.things() if each.menu == menu.text]
    if not options:
        menus = list(dict.fromkeys(each.menu for each in scope.rewards.things() if each.menu))
        if not scope.rewards.may_be_unseen(menu.text):
            guess = nearest(menu.text, menus)
            scope.findings.report(
                "L201", menu.span, f"there is no menu `{menu.text}`",
                help=f"did you mean `{guess}`?" if guess
                else f"the menus are {listed(menus)}" if menus else "declare it: `menu annual_choice {`",
            )  # fmt: skip
        return None
    own = {each.name.removeprefix(f"{menu.text}_"): each for each in options if not each.automatic}
    known = own.get(option.text)
    if known is None and not any(option.text in loss.words for loss in scope.losses.lost):
        guess = nearest(option.text, own)
        scope.findings.report(
            "L201", option.span, f"the menu `{menu.text}` has no option `{option.text}`",
            help=f"did you mean `{guess}`?" if guess else f"name one of {listed(own, 'or')}",
        )  # fmt: skip
    return known
