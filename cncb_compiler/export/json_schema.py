"""JSON Schema (2020-12): one file for each event, as it travels, and one for each named type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.export.part import Part
from cncb_compiler.export.payload import SENSITIVE, SENSITIVE_FIELDS, event_schema
from cncb_compiler.graph.system import LinkedEvent
from cncb_compiler.schema.jsonschema import Dialect, schema_parts
from cncb_compiler.schema.types import Ref

METASCHEMA = "https://json-schema.org/draft/2020-12/schema"
DIALECT = Dialect("#/$defs", SENSITIVE)
MADE_BY = "Made by cncb export json-schema."
ENDING = ".schema.json"


def base_uri(system: str) -> str:
    """What the schemas of a system are named below, where nobody says so."""
    return f"urn:cncb:{system}:"


def documents(part: Part, base: str) -> dict[str, dict[str, Any]]:
    """Each schema by its file's name: `events/NAME.schema.json`, `types/Name.schema.json`.

    Each stands for itself: the types that it refers to are in its `$defs`. `base` begins each `$id`; of a URN the rest
    is `events:NAME`, of anything else the file's name.
    """
    return dict(sorted(_documents(part, base)))


def event_document(part: Part, event: LinkedEvent, base: str) -> dict[str, Any]:
    """The schema of one event, whole."""
    schema, definitions = event_schema(event, part.system.types, DIALECT)
    sensitive = part.system.sensitive.of(f"event:{event.name}")
    head = _head(base, "events", event.name) | ({"deprecated": True} if event.decl.stability == "deprecated" else {})
    marked = {SENSITIVE_FIELDS: list(sensitive)} if sensitive else {}
    return {**head, **_described(event.decl.description), **marked, **schema, **_defined(definitions)}


def _documents(part: Part, base: str) -> Iterator[tuple[str, dict[str, Any]]]:
    met = set(part.system.types.named) if part.whole else set()
    for event in part.events:
        met.update(schema_parts(event.own, part.system.types, DIALECT)[1])
        yield f"events/{event.name}{ENDING}", event_document(part, event, base)
    for name in sorted(met):
        schema, definitions = schema_parts(part.system.types.named[name], part.system.types, DIALECT)
        if name not in definitions:
            yield f"types/{name}{ENDING}", {**_head(base, "types", name), **schema, **_defined(definitions)}
            continue
        # A type that holds itself is one of its own definitions.
        itself = schema_parts(Ref(name), part.system.types, DIALECT)[0]
        yield f"types/{name}{ENDING}", {**_head(base, "types", name), **itself, **_defined(definitions)}


def _head(base: str, folder: str, name: str) -> dict[str, Any]:
    rest = f"{folder}:{name}" if base.startswith("urn:") else f"{folder}/{name}{ENDING}"
    return {"$schema": METASCHEMA, "$id": f"{base}{rest}", "$comment": MADE_BY, "title": name}


def _described(description: str) -> dict[str, str]:
    return {"description": description} if description else {}


def _defined(definitions: dict[str, Any]) -> dict[str, Any]:
    return {"$defs": definitions} if definitions else {}
