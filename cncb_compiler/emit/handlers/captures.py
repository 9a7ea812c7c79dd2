"""Handlers that are triggered by a table: change data capture, and what is computed from collected events."""

from __future__ import annotations

from collections.abc import Callable

from cncb_compiler.emit.handlers.listeners import search_view
from cncb_compiler.emit.handlers.operators import Sink, add_publish, add_sink, grouped, sink_step, table_batch
from cncb_compiler.emit.handlers.parts import (
    Context,
    Module,
    call,
    dictionary,
    emission_constant,
    reference,
    strings,
    tuple_of,
    variable,
)
from cncb_compiler.emit.handlers.requests import named
from cncb_compiler.emit.mappings import AGGREGATE
from cncb_compiler.mapping.layout import Code, join
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import environment_name
from cncb_compiler.plan.handlers import ChangesHandler, EvaluateHandler, JoinHandler


def changes(context: Context, handler: ChangesHandler) -> Module:
    """Change data capture: each change of the table publishes an event."""
    module = _table("Publish what each change means.")
    module.use("steps", "for_operations")
    captured: dict[str, list[Code]] = {}
    for one in handler.captured:
        captured.setdefault(one.operation, []).append(emission_constant(module, one.publish))
    module.constant("CHANGES", dictionary((name, tuple_of(captured[name])) for name in sorted(captured)))
    if handler.latch:
        module.use("table_records", "unlatched")
        module.steps.append("unlatched")
    module.steps.append("for_operations(CHANGES)")
    add_publish(module, handler.operators)
    return module


def evaluate(context: Context, handler: EvaluateHandler) -> Module:
    """A computed view: on a collected event, compute its row from all of them."""
    module = _table("Compute the row of each collected event.")
    module.use("evaluation", "evaluate")
    events = _event_store(module, handler.collected)
    row = reference(handler.evaluate) if handler.evaluate is not None else f"mapping.{AGGREGATE}"
    module.constant("KEYS", dictionary((event, reference(mapped)) for event, mapped in handler.keys))
    arguments: list[Code] = [variable(handler.store), join("key=", strings(handler.key_names))]
    if handler.store.kind == "bucket":
        module.use("objects", "Bucket")
        module.use("evaluation", "stored")
        sink = f"stored({module.constant(environment_name(handler.store), call('Bucket', *arguments))})"
    elif handler.store.kind == "table":
        module.use("view", "View")
        arguments += [f"keep={handler.keep}"] if handler.keep is not None else []
        view = call("View", *arguments, "locked=False")
        sink = f"{module.constant(environment_name(handler.store), view)}.apply"
    module.use("unit", "each")
    module.steps.append("each(collected)")
    works: list[Code] = [f"{events}.correlated", f"evaluate(KEYS, {row})"]
    if handler.store.kind == "index":
        name = search_view(module, context.plan, handler.store, keep=handler.keep, locked=True)
        _add_evaluation(module, handler, works, "", lambda: name)
        return module
    bulk = table_batch(module, environment_name(handler.store), sink.replace(".apply", ".whole"))
    _add_evaluation(module, handler, works, sink, bulk)
    return module


def _add_evaluation(
    module: Module, handler: EvaluateHandler, works: list[Code], sink: str, bulk: Callable[[], Code]
) -> None:
    """Several units may be computed at a time, or one for several: what computes them is then part of the sink."""
    operators = handler.operators
    row = None
    whole = operators.parallel > 1 and operators.batch is None and bool(sink)
    if operators.group is not None or whole:
        module.use("evaluation", "row")
        row = "row(KEYS)"
    if whole:
        module.use("unit", "into")
        add_sink(module, operators, Sink(call("into", *works, sink), row, by_time=False))
        return
    end = Sink(sink, row, by_time=False, bulk=bulk)
    steps = [*(call("each", work) for work in works), sink_step(module, operators, end)]
    if operators.group is None:
        module.steps += steps
    else:
        module.use("unit", "chain")
        module.steps.append(grouped(module, operators, end, call("chain", *steps)))


def joined(context: Context, handler: JoinHandler) -> Module:
    """A join: once all events of a correlation have come, publish."""
    module = _table("Publish once all events of a correlation have come.")
    module.use("evaluation", "joined")
    module.use("publish", "distinct")
    module.use("unit", "each")
    events = _event_store(module, handler.collected)
    name = emission_constant(module, handler.publish)
    module.steps = [
        "each(collected)",
        f"each({events}.correlated)",
        named("joined", handler.events),
        f"each({name})",
        "distinct",
    ]
    add_publish(module, handler.operators)
    return module


def _event_store(module: Module, asset: Asset) -> str:
    module.use("micro_event_store", "MicroEventStore", "collected")
    return module.constant(environment_name(asset), call("MicroEventStore", variable(asset)))


def _table(doc: str) -> Module:
    module = Module("handlers/stream.py.j2")
    module.use("pipeline", "run")
    module.use("table_records", "from_table")
    module.values |= {"decode": "from_table", "doc": doc}
    return module
