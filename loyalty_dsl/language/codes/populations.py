"""Codes of populations."""

from loyalty_dsl.language.codes.code import Code

CODES: tuple[Code, ...] = ()
