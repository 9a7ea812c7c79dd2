"""How large a system's source may be. Far above what teams write, far below what would hurt."""

from __future__ import annotations

MAX_BYTES = 1024 * 1024
"""Bytes of one file, in UTF-8."""

MAX_DEPTH = 50
"""Maps and lists inside each other, aliases followed."""

MAX_EXPANSION = 10_000
"""Values of one file that come from aliases, beyond those that are written."""
