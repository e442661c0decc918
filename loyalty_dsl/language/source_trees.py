"""The rows of `trees` that make the nodes of sources.

Invariant: as of `trees`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from loyalty_dsl.language.rows import Action, headed_row, node_row, of_row, parts_row, several_row, words_row
from loyalty_dsl.language.syntax import sources
from loyalty_dsl.source import Span


def _read(span: Span, form: Any, *how: Any) -> sources.ReadClause:
    return sources.ReadClause(form, how, span)


def _moment(children: Sequence[Any], span: Span) -> sources.Moment:
    *columns, written, zone = children
    return sources.Moment(tuple(columns), written, zone, span)


def _sum(span: Span, first: Any, *more: sources.CellTerm) -> sources.CellSum:
    return sources.CellSum((sources.CellTerm(first, False, first.span), *more), span)


def _texts(negated: bool) -> Action:
    return lambda children, span: sources.IsTexts(tuple(children), negated, span)


def _return_of_latest(children: Sequence[Any], span: Span) -> sources.ReturnOf:
    return sources.ReturnOf(children[0] is True, None, span)


SOURCE_ACTIONS: Mapping[str, Action] = {
    "source": headed_row(sources.SourceBlock, 3),
    "source_header": parts_row,
    "read_clause": of_row(_read),
    "file_format": words_row,
    "row_per": node_row(sources.RowPer),
    "row_of": words_row,
    "blanks_repeat": node_row(sources.BlanksRepeat),
    "member_column": of_row(lambda span, name, hashed: sources.MemberColumn(name, hashed is True, span)),
    "hashed": lambda children, span: True,
    "event_column": node_row(sources.EventColumn),
    "moment": _moment,
    "currency_column": node_row(sources.CurrencyColumn),
    "cell_sum": of_row(_sum),
    "plus_cells": of_row(lambda span, term: sources.CellTerm(term, False, span)),
    "less_cells": of_row(lambda span, term: sources.CellTerm(term, True, span)),
    "cell_product": node_row(sources.CellProduct),
    "items_sum": lambda children, span: sources.CellsSummed("items", span),
    "basket_sum": lambda children, span: sources.CellsSummed("basket", span),
    "item_amount": node_row(sources.ItemAmount),
    "basket_amount": node_row(sources.BasketAmount),
    "cell_values": several_row,
    "cell_value": node_row(sources.CellValue),
    "cell_texts": lambda children, span: sources.CellTexts(tuple(children), span),
    "other_cells": node_row(sources.OtherCells),
    "blank_cells": node_row(sources.BlankCells),
    "kind_column": node_row(sources.KindColumn),
    "field_column": node_row(sources.FieldColumn),
    "field_constant": node_row(sources.FieldConstant),
    "negative_rows": lambda children, span: True,
    "return_of_column": of_row(lambda span, negative, of: sources.ReturnOf(negative is True, of, span)),
    "return_of_latest": _return_of_latest,
    "refunded_column": node_row(sources.RefundedColumn),
    "only_items": lambda children, span: True,
    "is_present": node_row(sources.IsPresent),
    "is_absent": node_row(sources.IsAbsent),
    "is_texts": _texts(False),
    "is_not_texts": _texts(True),
    "skip_clause": of_row(
        lambda span, items, column, test: sources.SkipClause(items is True, column, test, span)
    ),
    "tie_out_clause": node_row(sources.TieOutClause),
}
