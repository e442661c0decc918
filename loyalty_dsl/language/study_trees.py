"""The rows of `trees` that make the nodes of studies.

Invariant: as of `trees`.
"""

from collections.abc import Mapping

from loyalty_dsl.language.rows import Action, headed_row, node_row, parts_row, words_row
from loyalty_dsl.language.syntax import studies

STUDY_ACTIONS: Mapping[str, Action] = {
    "study": headed_row(studies.StudyBlock, 2),
    "study_header": parts_row,
    "study_program": node_row(studies.StudyProgram),
    "study_population": node_row(studies.StudyPopulation),
    "study_months": node_row(studies.StudyMonths),
    "study_sample": node_row(studies.StudySample),
    "study_seed": node_row(studies.StudySeed),
    "compare_program": node_row(studies.CompareProgram),
    "compare_settings": lambda children, span: studies.CompareSettings(tuple(children), span),
    "setting": node_row(studies.NumberSet),
    "objective_clause": node_row(studies.ObjectiveClause),
    "outcome": node_row(studies.AskedOutcome),
    "outcome_name": words_row,
    "at_month": node_row(studies.AtMonth),
    "over_months": node_row(studies.OverMonths),
    "one_bound": node_row(studies.OneBound),
    "two_bounds": node_row(studies.TwoBounds),
    "confidence_layer": node_row(studies.ConfidenceLayer),
    "noise_layer": lambda children, span: studies.NoiseLayer(span),
    "gate_word": words_row,
    "gate_clause": node_row(studies.GateClause),
    "accept_clause": node_row(studies.AcceptClause),
}
