"""What a service says, in the words of the template that declared it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any


def as_declared(declared: Any, held: Any) -> Any:
    """What is held, without what the service fills in beside what was declared; `"30"` and 30 are one word."""
    if isinstance(declared, Mapping) and isinstance(held, Mapping):
        return {name: as_declared(declared[name], part) for name, part in held.items() if name in declared}
    if isinstance(declared, list) and isinstance(held, list) and len(declared) == len(held):
        return [as_declared(*pair) for pair in zip(declared, held, strict=True)]
    return declared if _alike(declared, held) else held


def _alike(declared: Any, held: Any) -> bool:
    if isinstance(declared, bool) or isinstance(held, bool):
        return str(declared).lower() == str(held).lower()
    if isinstance(declared, str | int | float) and isinstance(held, str | int | float):
        with suppress(ValueError):
            return float(declared) == float(held)
    return bool(declared == held)


def picked(declared: Mapping[str, Any], held: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Of what is held, the named properties that were declared."""
    return {name: as_declared(declared[name], held[name]) for name in names if name in declared and name in held}


def text(document: Any) -> str:
    """A JSON document, as APIs ask for it, from a template that may have it as text or as a value."""
    return document if isinstance(document, str) else json.dumps(document)


def document(declared: Any, held: str | Mapping[str, Any] | None) -> Any:
    """A held JSON document: as text where it was declared as text that means the same, else as a value."""
    value = json.loads(held) if isinstance(held, str) and held else held
    if isinstance(declared, str) and declared and json.loads(declared) == value:
        return declared
    return value
