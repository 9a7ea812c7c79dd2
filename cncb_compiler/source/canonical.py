"""One order for what has none: the keys of a map, sorted, so that the same declarations give the same bytes."""

from __future__ import annotations

from typing import Any


def canonical(value: Any) -> Any:
    """The value with the keys of its maps sorted, at any depth.

    The map under `key:` stays as it is written: its first entry is the partition key, its second the sort key.
    """
    if value.__class__ is dict:
        return {key: _key(inner) if key == "key" else canonical(inner) for key, inner in sorted(value.items())}
    if value.__class__ is list:
        return [canonical(item) for item in value]
    return value


def _key(value: Any) -> Any:
    return {name: canonical(inner) for name, inner in value.items()} if isinstance(value, dict) else value
