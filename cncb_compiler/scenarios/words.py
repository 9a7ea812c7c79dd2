"""The words of the value language: references (`$NAME`), matchers (`{is: uuid}`), and plain values beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

MATCHERS = ("is", "matches", "as", "gone", "any", "exactly")
"""The keys of a matcher; a map with any other key is a plain map."""

NAME_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*$"

_REFERENCE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)((?:\.[A-Za-z0-9_-]+)*)")

Bindings = Mapping[str, Any]
"""What names stand for, by name."""


class UnboundError(Exception):
    """A reference to what is not there; the message names it."""


def is_matcher(value: Any) -> bool:
    """Whether a value is a matcher: a map of nothing but matchers' keys."""
    return isinstance(value, dict) and bool(value) and all(key in MATCHERS for key in value)


def reference(value: Any) -> tuple[str, tuple[str, ...]] | None:
    """The name and the path of `$NAME.path.in.it`; None of anything else."""
    found = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return (found[1], tuple(found[2].split(".")[1:])) if found else None


def literal(value: str) -> str:
    """The text that is meant: `$$x` is the text `$x`."""
    return value[1:] if value.startswith("$$") else value


def escaped(text: str) -> str:
    """A text as it is written where the value language is read.

    >>> escaped("$order"), escaped("5 $")
    ('$$order', '5 $')
    """
    return f"${text}" if text.startswith("$$") or reference(text) else text


def resolved(name: str, path: tuple[str, ...], bindings: Bindings) -> Any:
    """What a reference stands for. Raises UnboundError where there is no such thing."""
    if name not in bindings:
        raise UnboundError(f"`${name}` is not bound")
    value = bindings[name]
    for depth, segment in enumerate(path):
        if isinstance(value, Mapping) and segment in value:
            value = value[segment]
        elif isinstance(value, list) and segment.isdecimal() and int(segment) < len(value):
            value = value[int(segment)]
        else:
            raise UnboundError(f"`${'.'.join((name, *path[:depth]))}` has no `{segment}`")
    return value


def filled(value: Any, bindings: Bindings) -> Any:
    """A value that is sent out, its references replaced. Raises UnboundError."""
    if isinstance(value, str):
        found = reference(value)
        return resolved(*found, bindings) if found else literal(value)
    if isinstance(value, dict):
        return {key: filled(inner, bindings) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, bindings) for inner in value]
    return value


def object_key(key: str, bindings: Bindings) -> str:
    """The key of an object, references among its parts replaced: `$order/1.json`. Raises UnboundError."""
    return "/".join(str(filled(part, bindings)) for part in key.split("/"))


def references(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The places of all references in a value, with their names."""
    if isinstance(value, str):
        found = reference(value)
        if found:
            yield path, found[0]
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from references(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from references(inner, (*path, index))


def bound_in(pattern: Any) -> Iterator[str]:
    """The names that a pattern binds."""
    if is_matcher(pattern):
        if isinstance(pattern.get("as"), str):
            yield pattern["as"]
        inner = pattern.get("exactly")
        yield from bound_in(list(inner.values()) if isinstance(inner, dict) else inner)
    elif isinstance(pattern, dict):
        for value in pattern.values():
            yield from bound_in(value)
    elif isinstance(pattern, list):
        for value in pattern:
            yield from bound_in(value)
