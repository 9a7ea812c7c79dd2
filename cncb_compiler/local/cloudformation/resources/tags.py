"""Tags between the template's form (a list, for some types a map) and the forms that services ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def as_map(tags: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None) -> dict[str, str]:
    """The tags by key, from either form; none where none are declared."""
    if not tags:
        return {}
    pairs = tags.items() if isinstance(tags, Mapping) else ((tag["Key"], tag["Value"]) for tag in tags)
    return {str(key): str(value) for key, value in pairs}


def as_list(tags: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None) -> list[dict[str, str]]:
    """The tags as `Key` and `Value`, from either form."""
    return [{"Key": key, "Value": value} for key, value in as_map(tags).items()]


def changes(old: Any, new: Any) -> tuple[dict[str, str], list[str]]:
    """What leads from the old tags to the new ones: those to put, and the keys to take away."""
    before, after = as_map(old), as_map(new)
    put = {key: value for key, value in after.items() if before.get(key) != value}
    return put, [key for key in before if key not in after]
