"""What `check` and `test` write for machines: lines, annotations, SARIF, JUnit."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import jsonschema
import pytest

from loyalty_dsl.diagnostics import Diagnostic, Edit, Label, Severity
from loyalty_dsl.language.codes import CODES
from loyalty_dsl.language.printing import print_source
from loyalty_dsl.report.check_github import check_github
from loyalty_dsl.report.check_junit import check_junit
from loyalty_dsl.report.check_plain import check_plain
from loyalty_dsl.report.check_sarif import check_sarif
from loyalty_dsl.report.junit_xml import Case, Problem, Suite, junit_xml
from loyalty_dsl.report.paths import path_from
from loyalty_dsl.report.visible import visible
from loyalty_dsl.source import SourceText, Span

SARIF = json.loads((Path(__file__).parent / "schemas/sarif-schema-2.1.0.json").read_text())
ROOT = Path.cwd()

RULES = """\
program corner "Corner" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    event purchase { payment one of card, cash }
    currency points "Points" {
        round   down per rule
        expire  12 months after earning
    }

    earn base {
        on    purchase where payment is card
        give  1 point per whole $1
    }

    reward five_off {
        price  500 points
        give   $5 off in full
        cost   $5.00 assumed
    }
}
"""
PASSES = """
scenario "card < cash & \\"more\\"" for corner {
    on      2026-01-02 purchase $8.95 with payment card
    expect  earned 8 points
}
""".replace('\\"', "'")
FAILS = PASSES.replace("8 points", "9 points").replace("card < cash", "too few ]]> <b>")
WRONG = RULES.replace("where payment", "where paymnt").replace("give  1", "gvie  1")
WARNED = RULES[: RULES.index("    reward")] + "}\n"

HOSTILE = 'a\r\n::error::%0A,b:c]]><x y="\'">&\x00\x1b[31m\u202e\u2028\udcff\ufffe[l](mailto:x)'
"""Everything that could break out of a line, a property, an element or a string."""

Command = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, outside of any checkout."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    return tmp_path


def hostile_finding() -> Diagnostic:
    source = SourceText(f"rules/{HOSTILE}.loyalty", f"on {HOSTILE}\nlast")
    place = Label(Span(source, 3, 3 + len(HOSTILE)), HOSTILE)
    edit = Edit(Span(source, 0, 2), HOSTILE)
    return Diagnostic("L201", Severity.ERROR, HOSTILE, place, (place,), HOSTILE, edit)


def finding(text: str, words: str, **more: Any) -> Diagnostic:
    source = SourceText("rules/a.loyalty", text)
    start = text.index(words)
    return Diagnostic(
        "L201", Severity.ERROR, "no such name", Label(Span(source, start, start + len(words))), **more
    )


# ---- plain


def test_plain_is_a_line_a_finding(loyalty: Command, folder: Path) -> None:
    Path("wrong.loyalty").write_text(WRONG)
    ran = loyalty("check", "--format", "plain", "wrong.loyalty")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.splitlines() == [
        "wrong.loyalty:13:30: L201 there is no field `paymnt` of `purchase`",
        "wrong.loyalty:14:9: L108 `gvie` is no clause of an `earn` block",
    ]


def test_plain_says_nothing_of_a_fine_file(loyalty: Command, folder: Path) -> None:
    Path("right.loyalty").write_text(RULES)
    ran = loyalty("check", "--format", "plain", "right.loyalty")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_a_hostile_finding_stays_one_plain_line() -> None:
    (line,) = check_plain([hostile_finding()]).splitlines()
    assert "\\r\\n::error" in line and "\\u202e" in line and "\\udcff" in line
    line.encode()
    assert "\x1b" not in line


def test_hidden_characters_are_escaped_and_others_kept() -> None:
    assert visible("plain, ünïcode 名") == "plain, ünïcode 名"
    assert visible("a\tb\nc\u200bd\x7f") == "a\\tb\\nc\\u200bd\\u007f"
    assert visible("a\nb\r", keep="\n") == "a\nb\\r"


# ---- github

COMMAND_LINE = re.compile(r"::(error|warning) ([^:]*)::(.*)")


def annotations(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Reads workflow commands as the runner does: level, properties, message."""
    read = []
    for line in text.splitlines():
        found = COMMAND_LINE.fullmatch(line)
        assert found is not None, line
        properties = dict(pair.split("=", 1) for pair in found[2].split(","))
        read.append((found[1], {key: _unescaped(v) for key, v in properties.items()}, _unescaped(found[3])))
    return read


