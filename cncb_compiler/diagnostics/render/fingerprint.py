"""What stays the same of a finding when lines above it move: by it a platform knows old findings from new ones."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.source.sources import Sources


def fingerprinted(diagnostics: Iterable[Diagnostic], sources: Sources) -> Iterator[tuple[Diagnostic, str]]:
    """Each finding with 32 hexadecimal digits, made of its code, file, declaration and message; no two alike."""
    seen: Counter[str] = Counter()
    for diagnostic in diagnostics:
        declaration = "/".join(map(str, diagnostic.at.path))
        said = "\0".join((diagnostic.code, sources.shown(diagnostic.at.file), declaration, diagnostic.message))
        seen[said] += 1
        yield diagnostic, hashlib.sha256(f"{said}\0{seen[said]}".encode()).hexdigest()[:32]
