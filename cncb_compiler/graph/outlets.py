"""Linking queues and buses, and the messages that reactions send to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cncb_compiler.diagnostics.diagnostic import Related
from cncb_compiler.diagnostics.mend import Mend, Remove
from cncb_compiler.graph.linking import Linking, mend_name
from cncb_compiler.graph.system import Construct, LinkedOutlet, Send
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import Nested, Tree
from cncb_compiler.model.declared import Declared
from cncb_compiler.model.reaction import Reaction
from cncb_compiler.model.service import Service
from cncb_compiler.rules.cncb107_incomplete_declaration import RULE as INCOMPLETE
from cncb_compiler.rules.cncb208_unknown_outlet import RULE as UNKNOWN_OUTLET


def link_outlets(linking: Linking, service: Declared[Service]) -> dict[str, LinkedOutlet]:
    """The queues and buses of a service, by name. That a queue and a bus share one is CNCB211."""
    outlets: dict[str, LinkedOutlet] = {}
    for name, bus in sorted(service.value.buses.items()):
        at = service.at / "buses" / name
        record = linking.record(bus.of, at / "of", "a bus's `of`")
        source = bus.source or f"{linking.declared.name}.{service.name}"
        construct = Construct(service.name, "buses", name, at)
        outlets[name] = LinkedOutlet(construct, name, "bus", record, source=source, detail_type=bus.detail_type)
    for name, queue in sorted(service.value.queues.items()):
        at = service.at / "queues" / name
        record = linking.record(queue.of, at / "of", "a queue's `of`")
        outlets[name] = LinkedOutlet(Construct(service.name, "queues", name, at), name, "queue", record, queue.fifo)
    return outlets


def link_send(
    linking: Linking,
    construct: Construct,
    decl: Reaction,
    outlets: Mapping[str, LinkedOutlet],
    scopes: Sequence[Scope],
    derived: Mapping[str, Tree],
) -> Send | None:
    """Type the message of a reaction. Without `set` it has the fields of the event that have its names."""
    at, name = construct.at, decl.send
    assert name is not None
    outlet = outlets.get(name)
    if decl.key is not None:
        linking.diagnostics.append(
            INCOMPLETE((at / "key").key(), "a message has no `key`", mend=Mend("Remove it.", (Remove(at / "key"),)))
        )
    if outlet is None:
        if name not in linking.declared.broken:
            mend = mend_name(name, outlets, "queues` or `buses", at / "send")
            message = f"`{name}` is not a queue or bus of this service"
            linking.diagnostics.append(UNKNOWN_OUTLET(at / "send", message, mend=mend))
        return None
    tree, place = Nested({field: derived[field] for field in outlet.record.fields if field in derived}), at / "send"
    target = (outlet.record, outlet.origin)
    doc = f"The message to {outlet.name}."
    related = (Related(outlet.construct.at.key(), f"`{outlet.name}` is declared here"),)
    if decl.set is not None:
        raw = (dict(decl.set), at / "set")
        fields = linking.mapping(construct, "fields", doc, raw, scopes, *target, related=related)
    else:
        fields = linking.tree(construct, "fields", doc, tree, place, scopes, *target, related=related)
    return Send(construct, outlet, at, fields)