def _unescaped(text: str) -> str:
    for written, meant in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(written, meant)
    return text


def test_github_gets_an_annotation_a_finding_and_the_summary_goes_aside(
    loyalty: Command, folder: Path
) -> None:
    Path("wrong.loyalty").write_text(WRONG)
    ran = loyalty("check", "--format", "github", "wrong.loyalty")
    assert (ran.code, ran.err) == (1, "2 errors in 1 file\n")
    first, second = annotations(ran.out)
    assert first == (
        "error",
        {
            "file": "wrong.loyalty",
            "line": "13",
            "endLine": "13",
            "col": "30",
            "endColumn": "36",
            "title": "L201 unknown name",
        },
        "wrong.loyalty:13:30: there is no field `paymnt` of `purchase`\nhelp: did you mean `payment`?",
    )
    assert second[1]["title"] == "L108 unknown clause"


def test_a_warning_is_an_annotation_that_fails_nothing(loyalty: Command, folder: Path) -> None:
    Path("warned.loyalty").write_text(WARNED)
    ran = loyalty("check", "--format", "github", "warned.loyalty")
    assert ran.code == 0
    assert [level for level, _, _ in annotations(ran.out)] == ["warning"]
    assert ran.err == "1 file fine but for 1 warning: 1 program\n"


def test_a_hostile_name_and_text_cannot_leave_their_command() -> None:
    (read,) = annotations(check_github([hostile_finding()], ROOT))
    level, properties, message = read
    assert level == "error"
    assert set(properties) == {"file", "line", "endLine", "title"}  # it spans lines: no columns
    assert properties["line"] == "1" and properties["endLine"] == "2"
    assert "a\r\n::error::%0A,b:c]]>" in properties["file"]
    assert message.count("::error::%0A,b:c") == 3


def test_paths_are_those_of_the_checkout_wherever_the_command_runs(
    loyalty: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "deep").mkdir()
    (folder / "deep/wrong.loyalty").write_text(WRONG)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(folder))
    monkeypatch.chdir(folder / "deep")
    for name in ("wrong.loyalty", folder / "deep/wrong.loyalty", "../deep/wrong.loyalty", "."):
        out = loyalty("check", "--format", "github", name).out
        assert {properties["file"] for _, properties, _ in annotations(out)} == {"deep/wrong.loyalty"}
        log = json.loads(loyalty("check", "--format", "sarif", name).out)
        assert log["runs"][0]["artifacts"][0]["location"] == {
            "uri": "deep/wrong.loyalty",
            "uriBaseId": "SRCROOT",
        }


def test_a_file_outside_of_the_checkout_keeps_its_whole_path() -> None:
    root = Path("/checkout")
    assert path_from(root, "/elsewhere/a.loyalty") == "/elsewhere/a.loyalty"
    assert path_from(root, "/checkout2/a.loyalty") == "/checkout2/a.loyalty"
    assert path_from(root, "/checkout/x/../a.loyalty") == "a.loyalty"


# ---- SARIF


def sarif(*findings: Diagnostic) -> Any:
    """The one run of a valid log."""
    sources = list({id(found.span.source): found.span.source for found in findings}.values())
    log = json.loads(check_sarif(sources, findings, ROOT))
    jsonschema.Draft4Validator(SARIF).validate(log)
    (run,) = log["runs"]
    return run


def test_the_schema_refuses_what_is_no_log() -> None:
    wrong = {"version": "2.1.0", "runs": [{"tool": {"driver": {}}}]}
    assert not jsonschema.Draft4Validator(SARIF).is_valid(wrong)


@pytest.mark.parametrize(("text", "code", "results"), [(RULES, 0, 0), (WARNED, 0, 1), (WRONG, 1, 2)])
def test_sarif_holds_to_the_standard(
    loyalty: Command, folder: Path, text: str, code: int, results: int
) -> None:
    Path("a rule.loyalty").write_text(text)
    ran = loyalty("check", "--format", "sarif", ".")
    assert (ran.code, ran.err) == (code, "")
    log = json.loads(ran.out)
    jsonschema.Draft4Validator(SARIF).validate(log)
    (run,) = log["runs"]
    assert len(run["results"]) == results
    assert run["artifacts"] == [{"location": {"uri": "a%20rule.loyalty", "uriBaseId": "SRCROOT"}}]
    base = run["originalUriBaseIds"]["SRCROOT"]["uri"]
    assert Path(unquote(urlsplit(base).path)) == folder and base.endswith("/")


