"""Trees as text, for people, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from cncb_compiler.runtime.jsons import without_decimals
from cncb_compiler.trace.facts import Arrived, Effect, FunctionKey
from cncb_compiler.trace.tree import EventNode, FunctionNode, RowNode, Tree

FAULT = "fault"
_Node: TypeAlias = EventNode | FunctionNode | RowNode


def to_text(trees: Sequence[Tree]) -> str:
    """The trees, a line for each node, with a blank line between two."""
    return "\n\n".join("\n".join(_tree(one)) for one in trees)


def moment(seconds: float) -> str:
    """A moment in UTC: `2026-01-31T23:59:59.123Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _tree(tree: Tree) -> Iterator[str]:
    if tree.origin is not None:
        first = tree.causes[0] if tree.causes else tree.root.arrived
        yield f"caused by  {tree.origin}, which {_beyond(first)}"
    for cause in tree.causes:
        yield f"caused by  {_event(cause)}  by {_by(cause.by, cause)}"
    root = tree.root.arrived
    if root.trace_id is not None:
        yield f"trace  {root.trace_id}"
    yield f"{_event(root)}  by {_by(root.by, root)}  {moment(root.arrived)} on {root.stream}{_times(root)}"
    yield from _below(_children(tree.root), "")


def _beyond(first: Arrived) -> str:
    if first.by is not None and first.by[1].startswith("changes-"):
        return "is a change that no event caused"
    return "is no event that the streams still hold"


def _below(nodes: Sequence[_Node], indent: str) -> Iterator[str]:
    for number, node in enumerate(nodes):
        last = number == len(nodes) - 1
        yield f"{indent}{'└─' if last else '├─'} {_line(node)}"
        yield from _below(_children(node), f"{indent}{'   ' if last else '│  '}")


def _children(node: _Node) -> tuple[_Node, ...]:
    if isinstance(node, FunctionNode):
        return (*node.rows, *node.events)
    return node.functions


def _line(node: _Node) -> str:
    match node:
        case FunctionNode():
            return _by(node.function)
        case RowNode():
            return _row(node.effect) + _later(node.latency)
        case EventNode():
            again = "  (above)" if node.again else ""
            return _event(node.arrived) + _later(node.latency) + _times(node.arrived) + again


def _event(arrived: Arrived) -> str:
    said = f"{arrived.type}  {arrived.id}"
    error = arrived.event.get("error")
    if arrived.type == FAULT and isinstance(error, Mapping):
        said += f"  {error.get('name')}: {' '.join(str(error.get('message')).split())}"
    return said


def _row(effect: Effect) -> str:
    if effect.asset is None:
        return effect.note
    thing = "object" if effect.asset.kind == "bucket" else "row"
    if isinstance(effect.key, str):
        key = f" {effect.key}"
    else:
        key = "" if effect.key is None else " " + ", ".join(f"{name}={value}" for name, value in effect.key.items())
    return f"{thing} {effect.asset.name}{key}  {_state(effect)}".rstrip()


def _state(effect: Effect) -> str:
    match effect.state:
        case "overwritten":
            return f"since overwritten by {effect.last or 'no event (a command)'}"
        case "absent":
            return "not there (not yet, failed, or gone since)"
        case "unseen":
            return f"({effect.note})"
        case _:
            return effect.state


def _by(function: FunctionKey | None, arrived: Arrived | None = None) -> str:
    if function is not None:
        return f"{function[0]}.{function[1]}"
    source = arrived.tags.get("source") or arrived.tags.get("system") if arrived else None
    return str(source or "somebody outside")


def _later(latency: int | None) -> str:
    return "" if latency is None else f"  {latency:+d} ms"


def _times(arrived: Arrived) -> str:
    return f"  (published {arrived.times} times)" if arrived.times > 1 else ""


def to_json(trees: Sequence[Tree]) -> list[dict[str, Any]]:
    """The trees as JSON values: whole events, latencies in milliseconds."""
    made: list[dict[str, Any]] = without_decimals([_json_tree(one) for one in trees])
    return made


def _json_tree(tree: Tree) -> dict[str, Any]:
    causes = [_json_arrived(one) for one in tree.causes]
    return {"origin": tree.origin, "causes": causes, "tree": _json(tree.root)}


def _json(node: _Node) -> dict[str, Any]:
    match node:
        case EventNode():
            return {
                **_json_arrived(node.arrived),
                "latency": node.latency,
                "again": node.again,
                "functions": [_json(one) for one in node.functions],
            }
        case FunctionNode():
            return {
                "service": node.function[0] if node.function else None,
                "function": node.function[1] if node.function else None,
                "rows": [_json(one) for one in node.rows],
                "events": [_json(one) for one in node.events],
            }
        case RowNode(effect=effect):
            return {
                "kind": effect.asset.kind if effect.asset else None,
                "store": effect.asset.name if effect.asset else None,
                "key": effect.key,
                "state": effect.state,
                "last": effect.last,
                "note": effect.note or None,
                "latency": node.latency,
                "functions": [_json(one) for one in node.functions],
            }


def _json_arrived(arrived: Arrived) -> dict[str, Any]:
    return {
        "event": dict(arrived.event),
        "stream": arrived.stream,
        "shard": arrived.shard,
        "sequenceNumber": arrived.sequence,
        "arrived": moment(arrived.arrived),
        "times": arrived.times,
    }
