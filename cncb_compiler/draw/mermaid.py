"""A picture as Mermaid, for Markdown: GitHub and GitLab draw it where it stands."""

from __future__ import annotations

from cncb_compiler.draw.picture import Node, Picture

_SHAPES = {
    "command": '[/"{}"/]',
    "query": '[\\"{}"\\]',
    "listener": '["{}"]',
    "change": '[["{}"]]',
    "store": '[("{}")]',
    "outlet": '>"{}"]',
    "function": '("{}")',
    "event": '{{{{"{}"}}}}',
}

_CLASSES = "  classDef event fill:#fde68a,stroke:#b45309,color:#1f2937"

CHARACTERS = 50_000
EDGES = 500
"""What Mermaid draws at the most, unless its host was configured for more."""


def render(picture: Picture) -> str:
    """The picture as a Mermaid flowchart, left to right. Names have no character that would need an escape."""
    ids = {node.id: f"n{number}" for number, node in enumerate(picture.nodes)}
    lines = ["flowchart LR", _CLASSES]
    lines += [f"  {_node(node, ids)}:::event" for node in picture.nodes if node.group is None]
    for number, (service, owner) in enumerate(picture.groups):
        label = f"{service} ({_text(owner)})" if owner else service
        lines.append(f'  subgraph s{number}["{label}"]')
        lines += [f"    {_node(node, ids)}" for node in picture.nodes if node.group == service]
        lines.append("  end")
    lines += [f"  {ids[arrow.source]} --> {ids[arrow.target]}" for arrow in picture.arrows]
    return "\n".join(lines) + "\n"


def too_large(picture: Picture, text: str) -> str | None:
    """Why Mermaid will not draw it, where it will not."""
    if len(picture.arrows) > EDGES:
        return f"the graph has {len(picture.arrows)} edges; Mermaid draws {EDGES} at the most. Use `--format dot`."
    if len(text) > CHARACTERS:
        return f"the picture has {len(text)} characters; Mermaid draws {CHARACTERS} at the most. Use `--format dot`."
    return None


def _node(node: Node, ids: dict[str, str]) -> str:
    return ids[node.id] + _SHAPES[node.shape].format(node.label)


def _text(text: str) -> str:
    """Free text inside a quoted label."""
    return "".join(f"#{ord(letter)};" if letter in '"#<>&;\n\r`' else letter for letter in text)
