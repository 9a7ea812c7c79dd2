"""The order in which findings count, where not all can be shown."""

from __future__ import annotations

from collections.abc import Iterable

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity

_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def ranked(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Errors, then warnings, then infos; in the order given among each."""
    return sorted(diagnostics, key=lambda diagnostic: _RANKS[diagnostic.severity])
