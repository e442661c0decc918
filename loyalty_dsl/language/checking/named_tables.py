"""Tables with a name: each place that says `from table NAME` is checked as if the table stood there.

Invariant: in what is given back no table has a name; what is wrong in a table is told where it is declared.
"""

from typing import Any

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.losses import Losses
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.language.syntax.named_tables import NamedTable
from loyalty_dsl.source import Span


def write_out_tables(block: syntax.ProgramBlock, findings: Findings, losses: Losses) -> syntax.ProgramBlock:
    """A program whose tables stand where they are named; a name that is wrong is reported."""
    declared = [clause for clause in block.clauses if isinstance(clause, NamedTable)]
    if not declared and "table" not in block.span.source.text:
        return block  # most programs have none, and looking through all of a program takes its time
    tables: dict[str, syntax.Table] = {}
    spans: dict[str, Span] = {}
    named = _Named(findings, tables, losses.may_hold(block.span, "table"))
    for clause in declared:
        name = clause.name.text
        if name in spans:
            findings.report(
                "L202", clause.name.span, f"the table `{name}` is declared twice", label="again here",
                secondary=[(spans[name], "first declared here")], help="give one of them another name",
            )  # fmt: skip
            continue
        tables[name] = named.put_into(clause.table)
        spans[name] = clause.name.span
    clauses = tuple(named.put_into(each) for each in block.clauses if not isinstance(each, NamedTable))
    for name, span in spans.items():
        if name not in named.used:
            findings.report(
                "L619", span, f"nothing in this program uses the table `{name}`", help="delete it, or write "
                f"`from table {name}` where it is meant",
            )  # fmt: skip
    return syntax.ProgramBlock(block.name, block.label, block.version, clauses, block.span)


@attrs.define
class _Named:
    """Puts tables in their places; `lossy` where one may not have been read."""

    findings: Findings
    tables: dict[str, syntax.Table]
    lossy: bool
    used: set[str] = attrs.field(factory=set)

    def put_into(self, thing: Any) -> Any:
        """The same with every table in its place."""
        match thing:
            case syntax.Table(how="table", keys=(name,)):
                return self._table(thing, name)
            case Span():
                return thing
            case tuple():
                return tuple(self.put_into(each) for each in thing)
        if not attrs.has(type(thing)):
            return thing
        values = {field.name: getattr(thing, field.name) for field in attrs.fields(type(thing))}
        changed = {name: self.put_into(value) for name, value in values.items()}
        return thing if all(changed[name] is values[name] for name in values) else type(thing)(**changed)

    def _table(self, written: syntax.Table, name: syntax.Name) -> syntax.Table:
        self.used.add(name.text)
        found = self.tables.get(name.text)
        if found is not None:
            return found
        if not self.lossy:
            guess = nearest(name.text, self.tables)
            self.findings.report(
                "L201", name.span, f"there is no table `{name.text}` above",
                help=f"did you mean `{guess}`?" if guess
                else f"declare it first, as in `table {name.text} by status {{`",
            )  # fmt: skip
        return written
