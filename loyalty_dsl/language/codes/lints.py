"""Codes of lints."""

from loyalty_dsl.language.codes.code import Code

CODES: tuple[Code, ...] = ()
