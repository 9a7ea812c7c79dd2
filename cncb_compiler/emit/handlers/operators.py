"""The sink of a pipeline, with the operators that are declared for it."""

from __future__ import annotations

from cncb_compiler.emit.handlers.parts import Module, call, variable
from cncb_compiler.mapping.layout import Code
from cncb_compiler.plan.function import environment_name
from cncb_compiler.plan.handlers import Once


def add_sink(module: Module, work: Code, once: Once | None = None) -> None:
    """End the pipeline with a work that is done with one unit after the other; with `once`, for each event once."""
    processed = None if once is None else _processed(module, once)
    if processed is not None:
        module.steps.append(f"{processed}.claim")
    module.use("unit", "each")
    module.steps.append(call("each", work))
    if processed is not None:
        module.steps.append(f"{processed}.done")


def _processed(module: Module, once: Once) -> str:
    module.use("processed", "Processed")
    made = call("Processed", variable(once.table), f"lease={once.lease}", f"keep={once.keep}")
    return module.constant(environment_name(once.table), made)
