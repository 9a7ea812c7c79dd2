"""Every field of a system by its name in lineage, and which of them a user means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.schema.types import Field, ListOf, Record, Ref, Type, TypeTable
from cncb_compiler.schema.walk import render_type
from cncb_compiler.source.location import Location

ENVELOPE = frozenset({"id", "type", "timestamp", "partitionKey", "tags", "context"})


@dataclass(frozen=True, slots=True)
class Known:
    """A field: its name in lineage, its type in words, and where what has it is declared."""

    name: str
    type: str
    at: Location


class NoFieldError(ValueError):
    """What was asked is no field; the message says what was probably meant."""


def known_fields(system: LinkedSystem) -> dict[str, Known]:
    """The fields of events, stores, views, queues, buses, inputs of commands, and responses, by name."""
    found: dict[str, Known] = {}
    for origin, record, at in _carriers(system):
        for path, field in _paths(record, system.types):
            name = f"{origin}#{path}"
            found[name] = Known(name, render_type(field.type) + ("?" if field.optional else ""), at)
    return dict(sorted(found.items()))


def asked(text: str, known: dict[str, Known]) -> list[Known]:
    """The fields that a text names. Raises NoFieldError.

    `order.sku` is that field of every event; `order-submitted#order.sku` of one; `view:service.name#field` of a view,
    and so on with the other names of lineage. Lists may be named with or without `[]`.
    """
    origin, hash_, path = text.rpartition("#")
    if origin and ":" not in origin:
        origin = f"event:{origin}"
    meant = [field for field in known.values() if _is(field.name, origin, path)]
    if not meant:
        raise NoFieldError(_nothing(text, origin, path, known))
    if hash_:
        return meant
    own = [field for field in meant if path.partition(".")[0] not in ENVELOPE]
    return own or meant


def _is(name: str, origin: str, path: str) -> bool:
    has, _, own = name.partition("#")
    return (has == origin if origin else has.startswith("event:")) and _plain(own) == _plain(path)


def _plain(path: str) -> str:
    return path.replace("[]", "")


def _nothing(text: str, origin: str, path: str, known: dict[str, Known]) -> str:
    origins = {name.partition("#")[0] for name in known}
    if origin and origin not in origins:
        close = get_close_matches(origin, sorted(origins), 1, 0.6)
        hint = (
            f"Did you mean `{close[0]}#{path}`?" if close else "Write `event:NAME#PATH`, `view:SERVICE.NAME#PATH`, ..."
        )
        return f"`{text}`: nothing is called `{origin}`. {hint}"
    paths = sorted({_plain(name.partition("#")[2]) for name in known if name.startswith(origin or "event:")})
    last = f".{path.rpartition('.')[2]}"
    ending = sorted(
        (one for one in paths if one.endswith(last)), key=lambda one: (one.startswith("context."), len(one))
    )
    close = ending or get_close_matches(_plain(path), paths, 1, 0.5)
    whose = f"of `{origin}`" if origin else "of any event"
    prefix = f"{origin}#" if origin else ""
    hint = (
        f"Did you mean `{prefix}{close[0]}`?" if close else f"There are {', '.join(f'`{one}`' for one in paths[:10])}."
    )
    return f"`{path}` is no field {whose}. {hint}"


def _carriers(system: LinkedSystem) -> Iterator[tuple[str, Record, Location]]:
    for event in system.events.values():
        yield f"event:{event.name}", event.record, event.at
    for service in system.services.values():
        for table in service.tables:
            yield table.origin, table.record, table.construct.at
        for outlet in service.outlets.values():
            yield outlet.origin, outlet.record, outlet.construct.at
        for command in service.commands:
            if command.input is not None:
                at = command.construct.at
                yield f"command:{service.name}.{command.construct.name}", Record({"input": Field(command.input)}), at
        for query in service.queries:
            response = query.fields.type if query.fields is not None else query.store.record
            if isinstance(response, Record):
                yield f"response:{service.name}.{query.construct.name}", response, query.construct.at


def _paths(type_: Type, table: TypeTable, above: str = "", trail: tuple[str, ...] = ()) -> Iterator[tuple[str, Field]]:
    """Each field below a type with its path; of a type within itself, the first level."""
    if isinstance(type_, Ref):
        if type_.name in trail:
            return
        trail = (*trail, type_.name)
    inner = table.resolve(type_)
    if isinstance(inner, ListOf):
        yield from _paths(inner.item, table, f"{above}[]", trail)
    elif isinstance(inner, Record):
        for name, field in inner.fields.items():
            path = f"{above}.{name}" if above else name
            yield path, field
            yield from _paths(field.type, table, path, trail)
