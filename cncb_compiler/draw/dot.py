"""A picture in Graphviz's language: `cncb graph --format dot | dot -Tsvg`."""

from __future__ import annotations

import json

from cncb_compiler.draw.kinds import LOOKS, MARKS, TEXT
from cncb_compiler.draw.picture import Arrow, Box, Group, Mark, Picture


def render(picture: Picture) -> str:
    """The picture as a directed graph with a cluster for each group."""
    lines = [
        f"digraph {_quoted(picture.title)} {{",
        "  rankdir=LR;",
        f'  node [fontname="sans-serif" fontsize=10 style=filled fontcolor="{TEXT}"];',
    ]
    if picture.notes:
        lines.append(f"  label={_quoted(' '.join(picture.notes))};")
    lines += [_node(box, "  ") for box in picture.boxes if box.group is None]
    for group in picture.groups:
        lines.append(f"  subgraph {_quoted(f'cluster_{group.id}')} {{")
        lines.append(f"    label={_quoted(_label(group))};{_cluster(group.mark)}")
        lines += [_node(box, "    ") for box in picture.boxes if box.group == group.id]
        lines.append("  }")
    lines += [_edge(arrow) for arrow in picture.arrows]
    return "\n".join([*lines, "}"]) + "\n"


def _node(box: Box, indent: str) -> str:
    look = LOOKS[box.kind]
    line = MARKS.get(box.mark, look.line)
    marked = ' penwidth=3 style="filled,dashed"' if box.mark is Mark.REMOVED else " penwidth=3" if box.mark else ""
    return (
        f"{indent}{_quoted(box.id)} [label={_quoted(box.mark.of(box.label))} shape={look.dot} "
        f'fillcolor="{look.fill}" color="{line}"{marked}];'
    )


def _edge(arrow: Arrow) -> str:
    marked = f' color="{MARKS[arrow.mark]}" penwidth=2' if arrow.mark else ""
    dashed = " style=dashed" if arrow.mark is Mark.REMOVED else ""
    return f"  {_quoted(arrow.source)} -> {_quoted(arrow.target)} [tooltip={_quoted(arrow.kind)}{marked}{dashed}];"


def _label(group: Group) -> str:
    return group.mark.of(f"{group.label} ({group.owner})" if group.owner else group.label)


def _cluster(mark: Mark) -> str:
    return f' color="{MARKS[mark]}"; penwidth=3;' if mark else ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
