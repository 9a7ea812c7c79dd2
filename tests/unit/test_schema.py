"""The JSON Schema of the language: what editors check files with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from cncb_compiler.compare.render.document import diff_schema
from cncb_compiler.manifest.json_schema import manifest_schema
from cncb_compiler.model.json_schema import language_schema
from cncb_compiler.scenarios.json_schema import scenario_schema
from cncb_compiler.source.yaml12 import load

ROOT = Path(__file__).parents[2]
FILES = sorted(path for path in (ROOT / "topologies").rglob("*.yaml") if not {"hooks", "scenarios"} & set(path.parts))
EXAMPLES = sorted((ROOT / "cncb_compiler" / "docs" / "examples").glob("*.yaml"))


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return language_schema()


@pytest.fixture(scope="module")
def validator(schema: dict[str, Any]) -> Draft7Validator:
    return Draft7Validator(schema)


def test_is_valid_draft_07(schema: dict[str, Any]) -> None:
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)


def test_every_key_has_a_description(schema: dict[str, Any]) -> None:
    missing = [
        f"{name}.{key}"
        for name, definition in schema["definitions"].items()
        for key, inner in definition["properties"].items()
        if not _description(inner, schema)
    ]
    assert missing == []
    assert all(definition["description"] for definition in schema["definitions"].values())


def _description(inner: dict[str, Any], schema: dict[str, Any]) -> str:
    """A key's description; a bare reference shows that of what it refers to."""
    if set(inner) == {"$ref"}:
        inner = schema["definitions"][inner["$ref"].rpartition("/")[2]]
    return str(inner.get("description", "")).strip()


def test_nothing_stands_beside_a_reference_and_every_object_is_closed(schema: dict[str, Any]) -> None:
    for node in _nodes(schema):
        if "$ref" in node:
            assert set(node) == {"$ref"}
        if node.get("type") == "object" and "properties" in node:
            assert node["additionalProperties"] is False


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)


@pytest.mark.parametrize("path", [*FILES, *EXAMPLES], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_accepts_every_example(path: Path, validator: Draft7Validator) -> None:
    value, found = load(path.read_text(encoding="utf-8"), path.name)
    assert found == []
    assert [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(value)] == []


def test_there_are_examples() -> None:
    assert len(FILES) > 20
    assert len(EXAMPLES) > 20


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "system: [shop]",
        "system: Shop",
        "sytem: shop",
        "service: a\nsystem: b",
        "service: a\nkind: bfff",
        "service: a\ncommands: {submit: {rout: POST /a}}",
        "service: a\ncommands: {submit: {route: /a}}",
        "service: a\ncommands: {Submit: {publish: b}}",
        "service: a\nqueries: {q: {route: GET /a}}",
        "service: a\ncommands: {c: {input: {}}}",
        "service: a\ncommands: {c: {write: b, publish: d}}",
        "service: a\nreactions: {r: {on: b}}",
        "service: a\nreactions: {r: {on: b, write: c, call: {hook: d.e}}}",
        "service: a\nviews: {v: {key: id}}",
        "service: a\nviews: {v: {on: b, collect: {on: b, by: id}}}",
        "service: a\ntransitions: [{emit: c}]",
        "service: a\ntransitions: [{join: [b, d], emit: c}]",
        "service: a\nchanges: {s: {}}",
        "service: a\nchanges: {s: {inserted: b}}",
        "service: a\nchanges: {s: {insert: B}}",
        "service: a\nstores: {s: {of: X, ttl: 30 days, sortkey: a}}",
        "service: a\nstores: {s: {of: X, indexes: {ab: {key: c}}}}",
        "service: a\nstores: {s: {of: [X, Y]}}",
        "service: a\nfunctions: {f: {handler: run}}",
        "service: a\nfunctions: {f: {handler: own.run, schedule: every day}}",
        "service: a\nfunctions: {f: {handler: own.run, timeout: '30'}}",
        "service: a\nfunction: {environment: {1A: x}}",
        "service: a\nfunction: {memory: 256MB}",
        "service: a\nprocessing: {batchsize: 10}",
        "service: a\napi: {auth: none, cors: yes}",
        "service: a\nmonitor: {keep: 1 year}",
        "service: A",
        "system: a\nevents: {OrderPlaced: {}}",
        "system: a\nevents: {e: {external: 'yes'}}",
        "system: a\nevents: [e]",
        "system: a\nstreams: {main: {shards: two}}",
        "system: a\nstages: {dev: {account: '1234', regions: [us-east-1]}}",
        "system: a\nstages: {dev: {account: '123456789012', regions: [virginia]}}",
        "system: a\naccept: [{change: field-removed}]",
        "system: a\nservices: {b: {service: b}}",
        "service: a\nqueries: {q: {from: b, limit: many}}",
        "service: a\nqueries: {q: {from: b, limit: 0}}",
        "service: a\ntransitions: {on: b, emit: c}",
        "service: a\ntransitions: [{on: b}]",
        "service: a\nviews: {v: {on: 5}}",
        "service: a\nviews: {v: {on: b, keep: forever}}",
        "service: a\nfunction: {memory: 64}",
        "service: a\nprocessing: {batchSize: 0}",
        "service: a\napi: {auth: everybody}",
        "service: a\nstores: {s: {key: id}}",
        "service: a\nstores: {s: {of: X, kind: mysql}}",
        "service: a\noverrides: {Some-Thing: {}}",
        "system: a\nstages: {dev: {regions: [us-east-1]}}",
        "system: a\nstages: {dev: {account: '1', regions: []}}",
        "system: a\nstreams: {main: {retention: 2 days}}",
        "system: a\ntypes: {order: {id: uuid}}",
        "system: a\nevents: {e: {stability: shaky}}",
        "system: a\ndefaults: {runtime: python2.7}",
    ],
)
def test_refuses_what_the_language_does_not_know(text: str, validator: Draft7Validator) -> None:
    value, found = load(text, "a.yaml")
    assert found == []
    assert not validator.is_valid(value)


