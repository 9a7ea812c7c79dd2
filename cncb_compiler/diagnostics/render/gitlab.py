"""Findings as a code quality report of GitLab (GitLab Docs: Code Quality, report format)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.render.fingerprint import fingerprinted
from cncb_compiler.diagnostics.render.told import told
from cncb_compiler.source.sources import Sources

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(diagnostics: Sequence[Diagnostic], sources: Sources) -> str:
    """The findings as one JSON list, in the order given."""
    issues = []
    for one, fingerprint in fingerprinted(diagnostics, sources):
        place = sources.range(one.at)
        issues.append(
            {
                "description": told(one),
                "check_name": f"{one.code} {one.slug}",
                "fingerprint": fingerprint,
                "severity": _SEVERITIES[one.severity],
                "location": {
                    "path": sources.shown(one.at.file),
                    "lines": {"begin": place.line, "end": place.end_line},
                },
            }
        )
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"
