"""Every example system, exported: valid by the published schemas, and true of what goes over the wire."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
from export_examples import SCHEMAS, TOPOLOGIES, examples, parts
from referencing import Registry, Resource

from cncb_compiler.export import asyncapi, json_schema, mdx
from cncb_compiler.export.backstage import Wanted, entities
from cncb_compiler.export.eventcatalog import catalogue
from cncb_compiler.export.naming import ids
from cncb_compiler.export.part import communicating, of_service
from cncb_compiler.export.text import to_yaml
from cncb_compiler.scenarios.envelope import Clock, enveloped
from cncb_compiler.scenarios.read import scenarios
from cncb_compiler.scenarios.steps import Event
from cncb_compiler.schema.sample import sample
from cncb_compiler.source import yaml12

_SCHEMA = json.loads((SCHEMAS / "asyncapi-3.0.0.json").read_text())
# Crawled once: a validator would look for the identifiers in it again with each document.
_REGISTRY: Registry[Any] = Registry().with_resource(_SCHEMA["$id"], Resource.from_contents(_SCHEMA)).crawl()
ASYNCAPI = jsonschema.Draft7Validator({"$ref": _SCHEMA["$id"]}, registry=_REGISTRY)
FORMATS = jsonschema.FormatChecker()


def resolved(document: dict[str, Any], pointer: str) -> Any:
    value: Any = document
    for word in pointer.removeprefix("#/").split("/"):
        value = value[word]
    return value


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_asyncapi_is_valid_by_its_published_schema() -> None:
    for name, part in parts().items():
        made = [asyncapi.document(part, "1.0.0")]
        made += [asyncapi.document(of_service(part, service), "1.0.0") for service in communicating(part)]
        for document in made:
            for reference in references(document):
                resolved(document, reference)
            assert [f"{error.json_path}: {error.message}" for error in ASYNCAPI.iter_errors(document)] == [], name


def test_operations_are_what_the_graph_says() -> None:
    part = parts()["shop"]
    document = asyncapi.document(part, "2.1.0")
    assert document["info"]["version"] == "2.1.0"
    operations = document["operations"]
    assert operations["order-process.receive.order-submitted"] == {
        "action": "receive",
        "channel": {"$ref": "#/channels/main"},
        "messages": [{"$ref": "#/channels/main/messages/order-submitted"}],
        "tags": [{"name": "fulfilment"}],
        "x-cncb": {"service": "order-process", "kind": "control", "by": ["transitions.make-reservation"]},
    }
    said = {name for name in operations if not name.endswith(".fault")}
    flows = {f"{flow.service}.{flow.action}.{flow.event}" for flow in part.flows}
    assert said == flows | {"data-lake.receive.main"}
    message = document["components"]["messages"]["order-submitted"]
    assert message["tags"] == [{"name": "checkout"}]
    assert "order.email" in message["x-sensitive-fields"]
    address = document["components"]["schemas"]["Address"]["properties"]
    assert (address["street"], address["city"]) == ({"type": "string", "x-sensitive": True}, {"type": "string"})


def test_a_service_alone_is_an_application_with_its_own_events_only() -> None:
    document = asyncapi.document(of_service(parts()["shop"], "receipts"), "1.0.0")
    assert document["info"]["title"] == "receipts"
    assert set(document["components"]["messages"]) == {name.rpartition(".")[2] for name in document["operations"]}
    assert all(name.startswith("receipts.") for name in document["operations"])


def test_a_queue_and_a_bus_are_channels_of_their_own() -> None:
    document = asyncapi.document(parts()["esg-send"], "1.0.0")
    kinds = {channel["servers"][0]["$ref"].rpartition("-")[2] for channel in document["channels"].values()}
    assert {"sqs", "eventbridge"} <= {kind.rpartition("/")[2] for kind in kinds}
    bus = document["components"]["messages"]["carrier-gateway.partners"]["payload"]
    assert bus["required"][-1] == "detail"


def test_yaml_says_the_same_in_both_versions_of_yaml() -> None:
    import yaml

    document = asyncapi.document(parts()["shop"], "1.0.0")
    text = to_yaml(document)
    assert yaml12.load(text, "")[0] == document
    assert yaml.safe_load(text) == document
    hostile = {
        "a": ["1e3", "0o17", "on", "012", "1:30", "- x", "{{x}}", " lead\n tail ", "\u2028", "# no", ""],
        "on": None,
    }
    assert yaml12.load(to_yaml(hostile), "")[0] == yaml.safe_load(to_yaml(hostile)) == hostile


def published(name: str) -> Iterator[dict[str, Any]]:
    """The whole events that a system's scenarios publish, of those that name no event before them."""
    analysis = examples()[name]
    clock = Clock()
    for file in scenarios(analysis.source.root):
        scenario = file.scenario
        assert scenario is not None
        for event in [*scenario.given.events, *(step for step in scenario.when if isinstance(step, Event))]:
            if "$" in json.dumps(event.data):
                continue
            linked = analysis.linked.events[event.publish]
            yield enveloped(analysis.linked, linked, event.data, clock, {})


def test_events_of_scenarios_are_valid_by_their_json_schema() -> None:
    count = 0
    for name, part in parts().items():
        made = json_schema.documents(part, "https://schemas.example.com/")
        validators = {}
        for event in published(name):
            if event["type"] not in validators:
                schema = made[f"events/{event['type']}.schema.json"]
                validators[event["type"]] = jsonschema.Draft202012Validator(schema, format_checker=FORMATS)
            validators[event["type"]].validate(event)
            count += 1
    assert count > 100


