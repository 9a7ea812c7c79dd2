"""Renderers of findings: pure functions from diagnostics and sources to text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.source.sources import Sources

Renderer = Callable[[Sequence[Diagnostic], Sources], str]

RENDERERS = {"text": "text", "json": "json"}
"""The name of each output format, and the module here that has its `render`."""


def renderer(name: str) -> Renderer:
    """The renderer of an output format in `RENDERERS`. Its module is imported only now."""
    render: Renderer = import_module(f"{__name__}.{RENDERERS[name]}").render
    return render
