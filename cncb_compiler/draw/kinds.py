"""The look of each kind: what a reader learns once, the same in every format."""

from __future__ import annotations

from dataclasses import dataclass

from cncb_compiler.draw.picture import Mark


@dataclass(frozen=True, slots=True)
class Look:
    """Mermaid's and Graphviz's shape, and the colours of fill and line on a light ground; text is near black."""

    mermaid: str
    dot: str
    fill: str
    line: str


LOOKS = {
    "event": Look('{{{{"{}"}}}}', "hexagon", "#fde68a", "#b45309"),
    "command": Look('[/"{}"/]', "cds", "#bfdbfe", "#1d4ed8"),
    "query": Look('[\\"{}"\\]', "note", "#c7d2fe", "#4338ca"),
    "reaction": Look('["{}"]', "box", "#fecdd3", "#be123c"),
    "transition": Look('>"{}"]', "rarrow", "#fbcfe8", "#a21caf"),
    "change": Look('[["{}"]]', "component", "#fed7aa", "#c2410c"),
    "function": Look('("{}")', "ellipse", "#e9d5ff", "#7e22ce"),
    "store": Look('[("{}")]', "cylinder", "#bbf7d0", "#15803d"),
    "view": Look('[("{}")]', "tab", "#99f6e4", "#0f766e"),
    "collected": Look('[("{}")]', "folder", "#d9f99d", "#4d7c0f"),
    "index": Look('[("{}")]', "tab", "#99f6e4", "#0f766e"),
    "queue": Look('[["{}"]]', "parallelogram", "#bae6fd", "#0369a1"),
    "bus": Look('[["{}"]]', "trapezium", "#bae6fd", "#0369a1"),
    "lake": Look('[("{}")]', "cylinder", "#e7e5e4", "#57534e"),
    "monitor": Look('[("{}")]', "cylinder", "#e7e5e4", "#57534e"),
    "service": Look('["{}"]', "box3d", "#e2e8f0", "#475569"),
    "field": Look('["{}"]', "plain", "#f1f5f9", "#64748b"),
}

MARKS = {Mark.ADDED: "#15803d", Mark.REMOVED: "#b91c1c", Mark.CHANGED: "#a16207"}
"""The line of what differs: solid and thick where it is there, dashed where it is gone."""

TEXT = "#1f2937"
