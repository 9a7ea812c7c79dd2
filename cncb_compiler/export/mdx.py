"""MDX pages: frontmatter, and text that stays text. MDX would run what stands in braces, and render tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cncb_compiler.emit.text import inline
from cncb_compiler.export.text import to_yaml

_BRACES = {"{": "&#123;", "}": "&#125;"}
_BEGINNING = re.compile(r"^(?:import\b|export\b|[-+>=~:])")


def page(frontmatter: Mapping[str, Any], *blocks: str) -> str:
    """A page of its frontmatter and blocks of MDX; a block that is empty is left out."""
    body = "\n\n".join(block for block in blocks if block)
    return f"---\n{to_yaml(dict(frontmatter))}---\n\n{body}\n"


def text(said: str) -> str:
    """What somebody wrote, as a paragraph: no markup, no expression, no import."""
    shown = "".join(_BRACES.get(letter, letter) for letter in inline(said))
    return f"&#{ord(shown[0])};{shown[1:]}" if _BEGINNING.match(shown) else shown
