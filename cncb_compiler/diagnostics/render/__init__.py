"""Renderers of findings: pure functions from diagnostics and sources to text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.source.sources import Sources

Renderer = Callable[[Sequence[Diagnostic], Sources], str]

RENDERERS = ("text", "concise", "json", "github", "gitlab", "sarif", "junit")
"""The output formats; each is a module here that has its `render`."""


def renderer(name: str) -> Renderer:
    """The renderer of an output format in `RENDERERS`. Its module is imported only now."""
    render: Renderer = import_module(f"{__name__}.{name}").render
    return render
