"""Inferring what the opaque context of each event holds, from all who publish it.

A transition begins a context with its trigger's own fields, or carries its trigger's on. A store with a field
`context` hands it from the reaction that wrote it to the change that publishes it. What cannot be followed is
untyped: then nothing inside it is checked (book: "Orchestrating collaboration between services").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from cncb_compiler.model.declared import DeclaredSystem
from cncb_compiler.model.service import Service
from cncb_compiler.schema.merge import merged_record
from cncb_compiler.schema.types import ANYTHING, Record, Type

_OPAQUE: Type = ANYTHING


class _Source(Struct, frozen=True):
    """Where a context comes from: begun by an event, carried from an event, kept in a store, or out of sight."""

    kind: Literal["begin", "event", "store", "opaque"]
    name: str = ""


def infer_contexts(declared: DeclaredSystem, own: Mapping[str, Record]) -> dict[str, Type]:
    """The type of the context of each event that has one."""
    carrying = {name for name, event in declared.events.items() if event.value.context}
    if not carrying:
        return {}
    sources = _sources(declared, carrying)
    known: dict[str, Type | None] = dict.fromkeys(sources)
    for _ in range(len(sources) + 2):
        updated = {name: _joined(sources[name], known, own) for name in sources}
        if all(_same(updated[name], known[name]) for name in sources):
            break
        known = updated
    return {name: known.get(f"event:{name}") or _OPAQUE for name in carrying}


def _sources(declared: DeclaredSystem, carrying: set[str]) -> dict[str, list[_Source]]:
    sources: dict[str, list[_Source]] = {f"event:{name}": [] for name in sorted(carrying)}
    for name in sorted(carrying):
        if declared.events[name].value.external:
            sources[f"event:{name}"].append(_Source("opaque"))

    def add(target: str, *found: _Source) -> None:
        sources.setdefault(target, []).extend(found)

    def trigger(event: str, expression: Any) -> _Source:
        if expression is not None and expression != "context":
            return _Source("opaque")
        return _Source("event" if event in carrying else "begin", event)

    for service in declared.services.values():
        for transition in service.value.transitions:
            if transition.emit in carrying:
                said = (transition.with_ or {}).get("context")
                events = transition.join or transition.on
                add(f"event:{transition.emit}", *(trigger(event, said) for event in events))
        for reaction in service.value.reactions.values():
            store = reaction.write or reaction.update
            said = (reaction.set or {}).get("context")
            if store and said is not None:
                add(f"store:{service.name}.{store}", *(trigger(event, said) for event in reaction.on))
        _commands(service.name, service.value, carrying, add)
        for store, change in service.value.changes.items():
            for publication in (*change.insert, *change.modify, *change.remove):
                if publication.event in carrying:
                    said = (publication.with_ or {}).get("context")
                    kept = said in (None, "new.context", "old.context")
                    add(
                        f"event:{publication.event}",
                        _Source("store", f"{service.name}.{store}") if kept else _Source("opaque"),
                    )
    return sources


def _commands(service: str, decl: Service, carrying: set[str], add: Any) -> None:
    for command in decl.commands.values():
        if command.publish in carrying:
            add(f"event:{command.publish}", _Source("opaque"))
        store = command.write or command.update
        if store and "context" in (command.set or {}):
            add(f"store:{service}.{store}", _Source("opaque"))
    for function in decl.functions.values():
        for event in function.publishes:
            if event in carrying:
                add(f"event:{event}", _Source("opaque"))


def _joined(sources: list[_Source], known: Mapping[str, Type | None], own: Mapping[str, Record]) -> Type | None:
    records: list[Record] = []
    for source in sources:
        if source.kind == "opaque":
            return _OPAQUE
        if source.kind == "begin":
            type_: Type | None = own.get(source.name, Record(open=True))
        else:
            type_ = known.get(f"{source.kind}:{source.name}")
        if type_ is not None and not isinstance(type_, Record):
            return _OPAQUE
        if type_ is not None:
            records.append(type_)
    return merged_record(records) if records else None


def _same(one: Type | None, other: Type | None) -> bool:
    if isinstance(one, Record) and isinstance(other, Record):
        return [(name, field.optional) for name, field in one.fields.items()] == [
            (name, field.optional) for name, field in other.fields.items()
        ]
    return one == other
