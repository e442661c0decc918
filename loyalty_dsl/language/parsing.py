"""Text -> syntax tree, and every mistake on the way.

A table-driven LALR(1) parser over the tables of `tables`. When a token does not fit, `recovery` is asked
for a small repair of the clause; without one the clause is skipped, with its braces if it has any, the
stack returns to the list that the clause is in, and reading goes on. One mistake, one message.

Invariants: no text makes it raise; every token is read or lies in a skipped clause with a diagnostic; braces
are balanced before parsing begins (`braces`), so a skipped clause never swallows what follows its block.
"""

from typing import Any

from loyalty_dsl.diagnostics import Diagnostic, Label, Severity
from loyalty_dsl.language import syntax
from loyalty_dsl.language.tables import END, NEWLINE, Production, Tables, load_tables
from loyalty_dsl.language.tokens import Token, tokenize
from loyalty_dsl.language.trees import ACTIONS, leaf
from loyalty_dsl.source import SourceText, Span


def parse_file(source: SourceText) -> tuple[syntax.File, tuple[Diagnostic, ...]]:
    """Reads one file.

    Args:
        source: any text at all.

    Returns:
        The blocks that could be read, and every mistake found, in the order of the text.
    """
    parser = _Parser(source, list(tokenize(source.text)))
    file = parser.run()
    return file, tuple(parser.diagnostics)


class _Parser:
    """One run over one file: the stacks, where we are, and what was found."""

    def __init__(self, source: SourceText, tokens: list[Token]) -> None:
        self.source = source
        self.tables: Tables = load_tables()
        self.tokens = tokens
        self.at = 0
        self.states = [0]
        self.values: list[Any] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.clause_at = 0
        self.clause_depth = 1
        self.diagnostics: list[Diagnostic] = []

    def run(self) -> syntax.File:
        """Reads the whole file."""
        rows, lists, keywords = self.tables.rows, self.tables.lists, self.tables.keywords
        productions, accepting = self.tables.productions, self.tables.accepting
        states = self.states
        while True:
            state = states[-1]
            token = self.tokens[self.at]
            if state in lists:
                self.clause_at, self.clause_depth = self.at, len(states)
            row = rows[state]
            action = row.get(token.kind)
            if action is None and token.kind in keywords:
                action = row.get("NAME")
            if token.kind == END and state == accepting:
                file: syntax.File = self.values[-1]
                return file
            if action is None:
                self._recover(token)
            elif action >= 0:
                states.append(action)
                self.values.append(token)
                self.starts.append(token.start)
                self.ends.append(token.end)
                self.at += 1
            else:
                self._reduce(productions[~action])

    def _reduce(self, production: Production) -> None:
        """Replaces the top of the stacks by what the production makes of it."""
        length = production.length
        if length:
            start, end = self.starts[-length], self.ends[-1]
            children = self.values[-length:]
            del self.states[-length:], self.values[-length:], self.starts[-length:], self.ends[-length:]
        else:
            start = end = self.tokens[self.at].start
            children = []
        kept = self._kept(production.children, children)
        match production.action:
            case "":
                value = kept
            case "=":
                value = kept[0]
            case name:
                value = ACTIONS[name](kept, Span(self.source, start, end))
        self.states.append(self.tables.gotos[self.states[-1]][production.symbol])
        self.values.append(value)
        self.starts.append(start)
        self.ends.append(end)

    def _kept(self, letters: str, children: list[Any]) -> list[Any]:
        if letters[:1] == "*" and letters.count("*") == 1 and "-" not in letters:
            kept, children, letters = children[0], children[1:], letters[1:]  # in place: lists grow linearly
        else:
            kept = []
        i = 0
        for letter in letters:
            if letter == "-":
                kept.append(None)
                continue
            child = children[i]
            i += 1
            if letter == "v":
                kept.append(leaf(child, self.source) if isinstance(child, Token) else child)
            elif letter == "*":
                kept.extend(child)
        return kept

    def _recover(self, token: Token) -> None:
        span = Span(self.source, token.start, token.end)
        self.diagnostics.append(
            Diagnostic("L101", Severity.ERROR, f"unexpected `{token.text}`", Label(span, "not expected here"))
        )
        self._skip_clause()

    def _skip_clause(self) -> None:
        """Goes on after the clause that could not be read."""
        depth = self.clause_depth
        del self.states[depth:], self.values[depth - 1 :], self.starts[depth - 1 :], self.ends[depth - 1 :]
        at, braces = self.clause_at, 0
        while True:
            kind = self.tokens[at].kind
            if kind == END or (braces == 0 and at > self.clause_at and kind == "}"):
                break
            braces += (kind == "{") - (kind == "}")
            at += 1
            if kind == NEWLINE and braces <= 0:
                break
        self.at = at
