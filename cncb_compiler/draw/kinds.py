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

DARK_MARKS = {Mark.ADDED: "#4ade80", Mark.REMOVED: "#f87171", Mark.CHANGED: "#facc15"}
"""The same on a dark ground."""

GLYPHS = {
    "event": "M4 0h8l4 7-4 7H4L0 7z",
    "command": "M0 1h10l6 6-6 6H0z",
    "query": "M1 0h10l4 4v10H1z",
    "reaction": "M1 1h14v12H1z",
    "transition": "M0 4h8V0l8 7-8 7v-4H0z",
    "change": "M8 0l8 7-8 7-8-7z",
    "function": "M8 0a7 7 0 1 1 0 14a7 7 0 1 1 0-14z",
    "store": "M1 3c0-4 14-4 14 0v8c0 4-14 4-14 0zM1 3c0 4 14 4 14 0",
    "view": "M1 1h14v12H1zM1 5h14M6 5v8",
    "collected": "M0 3h13v11H0zM3 3V0h13v11h-3",
    "index": "M10 9l5 5M6 1a5 5 0 1 1 0 10a5 5 0 1 1 0-10z",
    "queue": "M1 2h14v10H1zM6 2v10M11 2v10",
    "bus": "M3 1h10l3 12H0z",
    "lake": "M0 5c4-4 4 4 8 0s4 4 8 0v8H0z",
    "monitor": "M0 1h16v9H0zM5 13h6M8 10v3",
    "service": "M1 1h14v12H1zM1 4.500h14",
    "field": "M8 3a4 4 0 1 1 0 8a4 4 0 1 1 0-8z",
}
"""The outline of each kind, in 16 by 14."""

TEXT = "#1f2937"
