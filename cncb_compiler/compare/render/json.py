"""Differences as JSON, for programs; the shape is `document`."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cncb_compiler.compare.compare import Differences
from cncb_compiler.compare.render.document import document


def render(found: Sequence[Differences]) -> str:
    """The differences of one or several systems as one document."""
    return json.dumps(document(found), indent=2, ensure_ascii=False) + "\n"
