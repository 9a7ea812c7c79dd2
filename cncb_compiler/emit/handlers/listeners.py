"""Handlers that listen to a stream: views, micro event stores, reactions, transitions."""

from __future__ import annotations

from cncb_compiler.emit.handlers.operators import Sink, add_compact, add_publish, add_sink, table_batch
from cncb_compiler.emit.handlers.parts import (
    Context,
    Module,
    call,
    dictionary,
    emission_constant,
    nested,
    reference,
    strings,
    tuple_of,
    variable,
)
from cncb_compiler.emit.handlers.requests import named, store_constant
from cncb_compiler.mapping.layout import Code, join, text
from cncb_compiler.mapping.tree import Nested
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import environment_name
from cncb_compiler.plan.handlers import (
    CollectHandler,
    Mapped,
    ObjectIndexHandler,
    ReactionHandler,
    SendMessage,
    TransitionsHandler,
    ViewHandler,
    WriteRow,
)
from cncb_compiler.plan.operators import NONE, Operators
from cncb_compiler.plan.service import ServicePlan


def view(context: Context, handler: ViewHandler) -> Module:
    """A view: each event sets fields of the row at its key, or deletes it."""
    module = stream("Apply each event to the view.")
    name = _view_constant(context, module, handler)
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
    add_compact(module, handler.operators)
    module.steps.append("for_types(PROJECTIONS)")
    part = None
    parts = {(one.lock, one.fields is None) for one in handler.projections}
    if handler.operators.group == "last" and len(parts) > 1:
        module.use("projection", "part")
        part = "part"
    if handler.store.kind == "index":
        sink = Sink("", f"{name}.row", bulk=lambda: name)
    else:
        bulk = table_batch(module, environment_name(handler.store), f"{name}.whole")
        sink = Sink(f"{name}.apply", f"{name}.row", part, handler.idempotence == "oplock", bulk)
    add_sink(module, handler.operators, sink, handler.once)
    return module


def _view_constant(context: Context, module: Module, handler: ViewHandler) -> str:
    locks: dict[str, tuple[str, ...]] = {}
    for one in handler.projections:
        if one.fields is not None:
            locks.setdefault(one.lock, _field_names(one.fields, handler.key_names))
    deletes = any(one.fields is None for one in handler.projections)
    arguments: list[Code] = [variable(handler.store), join("key=", strings(handler.key_names))]
    if handler.store.kind == "index":
        return search_view(
            module, context.plan, handler.store, keep=handler.keep, locked=handler.idempotence == "oplock"
        )
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


def search_view(module: Module, plan: ServicePlan, asset: Asset, *, keep: int | None, locked: bool) -> str:
    """The constant of a view in a search index, and that of how the index holds its fields."""
    index = next(one for one in plan.indexes if one.asset == asset)
    module.constant("FIELDS", nested(index.fields))
    arguments: list[Code] = [variable(asset), join("key=", strings(index.key_names)), "fields=FIELDS"]
    arguments += [f"keep={keep}"] if keep is not None else []
    arguments += [] if locked else ["locked=False"]
    module.use("search_view", "SearchView")
    return module.constant(environment_name(asset), call("SearchView", *arguments))


def object_index(context: Context, handler: ObjectIndexHandler) -> Module:
    """The search index of a bucket's objects."""
    module = Module("handlers/stream.py.j2", mapping=False)
    module.use("pipeline", "run")
    module.use("bucket_records", "from_bucket")
    module.use("object_index", "ObjectIndex")
    module.values |= {"decode": "from_bucket", "doc": "Index each object as it is now."}
    index = next(one for one in context.plan.indexes if one.asset == handler.index)
    module.constant("FIELDS", nested(index.fields))
    made = call("ObjectIndex", variable(handler.index), f"bucket={variable(handler.bucket)}", "fields=FIELDS")
    name = module.constant(environment_name(handler.index), made)
    add_sink(module, NONE, Sink("", bulk=lambda: name))
    return module


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
    bulk = table_batch(module, environment_name(handler.collected), f"{name}.whole")
    add_sink(module, handler.operators, Sink(f"{name}.collect", bulk=bulk))
    return module


def reaction(context: Context, handler: ReactionHandler) -> Module:
    """A reaction: write a row, call a hook, or send a message."""
    module = stream("React to each event.")
    module.use("steps", "only")
    add_compact(module, handler.operators)
    module.steps.append(named("only", handler.events))
    if isinstance(handler.effect, WriteRow) and handler.effect.latched:
        module.use("steps", "foreign")
        module.steps.append("foreign")
    if handler.when is not None:
        module.use("steps", "when")
        module.steps.append(f"when({reference(handler.when)})")
    if isinstance(handler.effect, Mapped):
        module.use("steps", "to")
        sink = Sink(f"to({reference(handler.effect)})")
    elif isinstance(handler.effect, SendMessage):
        sink = _sent(module, handler.effect)
    else:
        sink = _written(module, handler.effect, handler.operators)
    add_sink(module, handler.operators, sink, handler.once)
    return module


def _written(module: Module, effect: WriteRow, operators: Operators) -> Sink:
    verb = "put" if effect.verb == "write" else effect.verb
    store = store_constant(module, effect)
    given = [reference(mapped) for mapped in (effect.key, effect.fields) if mapped is not None]
    work: Code = ""
    bulk = None
    if operators.batch is not None:
        whole = "putting" if effect.verb == "write" else "deleting"
        module.use("reaction_batch", whole)
        bulk = table_batch(module, environment_name(effect.store), call(whole, store, *given))
    else:
        module.use("reaction", verb)
        work = call(verb, store, *given, f"idempotence={text(effect.idempotence or 'none')}")
    row = None
    if operators.group is not None or (operators.parallel > 1 and operators.batch is None):
        module.use("projection", "row_at")
        row = call("row_at", given[0], strings(effect.key_names))
    return Sink(work, row, by_time=effect.idempotence == "oplock", bulk=bulk)


def _sent(module: Module, effect: SendMessage) -> Sink:
    arguments: list[Code] = [variable(effect.outlet), reference(effect.fields)]
    if effect.outlet.kind == "bus":
        arguments.append(f"source={text(effect.source)}")
        arguments += [f"detail_type={text(effect.detail_type)}"] if effect.detail_type is not None else []
    elif effect.ordered:
        arguments.append("fifo=True")
    kind = effect.outlet.kind.capitalize()
    module.use(effect.outlet.kind, kind)
    name = module.constant(environment_name(effect.outlet), call(kind, *arguments))
    return Sink("", bulk=lambda: name)


def transitions(context: Context, handler: TransitionsHandler) -> Module:
    """Transitions: each event causes the next ones of its process."""
    module = stream("Publish what each event leads to.")
    module.use("steps", "for_types")
    caused: dict[str, list[Code]] = {}
    for step in handler.steps:
        name = emission_constant(module, step.publish)
        for event in step.events:
            caused.setdefault(event, []).append(name)
    module.constant("TRANSITIONS", dictionary((event, tuple_of(caused[event])) for event in sorted(caused)))
    module.steps.append("for_types(TRANSITIONS)")
    add_publish(module, handler.operators)
    return module


def stream(doc: str) -> Module:
    """The module of a function that pulls a stream through a pipeline."""
    module = Module("handlers/stream.py.j2")
    module.use("pipeline", "run")
    module.use("stream_records", "from_stream")
    module.values |= {"decode": "from_stream", "doc": doc}
    return module
