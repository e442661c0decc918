"""What a source says of a program's own columns: the kind of each row, and the fields.

Invariant: a value that a cell stands for is one that its field can have.
"""

from collections.abc import Iterable, Mapping

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.clauses import at_most_one
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.parts_read import member_fields_read
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.sources import Meaning, kind_words
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.syntax import sources as written
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.quantities import symbol_of
from loyalty_dsl.source import Span

CLAUSE_OF = {
    "member": 'member "COLUMN"',
    "time": 'event "ID" at "COLUMN"',
    "purchase": 'event "COLUMN" at "TIME"',
    "amount": 'basket "COLUMN"',
    "amount_cents": 'basket "COLUMN"',
    "kind": 'kind "COLUMN" { "Sale" = purchase }',
    "returns": 'return of "COLUMN"',
}
"""Columns of ours that have a clause of their own."""

_LITERALS = {
    Kind.NUMBER: (syntax.Number, "a number"),
    Kind.MONEY: (syntax.Money, "an amount of money"),
    Kind.DATE: (syntax.DateLiteral, "a date"),
}


def check_kind(block: written.SourceBlock, program: Program, findings: Findings) -> Meaning | None:
    """What the rows are (SOURCE-6)."""
    clause = at_most_one(findings, block.clauses, written.KindColumn, "kind")
    if clause is None:
        return None
    known = kind_words(program)
    for value in clause.values:
        _verify_word(value.meaning, known, "kind of row", findings)
    return _meaning(clause.column.text, clause.values, clause.span, findings)


def check_fields(
    block: written.SourceBlock, program: Program, findings: Findings
) -> tuple[tuple[str, Meaning], ...]:
    """The columns of ours that the source gives (SOURCE-5)."""
    known = _fields_by_name(program)
    found: dict[str, Meaning] = {}
    for clause in block.clauses:
        if not isinstance(clause, written.FieldColumn | written.FieldConstant):
            continue
        name = clause.name.text
        if name in CLAUSE_OF:
            findings.report(
                "L572", clause.name.span, f"`{name}` has a clause of its own",
                help=f"write `{CLAUSE_OF[name]}`",
            )  # fmt: skip
            continue
        if name not in known:
            near = nearest(name, known)
            findings.report(
                "L572", clause.name.span, f"`{program.name}` reads no `{name}`",
                help=f"did you mean `{near}`?" if near
                else f"it reads {listed(known, 'and')}" if known else "it declares no fields",
                edit=Edit(clause.name.span, near) if near else None,
            )  # fmt: skip
            continue
        if name in found:
            findings.report(
                "L205", clause.span, f"the field `{name}` may be given once here",
                label="again here", secondary=[(found[name].span, "first given here")],
                help="keep the one that is meant",
            )  # fmt: skip
            continue
        match clause:
            case written.FieldConstant(meaning=meaning):
                _verify_value(meaning, name, known[name], program, findings)
                word = cell_word(meaning)
                found[name] = Meaning(None, (), word, word, False, clause.span)
            case written.FieldColumn(values=values, column=column):
                for value in values or ():
                    _verify_value(value.meaning, name, known[name], program, findings)
                found[name] = _meaning(column.text, values, clause.span, findings)
    return tuple(found.items())


def verify_fields_given(
    block: written.SourceBlock,
    scope: ProgramScope,
    kind: Meaning | None,
    given: Iterable[str],
    findings: Findings,
) -> None:
    """Reports the fields that rows of these kinds need, and that nothing gives."""
    program = scope.program
    assert program is not None
    given = set(given)
    if scope.losses.may_hold(block.span, "field"):
        return
    words = {"purchase"} if kind is None else {*(word for _, word in kind.values), kind.others, kind.blank}
    if kind is not None and kind.as_is:
        words.add("purchase")
    needed: dict[str, tuple[Field, str]] = {}
    for event in program.events:
        for field in event.fields if event.name in words else ():
            if field.kind is not Kind.TIME:
                needed.setdefault(field.name, (field, f"`{event.name}`"))
    if "purchase" in words:
        needed |= {field.name: (field, "items") for field in program.item_fields}
    needed |= {field.name: (field, "members") for field in member_fields_read(program)}
    for name, (field, owner) in needed.items():
        if name not in given:
            example = f' {{ "..." = {field.values[0]} }}' if field.values else ""
            findings.report(
                "L571", block.span, f"`{program.name}` reads `{name}` of {owner}, and no column gives it",
                secondary=[(field.span, "declared here")],
                help=f"add `field {name} \"COLUMN\"{example}`, or a value for every row: "
                f"`field {name} = {_any_value(field)}`",
            )  # fmt: skip
    if {"redeem", "choose", "transfer"} & words and "reward" not in given:
        findings.report(
            "L571", block.span, "some rows ask for a reward, and no column says which",
            help='add `field reward "COLUMN"`',
        )  # fmt: skip
    for name in ("recipient", "quantity") if "transfer" in words else ():
        if name not in given:
            findings.report(
                "L571", block.span, f"some rows are a `transfer`, and no column gives the `{name}`",
                help=f'add `field {name} "COLUMN"`',
            )  # fmt: skip


