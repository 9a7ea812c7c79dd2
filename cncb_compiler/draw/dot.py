"""A picture in Graphviz's language: `cncb graph --format dot | dot -Tsvg`."""

from __future__ import annotations

import json

from cncb_compiler.draw.picture import Picture

_SHAPES = {
    "command": "shape=cds",
    "query": "shape=note",
    "listener": "shape=box",
    "change": "shape=component",
    "store": "shape=cylinder",
    "outlet": "shape=cds",
    "function": "shape=box style=rounded",
    "event": 'shape=hexagon style=filled fillcolor="#fde68a"',
}


def render(picture: Picture) -> str:
    """The picture as a directed graph with a cluster for each service."""
    lines = [f"digraph {_quoted(picture.title)} {{", "  rankdir=LR;", '  node [fontname="sans-serif" fontsize=10];']
    lines += [_node(node.id, node.label, node.shape, "  ") for node in picture.nodes if node.group is None]
    for service, owner in picture.groups:
        label = f"{service} ({owner})" if owner else service
        lines.append(f"  subgraph {_quoted(f'cluster_{service}')} {{")
        lines.append(f"    label={_quoted(label)};")
        lines += [_node(node.id, node.label, node.shape, "    ") for node in picture.nodes if node.group == service]
        lines.append("  }")
    lines += [
        f"  {_quoted(arrow.source)} -> {_quoted(arrow.target)} [tooltip={_quoted(arrow.kind)}];"
        for arrow in picture.arrows
    ]
    return "\n".join([*lines, "}"]) + "\n"


def _node(identity: str, label: str, shape: str, indent: str) -> str:
    return f"{indent}{_quoted(identity)} [label={_quoted(label)} {_SHAPES[shape]}];"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
