"""How many findings of each severity there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cncb_compiler.diagnostics.diagnostic import Diagnostic


def counts(diagnostics: Iterable[Diagnostic]) -> dict[str, int]:
    """The number of `errors`, `warnings` and `infos`."""
    found = Counter(str(diagnostic.severity) for diagnostic in diagnostics)
    return {"errors": found["error"], "warnings": found["warning"], "infos": found["info"]}


def summary(diagnostics: Iterable[Diagnostic], files: int) -> str:
    """One line such as `2 errors, 1 warning in 8 files`, or `no findings in 8 files`."""
    parts = [f"{number} {name[:-1] if number == 1 else name}" for name, number in counts(diagnostics).items() if number]
    return f"{', '.join(parts) or 'no findings'} in {files} {'file' if files == 1 else 'files'}"
