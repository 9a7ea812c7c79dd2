"""AsyncAPI 3.0 documents (https://www.asyncapi.com/docs/reference/specification/v3.0.0).

A document describes an application: one service, or several together. `channels` are the streams, queues and buses that
it uses, `operations` what each of its services sends and receives, `components.messages` the events as they travel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.export.channels import EXTENSION, outlet_channel, outlet_name, servers, stream_channel
from cncb_compiler.export.part import Action, Part
from cncb_compiler.export.payload import FAULT, SENSITIVE, SENSITIVE_FIELDS, event_schema, fault_schema, message_schema
from cncb_compiler.graph.system import LinkedEvent, LinkedOutlet, LinkedService
from cncb_compiler.schema.jsonschema import Dialect

ASYNCAPI = "3.0.0"
_DIALECT = Dialect("#/components/schemas", SENSITIVE)
MADE_BY = "Made by cncb export asyncapi."
_CONTENT_TYPE = "application/json"


def document(part: Part, version: str) -> dict[str, Any]:
    """The document of a part: the application is its only service, or else the system."""
    outlets = {outlet_name(send.outlet): send.outlet for send in part.sends}
    kinds = sorted({outlet.kind for outlet in outlets.values()} | ({"stream"} if part.streams else set()))
    schemas: dict[str, Any] = {}
    messages = dict(_messages(part, outlets, schemas))
    channels = {stream.name: stream_channel(part, stream) for stream in part.streams}
    for name, outlet in sorted(outlets.items()):
        channels[name] = outlet_channel(part, outlet, description_of(part, outlet))
    made: dict[str, Any] = {
        "asyncapi": ASYNCAPI,
        EXTENSION: {"origin": MADE_BY},
        "info": _info(part, version),
        "servers": servers(part.system, kinds),
        "defaultContentType": _CONTENT_TYPE,
        "channels": channels,
        "operations": dict(sorted(_operations(part))),
        "components": {"messages": messages, "schemas": {name: schemas[name] for name in sorted(schemas)}},
    }
    return {key: value for key, value in made.items() if value != {}}


def _info(part: Part, version: str) -> dict[str, Any]:
    system = part.system.declared
    if len(part.services) == 1:
        (service,) = part.services
        said = {"system": system.name, "service": service.name, "kind": service.decl.kind}
        return _titled(service.name, version, service.decl.description, service.owner, said)
    return _titled(system.name, version, system.description, system.owner, {"system": system.name})


def _titled(title: str, version: str, description: str, owner: str, said: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "version": version, **_described(description), **_tagged([owner]), EXTENSION: said}


def _messages(
    part: Part, outlets: dict[str, LinkedOutlet], schemas: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each message by its name; the named types that they refer to are put into `schemas`."""
    system = part.system
    for event in part.events:
        payload, definitions = event_schema(event, system.types, _DIALECT)
        schemas.update(definitions)
        yield event.name, _message(part, event, payload)
    if FAULT not in system.events and any(part.has_faults(stream.name) for stream in part.streams):
        described = "An event that a consumer could not handle."
        yield FAULT, _named(FAULT, described) | {"payload": fault_schema(), EXTENSION: {"derived": True}}
    for name, outlet in sorted(outlets.items()):
        payload, definitions = message_schema(outlet, system.types, _DIALECT)
        schemas.update(definitions)
        sensitive = system.sensitive.of(outlet.origin)
        said = {"payload": payload, **_marked(sensitive), EXTENSION: {outlet.kind: outlet.name}}
        yield name, _named(name, description_of(part, outlet)) | said


def _message(part: Part, event: LinkedEvent, payload: dict[str, Any]) -> dict[str, Any]:
    decl = event.decl
    said: dict[str, Any] = {"event": event.name, "stability": decl.stability}
    if decl.entity is not None:
        said["entity"] = decl.entity
    if decl.partition_key is not None:
        said["partitionKey"] = decl.partition_key
    if decl.context:
        said["context"] = True
    if decl.external:
        said["external"] = True
    return (
        _named(event.name, decl.description)
        | _tagged(part.owners_of(event.name))
        | {"payload": payload, **_marked(part.system.sensitive.of(f"event:{event.name}")), EXTENSION: said}
    )


def _named(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "title": name, **_described(description), "contentType": _CONTENT_TYPE}


def _marked(sensitive: tuple[str, ...]) -> dict[str, Any]:
    """The paths of all sensitive fields, those that are so by lineage among them."""
    return {SENSITIVE_FIELDS: list(sensitive)} if sensitive else {}


def _operations(part: Part) -> Iterator[tuple[str, dict[str, Any]]]:
    services = {service.name: service for service in part.services}
    for flow in part.flows:
        event = part.system.events[flow.event]
        constructs = [f"{construct.section}.{construct.name}" for construct in flow.by]
        said = {"by": constructs}
        operation = _operation(services[flow.service], flow.action, event.stream, event.name, said)
        yield f"{flow.service}.{flow.action}.{flow.event}", operation
    for send in part.sends:
        name = outlet_name(send.outlet)
        said = {"by": [f"reactions.{send.construct.name}"]}
        yield (
            f"{send.construct.service}.send.{send.outlet.name}.{send.construct.name}",
            _operation(services[send.construct.service], "send", name, name, said),
        )
    if FAULT not in part.system.events:
        faults: tuple[tuple[Action, tuple[tuple[str, str], ...]], ...]
        faults = (("send", part.faulting), ("receive", part.monitors))
        for action, pairs in faults:
            for service, stream in pairs:
                operation = _operation(services[service], action, stream, FAULT, {"derived": True})
                yield f"{service}.{action}.{stream}.{FAULT}", operation
    for service, stream in part.lakes:
        operation = _operation(services[service], "receive", stream, None, {"derived": True})
        yield f"{service}.receive.{stream}", operation


def _operation(
    service: LinkedService, action: Action, channel: str, message: str | None, said: dict[str, Any]
) -> dict[str, Any]:
    """An operation; without a message it is of all that the channel has."""
    made: dict[str, Any] = {"action": action, "channel": {"$ref": f"#/channels/{channel}"}}
    if message is not None:
        made["messages"] = [{"$ref": f"#/channels/{channel}/messages/{message}"}]
    return {**made, **_tagged([service.owner]), EXTENSION: {"service": service.name, "kind": service.decl.kind, **said}}


def description_of(part: Part, outlet: LinkedOutlet) -> str:
    """What a queue or bus is declared to be for."""
    decl = part.system.services[outlet.construct.service].decl
    declared = decl.queues if outlet.kind == "queue" else decl.buses
    return declared[outlet.name].description


def _described(description: str) -> dict[str, str]:
    return {"description": description} if description else {}


def _tagged(owners: list[str]) -> dict[str, Any]:
    names = sorted({owner for owner in owners if owner})
    return {"tags": [{"name": name} for name in names]} if names else {}
