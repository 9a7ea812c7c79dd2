"""`docs/scenarios.md`: what scenarios are, with their language as tables made from the models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cncb_compiler.scenarios.json_schema import scenario_schema
from cncb_compiler.scenarios.steps import STEPS, SWITCHES

_HERE = Path(__file__).parent
TEXT = _HERE / "scenarios.md"
OUTPUTS = _HERE / "outputs"
EXAMPLE = Path("cookbook", "saga", "scenarios", "violation-cancels-the-order.yaml")
"""The committed scenario that the page shows, below `topologies/`."""


def scenarios_page(topologies: Path) -> str:
    """The Markdown of the page. OSError where a file cannot be read."""
    definitions: dict[str, Any] = scenario_schema()["definitions"]
    parts = {
        "example": _fenced("yaml", (topologies / EXAMPLE).read_text(encoding="utf-8")),
        "passing": _fenced("text", (OUTPUTS / "passing.txt").read_text(encoding="utf-8")),
        "failing": _fenced("text", (OUTPUTS / "failing.txt").read_text(encoding="utf-8")),
        "given": _keys(definitions["Given"]),
        "steps": _kinds("Step", STEPS, definitions),
        "then": _keys(definitions["Then"]),
        "switches": _kinds("Switch", SWITCHES, definitions),
        "answer": _keys(definitions["ExternalAnswer"]),
    }
    page = TEXT.read_text(encoding="utf-8")
    for name, text in parts.items():
        page = page.replace(f"<!-- {name} -->\n", text)
    return page


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}```\n"


def _keys(definition: Mapping[str, Any]) -> str:
    rows = [f"| `{key}` | {_meaning(schema)} |" for key, schema in definition["properties"].items()]
    return "\n".join(["| Key | Meaning |", "|---|---|", *rows]) + "\n"


def _kinds(title: str, models: Mapping[str, type], definitions: Mapping[str, Any]) -> str:
    """A row for each kind of step or switch: what it does, and its keys."""
    rows = []
    for kind, model in models.items():
        definition = definitions[model.__name__]
        named = "publish" if kind == "raw" else kind
        properties = dict(definition["properties"])
        properties.pop("settle", None)
        if kind == "raw":
            properties = {**definitions["RawRecord"]["properties"], "times": properties["times"]}
        first = [named] if named in properties else []
        keys = "<br>".join(_key(name, properties[name]) for name in (*first, *_without(properties, first)))
        shown = f"`{named}: {{raw: ...}}`" if kind == "raw" else f"`{named}`"
        rows.append(f"| {shown} | {definition['description']} | {keys} |")
    return "\n".join([f"| {title} | What it does | Keys |", "|---|---|---|", *rows]) + "\n"


def _without(properties: Iterable[str], names: Iterable[str]) -> list[str]:
    return [name for name in properties if name not in names]


def _key(name: str, schema: Mapping[str, Any]) -> str:
    return f"`{name}`: {_meaning(schema)}"


def _meaning(schema: Mapping[str, Any]) -> str:
    default = schema.get("default")
    said = " ".join(str(schema.get("description", "")).split()).replace("|", r"\|")
    return f"{said} Default: `{str(default).lower()}`." if isinstance(default, (int, str)) else said
