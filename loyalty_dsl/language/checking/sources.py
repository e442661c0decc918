"""Sources: which program they feed, whether they give all that it reads, and whether their clauses fit.

Invariant: of a program with mistakes a source says nothing that follows from them.
"""

from fractions import Fraction
from typing import TypeVar

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language.checking.clauses import at_most_one, report_missing
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.checking.program import check_zone
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.source_fields import check_fields, check_kind, verify_fields_given
from loyalty_dsl.language.moment_patterns import pattern_trouble
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.sources import (
    Cells,
    Meaning,
    Moments,
    Present,
    Returning,
    Skip,
    Source,
    Sum,
    Term,
    TieOut,
    Whole,
)
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.syntax import sources as written
from loyalty_dsl.language.version_names import name_without_version
from loyalty_dsl.quantities import MINOR_DIGITS, symbol_of

RETURN_WORD = "return"

Needed = TypeVar("Needed", written.ReadClause, written.MemberColumn, written.EventColumn)


def check_source(
    block: written.SourceBlock, programs: Names[ProgramScope], findings: Findings
) -> Source | None:
    """The source that a block writes, or `None` when something in it is wrong (SOURCE-1)."""
    errors = findings.errors
    scope = _program_of(block, programs, findings)
    if scope is None or scope.program is None:
        return None
    program = scope.program
    read = _needed(block, scope, written.ReadClause, "read", "read csv")
    member = _needed(block, scope, written.MemberColumn, "member", 'member "Email"')
    event = _needed(block, scope, written.EventColumn, "event", 'event "Order" at "Date"')
    item = at_most_one(findings, block.clauses, written.ItemAmount, "item")
    basket = at_most_one(findings, block.clauses, written.BasketAmount, "basket")
    if item is None and basket is None and not scope.losses.may_hold(block.span, "item"):
        report_missing(findings, block.span, _what(block), "item` or `basket", 'basket "Total"')
    if read is None or member is None or event is None:
        return None
    per_item, repeats = _shape(read, event, item, program, findings)
    currency = _currency(block, program, findings)
    items = _sum(item.amount, findings, ()) if item is not None else ()
    from_items = (Whole.ITEMS,) if per_item and item is not None else ()
    total = _sum(basket.amount, findings, from_items) if basket is not None else ()
    kind = check_kind(block, program, findings)
    fields = check_fields(block, program, findings)
    returning = _returning(block, program, kind, findings)
    refunded = at_most_one(findings, block.clauses, written.RefundedColumn, "refunded")
    wholes = (*from_items, *((Whole.BASKET,) if repeats or not per_item else ()))
    ties = tuple(
        tie
        for clause in block.clauses
        if isinstance(clause, written.TieOutClause)
        and (tie := _tie_out(clause, program, wholes, findings)) is not None
    )
    skips = tuple(_skip(clause) for clause in block.clauses if isinstance(clause, written.SkipClause))
    for clause in block.clauses:
        if isinstance(clause, written.SkipClause) and clause.items and not per_item:
            findings.report(
                "L574", clause.span, "each row is an event, so no item of it can be left out",
                help="write `skip when`, which leaves out the row",
            )  # fmt: skip
    moment = _moment(event.moment, findings)
    verify_fields_given(block, scope, kind, {name for name, _ in fields}, findings)
    if findings.errors > errors:
        return None
    return Source(
        name=block.name.text,
        label=None if block.label is None else block.label.text,
        program=program.name,
        format=read.format.text,
        per_item=per_item,
        repeats=repeats,
        member=member.column.text,
        hashed=member.hashed,
        event=None if event.column is None else event.column.text,
        moment=moment,
        currency=currency,
        items=items,
        basket=total,
        kind=kind,
        fields=fields,
        returning=returning,
        refunded=None if refunded is None else refunded.column.text,
        skips=skips,
        ties=ties,
        span=block.span,
    )


def _what(block: written.SourceBlock) -> str:
    return f"the source `{block.name.text}`"


def _program_of(
    block: written.SourceBlock, programs: Names[ProgramScope], findings: Findings
) -> ProgramScope | None:
    if block.program is not None:
        return programs.resolve(block.program)
    names = list(dict.fromkeys(name_without_version(name) for name in programs))
    if len(names) == 1:
        return programs.find(names[0])
    if names:
        findings.report(
            "L208", block.span, f"{_what(block)} could be for {listed(names, 'or')}",
            help=f"say which: `source {block.name.text} for {names[0]} {{`",
        )  # fmt: skip
    elif not programs.unseen:
        findings.report(
            "L201", block.span, f"{_what(block)} has no program to feed",
            help="declare a `program` in this file or in another that is given with it",
        )  # fmt: skip
    return None


def _needed(
    block: written.SourceBlock, scope: ProgramScope, kind: type[Needed], word: str, example: str
) -> Needed | None:
    clause = at_most_one(scope.findings, block.clauses, kind, word)
    if clause is None and not scope.losses.may_hold(block.span, word):
        report_missing(scope.findings, block.span, _what(block), word, example)
    return clause


