"""Findings as JSON, for programs.

    {
      "version": 1,
      "summary": {"files": 8, "errors": 1, "warnings": 0, "infos": 0},
      "diagnostics": [
        {
          "code": "CNCB304", "slug": "unknown-field", "severity": "error",
          "file": "services/order-process.yaml",
          "range": {"line": 5, "column": 84, "endLine": 5, "endColumn": 94},
          "path": ["transitions", 0, "with"],
          "message": "...", "mend": "..." or null,
          "related": [{"file": "...", "range": {...}, "path": [...], "message": "..."}]
        }
      ]
    }

Lines and columns count from 1, columns in characters (code points); the end is exclusive. `path` is the keys
and indexes from the top of the file, empty where the finding is about characters. Keys are only added while
`version` is 1.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.diagnostics.render.count import counts
from cncb_compiler.source.location import Location
from cncb_compiler.source.sources import Sources

VERSION = 1


def render(diagnostics: Sequence[Diagnostic], sources: Sources) -> str:
    """The findings as one JSON document, in the order given."""
    document = {
        "version": VERSION,
        "summary": {"files": len(sources), **counts(diagnostics)},
        "diagnostics": [_finding(diagnostic, sources) for diagnostic in diagnostics],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _finding(diagnostic: Diagnostic, sources: Sources) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "slug": diagnostic.slug,
        "severity": str(diagnostic.severity),
        **_place(diagnostic.at, sources),
        "message": diagnostic.message,
        "mend": diagnostic.mend,
        "related": [{**_place(related.at, sources), "message": related.message} for related in diagnostic.related],
    }


def _place(at: Location, sources: Sources) -> dict[str, Any]:
    line, column, end_line, end_column = sources.range(at)
    return {
        "file": sources.shown(at.file),
        "range": {"line": line, "column": column, "endLine": end_line, "endColumn": end_column},
        "path": list(at.path),
    }
