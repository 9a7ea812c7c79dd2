"""What a service holds, told as the template declared it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def declared_part(properties: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Those of the named properties that are declared."""
    return {name: properties[name] for name in names if name in properties}


def only_declared(held: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, Any]:
    """The declared properties of all that is held; those that are not held at all are left out."""
    return {name: _told(held[name], value) for name, value in declared.items() if held.get(name) is not None}


def _told(held: Any, declared: Any) -> Any:
    """A held value without the settings that nobody declared, its lists in the declared order.

    CloudFormation takes `"24"` for 24 and `"true"` for true, so a held value that reads the same is the declared one.
    """
    if isinstance(held, Mapping) and isinstance(declared, Mapping):
        return {name: _told(held[name], value) for name, value in declared.items() if held.get(name) is not None}
    if isinstance(held, list | tuple) and isinstance(declared, list | tuple):
        return _in_order(list(held), declared)
    return declared if _text(held) == _text(declared) else held


def _in_order(held: list[Any], declared: Iterable[Any]) -> list[Any]:
    found = []
    for wanted in declared:
        match = next((index for index, value in enumerate(held) if _told(value, wanted) == wanted), None)
        if match is not None:
            held.pop(match)
            found.append(wanted)
    return found + held


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
