"""Findings for platforms: each format against its published schema, and within the platform's limits."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.render import concise, github, gitlab, junit, renderer, sarif
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.location import Location
from cncb_compiler.source.sources import Sources

SCHEMAS = Path(__file__).parent.parent / "schemas"
SARIF = jsonschema.Draft4Validator(json.loads((SCHEMAS / "sarif-2.1.0.json").read_text()))
JUNIT = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))
TEXT = "events:\n  order-submitted: {entity: order, with: {a: b}}\n"
SOURCES = Sources([SourceFile("events.yaml", TEXT), SourceFile("a b/services.yaml", "a: 1\n")])
AT = Location("events.yaml", ("events", "order-submitted", "entity"))
FOUND = Diagnostic(
    "CNCB304",
    "unknown-field",
    Severity.ERROR,
    AT,
    "`order.line` is not a field",
    "Did you mean `order.lines`?",
    (Related(Location("a b/services.yaml", ("a",)), "used here, 100%: sure"),),
)

# GitLab publishes this format as prose: GitLab Docs, Code Quality, "Code quality report format".
GITLAB: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "location", "severity"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./)"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"minimum": 1}}},
                },
            },
        },
    },
}

texts = st.text(max_size=40)
diagnostics = st.builds(
    Diagnostic,
    st.sampled_from(["CNCB304", "CNCB402"]),
    st.just("unknown-field"),
    st.sampled_from(list(Severity)),
    st.sampled_from([AT, Location("events.yaml"), Location("not-read.yaml", ("x", 1))]),
    texts.filter(bool),
    st.none() | texts,
    st.lists(st.builds(Related, st.just(AT), texts), max_size=2).map(tuple),
)


def sarif_log(found: list[Diagnostic]) -> Any:
    log = json.loads(sarif.render(found, SOURCES))
    SARIF.validate(log)
    return log


def test_concise_is_a_line_each() -> None:
    assert concise.render([FOUND], SOURCES) == (
        "events.yaml:2:29: error CNCB304 [unknown-field] `order.line` is not a field\n1 error in 2 files\n"
    )


def test_an_annotation_has_its_place_and_all_that_is_known() -> None:
    assert github.render([FOUND], SOURCES).splitlines()[0] == (
        "::error file=events.yaml,line=2,endLine=2,title=CNCB304 unknown-field,col=29,endColumn=34::"
        "`order.line` is not a field. Did you mean `order.lines`?%0Aa b/services.yaml:1: used here, 100%25: sure"
    )


def test_annotations_are_the_worst_that_fit_and_the_rest_stands_in_the_summary() -> None:
    found = [
        Diagnostic("CNCB304", "unknown-field", severity, AT, f"{severity} {number}")
        for number in range(12)
        for severity in reversed(Severity)
    ]
    text = github.render(found, SOURCES)
    assert re.findall(r"^::(\w+)", text, re.MULTILINE) == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert text.endswith("12 errors, 12 warnings, 12 infos in 2 files; 6 more in the step summary\n")
    assert github.summary(found, SOURCES).count("\n| `events.yaml:2:29` |") == 36


def test_a_summary_stays_within_what_a_step_may_write() -> None:
    found = [Diagnostic("CNCB304", "unknown-field", Severity.ERROR, AT, "ü" * 2000)] * 2000
    for written in (0, 1000, github.SUMMARY_BYTES - 5000):
        text = github.summary(found, SOURCES, written)
        assert written + len(text.encode()) <= github.SUMMARY_BYTES
        assert int(re.findall(r"and (\d+) more", text)[0]) + text.count("| error |") == 2000
    assert github.summary(found, SOURCES, github.SUMMARY_BYTES - 10) == ""


@settings(deadline=None, max_examples=50)
@given(st.lists(diagnostics, max_size=5))
def test_no_text_can_break_out_of_an_annotation_or_a_row(found: list[Diagnostic]) -> None:
    lines = github.render(found, SOURCES).split("\n")
    assert len(lines) == len(found) + 2
    assert all(line.startswith("::") for line in lines[:-2])
    rows = github.summary(found, SOURCES).split("\n")
    assert all(len(re.findall(r"(?<!\\)\|", row.replace("\\\\", ""))) == 5 for row in rows if row.startswith("| "))


@settings(deadline=None, max_examples=50)
@given(st.lists(diagnostics, max_size=5))
def test_sarif_is_valid(found: list[Diagnostic]) -> None:
    results = sarif_log(found)["runs"][0]["results"]
    assert len(results) == len(found)
    assert len({one["partialFingerprints"]["cncb/v1"] for one in results}) == len(found)


def test_sarif_tells_rule_level_range_and_related_places() -> None:
    run = sarif_log([FOUND])["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["CNCB304"]
    (result,) = run["results"]
    assert (result["ruleIndex"], result["level"]) == (0, "error")
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 2, "startColumn": 29, "endLine": 2, "endColumn": 34}
    related = result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]
    assert related == {"uri": "a%20b/services.yaml", "uriBaseId": "SRCROOT"}


def test_sarif_keeps_the_worst_of_too_many_and_says_so() -> None:
    warning = Diagnostic("CNCB402", "never-consumed", Severity.WARNING, AT, "w")
    run = sarif_log([warning] * sarif.RESULTS + [FOUND])["runs"][0]
    assert len(run["results"]) == sarif.RESULTS
    assert run["results"][0]["ruleId"] == "CNCB304"
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "1 more findings are left out."


@settings(deadline=None, max_examples=50)
@given(st.lists(diagnostics, max_size=5))
def test_gitlab_is_as_documented_and_no_fingerprint_comes_twice(found: list[Diagnostic]) -> None:
    issues = json.loads(gitlab.render(found, SOURCES))
    jsonschema.validate(issues, GITLAB)
    assert len({issue["fingerprint"] for issue in issues}) == len(found)


def test_a_fingerprint_stays_when_lines_move() -> None:
    moved = Sources([SourceFile("events.yaml", f"# a comment\n\n{TEXT}")])
    (before,), (after,) = (json.loads(gitlab.render([FOUND], sources)) for sources in (SOURCES, moved))
    assert before["fingerprint"] == after["fingerprint"]
    assert (before["location"]["lines"]["begin"], after["location"]["lines"]["begin"]) == (2, 4)


@settings(deadline=None, max_examples=50)
@given(st.lists(diagnostics, max_size=5))
def test_junit_is_valid_and_counts(found: list[Diagnostic]) -> None:
    text = junit.render(found, SOURCES)
    JUNIT.validate(text)
    top = ElementTree.fromstring(text.encode())
    assert len(top.findall(".//failure")) == int(top.get("failures", "")) == len(found)
    assert len(top.findall(".//testcase")) == int(top.get("tests", ""))


def test_clean_files_pass_in_every_format() -> None:
    assert json.loads(renderer("gitlab")([], SOURCES)) == []
    assert sarif_log([])["runs"][0]["results"] == []
    assert 'tests="2" failures="0"' in renderer("junit")([], SOURCES)
    assert renderer("github")([], SOURCES) == "no findings in 2 files\n"
