"""What all patterns are made of: assets, triggers, grants, and mappings as functions of a package."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from cncb_compiler.graph.linking import identifier
from cncb_compiler.graph.system import (
    Emission,
    LinkedMapping,
    LinkedService,
    LinkedStore,
    LinkedStream,
    LinkedSystem,
    Write,
)
from cncb_compiler.model.base import seconds
from cncb_compiler.model.settings import Idempotence, Processing
from cncb_compiler.patterns.settings import read_settings
from cncb_compiler.plan.assets import Asset, asset_of
from cncb_compiler.plan.function import FunctionPlan, Grant, StreamTrigger
from cncb_compiler.plan.handlers import Mapped, Packing, Publish, WriteRow

Verb = Literal["get", "put", "update", "delete", "query", "scan", "batch", "publish", "send"]


def mapped(mapping: LinkedMapping, name: str | None = None) -> Mapped:
    """A linked mapping as a function of the package's mapping module."""
    return Mapped(name or mapping.name, mapping.doc, mapping.tree, mapping.scope, mapping.target)


def maybe(mapping: LinkedMapping | None, name: str | None = None) -> Mapped | None:
    """As `mapped`, of a mapping that may not be there."""
    return mapped(mapping, name) if mapping is not None else None


def for_event(event: str, part: str, several: bool) -> str:
    """The name of a mapping's function; where a package has one for each event type, the type comes first."""
    return f"{identifier(event)}_{part}" if several else part


def stream_asset(system: LinkedSystem, event: str) -> Asset:
    """The stream that an event type travels on."""
    return Asset("stream", system.events[event].stream)


def store_asset(store: LinkedStore) -> Asset:
    """The table, bucket or index of a store."""
    return asset_of(store.kind, store.name, store.generation)


def grants(asset: Asset, *verbs: Verb, index: str | None = None) -> tuple[Grant, ...]:
    """Permission for each of the verbs."""
    return tuple(Grant(verb, asset, index) for verb in verbs)


def stream_triggers(
    system: LinkedSystem, service: LinkedService, events: Iterable[str], processing: Processing
) -> tuple[StreamTrigger, ...]:
    """One trigger for each stream that the event types travel on."""
    by_stream: dict[str, set[str]] = {}
    for event in events:
        by_stream.setdefault(system.events[event].stream, set()).add(event)
    return tuple(
        StreamTrigger(
            Asset("stream", stream),
            tuple(sorted(types)),
            read_settings(service.decl.processing, processing, seconds(system.streams[stream].decl.retention)),
            is_packed(system.streams[stream]),
        )
        for stream, types in sorted(by_stream.items())
        if stream in system.streams
    )


def retention(system: LinkedSystem, events: Iterable[str]) -> int:
    """For how many seconds the streams keep events of these types."""
    streams = {system.events[event].stream for event in events}
    return max(seconds(system.streams[name].decl.retention) for name in streams if name in system.streams)


def publish(system: LinkedSystem, emission: Emission, step: str | None) -> Publish:
    """The publication of one event; `step` makes its id the same on each retry."""
    return Publish(
        stream=stream_asset(system, emission.event),
        event=emission.event,
        fields=mapped(emission.fields),
        partition_key=maybe(emission.partition_key),
        step=step,
        when=maybe(emission.when),
        packing=_packing(system, emission.event),
    )


def _packing(system: LinkedSystem, event: str) -> Packing | None:
    stream = system.streams.get(system.events[event].stream)
    if stream is None or not is_packed(stream):
        return None
    return Packing(stream.decl.compress, stream.decl.claim_check)


def is_packed(stream: LinkedStream) -> bool:
    """Whether events of the stream may travel compressed, or claimed."""
    return stream.decl.claim_check or stream.decl.compress is not None


def write_row(write: Write, *, idempotence: Idempotence | None = None, latched: bool | None = None) -> WriteRow:
    """The write of one row."""
    return WriteRow(
        verb=write.verb,
        store=store_asset(write.store),
        key_names=write.store.key_names,
        key=maybe(write.key),
        fields=maybe(write.fields),
        idempotence=idempotence,
        latched=latched,
        ttl=write.store.ttl,
    )


_TABLE_VERBS: dict[str, tuple[Verb, ...]] = {"write": ("put",), "update": ("update",), "delete": ("delete",)}
_OBJECT_VERBS: dict[str, tuple[Verb, ...]] = {"write": ("put",), "update": ("get", "put"), "delete": ("delete",)}


def write_grants(row: WriteRow) -> tuple[Grant, ...]:
    """What a function needs in order to make a write: one action, where that is enough.

    A row that is remembered when it goes is written over. An object is read before it is changed, or compared with a
    newer event.
    """
    if row.store.kind == "bucket":
        compared: tuple[Verb, ...] = ("get",) if row.idempotence in ("oplock", "sequence") else ()
        return tuple(dict.fromkeys(grants(row.store, *compared, *_OBJECT_VERBS[row.verb])))
    return grants(row.store, *(("put",) if row.leaves_tombstone else _TABLE_VERBS[row.verb]))


def leaves_tombstones(store: Asset, functions: Iterable[FunctionPlan]) -> bool:
    """Whether some function remembers rows of the store that it deletes."""
    effects = [getattr(function.handler, "effect", None) for function in functions]
    return any(isinstance(one, WriteRow) and one.store == store and one.leaves_tombstone for one in effects)


def unique_assets(*groups: Sequence[Asset]) -> tuple[Asset, ...]:
    """Assets without repetition, sorted."""
    return tuple(sorted({asset for group in groups for asset in group}, key=lambda asset: (asset.kind, asset.name)))
