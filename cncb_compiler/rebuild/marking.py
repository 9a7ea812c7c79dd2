"""Writing which generation of a view is current into the YAML that declares it."""

from __future__ import annotations

from cncb_compiler.graph.system import LinkedView
from cncb_compiler.passes import Analysis
from cncb_compiler.scaffold.change import Change, ScaffoldError, refuse_errors
from cncb_compiler.scaffold.insert import inserted
from cncb_compiler.source.outline import Place, outline

KEY = "generation"


def marked(analysis: Analysis, view: LinkedView, generation: int) -> Change:
    """The change that makes a generation the current one; comments and order stay. Raises ScaffoldError."""
    at = view.construct.at
    path = [str(step) for step in at.path]
    text = next(file.text for file in analysis.source.files if file.name == at.file)
    said = _said(text, path)
    if said is not None:
        changed = text[: said.start] + str(generation) + text[said.end :]
    else:
        changed = inserted(text, at.file, path, f"{KEY}: {generation}\n")
    change = Change({at.file: changed}, (f"{KEY}: {generation} of view `{view.construct.name}` in {at.file}",))
    refuse_errors(analysis.source, change, analysis.shown())
    return change


def _said(text: str, path: list[str]) -> Place | None:
    """Where the generation stands already."""
    place = outline(text)[0]
    for segment in (*path, KEY):
        if place is None or place.kind != "map" or segment not in place.entries:
            return None
        place = place.entries[segment][1]
    if place is not None and place.kind != "scalar":
        raise ScaffoldError(f"`{KEY}` of `{path[-1]}` is no plain number. Write it yourself, and run it again.")
    return place
