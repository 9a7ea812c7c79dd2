"""Which model stands at a path inside another: for "did you mean", completion and documentation."""

from __future__ import annotations

from typing import Any, get_args

from cncb_compiler.model.base import Node


def node_at(model: type[Node], path: tuple[int | str, ...]) -> type[Node] | None:
    """The model of the map at `path` (keys, names, indexes) inside a `model`; None if it is no map of keys."""
    node: type[Node] | None = model
    named = False
    for segment in path:
        if node is None:
            return None
        if named or isinstance(segment, int):
            named = False
            continue
        info = next((info for name, info in node.model_fields.items() if (info.alias or name) == segment), None)
        if info is None:
            continue
        node = _inner(info.annotation)
        named = _is_map(info.annotation)
    return node


def _inner(annotation: Any) -> type[Node] | None:
    if isinstance(annotation, type) and issubclass(annotation, Node):
        return annotation
    for argument in get_args(annotation):
        found = _inner(argument)
        if found is not None:
            return found
    return None


def _is_map(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is dict
