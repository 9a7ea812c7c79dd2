"""`cncb fmt`: the canonical layout of one file of topology YAML, comments kept."""

from __future__ import annotations

from typing import Any

import yaml

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.fmt import sections, styles
from cncb_compiler.fmt.tidy import tidy
from cncb_compiler.fmt.tokens import LOADER, read
from cncb_compiler.source import yaml12

_ROUNDS = 4


def format_text(text: str, file: str) -> tuple[str, list[Diagnostic]]:
    """`text` in canonical layout, and what is wrong with it if it is not YAML (then it is returned as it is).

    The layout: indentation of two, top-level keys in the order of the language's reference, quotes only where
    a reader of YAML 1.1 or 1.2 needs them, flow style kept where it fits in 110 columns, one blank line at
    most, one line end at the end. What it says is never changed, nor any comment lost: a file of which the
    layout could not be changed without that stays as it is (so do files with comments inside of flow style).
    Laying out twice is the same as once. `file` is the name that the diagnostics carry.
    """
    value, found = yaml12.load(text, file)
    if any(one.severity is Severity.ERROR for one in found):
        return text, found
    if not isinstance(value, dict) or not value:
        return text, []
    laid_out = text.removeprefix("\ufeff")
    for _ in range(_ROUNDS):
        before, laid_out = laid_out, _once(laid_out)
        if laid_out == before:
            return (laid_out if _says_the_same(text, laid_out, value) else text), []
    return text, []


def _once(text: str) -> str:
    """One round of layout; the text itself where it cannot be laid out."""
    from ruamel.yaml.error import MarkedYAMLError, YAMLStreamError

    from cncb_compiler.fmt.roundtrip import compose, serialize

    try:
        root = compose(text)
        arranged = _arranged(text, root)
        if arranged != text:
            root = compose(arranged)
        styles.apply(root)
        return tidy(serialize(root))
    except (MarkedYAMLError, YAMLStreamError, yaml.YAMLError):
        return text


def _arranged(text: str, root: Any) -> str:
    """`text` with its top-level keys in order, if each begins a line and no alias needs the order it has."""
    if root.flow_style or any(key.start_mark.column for key, _ in root.value) or _names(text):
        return text
    return sections.arrange(text, [(key.value, key.start_mark.line) for key, _ in root.value])


def _says_the_same(text: str, laid_out: str, value: Any) -> bool:
    """Whether nothing but the layout differs: the value, its types, comments, anchors."""
    again, found = yaml12.load(laid_out, "")
    if found or repr(_sorted(again)) != repr(_sorted(value)):
        return False
    before, after = read(text), read(laid_out)
    return before.comments() == after.comments() and _names(text) == _names(laid_out)


def _sorted(value: Any) -> Any:
    """`value` with its top-level keys sorted: the only ones that the layout may move."""
    return dict(sorted(value.items())) if isinstance(value, dict) else value


def _names(text: str) -> list[str]:
    """The anchors and aliases, sorted."""
    if "&" not in text and "*" not in text:
        return []
    tokens = yaml.scan(text, Loader=LOADER)
    return sorted(token.value for token in tokens if isinstance(token, (yaml.AnchorToken, yaml.AliasToken)))
