"""Linking types, streams and events: the vocabulary that services share."""

from __future__ import annotations

from collections.abc import Mapping

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.graph.linking import Linking, mend_name
from cncb_compiler.graph.system import LinkedEvent, LinkedStream
from cncb_compiler.model.declared import Declared, DeclaredSystem
from cncb_compiler.model.event import ENVELOPE, Event
from cncb_compiler.model.system import Stream
from cncb_compiler.rules.cncb105_reserved_field import RULE as RESERVED_FIELD
from cncb_compiler.rules.cncb204_unknown_stream import RULE as UNKNOWN_STREAM
from cncb_compiler.rules.cncb205_unknown_service import RULE as UNKNOWN_SERVICE
from cncb_compiler.schema.types import ANYTHING, STRING, TIMESTAMP, UUID, Field, MapOf, Record, Type, TypeTable
from cncb_compiler.source.location import Location

DEFAULT_STREAM = "main"

ENVELOPE_FIELDS: Mapping[str, Field] = {
    "id": Field(UUID, description="Unique; the same again where the event is published again."),
    "type": Field(STRING, description="The event type."),
    "timestamp": Field(TIMESTAMP, description="When it happened, in milliseconds since the epoch."),
    "partitionKey": Field(STRING, description="Events with one key stay in order."),
    "tags": Field(MapOf(ANYTHING), description="Where it comes from."),
}


def link_types(declared: DeclaredSystem) -> tuple[Linking, list[Diagnostic]]:
    """Parse the named types; gives the linking state that everything else is linked in."""
    named: dict[str, Type] = {}
    linking = Linking(declared, TypeTable(named))
    for name in declared.types:
        named[name] = ANYTHING
    for name, type_ in declared.types.items():
        parsed = linking.type(type_.value, type_.at)
        named[name] = parsed
    return linking, linking.diagnostics


def link_streams(declared: DeclaredSystem) -> dict[str, LinkedStream]:
    """The declared streams, or the implied one as soon as there are events."""
    streams = {name: LinkedStream(name, stream.value, stream.at, True) for name, stream in declared.streams.items()}
    if not streams and declared.events:
        streams[DEFAULT_STREAM] = LinkedStream(DEFAULT_STREAM, Stream(), declared.at, False)
    return streams


def own_fields(linking: Linking, event: Declared[Event]) -> Record:
    """The fields of an event beside its envelope and context."""
    if event.value.with_ is None:
        return Record()
    at = event.at / "with"
    record = linking.record(event.value.with_, at, "`with`")
    reserved = (*ENVELOPE, "context")
    for name in record.fields:
        if name in reserved:
            linking.diagnostics.append(
                RESERVED_FIELD(
                    (at / name).key(),
                    f"`{name}` is part of every event's envelope",
                    mend="Say `context: true` on the event." if name == "context" else "Rename the field.",
                )
            )
    if any(name in reserved for name in record.fields):
        return Record({name: kept for name, kept in record.fields.items() if name not in reserved}, record.open)
    return record


def link_event(
    linking: Linking, event: Declared[Event], own: Record, context: Type, streams: Mapping[str, LinkedStream]
) -> LinkedEvent:
    """An event type with its whole record and its stream."""
    fields = {**ENVELOPE_FIELDS, **own.fields}
    if event.value.context:
        fields["context"] = Field(context, description="The opaque context of the process.")
    for number, owner in enumerate(event.value.owner):
        if owner not in linking.declared.services and owner not in linking.declared.broken:
            at = event.at / "owner" / number
            mend = mend_name(owner, linking.declared.services, "services", at)
            linking.diagnostics.append(UNKNOWN_SERVICE(at, f"`{owner}` is not a service of the system", mend=mend))
    stream = _stream(linking, event, streams)
    return LinkedEvent(event.name, event.value, event.at, stream, own, Record(fields, own.open))


def _stream(linking: Linking, event: Declared[Event], streams: Mapping[str, LinkedStream]) -> str:
    name = event.value.stream
    if name is None:
        if DEFAULT_STREAM in streams or not streams:
            return DEFAULT_STREAM
        if len(streams) == 1:
            return next(iter(streams))
        linking.diagnostics.append(
            UNKNOWN_STREAM(
                event.at.key(),
                f"`{event.name}` does not say which of the streams it travels on",
                mend=f"Add `stream:`, one of {', '.join(f'`{stream}`' for stream in streams)}.",
            )
        )
        return next(iter(streams))
    if name not in streams and name not in linking.declared.broken:
        at: Location = event.at / "stream"
        mend = mend_name(name, streams, "streams", at)
        linking.diagnostics.append(UNKNOWN_STREAM(at, f"`{name}` is not a declared stream", mend=mend))
    return name
