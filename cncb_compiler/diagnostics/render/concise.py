"""Findings one a line: `services/order-process.yaml:5:84: error CNCB304 [unknown-field] message`."""

from __future__ import annotations

from collections.abc import Sequence

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.diagnostics.render.count import summary
from cncb_compiler.diagnostics.render.excerpt import visible
from cncb_compiler.source.sources import Sources


def render(diagnostics: Sequence[Diagnostic], sources: Sources) -> str:
    """A line for each finding in the order given, and a line that counts them."""
    lines = []
    for one in diagnostics:
        place = sources.range(one.at)
        said = " ".join(one.message.splitlines())
        where = f"{sources.shown(one.at.file)}:{place.line}:{place.column}"
        lines.append(visible(f"{where}: {one.severity} {one.code} [{one.slug}] {said}"))
    return "\n".join([*lines, summary(diagnostics, len(sources))]) + "\n"
