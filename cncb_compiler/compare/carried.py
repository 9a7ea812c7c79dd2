"""The carriers of two sides, paired, and the fields in which they differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.carriers import CarriedDifference, Carrier, CarrierKind, Declaration
from cncb_compiler.compare.fields import FieldDifference, FieldWalk, Renamed
from cncb_compiler.compare.matching import likeness, renames
from cncb_compiler.compare.parties import callers, receivers
from cncb_compiler.compare.shape import shape
from cncb_compiler.graph.system import LinkedOutlet, LinkedQuery, LinkedService, LinkedStore, LinkedSystem
from cncb_compiler.schema.types import Field, Record, Type

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared


def carried_differences(compared: Compared) -> Iterator[CarriedDifference]:
    """Every field that differs, in every carrier that is on both sides."""
    walk = FieldWalk(compared.before.system.types, compared.after.system.types)
    for carrier in _carriers(compared):
        plain = walk.differences(carrier.old, carrier.new)
        renamed = _renamed(compared, carrier, plain) if plain else {}
        found = walk.differences(carrier.old, carrier.new, renamed) if renamed else plain
        yield from (CarriedDifference(carrier, one) for one in found)


def _renamed(compared: Compared, carrier: Carrier, differences: tuple[FieldDifference, ...]) -> Renamed:
    """Fields of one record that went and came, of the same type, filled and read as before."""
    gone = {one.path: one.old for one in differences if one.kind == "removed" and one.old is not None}
    come = {one.path: one.new for one in differences if one.kind == "added" and one.new is not None}

    def likeness_of(old: str, new: str) -> float:
        if old.rpartition(".")[0] != new.rpartition(".")[0]:
            return 0.0
        return _likeness(compared, carrier, old, gone[old], new, come[new])

    found: Renamed = {}
    for new, old in renames(gone, come, likeness_of).items():
        parent, _, name = old.rpartition(".")
        found[parent, name] = new.rpartition(".")[2]
    return found


def _likeness(compared: Compared, carrier: Carrier, old: str, gone: Field, new: str, come: Field) -> float:
    """How alike two fields are: nothing where the types differ, else by lineage."""
    types = shape(gone.type, compared.before.system.types), shape(come.type, compared.after.system.types)
    if types[0] != types[1] or gone.optional != come.optional:
        return 0.0
    was = compared.readers_before.traits(carrier.old_origin, old)
    now = compared.readers_after.traits(carrier.new_origin, new)
    name, new_name = old.rpartition(".")[2], new.rpartition(".")[2]
    # The other end of a mapping may have been renamed with it.
    met = {one if one in now else (one[0], _called(one[1], name, new_name)) for one in was}
    return likeness(frozenset(met), now)


def _called(field: str, name: str, new_name: str) -> str:
    """A field in lineage, with one of its names in place of another."""
    return re.sub(rf"(?<=[.#]){re.escape(name)}(?=[.\[]|$)", lambda _: new_name, field)


def _carriers(compared: Compared) -> Iterator[Carrier]:
    for old, new in compared.events.both():
        yield Carrier(
            "event",
            f"event {new.name}",
            f"event:{old.name}",
            f"event:{new.name}",
            old.own,
            new.own,
            Declaration(old.decl.with_, old.at / "with"),
            Declaration(new.decl.with_, new.at / "with"),
        )
    before, after = compared.before.system, compared.after.system
    for was, store in compared.tables:
        kind: CarrierKind = "view" if store.purpose == "view" else "store"
        yield Carrier(
            kind,
            f"{kind} {store.construct.service}.{store.name}",
            was.origin,
            store.origin,
            was.record,
            store.record,
            _row_declaration(was, before.services[was.construct.service]),
            _row_declaration(store, after.services[store.construct.service]),
        )
    for told, outlet in compared.outlets:
        yield Carrier(
            "message",
            f"{outlet.kind} {outlet.construct.service}.{outlet.name}",
            told.origin,
            outlet.origin,
            told.record,
            outlet.record,
            _message_declaration(told, before),
            _message_declaration(outlet, after),
            receivers(told),
        )
    for asked, query in compared.queries:
        yield Carrier(
            "response",
            f"query {query.construct.service}.{query.construct.name}",
            f"response:{asked.construct.service}.{asked.construct.name}",
            f"response:{query.construct.service}.{query.construct.name}",
            _response(asked, before),
            _response(query, after),
            _response_declaration(asked),
            _response_declaration(query),
            callers(asked.construct, asked.decl),
        )
    for owner, new_owner in compared.services.both():
        yield from _requests(compared, owner, new_owner)


def _requests(compared: Compared, old: LinkedService, new: LinkedService) -> Iterator[Carrier]:
    commands = {one.construct.name: one for one in old.commands}
    for command in new.commands:
        was = commands.get(compared.old_name(command.construct))
        if was is not None and was.input is not None and command.input is not None:
            yield Carrier(
                "request",
                f"command {new.name}.{command.construct.name}",
                f"command:{old.name}.{was.construct.name}",
                f"command:{new.name}.{command.construct.name}",
                Record({"input": Field(was.input)}),
                Record({"input": Field(command.input)}),
                Declaration({"input": was.decl.input}, was.construct.at),
                Declaration({"input": command.decl.input}, command.construct.at),
                callers(was.construct, was.decl),
            )


def _row_declaration(store: LinkedStore, service: LinkedService) -> Declaration:
    at = store.construct.at
    if store.purpose == "store":
        return Declaration(service.decl.stores[store.name].of, at / "of")
    return Declaration(dict(service.decl.views[store.name].fields), at / "fields")


def _message_declaration(outlet: LinkedOutlet, system: LinkedSystem) -> Declaration:
    decl = system.services[outlet.construct.service].decl
    declared = decl.queues[outlet.name] if outlet.kind == "queue" else decl.buses[outlet.name]
    return Declaration(declared.of, outlet.construct.at / "of")


def _response(query: LinkedQuery, system: LinkedSystem) -> Record:
    type_: Type = query.store.record
    if query.fields is not None:
        type_ = query.fields.target if query.fields.target is not None else query.fields.type
    found = system.types.resolve(type_)
    return found if isinstance(found, Record) else Record(open=True)


def _response_declaration(query: LinkedQuery) -> Declaration:
    at = query.construct.at
    if query.decl.fields is not None:
        return Declaration(dict(query.decl.fields), at / "fields")
    return Declaration(query.decl.response, at / "response" if query.decl.response is not None else at / "from")
