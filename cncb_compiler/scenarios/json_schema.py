"""The JSON Schema of scenario files, for editors: draft-07, as that of topologies."""

from __future__ import annotations

from typing import Any

from cncb_compiler.model.json_schema import definitions_of
from cncb_compiler.scenarios.model import Scenario

SCHEMA_FILE = "scenario.schema.json"


def scenario_schema() -> dict[str, Any]:
    """The schema of a scenario file."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "cncb scenario",
        "description": "An example of what a system does: given, when, then.",
        "allOf": [{"$ref": "#/definitions/Scenario"}],
        "definitions": definitions_of(Scenario),
    }
