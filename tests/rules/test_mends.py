"""What a rule says that a machine can mend, is mended: on the command line, and in an editor, to the same text."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from rule_specs import Case, about, cases, specs, unmarked

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.diagnostics.fix import mended, replacements
from cncb_compiler.fmt.layout import format_text
from cncb_compiler.lsp.findings import View, actions
from cncb_compiler.lsp.text import Point, offset
from cncb_compiler.rules.registry import rules
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.sources import Sources

CASES = [case for spec in specs() for case in cases(spec)]
MENDED = [case for case in CASES if case.mended]

ELSEWHERE = {"CNCB003", "CNCB008", "CNCB092", "CNCB093", "CNCB094"}
"""Rules without a spec: tests/unit/test_fix.py shows their mends."""


def sources(files: dict[str, str]) -> Sources:
    return Sources(SourceFile(name, text) for name, text in files.items())


@pytest.mark.parametrize("case", MENDED, ids=str)
def test_case_is_mended(case: Case) -> None:
    files = {name: unmarked(text) for name, text in case.files.items()}
    found = about(case, files)
    mending, texts = mended(found, sources(files), unsure=True)
    after = {**files, **texts}
    assert {name: after[name] for name in case.mended} == case.mended
    assert texts.keys() == case.mended.keys()
    assert len(about(case, after)) == len(found) - len(mending)
    assert {name: format_text(text, name)[0] for name, text in texts.items()} == texts


@pytest.mark.parametrize("case", MENDED, ids=str)
def test_an_editor_offers_the_same(case: Case) -> None:
    files = {name: unmarked(text) for name, text in case.files.items()}
    view = View(Path("/system"), sources(files), "utf-16")
    for one in (one for one in about(case, files) if replacements(one, view.sources)):
        (action,) = in_editor(one, view)
        assert action.is_preferred is one.sure
        _, texts = mended([one], view.sources, unsure=True)
        assert {view.uri(name): text for name, text in texts.items()} == {
            uri: applied(files[uri.removeprefix("file:///system/")], edits)
            for uri, edits in action.edit.changes.items()
        }
        (whole,) = actions([one], one.at.file, 0, 0, view, ["source.fixAll"]) or (None,)
        assert (whole is not None) is one.sure


def in_editor(one: Diagnostic, view: View) -> list[types.CodeAction]:
    start, end = view.span(one)
    return actions([one], one.at.file, start, end, view, [types.CodeActionKind.QuickFix])


def applied(text: str, edits: list[types.TextEdit]) -> str:
    index = sources({"a.yaml": text}).index("a.yaml")
    for edit in sorted(edits, key=lambda one: (one.range.start.line, one.range.start.character), reverse=True):
        start, end = (offset(index.lines, Point(at.line, at.character)) for at in (edit.range.start, edit.range.end))
        text = text[:start] + edit.new_text + text[end:]
    return text


def test_a_rule_says_that_it_mends_exactly_where_its_spec_shows_it() -> None:
    claimed = {rule.code for rule in rules() if rule.mendable}
    assert claimed - ELSEWHERE == {case.code for case in MENDED}
    assert claimed >= ELSEWHERE


def test_no_other_rule_has_edits() -> None:
    claimed = {rule.code for rule in rules() if rule.mendable}
    silent = [case for case in CASES if case.code not in claimed]
    assert [str(case) for case in silent if any(one.edits for one in about(case, case.files))] == []
