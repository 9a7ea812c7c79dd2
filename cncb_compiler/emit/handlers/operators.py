"""The operators of a pipeline: what comes before its work, and how its sink is worked on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cncb_compiler.emit.handlers.parts import Module, call, dictionary, reference, variable
from cncb_compiler.emit.mappings import REDUCED
from cncb_compiler.mapping.layout import Code, join, text
from cncb_compiler.plan.function import environment_name
from cncb_compiler.plan.handlers import Once
from cncb_compiler.plan.operators import Operators


@dataclass(frozen=True, slots=True)
class Sink:
    """The end of a pipeline.

    `work` is done with one unit. `row` tells units about one row, `part` those that set the same part of it; `by_time`
    says that the newest of them is the last. `bulk` is where several units go by one request; without any `work` it is
    the only way.
    """

    work: Code
    row: Code | None = None
    part: str | None = None
    by_time: bool = True
    bulk: Callable[[], Code] | None = None


def add_compact(module: Module, operators: Operators) -> None:
    """Begin the pipeline with what leaves out all but the newest."""
    if operators.compact:
        module.use("compact", "compact")
        module.constant("COMPACT", dictionary((event, reference(mapped)) for event, mapped in operators.compact))
        module.steps.append("compact(COMPACT)")


def add_sink(module: Module, operators: Operators, sink: Sink, once: Once | None = None) -> None:
    """End the pipeline with its sink, as the operators say; with `once`, for each event once."""
    processed = None if once is None else _processed(module, once)
    if processed is not None:
        module.steps.append(f"{processed}.claim")
    module.steps.append(grouped(module, operators, sink, sink_step(module, operators, sink)))
    if processed is not None:
        module.steps.append(f"{processed}.done")


def add_publish(module: Module, operators: Operators) -> None:
    """End the pipeline with what publishes."""
    if operators.batch is None and operators.parallel == 1 and operators.rate is None:
        module.use("publish", "publish")
        module.steps.append("publish")
        return
    module.use("publish", "EVENTS")
    module.steps.append(_batch(module, operators, "EVENTS"))


def grouped(module: Module, operators: Operators, sink: Sink, step: Code) -> Code:
    """The step that gets what is grouped."""
    match operators.group:
        case None:
            return step
        case "last":
            module.use("group", "group_last")
            more = [f"part={sink.part}"] if sink.part else []
            more += [] if sink.by_time else ["by_time=False"]
            return call("group_last", sink.row or "partition_key", step, *more)
        case _:
            module.use("group", "group_all", "partition_key")
            made = [f"made=mapping.{REDUCED}"] if operators.group == "reduce" else []
            return call("group_all", "partition_key", step, *made)


def sink_step(module: Module, operators: Operators, sink: Sink) -> Code:
    """The step that writes, or calls."""
    if sink.bulk is not None and (operators.batch is not None or not sink.work):
        return _batch(module, operators, sink.bulk())
    work = sink.work
    if operators.rate is not None:
        work = call(f"{_rate(module, operators)}.before", work)
    if operators.parallel == 1:
        module.use("unit", "each")
        return call("each", work)
    module.use("parallel", "parallel")
    rows = [join("row=", sink.row)] if sink.row is not None else []
    return call("parallel", str(operators.parallel), work, *rows)


def _batch(module: Module, operators: Operators, bulk: Code) -> Code:
    module.use("batch", "batch")
    arguments: list[Code] = [bulk]
    most = operators.batch
    if operators.rate is not None:
        per_request = max(1, int(operators.rate))
        most = per_request if most is None else min(most, per_request)
    arguments += [f"most={most}"] if most is not None else []
    arguments += [f"before={_rate(module, operators)}.wait"] if operators.rate is not None else []
    if operators.parallel > 1:
        module.use("parallel_requests", "several")
        arguments.append(f"runner=several({operators.parallel})")
    return call("batch", *arguments)


def _rate(module: Module, operators: Operators) -> str:
    if not any(constant.startswith("RATE = ") for constant in module.constants):
        module.use("rate", "Rate")
        module.constant("RATE", f"Rate({operators.rate_shown})")
    return "RATE"


def table_batch(module: Module, variable: str, whole: Code) -> Callable[[], Code]:
    """A table as the place of a batch; `whole` is what a unit writes."""

    def code() -> Code:
        module.use("table_batch", "TableBatch")
        return call("TableBatch", text(variable), whole)

    return code


def _processed(module: Module, once: Once) -> str:
    module.use("processed", "Processed")
    made = call("Processed", variable(once.table), f"lease={once.lease}", f"keep={once.keep}")
    return module.constant(environment_name(once.table), made)
