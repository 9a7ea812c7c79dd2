"""The JSON Schema of scenario files, for editors: draft-07, as that of topologies."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from cncb_compiler.model.json_schema import draft7
from cncb_compiler.scenarios.model import Scenario

SCHEMA_FILE = "scenario.schema.json"


def scenario_schema() -> dict[str, Any]:
    """The schema of a scenario file."""
    _, generated = models_json_schema([(Scenario, "validation")], ref_template="#/definitions/{model}")
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "cncb scenario",
        "description": "An example of what a system does: given, when, then.",
        "allOf": [{"$ref": "#/definitions/Scenario"}],
        "definitions": {name: draft7(schema) for name, schema in sorted(generated["$defs"].items())},
    }
