"""AsyncAPI 2.x and 3.0 documents: what applications say to each other, as events, services and functions.

A document describes an application, which becomes a service. Which of its messages brings about which is not described,
so it gets two functions of the team's own: one that listens to what it receives, one that publishes what it sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cncb_compiler.importing.asyncapi_document import Document, Imported
from cncb_compiler.importing.draft import Draft, Said, ServiceDraft, from_files
from cncb_compiler.importing.notation import written, written_record
from cncb_compiler.importing.sharing import SharedTypes
from cncb_compiler.importing.values import Notes


def draft(documents: Sequence[tuple[str, Any]], notes: Notes) -> Draft:
    """The topology of documents (file and value). Raises UnfitError where one is no AsyncAPI document."""
    types = SharedTypes()
    imported = Imported()
    made = Draft("")
    for file, value in documents:
        document = Document(file, value, notes, imported)
        document.read()
        types.share(document.schemas)
        made.system = made.system or document.system
        made.description = made.description or document.description
        made.owner = made.owner or document.owner
        made.streams |= document.streams
    made.origin = (from_files([file for file, _ in documents]),)
    sent: dict[str, set[str]] = {}
    for one in imported.operations:
        for name in one.messages if one.action == "send" else ():
            sent.setdefault(name, set()).add(one.service)
    for name, event in sorted(imported.events.items()):
        if "with" in event.value:
            event.value["with"] = written_record(types.of(*imported.own[name]))
        external = bool(event.value.pop("external", False))
        if name not in sent:
            event.value["external"] = True
            said = () if external else ("Nobody here sends it, so it comes from outside.",)
            event.origin += said
        elif len(sent[name]) > 1:
            event.value["owner"] = sorted(sent[name])
        made.events[name] = event
    for value, schemas, record in imported.outlets:
        value["of"] = written_record(types.of(schemas, record))
    made.types = {name: written(type_) for name, type_ in sorted(types.named.items())}
    made.services = {name: _completed(service, imported) for name, service in sorted(imported.services.items())}
    return made


def _completed(service: ServiceDraft, imported: Imported) -> ServiceDraft:
    """A service with functions that stand for all that its application does.

    Were they one, each received message would seem to bring about each sent one.
    """
    found: dict[str, set[str]] = {"receive": set(), "send": set()}
    for operation in imported.operations:
        if operation.service == service.name:
            found[operation.action].update(name for name in operation.messages if name in imported.events)
    for action, key in (("receive", "on"), ("send", "publishes")):
        if found[action]:
            said = Said({"handler": f"application.{action}", key: sorted(found[action])})
            service.functions[action] = said
    if all(found.values()):
        first = service.functions["receive"]
        first.origin = (
            "What brings about what is not described: say it by views, reactions, transitions and commands.",
        )
    return service
