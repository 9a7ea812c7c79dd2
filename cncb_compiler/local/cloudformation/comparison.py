"""Comparing by meaning: a value that a template declares beside the one that an API says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


def unlike(declared: Any, held: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Where two values do not mean the same: path, what is declared, what is held.

    Text, numbers and booleans are compared as they are written, for APIs change the one into the other. Policies may
    be kept as text. What is held beside what was declared is a default. Lists of these APIs have no order of their
    own, and a list of one is often kept as the one.
    """
    if declared in ({}, [], None) and held in ({}, [], None):
        return
    if isinstance(declared, Mapping):
        held = _parsed(held)
        if not isinstance(held, Mapping):
            yield path, declared, held
            return
        for key, value in declared.items():
            yield from unlike(value, held.get(key), f"{path}.{key}")
    elif isinstance(declared, list):
        held = _parsed(held)
        yield from _unlike_lists(declared, held if isinstance(held, list) else [] if held is None else [held], path)
    elif isinstance(held, list) and len(held) == 1:
        yield from unlike(declared, held[0], path)
    elif _written(declared) != _written(held) and not _same_document(declared, held):
        yield path, declared, held


def _unlike_lists(declared: list[Any], held: list[Any], path: str) -> Iterator[tuple[str, Any, Any]]:
    left = [item for item in held if not _is_own_tag(item)]
    missing = []
    for index, item in enumerate(declared):
        match = next((other for other in left if not any(unlike(item, other, path))), None)
        if match is None:
            missing.append((index, item))
        else:
            left.remove(match)
    for (index, item), other in zip(missing, left, strict=False):
        yield from unlike(item, other, f"{path}[{index}]")
    for index, item in missing[len(left) :]:
        yield f"{path}[{index}]", item, None
    for other in left[len(missing) :]:
        yield path, None, other


def _is_own_tag(item: Any) -> bool:
    return isinstance(item, Mapping) and str(item.get("Key", "")).startswith("aws:")


def _written(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _same_document(declared: Any, held: Any) -> bool:
    if isinstance(declared, str) and declared.lower() in ("true", "false"):
        return declared.lower() == _written(held)
    left, right = _parsed(declared), _parsed(held)
    return isinstance(left, dict | list) and left == right


def _parsed(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
