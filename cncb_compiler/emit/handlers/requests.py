"""Handlers that are asked: commands, queries, and the team's own."""

from __future__ import annotations

from cncb_compiler.emit.handlers.operators import Sink, add_sink
from cncb_compiler.emit.handlers.parts import (
    Context,
    Module,
    call,
    dictionary,
    emission,
    reference,
    strings,
    variable,
)
from cncb_compiler.emit.shapes import shape_constants
from cncb_compiler.graph.linking import identifier
from cncb_compiler.mapping.layout import Block, Code, join, text
from cncb_compiler.mapping.python import hook_alias
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import environment_name
from cncb_compiler.plan.handlers import CommandHandler, OwnHandler, Publish, QueryHandler, SearchBy, WriteRow
from cncb_compiler.schema.indexing import IndexedField

_STATUS = {"write": 201, "update": 200, "delete": 204}
_TAKEN = {"handler", "mapping", "respond", "invoke", "shape", "found", "paged", "publish_now"}


def command(context: Context, handler: CommandHandler) -> Module:
    """A command: check the input, then write one thing."""
    module = Module("handlers/command.py.j2")
    if handler.input is not None:
        module.imports["cncb_runtime"] = {"shape"}
        module.constants += shape_constants(handler.input, context.table)
    if isinstance(handler.effect, Publish):
        module.use("publish", "publish_now")
        name = module.constant("EVENT", emission(module, handler.effect))
        result, status = f"publish_now({name}, command)", 202
        doc = f"Publish {handler.effect.event}."
    else:
        store = store_constant(module, handler.effect)
        result, status = _write(store, handler.effect), _STATUS[handler.effect.verb]
        doc = f"{handler.effect.verb.capitalize()} one row of {handler.effect.store.name}."
    arguments = [f"status={status}"] if handler.routed and status != 200 else []
    if handler.input is not None:
        arguments.append("shape=INPUT")
    _called(context, module, arguments, routed=handler.routed)
    module.values |= {"doc": doc, "variable": "command", "result": result}
    return module


def query(context: Context, handler: QueryHandler) -> Module:
    """A query: one row, or a page of rows."""
    module = Module("handlers/query.py.j2", mapping=handler.key is not None or handler.fields is not None)
    is_view = any(table.asset == handler.source and table.purpose == "view" for table in context.plan.tables)
    if handler.source.kind == "index":
        name = _index_constant(context, module, handler)
    else:
        name = _constant(module, handler.source, handler.key_names, ["view=True"] if is_view else [])
    key = f"{reference(handler.key)}(request)" if handler.key else ""
    if handler.mode == "one":
        read = f"{name}.get({key})" if handler.index is None else f"{name}.find({key}, {text(handler.index)})"
        module.values["doc"] = f"The row of {handler.source.name} at a key."
    elif handler.search is not None:
        module.use("request", "paged")
        module.use("search_index", "By")
        module.constant("BY", call("By", *_searched_by(handler.search)))
        read = f"{name}.search(request, BY, **paged(request, {handler.limit}))"
        module.values["doc"] = f"A page of what is found in {handler.source.name}."
    else:
        module.use("request", "paged")
        arguments = [key] if handler.mode == "page" else []
        if handler.index is not None:
            arguments.append(f"index={text(handler.index)}")
        operation = "query" if handler.mode == "page" else "scan"
        read = f"{name}.{operation}({', '.join([*arguments, f'**paged(request, {handler.limit})'])})"
        what = "at a key" if handler.mode == "page" else "in no order"
        module.values["doc"] = f"A page of the rows of {handler.source.name} {what}."
    if handler.mode == "one" and handler.routed:
        module.use("errors", "found")
        read = f"found({read})"
    _called(context, module, ['cache="no-cache"'] if handler.routed else [], routed=handler.routed)
    fields = reference(handler.fields) if handler.fields else ""
    module.values |= {"mode": handler.mode, "read": read, "fields": fields, "routed": handler.routed}
    return module


