"""Text -> syntax tree, and every mistake on the way.

A table-driven LALR(1) parser over the tables of `tables`. When a token does not fit, `recovery` is asked
for a small repair of the clause; without one the clause is skipped, with its braces if it has any, the
stack returns to the list that the clause is in, and reading goes on. One mistake, one message.

Invariants: no text makes it raise; every token is read or lies in a skipped clause with a diagnostic; braces
are balanced before parsing begins (`braces`), so a skipped clause never swallows what follows its block.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import attrs

from loyalty_dsl.diagnostics import Diagnostic, Label, Severity
from loyalty_dsl.language import syntax
from loyalty_dsl.language.automaton import default_reduction, made_by
from loyalty_dsl.language.braces import CONTINUING, MAX_MISTAKES, balance_braces
from loyalty_dsl.language.each_rows import write_out_each
from loyalty_dsl.language.makers import ONLY, kept_of, makers
from loyalty_dsl.language.spelling import PLACES
from loyalty_dsl.language.tables import END, NEWLINE, load_tables
from loyalty_dsl.language.tokens import CellToken, Token, place_of, tokens_of
from loyalty_dsl.source import SourceText, Span

MAX_CHARACTERS = 10_000_000
MAX_CLAUSES = 100_000

_MAX_REPAIRS = 3
"""So many repairs of one clause are tried before it is skipped."""
_OPENING = (
    "earn", "reward", "benefit", "referral", "tiers", "currency", "event", "counter", "group", "challenge",
    "transfer", "menu",
)  # fmt: skip
"""Words of lines that open a block."""
_ALIKE = {"L101": 12, "L108": 3}
"""So many lines that lack the same, and clauses in a wrong block, are told of in the same words."""


def parse_file(source: SourceText) -> tuple[syntax.File, tuple[Diagnostic, ...]]:
    """Reads one file.

    Args:
        source: any text at all.

    Returns:
        The blocks that could be read, and every mistake found, in the order of the text.
    """
    tokens = tokens_within_limits(source)
    if isinstance(tokens, Diagnostic):
        return syntax.File(source, ()), (tokens,)
    tokens, found = balance_braces(source, tokens)
    balanced = tokens
    tokens, of_tables = write_out_each(source, balanced)
    found += of_tables
    parser = _Parser(source, tokens, found)
    parser.has_cells = tokens is not balanced
    blocks = parser.run().blocks
    file = syntax.File(source, blocks, tuple(parser.unread), tuple(parser.mended))
    told = sorted([*found, *parser.diagnostics], key=lambda diagnostic: diagnostic.span.start)
    return file, _without_repeats(_without_orphans(source, told))


def read_tokens(source: SourceText, tokens: list[Token]) -> syntax.File:
    """The tree of tokens whose braces pair up, where an editor has only some of a text's or more than those;
    what does not fit is left out."""
    return _Parser(source, tokens, ()).run()


def _without_repeats(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings; of clauses in a wrong block, and of many lines that lack the same, the first few, and how
    many more there are: a brace that is too much makes all lines below it wrong."""
    found = tuple(found)
    all_alike = Counter(_alike(one) for one in found)
    times: Counter[tuple[str, str]] = Counter()
    kept: list[Diagnostic] = []
    for one in found:
        alike, most = _alike(one), _ALIKE.get(one.code)
        times[alike] += 1
        if most is None or times[alike] < most or all_alike[alike] == most:
            kept.append(one)
        elif times[alike] == most:
            more = all_alike[alike] - most
            note = f"{more} more {'line is' if more == 1 else 'lines are'} like this"
            kept.append(attrs.evolve(one, help=f"{one.help}; {note}" if one.help else note))
    return tuple(kept)


def _alike(one: Diagnostic) -> tuple[str, str]:
    """What findings have in common that are told of once: their code, and what they say is lacking."""
    return one.code, one.message.partition(" after ")[0] if one.code == "L101" else one.message


