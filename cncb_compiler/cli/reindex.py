"""`cncb reindex`: what `cncb rebuild` is called for a search index."""

from __future__ import annotations

from cncb_compiler.cli.rebuild import command

__all__ = ["command"]
