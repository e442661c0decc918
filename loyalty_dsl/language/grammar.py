"""Grammar -> parse tables: what Lark makes of `grammar/loyalty.lark`, as JSON.

Building the grammar takes a fifth of a second and importing Lark a third of that, so neither happens when
a program is read: the tables are committed, `tables` reads them and `parsing` drives them. Lark's own cache
is no substitute, because it unpickles whatever lies in the temporary folder.

Invariant: the committed tables are what `build_tables` makes of the committed grammar, byte for byte; a test
holds it. States are numbered by a walk from the start, so that the same grammar always gives the same bytes.

    python -m loyalty_dsl.language.grammar --write      after every change of the grammar
    python -m loyalty_dsl.language.grammar              exit status 1 if the tables are stale
"""

import json
import re
import sys
from collections.abc import Mapping
from typing import Any

from loyalty_dsl.language.tables import END, NEWLINE, TABLES
from loyalty_dsl.resource_files import resource_path

GRAMMAR = "grammar/loyalty.lark"


def build_tables(grammar: str) -> str:
    """Makes the tables of a grammar with Lark.

    Args:
        grammar: the text of a Lark grammar: LALR(1), contextual lexer, without conflicts.

    Returns:
        JSON text, the same for the same grammar.

    Raises:
        lark.GrammarError: the grammar is ambiguous, or two of its terminals match the same text.
    """
    from lark import Lark

    lark = Lark(grammar, parser="lalr", lexer="contextual", strict=True, maybe_placeholders=True)
    built = lark.parser.parser._parse_table
    symbols = {term.name: _symbol(term.name, term.pattern) for term in lark.terminals} | {"$END": END}

    number = {built.start_states["start"]: 0}
    queue = list(number)
    productions: list[list[object]] = []
    rows: list[dict[str, int]] = []
    gotos: list[dict[str, int]] = []
    for state in queue:
        row: dict[str, int] = {}
        goto: dict[str, int] = {}
        for name, (action, target) in sorted(built.states[state].items()):
            if action.name == "Shift":
                if target not in number:
                    number[target] = len(number)
                    queue.append(target)
                if name in symbols:
                    row[symbols[name]] = number[target]
                else:
                    goto[name] = number[target]
            else:
                production = _production(target)
                if production not in productions:
                    productions.append(production)
                row[symbols[name]] = -1 - productions.index(production)
        rows.append(row)
        gotos.append(goto)

    keywords = {term.pattern.value for term in lark.terminals if _is_word(term.pattern)}
    patterns = {
        term.name: term.pattern.value
        for term in sorted(lark.terminals, key=lambda term: (-term.priority, term.name))
        if symbols[term.name] == term.name and term.name not in lark.ignore_tokens
    }
    data = {
        "keywords": sorted(keywords),
        "blocks": sorted(_block_words(lark) & keywords),
        "soft": sorted(word for word in keywords if re.fullmatch(patterns["NAME"], word)),
        "patterns": patterns,
        "productions": productions,
        "rows": rows,
        "gotos": gotos,
        "lists": [i for i, row in enumerate(rows) if _begins_clauses(row, keywords)],
        "accepting": number[built.end_states["start"]],
    }
    return "{\n" + ",\n".join(f'"{key}": {_lines(value)}' for key, value in data.items()) + "\n}\n"


def _block_words(lark: Any) -> set[str]:
    """The words that headers begin with, but for those of tables, which stand in a clause."""
    words = {term.name: term.pattern.value for term in lark.terminals if term.pattern.type == "str"}
    first = {(str(rule.origin.name), str(rule.expansion[0].name)) for rule in lark.rules if rule.expansion}
    return {
        words[symbol]
        for rule, symbol in first
        if (rule.endswith("_header") and rule != "table_header") or rule == "rule_word"
        if symbol in words
    }


def _lines(value: object) -> str:
    """JSON with a line for each production and state, so that a change of the grammar has a readable diff."""
    if isinstance(value, list) and isinstance(value[0], list | dict):
        return "[\n" + ",\n".join(json.dumps(item, separators=(",", ":")) for item in value) + "\n]"
    return json.dumps(value, separators=(",", ":"))


def _is_word(pattern: Any) -> bool:
    return bool(pattern.type == "str" and pattern.value.replace("_", "").isalpha())


def _symbol(name: str, pattern: Any) -> str:
    """What the tables call a terminal: words and marks by their text, others by name."""
    if name == "_NL":
        return NEWLINE
    return str(pattern.value) if pattern.type == "str" and name != "YES_NO" else name


def _production(rule: Any) -> list[object]:
    missing = [
        len(run) for run in "".join(str(int(empty)) for empty in rule.options.empty_indices).split("0")
    ]
    children = ""
    for i, symbol in enumerate(rule.expansion):
        if missing != [0]:
            children += "-" * missing[i]
        if symbol.is_term:
            children += "." if symbol.filter_out and not rule.options.keep_all_tokens else "v"
        else:
            children += "*" if symbol.name.startswith("_") else "v"
    if missing != [0]:
        children += "-" * missing[-1]
    name = rule.origin.name
    passes = rule.options.expand1 and not rule.alias and children.replace(".", "") in ("v", "*")
    action = "" if name.startswith("_") else "=" if passes else rule.alias or name
    return [name, len(rule.expansion), action, children]


def _begins_clauses(row: Mapping[str, int], keywords: set[str]) -> bool:
    """Whether a clause may begin: the list may also end here, and a word may come."""
    if row.get("program", -1) >= 0:
        return True
    return row.get("}", -1) >= 0 and any(row[word] >= 0 for word in row if word in keywords or word == "NAME")


def main(arguments: list[str]) -> int:
    """Writes the tables (`--write`), or says whether they are stale."""
    text = build_tables(resource_path(GRAMMAR).read_text(encoding="utf-8"))
    path = resource_path(TABLES)
    if arguments == ["--write"]:
        path.write_text(text, encoding="utf-8")
    elif path.read_text(encoding="utf-8") != text:
        print(f"{TABLES} is stale: run `python -m loyalty_dsl.language.grammar --write`")
        return 1
    return _colours(text, write=arguments == ["--write"])


def _colours(tables: str, *, write: bool) -> int:
    """Writes the grammar of editors, whose words are those of the tables, or says whether it is stale."""
    from loyalty_dsl.language.tables import read_tables
    from loyalty_dsl.language.textmate import TEXTMATE, textmate_text

    text = textmate_text(read_tables(tables))
    path = resource_path(TEXTMATE)
    if write:
        path.write_text(text, encoding="utf-8")
    elif path.read_text(encoding="utf-8") != text:
        print(f"{TEXTMATE} is stale: run `python -m loyalty_dsl.language.grammar --write`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