def test_a_text_of_another_form_is_refused_in_words_with_examples(schema: dict[str, Any]) -> None:
    formed = [node for node in _nodes(schema) if "pattern" in node]
    assert [node["pattern"] for node in formed if "patternErrorMessage" not in node] == []
    (keep,) = (one for one in schema["definitions"]["View"]["properties"]["keep"]["anyOf"] if "pattern" in one)
    assert keep["patternErrorMessage"] == "This does not have the form of a duration: `30s`, `15m`, `24h`, `30d`."
    assert keep["examples"] == ["30s", "15m", "24h", "30d"]
    assert all(re.search(node["pattern"], str(one)) for node in formed for one in node.get("examples", ()))


def test_patterns_mean_the_same_in_editors(schema: dict[str, Any]) -> None:
    """Editors use JavaScript's regular expressions: no named groups, look-behinds, or Python's own anchors."""
    patterns = [node["pattern"] for node in _nodes(schema) if isinstance(node.get("pattern"), str)]
    patterns += [name for node in _nodes(schema) for name in node.get("patternProperties", ())]
    assert [one for one in patterns if re.search(r"\(\?[^:=!]|\\[AZz]|[*+?}]\+", one)] == []
    assert all(one.startswith("^") and one.endswith("$") for one in patterns)


@pytest.mark.parametrize(
    ("name", "made", "command"),
    [
        ("cncb.schema.json", language_schema, "cncb schema > schema/cncb.schema.json"),
        ("scenario.schema.json", scenario_schema, "cncb schema --scenario > schema/scenario.schema.json"),
        ("diff.schema.json", diff_schema, "cncb schema --diff > schema/diff.schema.json"),
        ("manifest.schema.json", manifest_schema, "cncb schema --manifest > schema/manifest.schema.json"),
    ],
)
def test_the_committed_schema_is_what_the_code_gives(name: str, made: Any, command: str) -> None:
    committed = (ROOT / "schema" / name).read_text(encoding="utf-8")
    assert committed == json.dumps(made(), indent=2, ensure_ascii=False) + "\n", f"run: {command}"
