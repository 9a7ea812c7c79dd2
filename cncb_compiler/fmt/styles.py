"""How each node is written: quotes only where they are needed, flow only where it fits on the line."""

from __future__ import annotations

import re
from typing import Any

import yaml
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from cncb_compiler.source.scalars import resolve

WIDTH = 110
"""The longest line, in characters."""

# Fewer strings than YAML would allow, so that what looks like syntax to a reader keeps its quotes.
_PLAIN = re.compile(r"[A-Za-z_/.(](?:[A-Za-z0-9 _/.()@+=;*<>$^~-]*[A-Za-z0-9_/.)*])?").fullmatch
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]').search


def apply(root: Any) -> None:
    """Give all nodes below `root`, a composed document, their canonical style."""
    _style(root, 0)


def _style(node: Any, column: int) -> None:
    """Style `node`, which begins in `column` if it stands on the line of its key or dash."""
    if isinstance(node, ScalarNode):
        _quote(node, is_key=False)
        return
    if node.flow_style and (column + _width(node) > WIDTH or _has_comment(node)):
        node.flow_style = False
        node.comment = node.comment or None
    _style_parts(node)


def _style_parts(node: Any) -> None:
    raise NotImplementedError
