"""Handlers of the data lake and of the monitor."""

from __future__ import annotations

from cncb_compiler.emit.handlers.listeners import stream
from cncb_compiler.emit.handlers.operators import Sink, add_sink
from cncb_compiler.emit.handlers.parts import Context, Module, call, variable
from cncb_compiler.mapping.layout import text
from cncb_compiler.patterns.keeping import FAULT
from cncb_compiler.plan.function import environment_name
from cncb_compiler.plan.handlers import EventIndexHandler, LakeHandler, MonitorHandler
from cncb_compiler.plan.operators import NONE


def lake(context: Context, handler: LakeHandler) -> Module:
    """A delivery: a line of each record of the stream."""
    module = Module("handlers/lake.py.j2", mapping=False)
    module.use("lake", "lines")
    module.values["stream"] = text(handler.stream)
    return module


def event_index(context: Context, handler: EventIndexHandler) -> Module:
    """The search index of a data lake: every event, without what is sensitive in it."""
    module = stream("Index each event.")
    module.mapping = False
    module.use("event_index", "EventIndex", "events")
    name = module.constant(environment_name(handler.index), call("EventIndex", variable(handler.index)))
    module.steps = ["events"]
    if context.function.sensitive:
        module.use("event_index", "without")
        module.steps.append("without(REDACTION)")
    add_sink(module, NONE, Sink("", bulk=lambda: name))
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