def _without_orphans(source: SourceText, found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings but for clauses that are out of place only because the line that opens their block, just
    above and less indented, was refused: that is one mistake."""
    lines = source.text.split("\n")
    kept: list[Diagnostic] = []
    orphans_end = 0
    for one in found:
        if one.code == "L108" and one.span.line < orphans_end:
            continue
        line = lines[one.span.line - 1]
        if line.split()[:1] and line.split()[0] in _OPENING and "{" not in line:
            below = range(one.span.line, len(lines))
            after = (n for n in below if lines[n].strip() and _indent(lines[n]) <= _indent(line))
            orphans_end = next(after, len(lines)) + 1
        kept.append(one)
    return tuple(kept)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def tokens_within_limits(source: SourceText) -> list[Token] | Diagnostic:
    if len(source.text) > MAX_CHARACTERS:
        return _too_large(source, 0, f"the file has more than {MAX_CHARACTERS:,} characters")
    tokens = tokens_of(source.text, MAX_CLAUSES + 1)
    if tokens[-1].kind != END:
        where = tokens[-1].start
        return _too_large(source, where, f"the file has more than {MAX_CLAUSES:,} clauses")
    return tokens


def _too_large(source: SourceText, offset: int, message: str) -> Diagnostic:
    label = Label(Span(source, offset, offset), "read no further")
    help_ = "split it: all files of a command share their names"
    return Diagnostic("L106", Severity.ERROR, message, label, help=help_)


class _Parser:
    """One run over one file: the stacks, where we are, and what was found.

    `values[i]` is what was read to get from `states[i]` to `states[i + 1]`, and spans the tokens `firsts[i]`
    to `lasts[i]`.
    """

    def __init__(self, source: SourceText, tokens: list[Token], found: Iterable[Diagnostic]) -> None:
        self.source = source
        self.tables = load_tables()
        self.tokens = tokens
        self.has_cells = False
        self.at = 0
        self.states = [0]
        self.values: list[Any] = []
        self.firsts: list[int] = []
        self.lasts: list[int] = []
        self.diagnostics: list[Diagnostic] = []
        self.unread: list[syntax.Unread] = []
        self.mended: list[Span] = []
        self.reported = {diagnostic.span.start for diagnostic in found}
        self.repairs: Counter[int] = Counter()  # of the clause that begins at a place of the text

    def run(self) -> syntax.File:
        """Reads the whole file."""
        rows, soft, gotos = self.tables.rows, self.tables.soft, self.tables.gotos
        made, accepting = makers(), self.tables.accepting
        tokens, source, has_cells = self.tokens, self.source, self.has_cells
        states, values, firsts, lasts = self.states, self.values, self.firsts, self.lasts
        at = self.at
        while True:
            token = tokens[at]
            kind = token[0]
            row = rows[states[-1]]
            action = row.get(kind)
            if action is None:
                if kind == END and states[-1] == accepting:
                    file: syntax.File = values[-1]
                    return file
                if kind in soft:
                    action = row.get("NAME")
                if action is None:
                    action = default_reduction(row)
                if action is None:
                    self.at = at
                    self._recover()
                    at = self.at
                    continue
            if action >= 0:
                states.append(action)
                values.append(token)
                firsts.append(at)
                lasts.append(at)
                at += 1
                continue
            # Replaces the top of the stacks by what the production makes of it.
            length, symbol, taken, make = made[~action]
            if length == 1:
                children = values[-1:]
                first, last = firsts[-1], lasts[-1]
            elif length:
                children = values[-length:]
                first, last = firsts[-length], lasts[-1]
            else:
                children = []
                first = last = at
            value: Any = kept_of(taken, children, source)
            if make is ONLY:
                value = value[0]
            elif make is not None:
                value = make(
                    value,
                    place_of(source, tokens[first], tokens[last])
                    if has_cells
                    else Span(source, tokens[first][2], tokens[last][3]),
                )
            if length == 1:
                states[-1] = gotos[states[-2]][symbol]
                values[-1] = value
            else:
                if length:
                    del states[-length:], values[-length:], firsts[-length:], lasts[-length:]
                states.append(gotos[states[-1]][symbol])
                values.append(value)
                firsts.append(first)
                lasts.append(last)

    def _recover(self) -> None:
        """Reports the token that does not fit and reads the clause again repaired, or goes on behind it."""
        from loyalty_dsl.language.recovery import Trouble, clause_end, explain_trouble

        if len(self.diagnostics) >= MAX_MISTAKES:
            self._stop()
            return
        depth = self._enclosing_list()
        first = self.firsts[depth] if depth < len(self.firsts) else self.at
        header = self._header(depth)
        block = None if header is None else self._span(self.firsts[header], self.lasts[header])
        trouble = Trouble(
            source=self.source,
            tables=self.tables,
            states=tuple(self.states[: depth + 1]),
            tokens=self.tokens,
            first=first,
            at=self.at,
            end=clause_end(self.tokens, self.at),
            place="" if header is None else self._place(header),
        )
        found, repair = explain_trouble(trouble)
        if found.span.start not in self.reported:
            self.diagnostics.append(self._mendable(found))
            self.reported.add(found.span.start)
        place = self.tokens[first].start
        self.repairs[place] += 1
        del self.states[depth + 1 :], self.values[depth:], self.firsts[depth:], self.lasts[depth:]
        if repair is not None and self.repairs[place] <= _MAX_REPAIRS:
            if found.edit is None or not repair.tokens:  # a guess: what it makes of the clause is not judged
                self.mended.append(self._span(first, max(first, trouble.end - 1)))
            self.tokens[repair.start : repair.end] = repair.tokens
            self.at = first
        else:
            self.at = self._behind_clause(first)
            span = self._span(first, max(first, self.at - 1))
            self.unread.append(syntax.Unread(block, trouble.place, self.tokens[first].text, span))
            if self.at == first:
                self._end_here()  # nothing was skipped: never go round in circles

    def _mendable(self, found: Diagnostic) -> Diagnostic:
        """A finding without an edit that would write over the name of a column, which has many values."""
        if not self.has_cells or found.edit is None:
            return found
        span = found.edit.span
        names = (token for token in self.tokens if isinstance(token, CellToken))
        overlaps = any(name.start < span.end and span.start < name.end for name in names)
        return attrs.evolve(found, edit=None) if overlaps else found

    def _span(self, first: int, last: int) -> Span:
        """The text of the tokens `first` to `last`, both included."""
        return Span(self.source, self.tokens[first].start, self.tokens[last].end)

    def _enclosing_list(self) -> int:
        """The index of the topmost state in which a clause may begin."""
        return max(i for i, state in enumerate(self.states) if state in self.tables.lists)

    def _header(self, depth: int) -> int | None:
        """The index of the header of the block whose clauses begin at this depth."""
        for i in range(depth - 1, 0, -1):
            if isinstance(self.values[i], Token) and self.values[i].kind == "{":
                return i - 1
        return None

    def _place(self, header: int) -> str:
        """What the block is that this header opens: its first word, where no other block has that."""
        rule = made_by(self.states[header + 1])
        return PLACES.get(rule or "", self.tokens[self.firsts[header]].text)

    def _behind_clause(self, first: int) -> int:
        """The token to go on at when the clause that starts at `first` is skipped with its braces."""
        at, braces = first, 0
        while True:
            kind = self.tokens[at].kind
            if kind == END or (kind == "}" and braces == 0 and at > first):
                return at
            braces += (kind == "{") - (kind == "}")
            at += 1
            if kind == NEWLINE and braces <= 0 and self.tokens[at - 2].kind not in CONTINUING:
                return at

    def _stop(self) -> None:
        """Gives up on a file with too many mistakes."""
        token = self.tokens[self.at]
        self.diagnostics.append(
            Diagnostic(
                "L110",
                Severity.ERROR,
                f"more than {MAX_MISTAKES} mistakes",
                Label(Span(self.source, token.start, token.end), "read no further"),
                help="mend what is reported above first",
            )
        )
        depth = self._enclosing_list()
        del self.states[depth + 1 :], self.values[depth:], self.firsts[depth:], self.lasts[depth:]
        self._end_here()

    def _end_here(self) -> None:
        """Lets the file end here: closes every block that is open and forgets the tokens that follow."""
        offset = self.tokens[self.at].start
        braces = sum(isinstance(value, Token) and value.kind == "{" for value in self.values)
        closing = [Token("}", "}", offset, offset), Token(NEWLINE, "", offset, offset)] * braces
        self.tokens[self.at :] = [*closing, Token(END, "", offset, offset)]
