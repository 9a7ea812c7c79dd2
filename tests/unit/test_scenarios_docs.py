"""`docs/scenarios.md` is what the models and the committed example make of it. What it shows of runs: tests/local."""

from __future__ import annotations

from pathlib import Path

from cncb_compiler.docs.scenarios import EXAMPLE, scenarios_page
from cncb_compiler.scenarios.json_schema import scenario_schema

ROOT = Path(__file__).parents[2]


def test_the_committed_page_is_true() -> None:
    page = scenarios_page(ROOT / "topologies")
    assert (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8") == page, "run: python -m cncb_compiler.docs"
    assert "<!--" not in page


def test_the_example_is_shown_whole() -> None:
    example = (ROOT / "topologies" / EXAMPLE).read_text(encoding="utf-8")
    assert f"```yaml\n{example}```\n" in scenarios_page(ROOT / "topologies")


def test_every_key_of_steps_and_switches_is_named() -> None:
    page = scenarios_page(ROOT / "topologies")
    for definition in scenario_schema()["definitions"].values():
        for key in definition["properties"]:
            assert f"`{key}" in page or f"{key}: " in page, key
