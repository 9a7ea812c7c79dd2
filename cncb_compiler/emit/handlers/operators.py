"""The sink of a pipeline, with the operators that are declared for it."""

from __future__ import annotations

from cncb_compiler.emit.handlers.parts import Module, call
from cncb_compiler.mapping.layout import Code


def add_sink(module: Module, work: Code) -> None:
    """End the pipeline with a work that is done with one unit after the other."""
    module.use("unit", "each")
    module.steps.append(call("each", work))
