"""A manifest read back: what was declared when it was made, so that it can be compared with."""

from __future__ import annotations

from typing import Any

import orjson


class ManifestError(Exception):
    """It is no manifest, or not one that says what was declared. The message follows the file's name."""


def declared_in(content: bytes) -> tuple[str, list[tuple[str, Any]]]:
    """The system's name, and the value of each of its files by name. Raises ManifestError."""
    try:
        manifest = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise ManifestError(f"is no JSON: {error}.") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("system"), str) or "version" not in manifest:
        raise ManifestError("is no manifest of cncb. Name the `manifest.json` in a system's output folder.")
    declared = manifest.get("declared")
    if not isinstance(declared, dict):
        raise ManifestError(
            "was made by an older cncb and does not hold what was declared. Compile that revision again, or compare "
            "with the revision itself: `--against REV`."
        )
    return manifest["system"], sorted(declared.items())