def test_json_schemas_are_schemas_and_say_what_is_not_valid() -> None:
    for name, part in parts().items():
        made = json_schema.documents(part, "https://schemas.example.com/")
        assert set(made) == {f"events/{event}.schema.json" for event in part.system.events} | {
            f"types/{type_}.schema.json" for type_ in part.system.types.named
        }
        registry: Registry[Any] = Registry().with_resources(
            (schema["$id"], Resource.from_contents(schema)) for schema in made.values()
        )
        for file, schema in made.items():
            jsonschema.Draft202012Validator.check_schema(schema)
            assert schema["$id"] == f"https://schemas.example.com/{file}"
            assert registry.contents(schema["$id"]) is schema
        for event in part.events:
            validator = jsonschema.Draft202012Validator(
                made[f"events/{event.name}.schema.json"], format_checker=FORMATS
            )
            good = {**sample(event.record, part.system.types, name), "type": event.name}
            validator.validate(good)
            for field, said in event.record.fields.items():
                bad = copy.deepcopy(good)
                del bad[field]
                assert validator.is_valid(bad) is said.optional, (event.name, field)
            assert not validator.is_valid({**good, "type": "another"})


_BACKSTAGE = json.loads((SCHEMAS / "backstage-catalog-model-1.10.3.json").read_text())
_ENTITIES: Registry[Any] = (
    Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in _BACKSTAGE.items()).crawl()
)
NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
TAG = re.compile(r"[a-z0-9:+#]+(-[a-z0-9:+#]+)*")


def test_backstage_entities_are_valid_and_complete() -> None:
    for name, part in parts().items():
        made = entities(part, Wanted(groups=True))
        known = {(entity["kind"].lower(), entity["metadata"]["name"]) for entity in made}
        assert len(known) == len(made), name
        for entity in made:
            schema = next(one["$id"] for key, one in _BACKSTAGE.items() if key == entity["kind"])
            jsonschema.Draft7Validator({"$ref": schema}, registry=_ENTITIES).validate(entity)
            metadata, spec = entity["metadata"], entity["spec"]
            assert NAME.fullmatch(metadata["name"])
            assert len(metadata["name"]) <= 63
            assert all(TAG.fullmatch(tag) for tag in metadata.get("tags", ()))
            referred = [spec.get("owner", ""), *spec.get("dependsOn", ()), *spec.get("dependencyOf", ())]
            referred += [f"api:{api}" for key in ("providesApis", "consumesApis") for api in spec.get(key, ())]
            for reference in filter(None, referred):
                kind, _, target = reference.partition(":")
                target = target.rpartition("/")[2]
                assert (kind, target) in known, reference


def test_backstage_apis_are_the_documents_of_their_services() -> None:
    (api,) = [one for one in entities(parts()["shop"], Wanted()) if one["metadata"]["name"] == "order-bff-events"]
    document = yaml12.load(api["spec"]["definition"], "")[0]
    assert document == asyncapi.document(of_service(parts()["shop"], "order-bff"), "1.0.0")


def test_eventcatalog_pages_refer_to_pages() -> None:
    """By the frontmatter that EventCatalog's collections take (eventcatalog.dev: API, frontmatter)."""
    for part in parts().values():
        made = catalogue(part, "1.2.3")
        heads = {}
        for file, content in {**made.domain, **{f"teams/{name}": text for name, text in made.teams.items()}}.items():
            if file.endswith(".mdx"):
                frontmatter = content.decode().split("---\n")[1]
                heads[file] = yaml12.load(frontmatter, "")[0]
        ids = {
            kind: {head["id"] for file, head in heads.items() if file.startswith(kind)}
            for kind in ("services", "events", "channels", "teams")
        }
        for file, head in heads.items():
            assert isinstance(head["name"], str)
            assert file.startswith("teams/") or head["version"] == "1.2.3"
            assert set(head.get("owners", ())) <= ids["teams"]
            assert {pointer["id"] for pointer in head.get("services", ())} <= ids["services"]
            for key, way in (("sends", "to"), ("receives", "from")):
                for pointer in head.get(key, ()):
                    assert pointer["id"] in ids["events"]
                    assert {channel["id"] for channel in pointer[way]} <= ids["channels"]
            folder = file.rpartition("/")[0]
            paths = [head.get("schemaPath"), *(one["path"] for one in head.get("specifications", ()))]
            assert all(f"{folder}/{path}" in made.domain for path in paths if path)


def test_text_in_mdx_is_neither_code_nor_markup() -> None:
    said = "import {x} from 'y' <script>a & b</script> `${z}` *not* [a](b)"
    assert mdx.text(said) == (
        "&#105;mport &#123;x&#125; from 'y' &lt;script>a &amp; b&lt;/script> \\`$&#123;z&#125;\\` \\*not\\* \\[a\\](b)"
    )
    assert mdx.text("- a\n\n  export default 1") == "&#45; a export default 1"
    assert mdx.text("") == ""


def test_ids_are_told_apart() -> None:
    made = ids(["Team A", "team-a", "TEAM a", "***", "é" * 70 + "b", "b" * 64])
    assert len(set(made.values())) == 6
    assert made["team-a"] == "team-a"
    assert made["é" * 70 + "b"] == "b"
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id_) and len(id_) <= 63 for id_ in made.values())


def test_every_example_is_here() -> None:
    assert len(parts()) == len(list(TOPOLOGIES.rglob("system.yaml")))
    assert Path(SCHEMAS / "README.md").read_text().count("asyncapi-3.0.0.json") == 1