def _shape(
    read: written.ReadClause,
    event: written.EventColumn,
    item: written.ItemAmount | None,
    program: Program,
    findings: Findings,
) -> tuple[bool, bool]:
    """Whether a row is an item, and whether its blank cells repeat those above (SOURCE-2)."""
    per_rows = [how for how in read.how if isinstance(how, written.RowPer)]
    repeats = [how for how in read.how if isinstance(how, written.BlanksRepeat)]
    for span in (*(how.span for how in per_rows[1:]), *(how.span for how in repeats[1:])):
        findings.report("L205", span, "this may be written once here", help="delete it")
    per_item = bool(per_rows) and per_rows[0].of.text == "item"
    if per_item and event.column is None:
        findings.report(
            "L574", event.span, "a row is an item, and nothing says of which order",
            help="name the column with the order's id: `event \"Order\" at \"Date\"`",
        )  # fmt: skip
    if repeats and not per_item:
        findings.report(
            "L574", repeats[0].span, "each row is an event, so none goes on with the order above",
            help="write `one row per item`, or delete this",
        )  # fmt: skip
    if item is not None and not per_item:
        findings.report(
            "L574", item.span, "each row is an event, which has a `basket`",
            secondary=[(read.span, "a row is an event here")],
            help="write `basket` in place of `item`, or `one row per item` behind `read`",
        )  # fmt: skip
    if item is None and per_item and program.item_fields:
        findings.report(
            "L574", read.span, f"`{program.name}` reads items, and nothing says what one costs",
            help='add a line such as `item "Price" x "Quantity"`',
        )  # fmt: skip
    return per_item, bool(repeats)


def _currency(block: written.SourceBlock, program: Program, findings: Findings) -> str | None:
    clause = at_most_one(findings, block.clauses, written.CurrencyColumn, "currency")
    if clause is None:
        return None
    if clause.code.text != program.money:
        findings.report(
            "L575", clause.code.span, f"the money of `{program.name}` is {program.money}",
            help=f"write `must be {program.money}`: rows in another money are set aside, and never converted",
            edit=Edit(clause.code.span, program.money),
        )  # fmt: skip
    return clause.column.text


def _sum(amount: written.CellSum, findings: Findings, wholes: tuple[Whole, ...]) -> Sum:
    """The terms of a sum; `wholes` are those that it may name (SOURCE-4)."""
    terms = []
    for term in amount.terms:
        match term.of:
            case written.CellProduct(column, times):
                of: Cells | Whole = Cells(column.text, None if times is None else times.text)
            case written.CellsSummed(word=word, span=span):
                of = Whole(word)
                if of not in wholes:
                    others = " and ".join(f"`{whole.value}`" for whole in wholes)
                    findings.report(
                        "L574", span, f"`{word}` is not known here",
                        help="this sum is of columns" + (f", and of {others}" if others else ""),
                    )  # fmt: skip
        terms.append(Term(of, term.less))
    return tuple(terms)


def _tie_out(
    clause: written.TieOutClause, program: Program, wholes: tuple[Whole, ...], findings: Findings
) -> TieOut | None:
    minor = clause.within.value * 10 ** MINOR_DIGITS[program.money]
    if clause.within.symbol != symbol_of(program.money) or minor != Fraction(int(minor)):
        findings.report(
            "L575", clause.within.span, f"`{clause.within.span.text}` is no amount of {program.money}",
            help=f"write one such as `{symbol_of(program.money)}0.01`",
        )  # fmt: skip
        return None
    return TieOut(_sum(clause.amount, findings, wholes), clause.to.text, int(minor), clause.span)


def _skip(clause: written.SkipClause) -> Skip:
    present: Present | None = None
    texts: tuple[str, ...] = ()
    negated = False
    match clause.test:
        case written.IsPresent():
            present = Present.PRESENT
        case written.IsAbsent():
            present = Present.ABSENT
        case written.IsTexts(texts=several, negated=negated):
            texts = tuple(text.text for text in several)
    return Skip(clause.column.text, present, texts, negated, clause.items, clause.span)


def _returning(
    block: written.SourceBlock, program: Program, kind: Meaning | None, findings: Findings
) -> Returning | None:
    """What rows take back (SOURCE-7)."""
    clause = at_most_one(findings, block.clauses, written.ReturnOf, "return")
    words = set() if kind is None else {kind.others, kind.blank, *(word for _, word in kind.values)}
    if clause is None:
        if kind is not None and RETURN_WORD in words:
            findings.report(
                "L574", kind.span, "some rows are returns, and nothing says of what",
                help='add `return of "COLUMN"` with the id of the purchase, or '
                "`return of the latest purchase`",
            )  # fmt: skip
        return None
    if program.returns is None:
        findings.report(
            "L574", clause.span, f"`{program.name}` does not say what a return does",
            help="add a block to the program, such as `returns { balance stops at zero }`",
        )  # fmt: skip
    elif not clause.negative and RETURN_WORD not in words and (kind is None or not kind.as_is):
        findings.report(
            "L574", clause.span, "no row is a return",
            help='write `return negative rows of ...`, or say in `kind` which rows are a `return`',
        )  # fmt: skip
    return Returning(clause.negative, None if clause.column is None else clause.column.text, clause.span)


def _moment(moment: written.Moment, findings: Findings) -> Moments:
    """When events are (SOURCE-3)."""
    if moment.written is not None:
        trouble = pattern_trouble(moment.written.text)
        if trouble is not None:
            findings.report(
                "L573", moment.written.span, f"{moment.written.span.text} {trouble}",
                help='a pattern is like `written "month/day/year hour:minute am"`',
            )  # fmt: skip
    if moment.zone is not None:
        check_zone(findings, moment.zone)
    columns = tuple(column.text for column in moment.columns)
    pattern = None if moment.written is None else moment.written.text
    return Moments(columns, pattern, None if moment.zone is None else moment.zone.text)