def cell_word(meaning: written.CellMeaning) -> str:
    """What stands in a cell of ours for a value of a source."""
    match meaning:
        case syntax.Name(text=text):
            return text
        case syntax.YesNo(value=value):
            return "yes" if value else "no"
        case syntax.Number() | syntax.DateLiteral():
            return meaning.span.text.replace(",", "")
        case syntax.Money(value=value):
            return str(value.numerator) if value.denominator == 1 else f"{float(value):.3f}".rstrip("0")


def _any_value(field: Field) -> str:
    match field.kind:
        case Kind.YES_NO:
            return "no"
        case Kind.ONE_OF:
            return field.values[0]
        case Kind.DATE:
            return "2026-01-31"
        case Kind.MONEY:
            return "$0"
        case _:
            return "0"


def _fields_by_name(program: Program) -> Mapping[str, tuple[tuple[Field, ...], tuple[str, ...]]]:
    """By each of our columns that `field` may give: its fields or, where it is none, its words."""
    known: dict[str, tuple[tuple[Field, ...], tuple[str, ...]]] = {}
    by_friends = {friend.event for friend in program.friend_kinds}
    fields = [field for event in program.events if event.index not in by_friends for field in event.fields]
    for field in (*fields, *program.item_fields, *program.member_fields):
        if field.kind is not Kind.TIME:
            known[field.name] = ((*known.get(field.name, ((), ()))[0], field), ())
    rewards = tuple(reward.name for reward in program.rewards)
    if rewards:
        known.setdefault("reward", ((), rewards))
        known.setdefault("quantity", ((), ()))
    if program.friend_kinds:
        known.setdefault("referrer", ((), ()))
    if any(reward.taking is Taking.SENT for reward in program.rewards):
        known.setdefault("recipient", ((), ()))
    return known


def _meaning(
    column: str, values: tuple[written.CellValue, ...] | None, span: Span, findings: Findings
) -> Meaning:
    exact: dict[str, str] = {}
    others = blank = None
    for value in values or ():
        word = cell_word(value.meaning)
        match value.cells:
            case written.CellTexts(texts):
                for text in texts:
                    if text.text.strip() in exact:
                        findings.report("L574", text.span, f"{text.span.text} is given a meaning twice",
                                        help="keep the one that is meant")  # fmt: skip
                    exact[text.text.strip()] = word
            case written.OtherCells(span=place):
                if others is not None:
                    findings.report("L574", place, "`others` is given a meaning twice",
                                    help="keep the one that is meant")  # fmt: skip
                others = word
            case written.BlankCells(span=place):
                if blank is not None:
                    findings.report("L574", place, "`blank` is given a meaning twice",
                                    help="keep the one that is meant")  # fmt: skip
                blank = word
    return Meaning(column, tuple(exact.items()), others, blank, values is None, span)


def _verify_value(
    meaning: written.CellMeaning,
    name: str,
    known: tuple[tuple[Field, ...], tuple[str, ...]],
    program: Program,
    findings: Findings,
) -> None:
    """Reports a value that the field cannot have."""
    fields, words = known
    values = [*words, *(value for field in fields for value in field.values)]
    if any(field.kind is Kind.YES_NO for field in fields):
        if isinstance(meaning, syntax.YesNo):
            return
        values += ["yes", "no"]
    if values:
        _verify_word(meaning, values, f"value of `{name}`", findings)
        return
    for field in fields:
        kind, what = _LITERALS[field.kind]
        if not isinstance(meaning, kind):
            findings.report(
                "L572", meaning.span, f"`{name}` is {what}, and `{meaning.span.text}` is none",
                secondary=[(field.span, "declared here")], help=f"write {what}",
            )  # fmt: skip
        elif isinstance(meaning, syntax.Money) and meaning.symbol != symbol_of(program.money):
            findings.report(
                "L575", meaning.span, f"the money of `{program.name}` is {program.money}",
                help=f"write `{symbol_of(program.money)}1`",
            )  # fmt: skip
        return


def _verify_word(meaning: written.CellMeaning, known: Iterable[str], what: str, findings: Findings) -> None:
    known = tuple(dict.fromkeys(known))
    word = cell_word(meaning)
    if word in known and not isinstance(meaning, syntax.Number | syntax.Money | syntax.DateLiteral):
        return
    near = nearest(word, known)
    findings.report(
        "L572", meaning.span, f"`{meaning.span.text}` is no {what}",
        help=f"did you mean `{near}`?" if near else f"there are {listed(known, 'and')}",
        edit=Edit(meaning.span, near) if near else None,
    )  # fmt: skip
