"""The one way that this package writes JUnit XML, which CI servers read.

Invariant: the text is well-formed XML 1.0 whatever its cases hold, in the elements and attributes that
Jenkins, GitLab and GitHub's readers share; ASCII alone, so that no encoding of a terminal can matter; and
no time is claimed, because none is measured.
"""

from collections.abc import Sequence
from typing import Literal

import attrs

from loyalty_dsl.report.style import printable
from loyalty_dsl.report.visible import visible


@attrs.frozen
class Problem:
    """Why a case did not pass: a `failure` of what was tested, or an `error` of the test itself."""

    kind: Literal["failure", "error"]
    type: str
    message: str
    text: str


@attrs.frozen
class Case:
    """A test of a suite, with what went wrong and what else was said."""

    classname: str
    name: str
    problem: Problem | None = None
    output: str = ""


@attrs.frozen
class Suite:
    """Cases under one name."""

    name: str
    cases: tuple[Case, ...]


def junit_xml(name: str, suites: Sequence[Suite]) -> str:
    """Suites as an XML document, with its last line end."""
    cases = [case for suite in suites for case in suite.cases]
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="{_attribute(name)}" {_counts(cases)}>',
    ]
    for suite in suites:
        rows.append(f'  <testsuite name="{_attribute(suite.name)}" {_counts(suite.cases)} skipped="0">')
        rows += [row for case in suite.cases for row in _case(case)]
        rows.append("  </testsuite>")
    return "\n".join([*rows, "</testsuites>", ""])


def _counts(cases: Sequence[Case]) -> str:
    kinds = [case.problem.kind for case in cases if case.problem is not None]
    return f'tests="{len(cases)}" failures="{kinds.count("failure")}" errors="{kinds.count("error")}"'


def _case(case: Case) -> list[str]:
    head = f'    <testcase classname="{_attribute(case.classname)}" name="{_attribute(case.name)}"'
    if case.problem is None and not case.output:
        return [f"{head}/>"]
    rows = [f"{head}>"]
    if case.problem is not None:
        kind, why = case.problem.kind, case.problem
        told = f'type="{_attribute(why.type)}" message="{_attribute(why.message)}"'
        rows.append(f"      <{kind} {told}>{_text(why.text)}</{kind}>")
    if case.output:
        rows.append(f"      <system-out>{_text(case.output)}</system-out>")
    return [*rows, "    </testcase>"]


def _text(text: str) -> str:
    escaped = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = escaped.replace("\ufffe", "").replace("\uffff", "")  # not hidden, and yet no XML
    return escaped.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _attribute(text: str) -> str:
    return _text(visible(text)).replace('"', "&quot;")
