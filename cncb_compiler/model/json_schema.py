"""The JSON Schema of the language, for editors: draft-07, which every YAML language server understands."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from cncb_compiler.model.service import ServiceFile
from cncb_compiler.model.system import System

SCHEMA_FILE = "cncb.schema.json"


def language_schema() -> dict[str, Any]:
    """The schema of a topology file: of a service, if it has the key `service`, else of the system."""
    _, generated = models_json_schema(
        [(System, "validation"), (ServiceFile, "validation")], ref_template="#/definitions/{model}"
    )
    definitions = {name: draft7(schema) for name, schema in sorted(generated["$defs"].items())}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "cncb topology",
        "description": "A file of a system: its streams, types and events, or one of its services.",
        "if": {"required": ["service"]},
        "then": {"$ref": "#/definitions/ServiceFile"},
        "else": {"$ref": "#/definitions/System"},
        "definitions": definitions,
    }


def draft7(node: Any) -> Any:
    """The same schema in draft-07, in which nothing may stand beside `$ref`, and `null` is no default worth showing."""
    if isinstance(node, list):
        return [draft7(item) for item in node]
    if not isinstance(node, dict):
        return node
    converted = {key: draft7(value) for key, value in node.items() if key != "title" and not _unsaid(key, value)}
    if "$ref" in converted and len(converted) > 1:
        converted["allOf"] = [{"$ref": converted.pop("$ref")}]
    if "patternProperties" in converted:
        converted["additionalProperties"] = False
    return converted


def _unsaid(key: str, value: Any) -> bool:
    """Defaults that tell a reader nothing: null, and empty or derived objects."""
    return key == "default" and (value is None or isinstance(value, (dict, list)))
