"""Handlers that listen to a stream: views, micro event stores, reactions, transitions."""

from __future__ import annotations

from cncb_compiler.emit.handlers.operators import add_sink
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
from cncb_compiler.emit.handlers.requests import named, store_constant
from cncb_compiler.mapping.layout import Code, join, text
from cncb_compiler.mapping.tree import Nested
from cncb_compiler.plan.function import environment_name
from cncb_compiler.plan.handlers import (
    CollectHandler,
    Mapped,
    ReactionHandler,
    TransitionsHandler,
    ViewHandler,
    WriteRow,
)


def view(context: Context, handler: ViewHandler) -> Module:
    """A view: each event sets fields of the row at its key, or deletes it."""
    module = stream("Apply each event to the view.")
    name = _view_constant(module, handler)
    projections: list[tuple[str, Code]] = []
    for one in handler.projections:
        arguments = [reference(one.key)]
        if one.fields is not None:
            arguments.append(reference(one.fields))
            arguments += [f"lock={text(one.lock)}"] if one.lock != "asOf" else []
        arguments += [f"when={reference(one.when)}"] if one.when else []
        arguments += ["sequence=True"] if handler.idempotence == "sequence" else []
        function = "remove" if one.fields is None else "project"
        module.use("projection", function)
        projections.append((one.event, call(function, *arguments)))
    module.use("steps", "for_types")
    module.constant("PROJECTIONS", dictionary(projections))
    module.steps.append("for_types(PROJECTIONS)")
    add_sink(module, f"{name}.apply", handler.once)
    return module


def _view_constant(module: Module, handler: ViewHandler) -> str:
    locks: dict[str, tuple[str, ...]] = {}
    for one in handler.projections:
        if one.fields is not None:
            locks.setdefault(one.lock, _field_names(one.fields, handler.key_names))
    deletes = any(one.fields is None for one in handler.projections)
    arguments: list[Code] = [variable(handler.store), join("key=", strings(handler.key_names))]
    bucket = handler.store.kind == "bucket"
    if bucket and handler.cache_control is not None:
        arguments.append(f"cache_control={text(handler.cache_control)}")
    if not bucket and handler.keep is not None:
        arguments.append(f"keep={handler.keep}")
    if handler.idempotence in ("id", "none"):
        arguments.append("locked=False")
    if bucket and deletes:
        arguments.append("deletes=True")
    if deletes or len(locks) > 1:
        held = dictionary((lock, strings(locks[lock])) for lock in sorted(locks))
        module.constant("LOCKS", held)
        arguments.append("locks=LOCKS")
    kind = "ObjectView" if bucket else "View"
    module.use("object_view" if bucket else "view", kind)
    return module.constant(environment_name(handler.store), call(kind, *arguments))


def _field_names(fields: Mapped, key_names: tuple[str, ...]) -> tuple[str, ...]:
    names = fields.tree.fields if isinstance(fields.tree, Nested) else {}
    return tuple(name for name in names if name not in key_names)


def collect(context: Context, handler: CollectHandler) -> Module:
    """A micro event store: keep each event under its correlation key."""
    module = stream("Keep each event.")
    module.use("micro_event_store", "MicroEventStore")
    module.use("steps", "for_types", "to")
    arguments = [variable(handler.collected)] + ([f"keep={handler.keep}"] if handler.keep is not None else [])
    name = module.constant(environment_name(handler.collected), call("MicroEventStore", *arguments))
    module.constant(
        "CORRELATIONS", dictionary((event, f"to({reference(mapped)})") for event, mapped in handler.correlations)
    )
    module.steps.append("for_types(CORRELATIONS)")
    add_sink(module, f"{name}.collect")
    return module


def reaction(context: Context, handler: ReactionHandler) -> Module:
    """A reaction: write a row, or call a hook."""
    module = stream("React to each event.")
    module.use("steps", "only")
    module.steps = [named("only", handler.events)]
    if isinstance(handler.effect, WriteRow) and handler.effect.latched:
        module.use("steps", "foreign")
        module.steps.append("foreign")
    if handler.when is not None:
        module.use("steps", "when")
        module.steps.append(f"when({reference(handler.when)})")
    if isinstance(handler.effect, Mapped):
        module.use("steps", "to")
        work: Code = f"to({reference(handler.effect)})"
    else:
        work = _write(module, handler.effect)
    add_sink(module, work, handler.once)
    return module


def _write(module: Module, effect: WriteRow) -> Code:
    verb = "put" if effect.verb == "write" else effect.verb
    module.use("reaction", verb)
    given = [mapped for mapped in (effect.key, effect.fields) if mapped is not None]
    idempotence = f"idempotence={text(effect.idempotence or 'none')}"
    return call(verb, store_constant(module, effect), *map(reference, given), idempotence)


def transitions(context: Context, handler: TransitionsHandler) -> Module:
    """Transitions: each event causes the next ones of its process."""
    module = stream("Publish what each event leads to.")
    module.use("steps", "for_types")
    module.use("publish", "publish")
    caused: dict[str, list[Code]] = {}
    for step in handler.steps:
        name = emission_constant(module, step.publish)
        for event in step.events:
            caused.setdefault(event, []).append(name)
    module.constant("TRANSITIONS", dictionary((event, tuple_of(caused[event])) for event in sorted(caused)))
    module.steps = ["for_types(TRANSITIONS)", "publish"]
    return module


def stream(doc: str) -> Module:
    """The module of a function that pulls a stream through a pipeline."""
    module = Module("handlers/stream.py.j2")
    module.use("pipeline", "run")
    module.use("stream_records", "from_stream")
    module.values |= {"decode": "from_stream", "doc": doc}
    return module