def test_sarif_says_where_what_and_how_to_mend_it(loyalty: Command, folder: Path) -> None:
    Path("wrong.loyalty").write_text(WRONG)
    run = json.loads(loyalty("check", "--format", "sarif", "wrong.loyalty").out)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["L108", "L201"]
    result = run["results"][0]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "L201"
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 13, "startColumn": 30, "endLine": 13, "endColumn": 36}
    related = result["relatedLocations"][0]
    assert related["message"]["text"] == "`payment` is declared here"
    assert related["physicalLocation"]["region"]["startLine"] == 6
    (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement == {"deletedRegion": place["region"], "insertedContent": {"text": "payment"}}


def test_every_code_can_be_a_rule_of_sarif() -> None:
    source = SourceText("a.loyalty", "x\n")
    findings = [
        Diagnostic(code.code, code.severity, "m", Label(Span(source, 0, 1))) for code in CODES.values()
    ]
    rules = sarif(*findings)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(CODES)
    for rule in rules:
        assert rule["shortDescription"]["text"].endswith(".")
        assert CODES[rule["id"]].page.split()[0] in rule["help"]["markdown"]


def test_sarif_counts_columns_in_utf_16() -> None:
    run = sarif(finding("名🙂🙂 bad", "bad"))
    assert run["columnKind"] == "utf16CodeUnits"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startColumn"], region["endColumn"]) == (7, 10)  # 1 + 2 + 2 units and a space before


def test_a_fix_may_insert_at_the_end_of_a_file() -> None:
    source = SourceText("a.loyalty", "earn {\n")
    end = Span(source, 7, 7)
    found = Diagnostic("L102", Severity.ERROR, "unclosed", Label(end), edit=Edit(end, "}", safe=True))
    (fix,) = sarif(found)["results"][0]["fixes"]
    (replacement,) = fix["artifactChanges"][0]["replacements"]
    assert replacement["deletedRegion"] == {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 1}
    assert fix["properties"]["applicability"] == "safe"


def test_hostile_names_are_percent_encoded_and_texts_are_no_links() -> None:
    run = sarif(hostile_finding())
    uri = run["artifacts"][0]["location"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9%/._~-]+", uri)
    assert unquote(uri, errors="surrogateescape") == f"rules/{HOSTILE}.loyalty"
    message = run["results"][0]["message"]["text"]
    assert "\\[l\\](mailto:x)" in message
    colon = Diagnostic("L201", Severity.ERROR, "m", Label(Span(SourceText("c:x.loyalty", "y"), 0, 1)))
    assert sarif(colon)["artifacts"][0]["location"]["uri"] == "c%3Ax.loyalty"


def test_sarif_of_a_file_elsewhere_has_a_whole_uri() -> None:
    found = Diagnostic("L201", Severity.ERROR, "m", Label(Span(SourceText("/else where/a", "y"), 0, 1)))
    assert sarif(found)["artifacts"][0]["location"] == {"uri": "file:///else%20where/a"}


# ---- JUnit

SHARED = {
    "testsuites": {"name", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped"},
    "testcase": {"classname", "name"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "system-out": set(),
}
"""The elements and attributes that the schemas of Jenkins, GitLab and others all know."""


def junit(text: str) -> list[ElementTree.Element]:
    """The cases of a document that CI servers read, its counts verified."""
    root = ElementTree.fromstring(text)
    assert root.tag == "testsuites"
    for element in root.iter():
        assert set(element.attrib) == SHARED[element.tag]
    for element in (root, *root.iter("testsuite")):
        for attribute, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            assert int(element.attrib[attribute]) == len(list(element.iter(tag)))
    return list(root.iter("testcase"))


def test_junit_of_a_check_has_a_case_a_file(loyalty: Command, folder: Path) -> None:
    for name, text in (("1", WRONG), ("2", WARNED), ("3", RULES)):
        renamed = text.replace("program corner", f"program corner{name}")
        Path(f"{name}.loyalty").write_text(renamed)
    ran = loyalty("check", "--format", "junit", ".")
    assert (ran.code, ran.err) == (1, "")
    wrong, warned, right = junit(ran.out)
    assert [case.attrib["name"] for case in (wrong, warned, right)] == ["1.loyalty", "2.loyalty", "3.loyalty"]
    (failure,) = wrong
    assert failure.attrib == {
        "type": "L201",
        "message": "1.loyalty:13:30: L201 there is no field `paymnt` of `purchase` (and 1 more)",
    }
    assert failure.text is not None and "error[L108]" in failure.text
    assert [child.tag for child in warned] == ["system-out"]
    assert len(right) == 0


def test_a_warning_is_the_output_of_a_case_that_passes(loyalty: Command, folder: Path) -> None:
    Path("warned.loyalty").write_text(WARNED)
    ran = loyalty("check", "--format", "junit", ".")
    assert ran.code == 0
    (case,) = junit(ran.out)
    (output,) = case
    assert output.tag == "system-out"
    assert output.text is not None and "warning[L" in output.text


def test_junit_of_a_test_has_a_case_a_scenario(loyalty: Command, folder: Path) -> None:
    Path("rules.loyalty").write_text(RULES + PASSES + FAILS)
    ran = loyalty("test", "--format", "junit", "rules.loyalty")
    assert (ran.code, ran.err) == (1, "")
    passed, failed = junit(ran.out)
    assert passed.attrib == {"classname": "loyalty test.corner", "name": "card < cash & 'more'"}
    assert len(passed) == 0
    assert failed.attrib["name"] == "too few ]]> <b> & 'more'"
    (failure,) = failed
    assert failure.attrib["message"] == "rules.loyalty:31: expected 9 points earned, got 8"
    assert failure.text is not None and re.search(r"earned by base +\+8 points", failure.text)


def test_scenarios_that_pass_end_with_0_in_junit(loyalty: Command, folder: Path) -> None:
    Path("rules.loyalty").write_text(RULES + PASSES)
    ran = loyalty("test", "--format", "junit", "rules.loyalty")
    assert (ran.code, ran.err, len(junit(ran.out))) == (0, "", 1)


def test_junit_without_scenarios_does_not_pass(loyalty: Command, folder: Path) -> None:
    Path("rules.loyalty").write_text(RULES)
    ran = loyalty("test", "--format", "junit", "rules.loyalty")
    assert (ran.code, ran.err) == (1, "error: no scenarios in `rules.loyalty`\n")
    (case,) = junit(ran.out)
    assert [child.tag for child in case] == ["error"]


def test_a_test_of_wrong_rules_prints_the_junit_of_their_check(loyalty: Command, folder: Path) -> None:
    Path("wrong.loyalty").write_text(WRONG + PASSES)
    ran = loyalty("test", "--format", "junit", "wrong.loyalty")
    assert ran.code == 1
    assert ran.out == loyalty("check", "--format", "junit", "wrong.loyalty").out
    assert "nothing was run" in ran.err


def test_hostile_text_stays_inside_its_element() -> None:
    found = hostile_finding()
    for text in (
        check_junit([found.span.source], [found]),
        junit_xml(HOSTILE, [Suite(HOSTILE, (Case(HOSTILE, HOSTILE, _problem(), HOSTILE),))]),
    ):
        assert text.isascii()
        assert "]]>" not in text
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e\ufffe\uffff]", text.replace("\r", ""))
        (case,) = junit(text)
        assert '<x y="\'">&' in case.attrib["name"]


def test_text_of_any_script_comes_back_from_junit() -> None:
    text = junit_xml("名", [Suite("é", (Case("ü", "🙂 & \u2019", Problem("failure", "ß", "ñ", "ø\n名")),))])
    assert text.isascii()
    (case,) = junit(text)
    (failure,) = case
    assert (case.attrib["name"], failure.attrib["message"], failure.text) == ("🙂 & \u2019", "ñ", "ø\n名")


def _problem() -> Problem:
    return Problem("failure", HOSTILE, HOSTILE, HOSTILE)


# ---- all of them


def test_no_name_of_a_file_begins_a_line_of_a_log(loyalty: Command, folder: Path) -> None:
    """A line that begins with `::` is a command to a runner, whatever format was asked for."""
    Path("a\n::error::b.loyalty").write_text(WRONG)
    for arguments in (["check"], ["check", "--format", "plain"], ["check", "--format", "junit"], ["test"]):
        ran = loyalty(*arguments, ".")
        assert ran.code == 1
        assert "::error::b.loyalty" in ran.out + ran.err
        assert not re.search("^::", ran.out + ran.err, re.M)


@pytest.mark.parametrize("format_", ["plain", "json", "github", "sarif", "junit"])
def test_no_format_changes_the_exit_code(loyalty: Command, folder: Path, format_: str) -> None:
    Path("right.loyalty").write_text(RULES)
    Path("wrong.loyalty").write_text(WRONG)
    assert loyalty("check", "--format", format_, "right.loyalty").code == 0
    assert loyalty("check", "--format", format_, "wrong.loyalty").code == 1
    missing = loyalty("check", "--format", format_, "missing.loyalty")
    assert (missing.code, missing.out) == (2, "")


# ---- what stops a job is an error of it


def test_strict_says_that_warnings_fail_and_how_one_is_allowed(loyalty: Command, folder: Path) -> None:
    Path("warned.loyalty").write_text(WARNED)
    told = (
        "error: with --strict a warning ends with 1, as an error does\n"
        "help: one that is meant has its reason beside it: `# allow L604: the reason`\n"
    )
    text = loyalty("check", "--strict", "warned.loyalty")
    assert text.code == 1 and "warning[L604]" in text.out and text.err == told
    ran = loyalty("check", "--strict", "--format", "github", "warned.loyalty")
    assert ran.code == 1 and ran.err.endswith(told)
    assert [level for level, _, _ in annotations(ran.out)] == ["error"]
    ran = loyalty("check", "--strict", "--format", "junit", "warned.loyalty")
    (suite,) = ElementTree.fromstring(ran.out)
    assert (ran.code, suite.get("failures")) == (1, "1")
    (fine,) = ElementTree.fromstring(loyalty("check", "--format", "junit", "warned.loyalty").out)
    assert fine.get("failures") == "0"


def test_failed_scenarios_are_annotations_and_their_stories_are_in_the_log(
    loyalty: Command, folder: Path
) -> None:
    Path("rules.loyalty").write_text(RULES + PASSES + FAILS)
    ran = loyalty("test", "--format", "github", "rules.loyalty")
    assert ran.code == 1
    ((level, properties, message),) = annotations(ran.out)
    assert (level, properties["line"], properties["title"]) == (
        "error",
        str((RULES + PASSES + FAILS).split("9 points")[0].count("\n") + 1),
        "scenario: too few ]]> <b> & 'more'",
    )
    assert message.endswith("expected 9 points earned, got 8")
    assert "earned by base" in ran.err and ran.err.endswith("1 of 2 scenarios failed\n")


def test_parts_without_a_scenario_are_told_where_too_few_are_touched(loyalty: Command, folder: Path) -> None:
    Path("rules.loyalty").write_text(RULES + PASSES)
    for share, code, levels in (("50%", 0, []), ("51%", 1, ["warning"])):
        ran = loyalty("test", "--format", "github", "--threshold", share, "rules.loyalty")
        assert (ran.code, [level for level, _, _ in annotations(ran.out)]) == (code, levels)
        ran = loyalty("test", "--format", "junit", "--threshold", share, "rules.loyalty")
        assert ElementTree.fromstring(ran.out).get("failures") == str(code)
        assert f'name="scenarios touch {share}"' in ran.out


@pytest.mark.parametrize("share", ["0.9", "1"])
def test_a_threshold_that_could_be_two_is_refused(loyalty: Command, folder: Path, share: str) -> None:
    """0.9% is touched by almost any scenario: the gate would be passed unseen."""
    Path("rules.loyalty").write_text(RULES + PASSES)
    ran = loyalty("test", "--threshold", share, "rules.loyalty")
    assert ran.code == 2 and "write the percent sign" in ran.err
    Path("loyalty.toml").write_text(f"[test]\nthreshold = {share}\n")
    ran = loyalty("test", "rules.loyalty")
    assert ran.code == 2 and "write the percent sign" in ran.err
    assert loyalty("test", "--no-settings", "--threshold", f"{share}%", "rules.loyalty").code == 0


def test_files_that_are_not_laid_out_are_annotated_at_their_first_change(
    loyalty: Command, folder: Path
) -> None:
    laid_out = print_source(SourceText("", RULES)).text
    Path("fine.loyalty").write_text(laid_out)
    Path("longer.loyalty").write_text(laid_out + "\n\n")
    Path("untidy.loyalty").write_text(laid_out.replace("    earn base", "    earn  base"))
    Path("wrong.loyalty").write_text(laid_out + "programm x {\n}\n")
    ran = loyalty("fmt", "--check", "--format", "github", ".")
    assert ran.code == 1
    lines = laid_out.count("\n")
    told = [(each["file"], each["line"], each["title"]) for _, each, _ in annotations(ran.out)]
    assert told == [
        ("longer.loyalty", str(lines + 1), "layout"),
        ("untidy.loyalty", str(laid_out[: laid_out.index("earn base")].count("\n") + 1), "layout"),
        ("wrong.loyalty", str(lines + 1), "L108 unknown clause"),
    ]
    assert ran.err == "2 files would change, 1 file is laid out already, 1 file with mistakes left alone\n"
    for also in ([], ["--diff"], ["--check", "--diff"]):
        assert loyalty("fmt", "--format", "github", *also, ".").code == 2


def test_a_comment_says_that_nothing_was_run(loyalty: Command, folder: Path) -> None:
    """An empty one would leave the comment of the commit before under the pull request."""
    Path("old.loyalty").write_text(RULES)
    Path("new.loyalty").write_text(WRONG)
    for command in (["diff", "old.loyalty", "new.loyalty"], ["simulate", "new.loyalty"]):
        ran = loyalty(*command, "--format", "markdown")
        assert ran.code == 1
        assert ran.out.splitlines() == [
            "**2 errors; nothing was run**",
            "",
            "```text",
            "new.loyalty:13:30: L201 there is no field `paymnt` of `purchase`",
            "new.loyalty:14:9: L108 `gvie` is no clause of an `earn` block",
            "```",
        ]


def test_no_name_of_a_file_begins_a_line_of_the_log(loyalty: Command, folder: Path) -> None:
    name = "\n::error::forged\u202e.loyalty"
    Path(name).write_text(RULES.replace("earn base", "earn  base") + PASSES)
    unread = Path("more\n::error::forged")
    for command in (
        ["test", "-q"], ["test"], ["test", "--coverage"], ["fmt", "--check"], ["fmt", "--diff"], ["fmt"],
        ["check", "--strict"], ["check", unread], ["test", unread], ["diff", unread],
    ):  # fmt: skip
        ran = loyalty(*command, *([] if command[-1] == unread and command[0] != "diff" else ["."]))
        printed = ran.out + ran.err
        assert not re.search(r"^::", printed, re.M) and "\u202e" not in printed, command


def test_no_format_imports_what_is_heavy(folder: Path) -> None:
    Path("rules.loyalty").write_text(RULES + PASSES + FAILS)
    script = """
import sys
from loyalty_dsl.cli import run
for format_ in ("plain", "github", "sarif", "junit"):
    run(["check", "--format", format_, "rules.loyalty"])
run(["test", "--format", "junit", "rules.loyalty"])
run(["test", "--format", "github", "rules.loyalty"])
run(["fmt", "--check", "--format", "github", "rules.loyalty"])
heavy = {"numpy", "numba", "polars", "rich", "vl_convert", "lark", "xml.etree", "urllib.request"}
print(sorted(heavy & set(sys.modules)))
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_hooks_name_commands_that_exist(repository: Path) -> None:
    text = (repository / ".pre-commit-hooks.yaml").read_text()
    assert re.findall(r"^- id: loyalty-(\w+)$", text, re.M) == ["fmt", "check", "test"]
    assert re.findall(r"^  entry: loyalty (\w+)", text, re.M) == ["fmt", "check", "test"]
    assert text.count("pass_filenames: false") == 3


def test_the_copied_job_is_short_and_annotates(repository: Path) -> None:
    job = (repository / "docs/ci.md").read_text().split("```yaml\n")[1].split("```")[0]
    assert len(job.splitlines()) <= 15
    for command in ("fmt --check", "check", "test"):
        assert f"loyalty {command} --format github\n" in job
