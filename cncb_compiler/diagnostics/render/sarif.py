"""Findings as SARIF 2.1.0 (OASIS: Static Analysis Results Interchange Format), for GitHub code scanning and others.

GitHub takes 5,000 results of a run at the most; the worst are kept, and a notification says how many are not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from cncb_compiler import __version__
from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.render.fingerprint import fingerprinted
from cncb_compiler.diagnostics.render.ranked import ranked
from cncb_compiler.diagnostics.render.told import told
from cncb_compiler.source.location import Location
from cncb_compiler.source.sources import Sources

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
RESULTS = 5000
"""The most results of a run."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(diagnostics: Sequence[Diagnostic], sources: Sources) -> str:
    """The findings as one SARIF log with one run."""
    shown = ranked(diagnostics)[:RESULTS]
    codes = sorted({one.code for one in shown})
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "cncb", "semanticVersion": __version__, "rules": _rules(codes)}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The top of the repository."}}},
        "results": [
            _result(one, codes.index(one.code), fingerprint, sources)
            for one, fingerprint in fingerprinted(shown, sources)
        ],
    }
    left = len(diagnostics) - len(shown)
    if left:
        told = {"level": "warning", "message": {"text": f"{left} more findings are left out."}}
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": [told]}]
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rules(codes: Sequence[str]) -> list[dict[str, Any]]:
    from cncb_compiler.rules.registry import all_rules

    return [
        {
            "id": rule.code,
            "name": "".join(word.capitalize() for word in rule.slug.split("-")),
            "shortDescription": {"text": rule.summary},
            "help": {"text": rule.doc, "markdown": rule.doc},
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
            "properties": {"tags": [rule.group]},
        }
        for rule in all_rules()
        if rule.code in codes
    ]


def _result(one: Diagnostic, rule: int, fingerprint: str, sources: Sources) -> dict[str, Any]:
    result = {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": _LEVELS[one.severity],
        "message": {"text": told(one)},
        "locations": [_location(one.at, sources)],
        "partialFingerprints": {"cncb/v1": fingerprint},
    }
    if one.related:
        result["relatedLocations"] = [
            {"id": number, **_location(related.at, sources), "message": {"text": related.message}}
            for number, related in enumerate(one.related)
        ]
    return result


def _location(at: Location, sources: Sources) -> dict[str, Any]:
    place = sources.range(at)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(sources.shown(at.file)), "uriBaseId": "SRCROOT"},
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
                "endColumn": place.end_column,
            },
        }
    }
