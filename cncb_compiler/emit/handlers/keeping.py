"""Handlers of the data lake and of the monitor."""

from __future__ import annotations

from cncb_compiler.emit.handlers.listeners import stream
from cncb_compiler.emit.handlers.parts import Context, Module, call, variable
from cncb_compiler.mapping.layout import text
from cncb_compiler.patterns.keeping import FAULT
from cncb_compiler.plan.handlers import LakeHandler, MonitorHandler


def lake(context: Context, handler: LakeHandler) -> Module:
    """A delivery: a line of each record of the stream."""
    module = Module("handlers/lake.py.j2", mapping=False)
    module.use("lake", "lines")
    module.values["stream"] = text(handler.stream)
    return module


def monitor(context: Context, handler: MonitorHandler) -> Module:
    """The monitor: keep each fault."""
    module = stream("Keep each fault.")
    module.mapping = False
    module.use("steps", "only")
    module.use("fault_store", "FaultStore")
    name = module.constant("FAULTS", call("FaultStore", variable(handler.faults)))
    module.steps = [f"only({text(FAULT)})", f"{name}.keep"]
    return module
