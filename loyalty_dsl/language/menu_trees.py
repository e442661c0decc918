"""The rows of `trees` that make the nodes of menus, and of what scenarios and populations say of choosing.

Invariant: as of `trees`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from loyalty_dsl.language import syntax
from loyalty_dsl.language.rows import Action, headed_row, node_row, of_row, parts_row, words_row
from loyalty_dsl.language.syntax import menus, rules
from loyalty_dsl.source import Span


def _short_option(span: Span, name: syntax.Name, quantity: syntax.Quantity, when: Any) -> menus.Option:
    """`option NAME give QUANTITY when CONDITION` is a block of two clauses."""
    clauses: list[Any] = [syntax.GiveFlat(quantity, quantity.span)]
    if when is not None:
        clauses.append(syntax.When(when, when.span))
    return menus.Option(name, tuple(clauses), span)


def _trait(children: Sequence[Any], span: Span) -> menus.ChooseTrait:
    menu, *shares = children
    return menus.ChooseTrait(menu, tuple((name, percent) for name, percent in shares), span)


MENU_ACTIONS: Mapping[str, Action] = {
    "menu": headed_row(menus.MenuBlock, 2),
    "menu_header": parts_row,
    "choose_clause": node_row(rules.Choose),
    "short_option": of_row(_short_option),
    "option": headed_row(menus.Option, 1),
    "option_header": parts_row,
    "uses_clause": of_row(lambda span, number, choices: menus.Uses(number, span)),
    "choices": words_row,
    "choose_trait": _trait,
    "choose_line": node_row(menus.ChooseLine),
}
