"""How each node is written: quotes only where they are needed, flow only where it fits on the line."""

from __future__ import annotations

import re
from typing import Any

import yaml
from ruamel.yaml.anchor import Anchor
from ruamel.yaml.nodes import MappingNode, ScalarNode

from cncb_compiler.source.scalars import resolve

WIDTH = 110
"""The longest line, in characters."""
INDENT = 2

# Fewer strings than YAML would allow, so that what looks like syntax to a reader keeps its quotes.
_PLAIN = re.compile(r"[A-Za-z_/.(](?:[A-Za-z0-9 _/.()@+=;*<>$^~-]*[A-Za-z0-9_/.)*])?").fullmatch
_NEEDS_ESCAPES = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]").search


def apply(root: Any) -> None:
    """Give `root`, a composed document, and all nodes below it their canonical style."""
    _quote_all(root, set())
    _fit(root, 0, 0, set())


def _quote_all(node: Any, seen: set[int]) -> None:
    if id(node) in seen:
        return
    seen.add(id(node))
    _keep_anchor(node)
    if isinstance(node, ScalarNode):
        _quote(node, is_key=False)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            _keep_anchor(key)
            _quote(key, is_key=True)
            _quote_all(value, seen)
    else:
        for item in node.value:
            _quote_all(item, seen)


def _fit(node: Any, indent: int, column: int, seen: set[int]) -> None:
    """Put flow style that does not fit on its line into block style.

    `indent` is where the keys or items of `node` begin in block style; `column` is where it begins on the
    line of its key or dash. `seen` are the nodes before it: where they come again they are aliases.
    """
    if isinstance(node, ScalarNode) or id(node) in seen:
        return
    if node.flow_style and node.value and column + _width(node, seen) > WIDTH:
        node.flow_style = False
    seen.add(id(node))
    if isinstance(node, MappingNode):
        for key, value in node.value:
            _fit(value, indent + INDENT, indent + _width(key, seen) + len(": "), seen)
    else:
        for item in node.value:
            _fit(item, indent + INDENT, indent + INDENT, seen)


def _width(node: Any, seen: set[int]) -> int:
    """How many columns `node` takes in flow style."""
    if node.anchor is not None:
        name = len(str(node.anchor.value)) + 1
        return name if id(node) in seen else name + 1 + _bare_width(node, seen)
    return _bare_width(node, seen)


def _bare_width(node: Any, seen: set[int]) -> int:
    if isinstance(node, ScalarNode):
        if node.style == '"':
            return len(_escaped(node.value)) + 2
        if node.style == "'":
            return len(str(node.value)) + str(node.value).count("'") + 2
        # In flow style the emitter would quote an empty value, and make text of null.
        return len(str(node.value)) or WIDTH
    inner = sum(_width(part, seen) for part in _parts(node))
    separators = len(", ") * max(len(node.value) - 1, 0)
    colons = len(": ") * len(node.value) if isinstance(node, MappingNode) else 0
    return inner + separators + colons + len("{}")


def _parts(node: Any) -> list[Any]:
    if isinstance(node, MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value)


def _escaped(text: str) -> str:
    return re.sub(r'["\\]', r"\\\g<0>", text)


def _quote(node: Any, *, is_key: bool) -> None:
    """Quote what some reader would take for something else than text; drop quotes that nobody needs."""
    value = node.value
    if node.style in ("|", ">"):
        return
    if node.style is None:
        # `on:` is a key of the language; only what is said about it has to survive a YAML 1.1 reader.
        if not is_key and isinstance(resolve(value), str) and not _text_in_yaml11(value):
            node.style = '"'
        return
    if _PLAIN(value) and isinstance(resolve(value), str) and _text_in_yaml11(value):
        node.style = None
    elif _NEEDS_ESCAPES(value) or not ('"' in value or "\\" in value):
        node.style = '"'
    else:
        node.style = "'"


def _text_in_yaml11(value: str) -> bool:
    """Whether a reader of YAML 1.1 takes the plain scalar for text (not so: `no`, `1:30`, `2024-01-01`)."""
    resolvers: dict[Any, Any] = yaml.SafeLoader.yaml_implicit_resolvers
    candidates = [*resolvers.get(value[:1], ()), *resolvers.get(None, ())]
    return not any(form.match(value) for _, form in candidates)


def _keep_anchor(node: Any) -> None:
    """Have the emitter use the user's name of an anchor instead of a number."""
    if isinstance(node.anchor, str):
        anchor: Any = Anchor()
        anchor.value = node.anchor
        node.anchor = anchor
