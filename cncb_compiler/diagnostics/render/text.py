"""Findings as text, for people.

services/order-process.yaml:5:84 error CNCB304 unknown-field
  `order.line` is not a field of order-submitted. Did you mean `order.lines`?
    5 |   - {on: order-submitted, emit: make-reservation, with: {lines: order.line}}
      |                                                                 ^^^^^^^^^^
  events.yaml:11:3: order-submitted is declared here
  mend: name a field of the event
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.diagnostics.render.count import summary
from cncb_compiler.diagnostics.render.excerpt import excerpt, visible
from cncb_compiler.source.location import Location
from cncb_compiler.source.sources import Sources

Style = Callable[..., str]

_COLORS = {"error": "red", "warning": "yellow", "info": "blue"}


def render(diagnostics: Sequence[Diagnostic], sources: Sources, *, color: bool = False) -> str:
    """The findings in the order given, a blank line after each, and a line that counts them."""
    style = _style(color)
    blocks = ["\n".join(_block(diagnostic, sources, style)) + "\n\n" for diagnostic in diagnostics]
    return "".join(blocks) + summary(diagnostics, len(sources)) + "\n"


def _block(diagnostic: Diagnostic, sources: Sources, style: Style) -> Iterator[str]:
    hue = _COLORS[diagnostic.severity]
    severity = style(diagnostic.severity.value, fg=hue, bold=True)
    where = style(_where(diagnostic.at, sources), bold=True)
    yield f"{where} {severity} {diagnostic.code} {diagnostic.slug}"
    yield from _indented(diagnostic.message)
    index = sources.index(diagnostic.at.file)
    if index is not None:
        place = sources.range(diagnostic.at)
        gutter = max(5, 2 + len(str(place.end_line)))
        for number, line, carets in excerpt(index.lines, place):
            if not line:
                continue
            yield f"{number:>{gutter}} | {line}".rstrip()
            yield f"{'':>{gutter}} | {style(carets, fg=hue)}"
    for related in diagnostic.related:
        yield from _indented(f"{_where(related.at, sources)}: {related.message}")
    if diagnostic.mend:
        yield from _indented(f"mend: {diagnostic.mend}")


def _where(at: Location, sources: Sources) -> str:
    place = sources.range(at)
    return f"{visible(sources.shown(at.file))}:{place.line}:{place.column}"


def _indented(text: str) -> Iterator[str]:
    return (f"  {visible(line)}" for line in text.splitlines())


def _style(color: bool) -> Style:
    if not color:
        return lambda text, **_: text
    import click

    return click.style
