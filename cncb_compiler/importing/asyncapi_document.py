"""One AsyncAPI document: its operations, the events that its messages are, the streams and outlets of its channels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cncb_compiler.importing.draft import Said, ServiceDraft
from cncb_compiler.importing.names import LONGEST_SERVICE, field_name_of, name_of, system_name_of, unique
from cncb_compiler.importing.read import UnfitError
from cncb_compiler.importing.schemas import Schemas, lookup, one_line, pointer, unwrapped
from cncb_compiler.importing.sharing import shape_of
from cncb_compiler.importing.values import Map, Notes, as_items, as_map, as_text, place
from cncb_compiler.model.event import ENVELOPE
from cncb_compiler.schema.types import Field, Record, Ref

EXTENSION = "x-cncb"
FAULT = "fault"
KINDS = frozenset({"bff", "esg", "control", "event-hub", "data-lake", "monitor"})
"""The kinds of services that the language knows."""
CONTEXT = "context"


@dataclass(slots=True)
class Operation:
    """What an application does with messages: `send` or `receive`."""

    service: str
    action: str
    channel: str
    messages: list[str]


@dataclass(slots=True)
class Imported:
    """What the documents say together, before it is a topology. Messages and outlets by name."""

    operations: list[Operation] = field(default_factory=list)
    events: dict[str, Said] = field(default_factory=dict)
    own: dict[str, tuple[Schemas, Record]] = field(default_factory=dict)
    outlets: list[tuple[dict[str, Any], Schemas, Record]] = field(default_factory=list)
    services: dict[str, ServiceDraft] = field(default_factory=dict)


class Document:
    """One document."""

    def __init__(self, file: str, value: Any, notes: Notes, imported: Imported) -> None:
        version = as_text(as_map(value).get("asyncapi"))
        if not version.startswith(("2.", "3.")):
            found = f"says AsyncAPI `{one_line(version)[:20]}`" if version else "has no key `asyncapi`"
            raise UnfitError(f"{file}: this {found}; AsyncAPI 2.x and 3.x can be imported.")
        self.file = file
        self.root: Map = value
        self.notes = notes
        self.imported = imported
        self.schemas = Schemas(value, notes)
        self.is_2 = version.startswith("2.")
        self.info = as_map(value.get("info"))
        self.said = as_map(self.info.get(EXTENSION))
        title = as_text(self.info.get("title"))
        self.application = as_text(self.said.get("service")) or name_of(title, "application", LONGEST_SERVICE)
        self.system = as_text(self.said.get("system")) or system_name_of(title)
        self.description = one_line(as_text(self.info.get("description"))) if "service" not in self.said else ""
        self.owner = self.tagged(self.info) if EXTENSION in self.info else ""
        self.streams: dict[str, Said] = {}
        self.messages: dict[int, str] = {}

    def read(self) -> None:
        """All operations with their messages, then what belongs to none."""
        for operation in self.of_version_2() if self.is_2 else self.of_version_3():
            self.imported.operations.append(operation)
        components = as_map(as_map(self.root.get("components")).get("messages"))
        for name, message in components.items():
            self.message(message, name, "")
        self.schemas.finish()
        for key in ("reply", "replyAddress"):
            if as_map(self.root.get("components")).get(f"{key}s" if key == "reply" else "replyAddresses"):
                self.notes.add(
                    self.root, "components", "replies are not imported: services answer by events of their own."
                )
                break

    def of_version_2(self) -> Iterator[Operation]:
        """In AsyncAPI 2 an application sends what others may `subscribe` to."""
        for channel, item in as_map(self.root.get("channels")).items():
            item = self.resolved(item)
            for verb, action in (("publish", "receive"), ("subscribe", "send")):
                operation = as_map(item.get(verb))
                said = self.resolved(operation.get("message"))
                options = as_items(said.get("oneOf")) if "oneOf" in said else [operation.get("message")]
                names = [
                    self.message(one, as_text(operation.get("operationId")) or channel, channel)
                    for one in options
                    if one
                ]
                if names:
                    yield self.operation(operation, action, channel, names)

    def of_version_3(self) -> Iterator[Operation]:
        """In AsyncAPI 3 an operation says itself whether it sends or receives."""
        channels = as_map(self.root.get("channels"))
        for name in channels:
            self.stream(self.resolved(channels[name]))
        for name, value in as_map(self.root.get("operations")).items():
            operation = self.resolved(value)
            action, target = as_text(operation.get("action")), as_map(operation.get("channel"))
            channel = self.resolved(target)
            if action not in ("send", "receive") or not channel:
                self.notes.add(operation, None, f"the operation `{name}` has no action or no channel, and is left out.")
                continue
            if "reply" in operation:
                self.notes.add(operation, "reply", "a reply is not imported: services answer by events of their own.")
            held = as_map(channel.get("messages"))
            wanted = as_items(operation.get("messages")) if "messages" in operation else list(held.values())
            address = as_text(channel.get("address")) or (pointer(as_text(target.get("$ref"))) or [name])[-1]
            keys = {id(self.resolved(message)): key for key, message in held.items()}
            names = []
            for message in wanted:
                key = keys.get(id(self.resolved(message)), "")
                if self.outlet(operation, channel, message):
                    continue
                made = self.message(message, key, address)
                names += [made] if made else []
            yield self.operation(operation, action, address, names)

    def operation(self, operation: Map, action: str, channel: str, names: list[str]) -> Operation:
        """An operation, and its service, which is made when it is first met."""
        said = as_map(operation.get(EXTENSION))
        service = name_of(as_text(said.get("service")) or self.application)
        if service not in self.imported.services:
            made = ServiceDraft(service, (f"From the application of {self.file}.",))
            if said.get("kind") in KINDS:
                made.head["kind"] = said["kind"]
            if EXTENSION in operation and self.tagged(operation):
                made.head["owner"] = self.tagged(operation)
            self.imported.services[service] = made
        derived = said.get("derived") is True
        return Operation(service, action, channel, [] if derived else [name for name in names if name])

    def stream(self, channel: Map) -> None:
        """A stream that cncb exported, with what it says of it."""
        said = as_map(channel.get(EXTENSION))
        name = as_text(said.get("stream"))
        if name and name_of(name) == name:
            value: dict[str, Any] = {
                key: said[key] for key in ("retention", "shards", "compress", "claimCheck") if key in said
            }
            self.streams[name] = Said(value)

    def outlet(self, operation: Map, channel: Map, message: Any) -> bool:
        """Whether a channel is a queue or bus that cncb exported; then it is one of the service's again."""
        said = as_map(channel.get(EXTENSION))
        name = as_text(said.get("queue")) or as_text(said.get("bus"))
        if not name or name_of(name) != name:
            return False
        kind = "queues" if "queue" in said else "buses"
        payload = unwrapped(self.resolved(message).get("payload"))
        properties = as_map(as_map(payload).get("properties"))
        record = self.schemas.record(properties.get("detail") if kind == "buses" else payload) or Record()
        value: dict[str, Any] = {"of": {}}
        self.imported.outlets.append((value, self.schemas, record))
        if kind == "queues":
            binding = as_map(as_map(as_map(channel.get("bindings")).get("sqs")).get("queue"))
            if binding.get("fifoQueue") is True:
                value["fifo"] = True
        else:
            for key, variable in (("source", "source"), ("detail-type", "detailType")):
                constant = as_map(properties.get(key)).get("const")
                if isinstance(constant, str):
                    value[variable] = constant
        service = self.operation(operation, "send", name, []).service
        getattr(self.imported.services[service], kind)[name] = Said(
            value, ("Which events are sent here is not described.",)
        )
        return True

    def message(self, raw: Any, key: str, channel: str) -> str:
        """The event that a message is, read once; nothing for a message that is none."""
        message = self.resolved(raw)
        if not message:
            return ""
        if id(message) in self.messages:
            return self.messages[id(message)]
        said = as_map(message.get(EXTENSION))
        called = as_text(said.get("event")) or as_text(message.get("name")) or as_text(message.get("messageId"))
        called = called or self.key_of(raw) or key or as_text(message.get("title"))
        name = name_of(called, "message")
        if name == FAULT:
            self.notes.add(message, None, "`fault` is left out: services of cncb publish faults by themselves.")
        if name == FAULT or "queue" in said or "bus" in said:
            self.messages[id(message)] = ""
            return ""
        own, value = self.event(message, said)
        known = self.imported.own.get(name)
        if known is not None and shape_of(*known) != shape_of(self.schemas, own):
            file, _ = place(message)
            self.notes.add(
                message, None, f"`{name}` of {file} has other fields than before; it gets a name of its own."
            )
            name, known = unique(name, self.imported.events), None
        if known is None:
            self.imported.own[name] = (self.schemas, own)
            self.imported.events[name] = Said(value, self.origin(called, name, channel))
        self.messages[id(message)] = name
        return name

    def key_of(self, raw: Any) -> str:
        """The last word of a reference to a message."""
        return (pointer(as_text(as_map(raw).get("$ref"))) or [""])[-1]

    def origin(self, called: str, name: str, channel: str) -> tuple[str, ...]:
        """In words, what an event was taken from; nothing of what cncb exported."""
        if EXTENSION in self.info:
            return ()
        said = f"Message `{one_line(called)}`" if called != name else "Message of the same name"
        return (f"{said}{f' on channel `{one_line(channel)}`' if channel else ''}.",)

    def event(self, message: Map, said: Map) -> tuple[Record, dict[str, Any]]:
        """The own fields of an event, and its declaration."""
        value: dict[str, Any] = {}
        description = as_text(message.get("description")) or as_text(message.get("summary"))
        if description:
            value["description"] = one_line(description)
        own = self.own_fields(message)
        entity = as_text(said.get("entity")) or ("" if said else self.entity(own))
        if entity:
            value["entity"] = entity
        if own.fields or own.open:
            # Written at the end, once the types of all documents are known.
            value["with"] = {}
        if said.get("context") is True:
            value["context"] = True
        if as_text(said.get("stability")) in ("experimental", "deprecated"):
            value["stability"] = said["stability"]
        if as_text(said.get("partitionKey")):
            value["partitionKey"] = said["partitionKey"]
        if said.get("external") is True:
            value["external"] = True
        stream = self.stream_of(message)
        if stream:
            value["stream"] = stream
        return own, value

    def entity(self, own: Record) -> str:
        """The field that is likely the entity: the only record with an id."""
        found = []
        for name, inner in own.fields.items():
            whole = self.schemas.read(inner.type.name) if isinstance(inner.type, Ref) else inner.type
            if isinstance(whole, Record) and "id" in whole.fields and not inner.optional:
                found.append(name)
        return found[0] if len(found) == 1 else ""

    def stream_of(self, message: Map) -> str:
        """The stream of an event that cncb exported, where there are several."""
        if len(self.streams) < 2:
            return ""
        for channel in map(self.resolved, as_map(self.root.get("channels")).values()):
            if any(self.resolved(one) is message for one in as_map(channel.get("messages")).values()):
                return as_text(as_map(channel.get(EXTENSION)).get("stream"))
        return ""

    def own_fields(self, message: Map) -> Record:
        """The fields of a payload but for the envelope, whose names are reserved."""
        payload = message.get("payload")
        if self.is_2 and "schemaFormat" in message and "avro" in as_text(message["schemaFormat"]):
            payload = None
        inner = unwrapped(payload)
        if "avro" in as_text(as_map(payload).get("schemaFormat")) or (payload is None and "payload" in message):
            self.notes.add(message, "payload", "a payload in Avro is not read: the event has no fields yet.")
            return Record()
        if "headers" in message:
            self.notes.count(message, "headers", "of messages are left out: events have an envelope instead.")
        if inner is None:
            return Record()
        record = self.schemas.record(inner)
        if record is None:
            type_, nullable = self.schemas.type(inner)
            self.notes.add(message, "payload", "a payload that is no object becomes the field `payload`.")
            return Record({"payload": Field(type_, nullable)})
        fields: dict[str, Field] = {}
        for name, inner_field in record.fields.items():
            if name in ENVELOPE or name == CONTEXT:
                if EXTENSION not in message:
                    self.notes.count(message, name, "of payloads is left out: it is a part of every event's envelope.")
                continue
            fields[field_name_of(name)] = inner_field
            if field_name_of(name) != name:
                self.notes.add(message, "payload", f"the field `{one_line(name)}` becomes `{field_name_of(name)}`.")
        return Record(fields, record.open)

    def resolved(self, value: Any) -> Map:
        """What a reference leads to, through others; an empty map where it leads nowhere."""
        seen = 0
        while isinstance(value, Map) and isinstance(value.get("$ref"), str) and seen < 20:
            target = value["$ref"]
            if not target.startswith("#"):
                self.notes.add(value, "$ref", f"`{one_line(target)}` is in another file, which is not read.")
                return Map()
            found = lookup(self.root, pointer(target))
            if found is None:
                self.notes.add(value, "$ref", f"`{one_line(target)}` is not in the file.")
            value, seen = found, seen + 1
        return as_map(value)

    def tagged(self, value: Map) -> str:
        """The first tag of something."""
        for tag in as_items(value.get("tags")):
            name = one_line(as_text(as_map(tag).get("name")))
            if name:
                return name
        return ""
