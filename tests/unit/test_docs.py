"""The generated pages of `docs/`: true, whole, and their examples compile."""

from __future__ import annotations

from pathlib import Path

import pytest

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.docs.changes import changes_page
from cncb_compiler.docs.language import EXAMPLES, TEXTS, language_page
from cncb_compiler.docs.nouns import NOUNS
from cncb_compiler.docs.review import PULL_REQUEST, comment
from cncb_compiler.docs.rules import rules_page
from cncb_compiler.docs.words import words
from cncb_compiler.fmt.layout import format_text
from cncb_compiler.mapping.functions import FUNCTIONS
from cncb_compiler.model.base import NAME_PATTERN
from cncb_compiler.model.json_schema import language_schema
from cncb_compiler.passes import analyse
from cncb_compiler.rules.registry import RuleInfo
from cncb_compiler.schema.notation import SCALARS
from cncb_compiler.source.discover import systems

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE_FILES = sorted(EXAMPLES.glob("*.yaml"))


@pytest.mark.parametrize(
    ("name", "made"), [("diff.md", changes_page), ("language.md", language_page), ("rules.md", rules_page)]
)
def test_the_committed_page_is_true(name: str, made) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == made(), "run: python -m cncb_compiler.docs"


def test_the_comment_of_the_example_is_true() -> None:
    folder = DOCS / PULL_REQUEST
    assert (folder / "comment.md").read_text(encoding="utf-8") == comment(folder), "run: python -m cncb_compiler.docs"


@pytest.mark.parametrize("path", EXAMPLE_FILES, ids=lambda path: path.stem)
def test_an_example_is_a_system_that_compiles(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    (tmp_path / "system.yaml").write_text(text)
    found = analyse(systems(tmp_path)[0]).shown()
    assert [one for one in found if one.severity is Severity.ERROR] == []
    # A hook stands beside the YAML, where an example has no room; nothing else may be amiss.
    assert {one.code for one in found} <= {"CNCB921"}
    assert format_text(text, path.name) == (text, [])


def test_every_noun_has_its_text_and_example_and_nothing_is_left_over() -> None:
    names = {noun.name for noun in NOUNS}
    assert {path.stem for path in EXAMPLE_FILES} == names
    assert {path.stem for path in TEXTS.glob("*.md")} == names | {"introduction", "names"}


def test_every_model_has_its_table() -> None:
    documented = {model for noun in NOUNS for model in noun.models}
    assert documented == set(language_schema()["definitions"]) - {"Service"}


def test_every_key_function_and_scalar_is_named() -> None:
    page = language_page()
    for definition in language_schema()["definitions"].values():
        for key in definition["properties"]:
            assert f"\n| `{key}` | " in page
    for function in FUNCTIONS:
        assert f"`{function}" in page
    for scalar in SCALARS:
        assert f"`{scalar}`" in page


def test_every_link_leads_somewhere() -> None:
    page = language_page()
    anchors = {line.lstrip("# ").lower().replace(" ", "-") for line in page.splitlines() if line.startswith("#")}
    links = {part.partition(")")[0] for part in page.split("](#")[1:]}
    assert links <= anchors


def test_words() -> None:
    name = {"type": "string", "pattern": NAME_PATTERN}
    assert words({"anyOf": [name, {"type": "array", "items": name}, {"type": "null"}]}, {}) == "name or list of name"
    assert words({"type": "integer", "minimum": 1, "maximum": 5}, {}) == "whole number, 1 to 5"
    assert words({"allOf": [{"$ref": "#/definitions/Api"}]}, {"Api": "[api](#api)"}) == "[api](#api)"
    assert words({"enum": ["a", "b"]}, {}) == "`a`, `b`"


def test_a_rule_keeps_the_comments_of_its_example() -> None:
    doc = "First line,\non two.\n\n## Example\n```yaml\n## not a heading\n```\n\n## Mend\nSo.\n"
    page = rules_page([RuleInfo("CNCB999", "some-rule", Severity.ERROR, "resources", doc, "module")])
    assert "| [CNCB999](#cncb999-some-rule) | some-rule | error | First line, on two. |\n" in page
    assert "\n## not a heading\n" in page
    assert "\n#### Mend\n" in page
