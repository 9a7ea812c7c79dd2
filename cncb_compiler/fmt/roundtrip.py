"""ruamel.yaml, set to keep every scalar as it is written and every comment it reads.

It works on the composed nodes. Building Python values from them, as its round-trip loader does, would resolve
numbers and dates, and write some of them differently.
"""

from __future__ import annotations

import io
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.emitter import Emitter
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver

from cncb_compiler.fmt.styles import INDENT, WIDTH

_UNLIMITED = 1 << 30


class _AsWritten(VersionedResolver):
    """Takes every scalar for text, so that none is interpreted and none gets quotes that it did not have."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is ScalarNode:
            return self.DEFAULT_SCALAR_TAG
        return super().resolve(kind, value, implicit)


class _Emitter(Emitter):
    """Folds long plain text before the margin, and nothing else.

    Emitter folds after the margin, quoted text with escapes, and within flow style, which is given only what
    fits.
    """

    def write_plain(self, text: str, split: bool = True) -> None:
        words = text.split(" ")
        if not self.flow_level and len(words) > 1:
            self.best_width = max(WIDTH - max(map(len, words)) - 1, WIDTH // 2)
        super().write_plain(text, split)
        self.best_width = _UNLIMITED

    def write_single_quoted(self, text: str, split: bool = True) -> None:
        super().write_single_quoted(text, False)

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        super().write_double_quoted(text, False)


def _yaml() -> YAML:
    engine = YAML()
    engine.Resolver = _AsWritten
    engine.Emitter = _Emitter
    engine.width = _UNLIMITED
    engine.indent(mapping=INDENT, sequence=2 * INDENT, offset=INDENT)
    return engine


def compose(text: str) -> Any:
    """The root node of `text`. Raises ruamel.yaml's errors."""
    return _yaml().compose(text)


def serialize(root: Any) -> str:
    """The text of a document."""
    output = io.StringIO()
    _yaml().serialize(root, output)
    return output.getvalue()
