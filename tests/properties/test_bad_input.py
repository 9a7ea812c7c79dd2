"""Nothing that a user can write gives a traceback: it gives findings with their places, or sound output.

`CNCB_EXAMPLES` sets how many systems each test spoils; the default is for every commit, a longer search is by hand.
"""

from __future__ import annotations

import ast
import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import (
    EXAMPLES,
    HOLES,
    INJECTED,
    TOPOLOGIES,
    everywhere,
    example,
    spoiled_bytes,
    spoiled_systems,
    spoiled_texts,
)

from cncb_compiler.aws.checked import checked_template
from cncb_compiler.aws.serialize import to_json, to_yaml
from cncb_compiler.compare.compare import compare
from cncb_compiler.compare.render import html, markdown, text
from cncb_compiler.compare.render import json as json_document
from cncb_compiler.compare.side import side_of
from cncb_compiler.compilation import emit_service
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.diagnostics.render import renderer
from cncb_compiler.passes import Analysis, analyse, has_errors
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.source.discover import NoSystemError, SystemSource, systems
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.lines import LineTable

TRIES = int(os.environ.get("CNCB_EXAMPLES", "60"))
BOUNDED = settings(
    max_examples=TRIES,
    deadline=None,
    derandomize="CNCB_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)

OUTPUT_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
REFERENCE = re.compile(r"\$\{([^}]*)\}?")
PSEUDO_PARAMETERS = {"AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix"}
LIMITS = {"CNCB720", "CNCB721", "CNCB722", "CNCB723"}

_valid: set[bytes] = set()
"""Templates that AWS's validator has seen already: most services of a spoiled system are as they were."""


@BOUNDED
@given(spoiled_systems())
def test_spoiled_values_are_compared_as_far_as_they_go(system: tuple[Path, tuple[SourceFile, ...]]) -> None:
    root, files = system
    sides = side_of("before", systems(root)[0]), side_of("after", SystemSource(root, files))
    for differences in (compare(*sides), compare(*reversed(sides))):
        for render in (html.render, markdown.render, json_document.render):
            assert render([differences])
        assert "\x1b" not in text.render(differences)


@BOUNDED
@given(spoiled_systems())
def test_spoiled_values_give_findings_or_sound_output(system: tuple[Path, tuple[SourceFile, ...]]) -> None:
    root, files = system
    whole(SystemSource(root, files))


@BOUNDED
@given(spoiled_texts())
def test_spoiled_texts_give_findings_or_sound_output(text: str) -> None:
    whole(SystemSource(TOPOLOGIES / "nowhere", (SourceFile("system.yaml", text),)))


@BOUNDED
@given(st.data())
def test_spoiled_bytes_give_findings_or_sound_output(data: st.DataObject) -> None:
    one = example(data.draw(st.sampled_from(EXAMPLES)))
    spoiled = data.draw(st.sampled_from(sorted(one.texts)))
    with tempfile.TemporaryDirectory() as folder:
        for name, text in one.texts.items():
            file = Path(folder, "system", name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data.draw(spoiled_bytes(text)) if name == spoiled else text.encode())
        try:
            found = systems(Path(folder, "system"))
        except NoSystemError as error:
            assert str(error)
            return
        for source in found:
            whole(source)


def test_what_is_hostile_and_allowed_passes_cfn_lint() -> None:
    from cfnlint.api import ManualArgs, lint

    bad = f'\'"\\ ${{{INJECTED}}} ${{ {{{{ 1/0 }}}} {{% raw %}} ../ é\u202e\n"""'
    allowed = {hole for hole in range(HOLES) if not has_errors(checked(everywhere(bad, {hole})).found)}
    assert len(allowed) > HOLES // 3
    analysis = checked(everywhere(bad, allowed))
    assert not has_errors(analysis.found)
    for plan in analysis.plans:
        output_is_sound(analysis, plan)
        text = to_json(checked_template(plan)[0]).decode()
        assert lint(text, config=ManualArgs(include_checks=["I", "W"])) == []


def checked(text: str) -> Analysis:
    """A system in one file, analysed with its templates."""
    analysis = analyse(SystemSource(TOPOLOGIES / "nowhere", (SourceFile("system.yaml", text),)))
    for plan in analysis.plans:
        analysis.found += checked_template(plan)[1]
    return analysis


def whole(source: SystemSource) -> None:
    """What `cncb check` and `cncb compile` do, short of writing."""
    analysis = analyse(source)
    templates = []
    for plan in analysis.plans:
        template, found = checked_template(plan)
        analysis.found += found
        templates.append(template)
    for template in templates:
        assert json.loads(to_json(template)) is not None
        assert to_yaml(template)
    findings_are_shown(analysis, source)
    if not has_errors(analysis.found):
        for plan in analysis.plans:
            output_is_sound(analysis, plan)


def findings_are_shown(analysis: Analysis, source: SystemSource) -> None:
    """Each finding stands inside its file, says something, and can be printed."""
    shown = analysis.shown()
    texts = {file.name: LineTable(file.text) for file in source.files}
    unread = {diagnostic.at.file for diagnostic in source.diagnostics}
    for diagnostic in shown:
        assert diagnostic.message.strip(), diagnostic
        for at in (diagnostic.at, *(related.at for related in diagnostic.related)):
            assert at.file in texts or at.file in unread, diagnostic
            if at.file in texts:
                lines = texts[at.file]
                place = analysis.sources.range(at)
                assert 1 <= place.line <= place.end_line <= len(lines), diagnostic
                assert 1 <= place.column <= len(lines.line(place.line)) + 1, diagnostic
                assert 1 <= place.end_column <= len(lines.line(place.end_line)) + 1, diagnostic
        assert plain_words(diagnostic), diagnostic
    text = renderer("text")(shown, analysis.sources)
    assert text.encode()
    assert not set(text) & set("\0\x1b\u202e\u200f\u2028\x85")
    document = json.loads(renderer("json")(shown, analysis.sources).encode())
    assert len(document["diagnostics"]) == len(shown)


def plain_words(diagnostic: Diagnostic) -> bool:
    """Whether a message is cncb's own, not that of a library below it."""
    words = f"{diagnostic.message} {diagnostic.mend or ''}"
    return not re.search(
        r"Input should|valid (dict|tuple|integer|string|boolean)|pydantic|Traceback|object at 0x", words, re.I
    )


def output_is_sound(analysis: Analysis, plan: ServicePlan) -> None:
    """Paths below the output folder, Python that parses, a template that AWS accepts, nothing injected in it."""
    emitted = emit_service(analysis, plan)
    for path, content in emitted.files.items():
        assert OUTPUT_PATH.fullmatch(path), path
        assert len(path) < 400
        assert content.decode() is not None
        if path.endswith(".py"):
            ast.parse(content)
    if not plan.resources and not plan.overrides:
        nothing_injected(plan, emitted.template)
        schema_holds(plan, emitted.template)


def nothing_injected(plan: ServicePlan, template: dict[str, Any]) -> None:
    known = PSEUDO_PARAMETERS | template["Resources"].keys() | template.get("Parameters", {}).keys()
    for value in _inside(template):
        if isinstance(value, dict) and "Fn::Sub" in value:
            argument = value["Fn::Sub"]
            text, variables = argument if isinstance(argument, list) else (argument, {})
            for name in REFERENCE.findall(text):
                assert name.partition(".")[0] in known | variables.keys(), text
                assert INJECTED not in name, text
        if isinstance(value, str) and "{{resolve:" in value:
            own = f"{{{{resolve:ssm:/{plan.system}"
            assert value == own or value in _environments(plan), value


def _environments(plan: ServicePlan) -> set[str]:
    return {text for function in plan.functions for text in function.settings.environment.values()}


def schema_holds(plan: ServicePlan, template: dict[str, Any]) -> None:
    from cncb_compiler.aws.validate import validate

    text = to_json(template)
    if text not in _valid:
        wrong = [one for one in validate(plan, template) if one.code == "CNCB931"]
        assert not wrong, wrong
        _valid.add(text)


def _inside(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, dict):
        for inner in value.values():
            yield from _inside(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _inside(inner)
