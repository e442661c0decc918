"""Reductions -> the nodes of versions and of what becomes of what members hold; rows of `trees`."""

from collections.abc import Mapping, Sequence
from typing import Any

from loyalty_dsl.language.rows import Action, node_row, parts_row
from loyalty_dsl.language.syntax import versions
from loyalty_dsl.language.syntax.leaves import Name
from loyalty_dsl.language.version_names import versioned
from loyalty_dsl.source import Span


def _program_name(children: Sequence[Any], span: Span) -> Name:
    name, version = children
    return name if version is None else Name(versioned(name.text, version.value), span)


VERSION_ACTIONS: Mapping[str, Action] = {
    "replaces_clause": node_row(versions.ReplacesClause),
    "transition": lambda children, span: versions.TransitionBlock(tuple(children[1:]), children[0][-1]),
    "transition_header": parts_row,
    "keep_clause": node_row(versions.KeepClause),
    "end_clause": node_row(versions.EndClause),
    "convert_clause": node_row(versions.ConvertClause),
    "start_status_clause": node_row(versions.StartStatusClause),
    "honour_clause": node_row(versions.HonourClause),
    "phase_clause": node_row(versions.PhaseClause),
    "program_name": _program_name,
}