def own(context: Context, handler: OwnHandler) -> Module:
    """The team's own handler; with events, called once for each."""
    module = Module("handlers/own.py.j2", mapping=False)
    alias = hook_alias(handler.module)
    module.imports["hooks"] = {f"{handler.module} as {alias}"}
    module.values["function"] = f"{alias}.{handler.function}"
    if handler.events:
        module.template = "handlers/stream.py.j2"
        module.use("pipeline", "run")
        module.use("steps", "only", "to")
        module.use("stream_records", "from_stream")
        module.steps.append(named("only", handler.events))
        add_sink(module, handler.operators, Sink(f"to({alias}.{handler.function})"), handler.once)
        module.values |= {"decode": "from_stream", "doc": "Call the team's function with each event."}
    else:
        module.use("metrics", "call")
    return module


def store_constant(module: Module, effect: WriteRow) -> str:
    """The constant of the table or bucket that is written."""
    more = ["latch=True"] if effect.latched is not None else []
    if effect.leaves_tombstone and effect.ttl is not None:
        more.append(f"ttl={text(effect.ttl)}")
    return _constant(module, effect.store, effect.key_names, more)


def named(function: str, names: tuple[str, ...]) -> Code:
    """A call with names as arguments."""
    return call(function, *(text(name) for name in names))


def _constant(module: Module, asset: Asset, key_names: tuple[str, ...], more: list[str]) -> str:
    arguments: list[Code] = [variable(asset), join("key=", strings(key_names))]
    if asset.kind == "bucket":
        module.use("objects", "Bucket")
        return module.constant(environment_name(asset), call("Bucket", *arguments))
    module.use("table", "Table")
    return module.constant(environment_name(asset), call("Table", *arguments, *more))


def _index_constant(context: Context, module: Module, handler: QueryHandler) -> str:
    index = next(one for one in context.plan.indexes if one.asset == handler.source)
    held = [IndexedField(key, str(index.fields[key]), False) for key in index.key_names]
    order = join("order=", strings(one.exact for one in held))
    module.use("search_index", "SearchIndex")
    arguments: list[Code] = [variable(handler.source), join("key=", strings(index.key_names)), order]
    if handler.bucket is not None:
        module.use("object_urls", "url_of")
        arguments.append(f"url=lambda name: url_of({variable(handler.bucket)}, name)")
    return module.constant(environment_name(handler.source), call("SearchIndex", *arguments))


def _searched_by(search: SearchBy) -> list[Code]:
    arguments: list[Code] = [join("text=", strings(search.text))] if search.text else []
    if search.filters:
        filters = [(one.path, Block("(", (text(one.exact), text(one.kind)), ")")) for one in search.filters]
        arguments.append(join("filters=", dictionary(filters)))
    if search.sort:
        arguments.append(join("sort=", dictionary((one.path, text(one.exact)) for one in search.sort)))
    return arguments


def _write(store: str, effect: WriteRow) -> str:
    key = f"{reference(effect.key)}(command)" if effect.key else ""
    fields = f"{reference(effect.fields)}(command)" if effect.fields else ""
    verb = {"write": "put", "update": "update", "delete": "delete"}[effect.verb]
    arguments = [fields] if effect.verb == "write" else [key, fields] if effect.verb == "update" else [key]
    return f"{store}.{verb}({', '.join(arguments)})"


def _called(context: Context, module: Module, arguments: list[str], *, routed: bool) -> None:
    caller = "respond" if routed else "invoke"
    module.use("http" if routed else "request", caller)
    name = identifier(context.function.name)
    action = f"{name}_" if name in _TAKEN else name
    module.values |= {
        "action": action,
        "call": f"{caller}({', '.join(['event', action, *arguments])})",
        "answer": "Answer one request." if routed else "Answer one call.",
    }
