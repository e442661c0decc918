"""Warnings over checked programs and populations: allowed, and probably not meant."""

from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program


def lint_program(program: Program, report: object) -> None: ...


def lint_population(population: Population, program: Program, report: object) -> None: ...
