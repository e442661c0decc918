"""Which names may stand at a place: those of its role, in the order in which they are likely meant.

Invariant: only names that the place may see, of its own program where that is known.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from loyalty_dsl.calendar import MONTHS
from loyalty_dsl.editor.declarations import FIELDS, Declaration, Declarations, Kind
from loyalty_dsl.editor.places import Place, Step
from loyalty_dsl.editor.roles import COUNTED, ROLES, STATE, TAKEN, TYPES, VALUES
from loyalty_dsl.editor.vocabulary import ARCHETYPES, OUTCOMES, REACTIONS, UNITS, WORDS, Word
from loyalty_dsl.language import syntax
from loyalty_dsl.language.plurals import other_numbers
from loyalty_dsl.language.syntax import sources
from loyalty_dsl.language.syntax.named_tables import NAMED

Fit = Declaration | Word

STAND_IN = "name_at_the_cursor"
"""What stands where a name may be written and none is yet."""


@attrs.frozen(eq=False)
class Scope:
    """The names that a place may see.

    Attributes:
        program, version: that the place belongs to; empty where it does not say.
        own: the declaration of the block that the place is in, where it has a name.
    """

    declared: Declarations
    program: str
    version: str
    own: Declaration | None

    def of(self, *kinds: Kind, owner: str | None = None) -> list[Declaration]:
        return self.declared.of(kinds, self.program, self.version, owner)

    def named(self, word: str, *kinds: Kind) -> list[Declaration]:
        """What a word may mean."""
        return [each for each in self.of(*kinds) if each.goes_by(word)]


def scope_of(declared: Declarations, place: Place) -> Scope:
    """The names that a place may see."""
    program = version = ""
    own = None
    if place.headers:
        outer = place.headers[0]
        words = [token.text for token in outer]
        at = words.index("for") + 1 if "for" in words else 1 if words[0] == "program" else len(words)
        if at < len(words) and words[at] != "{":
            program = words[at]
            version = words[words.index("version") + 1] if "version" in words[at:-2] else ""
        inner = place.headers[-1]
        own = next((each for each in declared.all if each.span.start in {token.start for token in inner}
                    and each.span.source is place.source), None)  # fmt: skip
    known = any(each.kind is Kind.PROGRAM and each.name == program for each in declared.all)
    return Scope(declared, program if known else "", version, own)


def names_for(scope: Scope, path: Sequence[Step]) -> list[Fit]:
    """The names that may stand in the place of a leaf of the tree, the likeliest first.

    Args:
        path: from the root to the leaf, as of `Place.path_of`.
    """
    if len(path) < 2:
        return []
    node, field = path[-2]
    role = f"{type(node).__name__}.{field}"
    special = _by_context(scope, path[:-1], role)
    if special is not None:
        return special
    found: list[Fit] = []
    for each in ROLES.get(role, ()):
        found += [WORDS[each]] if isinstance(each, str) else scope.of(each)
    return [each for each in found if _has_type(each, TYPES.get(role, ()))]


def _has_type(name: Fit, types: Sequence[str]) -> bool:
    """Whether a name is no field, or a field of one of some types; of none given, of any."""
    if not types or isinstance(name, Word) or name.kind not in FIELDS:
        return True
    return name.node.type_.text in types


def _by_context(scope: Scope, path: Sequence[Step], role: str) -> list[Fit] | None:
    """Names that depend on what stands around them; `None` where they do not."""
    node: Any = path[-1][0]
    match role:
        case "Measure.name":
            return _readable(scope, path)
        case "Measure.of":
            return _measured_of(scope, node)
        case "Equals.value" | "Compares.value" | "OneAmong.values" | "Between.least" | "Between.most":
            return values_of(scope, node.measure.name.text)
        case "Quantity.unit":
            return _units(scope, path)
        case "OnFalls.level" | "OnRises.level" | "RestartClause.level":
            return [*scope.of(Kind.LEVEL, owner=node.ladder.text)]
        case "NamesCase.names" | "Table.columns" | "AllowanceCase.names":
            return _cases(scope, path, role)
        case "Duration.unit":
            return [*UNITS, *scope.of(Kind.PERIOD)]
        case "Actor.word" | "TransferLine.recipient":
            return _people(scope)
        case _ if role.endswith(".whose"):
            return _people(scope)
        case "EventLine.label" | "ReturnLine.label":
            return _labels(scope)
        case "Table.keys":
            return _keys(scope, node)
        case "WithValue.field":
            return _with_fields(scope, path)
        case "WithValue.value":
            return values_of(scope, node.field.text)
        case "GivenValueLine.value" | "ExpectValueLine.value":
            return values_of(scope, node.name.text)
        case "ShareTrait.shares":
            return values_of(scope, node.field.text)
        case "FieldConstant.meaning" | "CellValue.meaning":
            return _meanings(scope, path)
        case "ChooseTrait.shares" | "ChooseLine.option":
            return [*scope.of(Kind.OPTION, owner=node.menu.text)]
        case "Choose.otherwise":
            return [*scope.of(Kind.OPTION, owner=scope.own.name if scope.own else None)]
        case "SegmentBlock.like":
            return list(ARCHETYPES.values())
        case "ResponseClause.name":
            return list(REACTIONS.values())
        case "AskedOutcome.name":
            return list(OUTCOMES.values())
        case "OnStart.of" | "NamedWindow.name" if any(isinstance(each, syntax.OnStart) for each, _ in path):
            return [*scope.of(Kind.PERIOD), *(WORDS[month] for month in MONTHS)]
        case _:
            return None


def values_of(scope: Scope, measure: str) -> list[Fit]:
    """The values that something measured may have: a level, a plan, one of a list."""
    found: list[Fit] = []
    for each in scope.named(measure, Kind.LADDER, Kind.MEMBERSHIP, *FIELDS):
        match each.kind:
            case Kind.LADDER:
                found += scope.of(Kind.LEVEL, owner=each.name)
            case Kind.MEMBERSHIP:
                found += [WORDS["active"], WORDS["inactive"], *scope.of(Kind.PLAN, owner=each.name)]
            case _:
                found += [value for value in scope.of(Kind.VALUE, owner=each.name) if value.node is each.node]
    return found


def kinds_of_value(scope: Scope, path: Sequence[Step]) -> frozenset[str] | None:
    """The kinds of token that a value may be, of what is named before it; `None` where that is not known."""
    if len(path) < 2 or f"{type(path[-2][0]).__name__}.{path[-2][1]}" not in VALUES:
        return None
    node = path[-2][0]
    field = _nearest(path, sources.FieldColumn, sources.FieldConstant)
    measure = field or getattr(node, "measure", None) or node
    if not hasattr(measure, "name") and not hasattr(measure, "field"):
        return None
    name = getattr(measure, "field", None) or measure.name
    for each in scope.named(name.text, *COUNTED, *FIELDS):
        match each.kind:
            case Kind.LADDER | Kind.MEMBERSHIP:
                return frozenset()
            case Kind.COUNTER:
                return frozenset({"NUMBER", "MONEY", "PERCENT"})
            case _:
                return _TOKENS.get(each.node.type_.text, frozenset())
    return frozenset({"MONEY"}) if name.text in ("amount", "basket") else None


_TOKENS: Mapping[str, frozenset[str]] = {
    "number": frozenset({"NUMBER"}),
    "money": frozenset({"MONEY"}),
    "date": frozenset({"DATE"}),
    "yes/no": frozenset({"yes", "no"}),
}


def _nearest(path: Sequence[Step], *kinds: type) -> Any:
    return next((node for node, _ in reversed(path) if isinstance(node, kinds)), None)


def _readable(scope: Scope, path: Sequence[Step]) -> list[Fit]:
    """What a condition may read, or a counter count, where it stands."""
    counter = _nearest(path, syntax.CounterMeasure)
    if counter is not None:
        inside = next(field for node, field in path if node is counter)
        if inside == "measure":
            return [
                WORDS["spend"], *_events(scope), *([WORDS["items"]] if scope.of(Kind.ITEM_FIELD) else []),
                *scope.of(Kind.CURRENCY, Kind.COUNTER, Kind.EVENT_FIELD),
            ]  # fmt: skip
        if "items" in (counter.measure.name.text, getattr(counter.measure.of, "text", "")):
            return [*scope.of(Kind.ITEM_FIELD)]
        counted = counter.measure.of or counter.measure.name
        return _fields_of(scope, counted.text)
    if _nearest(path, syntax.ForItems, syntax.challenges.Goal) is not None:
        return [*scope.of(Kind.ITEM_FIELD)]
    on = _nearest(path, syntax.OnClause, syntax.rules.StageClause)
    if on is not None:
        return [*_fields_of(scope, on.event.text), *scope.of(Kind.MEMBER_FIELD), WORDS["referred"]]
    if scope.own is not None and scope.own.kind is Kind.EVENT:
        return [*_fields_of(scope, scope.own.name), *scope.of(*STATE)]
    events = _events_of(scope)
    fields = [each for event in events for each in _fields_of(scope, event)] or [
        *scope.of(Kind.EVENT_FIELD), WORDS["amount"], WORDS["basket"],
    ]  # fmt: skip
    words = [WORDS[each] for each in ("days", "balance", "referred", "spend")]
    state = scope.of(Kind.MEMBER_FIELD, Kind.AUDIENCE)
    return [*scope.of(*COUNTED), *fields, *state, *words, *_events(scope)]


def _events_of(scope: Scope) -> list[str]:
    """The events of the rule that a place is in."""
    clauses = getattr(scope.own.node, "clauses", None) if scope.own is not None else None
    return [each.event.text for each in clauses or () if isinstance(each, syntax.OnClause)]


def _fields_of(scope: Scope, event: str) -> list[Fit]:
    """The fields of a kind of event, and its amount."""
    forms = (event, *other_numbers(event))
    owned = [each for form in forms for each in scope.of(Kind.EVENT_FIELD, owner=form)]
    return [*owned, WORDS["amount"], WORDS["basket"]]


def _events(scope: Scope) -> list[Fit]:
    declared = scope.of(Kind.EVENT)
    known = {each.name for each in declared}
    return [*([] if "purchase" in known else [WORDS["purchases"]]), *declared]


def _measured_of(scope: Scope, node: Any) -> list[Fit]:
    if node.name.text == "balance":
        return [*scope.of(Kind.CURRENCY)]
    words = [WORDS[each] for each in ("purchase", "recipient", "friend")]
    return [WORDS["items"], *scope.of(Kind.EVENT), *words]


def _units(scope: Scope, path: Sequence[Step]) -> list[Fit]:
    """What an amount may be counted in."""
    currencies: list[Fit] = [*scope.of(Kind.CURRENCY)]
    outer = path[-2][0] if len(path) > 1 else None
    match outer:
        case syntax.Limit():
            return [WORDS["times"], *currencies]
        case syntax.challenges.Goal():
            return [*currencies, *([WORDS["items"]] if scope.of(Kind.ITEM_FIELD) else []), *_events(scope)]
        case syntax.Compares() | syntax.Equals() | syntax.conditions.Between():
            return currencies
        case _:
            taken: list[Fit] = []
            if _nearest(path, syntax.GiveFlat, syntax.scenarios.GivenUnitsLine, syntax.scenarios.ExpectLine):
                taken += scope.of(*TAKEN)
            if _nearest(path, syntax.scenarios.GivenUnitsLine, syntax.scenarios.ExpectLine):
                taken += scope.of(Kind.COUNTER, Kind.ALLOWANCE)
            return [*currencies, *taken]


def _cases(scope: Scope, path: Sequence[Step], role: str) -> list[Fit]:
    """The cases of a table: the values of its first key, or of its second for columns."""
    table = _nearest(path, syntax.Table, syntax.allowances.AllowanceGive)
    match table:
        case syntax.Table(keys=keys) if keys:
            return values_of(scope, keys[-1 if role == "Table.columns" else 0].text)
        case syntax.allowances.AllowanceGive(by=by) if by is not None:
            return values_of(scope, by.text)
        case _:
            return []


def _people(scope: Scope) -> list[Fit]:
    """The members of a scenario besides its own: those whom its lines name so far."""
    found = {"friend": WORDS["friend"]}
    for line in _lines(scope):
        actor = getattr(line, "actor", None)
        for name in (
            getattr(actor, "word", None),
            getattr(line, "whose", None),
            getattr(line, "recipient", None),
        ):
            if isinstance(name, syntax.Name) and name.text not in (STAND_IN, *found):
                found[name.text] = Word(name.text, "member", "Another member of this scenario.")
    return [*found.values()]


def _labels(scope: Scope) -> list[Fit]:
    """What the lines of a scenario call events, so that others may refer to them."""
    labels = [getattr(line, "label", None) for line in _lines(scope) if isinstance(line, syntax.EventLine)]
    names = dict.fromkeys(each.text for each in labels if each is not None and each.text != STAND_IN)
    return [Word(name, "label", "What an event of this scenario is called.") for name in names]


def _lines(scope: Scope) -> Sequence[Any]:
    """The lines of the scenario that a place is in, as far as they can be read."""
    known = scope.own is not None and scope.own.kind is Kind.SCENARIO
    return scope.own.node.lines if known and scope.own is not None else ()


def _meanings(scope: Scope, path: Sequence[Step]) -> list[Fit]:
    """What a cell of a source may mean: a value of its field, or of a column of kinds a kind of event."""
    field = _nearest(path, sources.FieldColumn, sources.FieldConstant)
    return [WORDS["purchase"], *scope.of(Kind.EVENT)] if field is None else values_of(scope, field.name.text)


def _keys(scope: Scope, table: syntax.Table) -> list[Fit]:
    """What a table may go by."""
    if table.how == NAMED:
        return [*scope.of(Kind.TABLE)]
    fields = scope.of(*FIELDS)
    if table.how:
        measured = [each for each in fields if _has_type(each, ("number", "money"))]
        return [WORDS["amount"], WORDS["basket"], *scope.of(Kind.COUNTER), *measured]
    named = [each for each in fields if _has_type(each, ("one of", "yes/no", "date"))]
    return [*scope.of(Kind.LADDER, Kind.MEMBERSHIP), *named, WORDS["date"]]


def _with_fields(scope: Scope, path: Sequence[Step]) -> list[Fit]:
    """The fields that an event of a scenario may be said to have."""
    if _nearest(path, syntax.scenarios.ItemLine) is not None:
        return [*scope.of(Kind.ITEM_FIELD)]
    line = _nearest(path, syntax.EventLine)
    own = [] if line is None else scope.of(Kind.EVENT_FIELD, owner=line.event.text)
    return [*own, *scope.of(Kind.MEMBER_FIELD)] if line is not None else [*scope.of(*FIELDS)]
