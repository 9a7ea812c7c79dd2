"""The JSON Schema of `manifest.json`, made from its typed shape."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from cncb_compiler.manifest.shape import Manifest


def manifest_schema() -> dict[str, Any]:
    """The schema of a manifest (2020-12)."""
    schema = TypeAdapter(Manifest).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
