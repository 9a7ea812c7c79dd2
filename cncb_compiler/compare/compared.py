"""Two sides with everything paired: what the rules read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from cncb_compiler.compare.carriers import CarriedDifference, Carrier, CarrierKind, Declaration, Judge
from cncb_compiler.compare.change import Affected, Change, ChangeRule, Level
from cncb_compiler.compare.fields import FieldDifference, FieldWalk, Renamed
from cncb_compiler.compare.matching import Matches, leaves, likeness, matched, renames
from cncb_compiler.compare.readers import Readers
from cncb_compiler.compare.shape import shape
from cncb_compiler.compare.side import Side
from cncb_compiler.graph.network import KINDS
from cncb_compiler.graph.system import Construct, LinkedEvent, LinkedQuery, LinkedService, LinkedStore, LinkedSystem
from cncb_compiler.model.base import Node
from cncb_compiler.schema.types import Field, Record, Type
from cncb_compiler.source.location import Location


@dataclass(frozen=True, slots=True)
class DeclaredConstruct:
    """A declaration of a service: its construct, and what it says."""

    construct: Construct
    decl: Node

    @property
    def name(self) -> str:
        """Its name in the graph: `view:storefront.products`."""
        return f"{KINDS[self.construct.section]}:{self.construct.service}.{self.construct.name}"

    @property
    def noun(self) -> str:
        """Its name in a message: `view storefront.products`."""
        return f"{KINDS[self.construct.section]} {self.construct.service}.{self.construct.name}"


class Compared:
    """The pairs of two sides; each is worked out when a rule first asks for it."""

    def __init__(self, before: Side, after: Side) -> None:
        self.before = before
        self.after = after
        self.readers_before = Readers(before, "before")
        self.readers_after = Readers(after, "after")
        self._judge = Judge(before, after, self.readers_before, self.readers_after)

    @cached_property
    def _known(self) -> frozenset[str]:
        return self.before.broken | self.after.broken

    @cached_property
    def services(self) -> Matches[LinkedService]:
        """Services: a renamed one declares the same constructs, which do the same to the same events."""
        return matched(
            {name: one for name, one in self.before.system.services.items() if not one.implied},
            {name: one for name, one in self.after.system.services.items() if not one.implied},
            lambda service, _: frozenset(_service_traits(service)),
            self._known,
        )

    @cached_property
    def events(self) -> Matches[LinkedEvent]:
        """Event types: a renamed one has the same fields, and the same producers or consumers."""
        return matched(
            self.before.system.events,
            self.after.system.events,
            lambda event, after: frozenset(self._event_traits(event, after)),
            self._known,
            lambda old, new: (
                self._lineage_of(old, False) & self._lineage_of(new, True)
                or not (self._lineage_of(old, False) or self._lineage_of(new, True))
            ),
        )

    def _event_traits(self, event: LinkedEvent, after: bool) -> Iterator[object]:
        system = (self.after if after else self.before).system
        yield "entity", event.decl.entity
        yield "stream", event.stream
        for name, field in event.own.fields.items():
            yield "field", name, shape(field.type, system.types), field.optional
        yield from self._lineage_of(event, after)

    def _lineage_of(self, event: LinkedEvent, after: bool) -> frozenset[object]:
        system = (self.after if after else self.before).system
        producers = [one.construct for one in system.emissions.get(event.name, ())]
        producers += system.publishing_functions.get(event.name, ())
        consumers = system.consumers.get(event.name, ())
        return frozenset(
            (role, self._place_in_system(one, after))
            for role, constructs in (("producer", producers), ("consumer", consumers))
            for one in constructs
        )

    def _place_in_system(self, construct: Construct, after: bool) -> str:
        """A construct apart from names that follow from its events; of a service's name, the one after."""
        service = construct.service if after else self.services.new_names.get(construct.service, construct.service)
        name = "" if construct.section == "transitions" else construct.name
        return f"{service}.{construct.section}.{name}"

    @cached_property
    def declarations(self) -> Matches[DeclaredConstruct]:
        """What the paired services declare, by `service.section.name` as after."""
        pairs: dict[str, tuple[DeclaredConstruct, DeclaredConstruct]] = {}
        added: dict[str, DeclaredConstruct] = {}
        removed: dict[str, DeclaredConstruct] = {}
        renamed: dict[str, str] = {}
        for old, new in self.services.both():
            if old.decl == new.decl and old.name == new.name:
                ones, others = _declarations(old), _declarations(new)
                pairs |= {str(one.construct): (one, other) for one, other in zip(ones, others, strict=True)}
                continue
            for section in KINDS:
                found = matched(
                    {one.construct.name: one for one in _declarations(old, section)},
                    {one.construct.name: one for one in _declarations(new, section)},
                    lambda one, after: self._declared_traits(one, after),
                    self._known,
                )
                at = f"{new.name}.{section}"
                pairs |= {f"{at}.{name}": pair for name, pair in found.pairs.items()}
                added |= {f"{at}.{name}": one for name, one in found.added.items()}
                removed |= {f"{at}.{name}": one for name, one in found.removed.items()}
                renamed |= {f"{at}.{name}": f"{at}.{before}" for name, before in found.renamed.items()}
        return Matches(dict(sorted(pairs.items())), added, removed, renamed)

    def _declared_traits(self, one: DeclaredConstruct, after: bool) -> frozenset[tuple[str, str]]:
        words = {} if after else {repr(old): repr(new) for old, new in self.events.new_names.items()}
        said = one.decl.model_dump(by_alias=True, exclude_defaults=True)
        return frozenset((path, words.get(value, value)) for path, value in leaves(said))

    @cached_property
    def fields(self) -> tuple[CarriedDifference, ...]:
        """Every field that differs, in every carrier that is on both sides."""
        walk = FieldWalk(self.before.system.types, self.after.system.types)
        return tuple(
            CarriedDifference(carrier, one) for carrier in self._carriers() for one in self._differences(walk, carrier)
        )

    def _differences(self, walk: FieldWalk, carrier: Carrier) -> tuple[FieldDifference, ...]:
        plain = walk.differences(carrier.old, carrier.new)
        renamed = self._renamed_fields(carrier, plain)
        return walk.differences(carrier.old, carrier.new, renamed) if renamed else plain

    def _renamed_fields(self, carrier: Carrier, differences: tuple[FieldDifference, ...]) -> Renamed:
        """Fields of one record that went and came, of the same type, filled and read as before."""
        gone = {one.path: one.old for one in differences if one.kind == "removed" and one.old is not None}
        come = {one.path: one.new for one in differences if one.kind == "added" and one.new is not None}

        def likeness_of(old: str, new: str) -> float:
            if old.rpartition(".")[0] != new.rpartition(".")[0]:
                return 0.0
            return self._likeness(carrier, old, gone[old], new, come[new])

        found: Renamed = {}
        for new, old in renames(gone, come, likeness_of).items():
            parent, _, name = old.rpartition(".")
            found[parent, name] = new.rpartition(".")[2]
        return found

    def _likeness(self, carrier: Carrier, old: str, gone: Field, new: str, come: Field) -> float:
        """How alike two fields are: nothing where the types differ, else by lineage."""
        types = shape(gone.type, self.before.system.types), shape(come.type, self.after.system.types)
        if types[0] != types[1] or gone.optional != come.optional:
            return 0.0
        was = self.readers_before.traits(carrier.old_origin, old)
        now = self.readers_after.traits(carrier.new_origin, new)
        name, new_name = old.rpartition(".")[2], new.rpartition(".")[2]
        # The other end of a mapping may have been renamed with it.
        met = {one if one in now else (one[0], _called(one[1], name, new_name)) for one in was}
        return likeness(frozenset(met), now)

    def change(self, rule: ChangeRule, one: CarriedDifference, message: str, *, least: Level = Level.SAFE) -> Change:
        """The change that a difference of fields is, judged by its carrier and its readers."""
        return self._judge.change(rule, one, message, least=least)

    def _carriers(self) -> Iterator[Carrier]:
        for old, new in self.events.both():
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
        for old_service, new_service in self.services.both():
            yield from self._carriers_of(old_service, new_service)

    def _carriers_of(self, old: LinkedService, new: LinkedService) -> Iterator[Carrier]:
        before = {one.origin: one for one in old.tables if one.purpose != "collected"}
        for store in new.tables:
            match = before.get(self.old_origin(store.construct, store.origin))
            if match is not None:
                noun = f"{store.purpose} {new.name}.{store.name}"
                kind: CarrierKind = "view" if store.purpose == "view" else "store"
                yield Carrier(
                    kind,
                    noun,
                    match.origin,
                    store.origin,
                    match.record,
                    store.record,
                    _row_declaration(match, old),
                    _row_declaration(store, new),
                )
        commands = {one.construct.name: one for one in old.commands}
        for command in new.commands:
            was = commands.get(self._old_name(command.construct))
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
                    _callers(was.construct, was.decl.route),
                )
        queries = {one.construct.name: one for one in old.queries}
        for query in new.queries:
            asked = queries.get(self._old_name(query.construct))
            if asked is not None:
                yield Carrier(
                    "response",
                    f"query {new.name}.{query.construct.name}",
                    f"response:{old.name}.{asked.construct.name}",
                    f"response:{new.name}.{query.construct.name}",
                    _response(asked, self.before.system),
                    _response(query, self.after.system),
                    _response_declaration(asked),
                    _response_declaration(query),
                    _callers(asked.construct, asked.decl.route),
                )

    def _old_name(self, construct: Construct) -> str:
        """The name that a construct had before."""
        return self.declarations.renamed.get(str(construct), str(construct)).rpartition(".")[2]

    def old_origin(self, construct: Construct, origin: str) -> str:
        """The name in lineage that a store or view had before."""
        purpose = origin.partition(":")[0]
        service = self.services.renamed.get(construct.service, construct.service)
        return f"{purpose}:{service}.{self._old_name(construct)}"


def _called(field: str, name: str, new_name: str) -> str:
    """A field in lineage, with one of its names in place of another."""
    return re.sub(rf"(?<=[.#]){re.escape(name)}(?=[.\[]|$)", lambda _: new_name, field)


def _service_traits(service: LinkedService) -> Iterator[object]:
    yield "kind", service.decl.kind
    for one in _declarations(service):
        yield one.construct.section, one.construct.name
    for view in service.views:
        yield from (("on", event) for event in view.decl.on)


_SECTIONS: dict[str, Callable[[LinkedService], list[tuple[str, Node]]]] = {
    "commands": lambda one: list(one.decl.commands.items()),
    "queries": lambda one: list(one.decl.queries.items()),
    "views": lambda one: list(one.decl.views.items()),
    "reactions": lambda one: list(one.decl.reactions.items()),
    "changes": lambda one: list(one.decl.changes.items()),
    "functions": lambda one: list(one.decl.functions.items()),
    "stores": lambda one: list(one.decl.stores.items()),
}


def _declarations(service: LinkedService, section: str | None = None) -> list[DeclaredConstruct]:
    """What a service declares, whether it could be linked or not."""
    found: list[DeclaredConstruct] = []
    for name, declared in _SECTIONS.items():
        if section in (None, name):
            found += [
                DeclaredConstruct(Construct(service.name, name, key, service.at / name / key), decl)
                for key, decl in declared(service)
            ]
    if section in (None, "transitions"):
        found += [
            DeclaredConstruct(one.construct, one.decl)
            for one in sorted(service.transitions, key=lambda one: one.construct.name)
        ]
    return found


def _row_declaration(store: LinkedStore, service: LinkedService) -> Declaration:
    at = store.construct.at
    if store.purpose == "store":
        return Declaration(service.decl.stores[store.name].of, at / "of")
    return Declaration(dict(service.decl.views[store.name].fields), at / "fields")


def _response(query: LinkedQuery, system: LinkedSystem) -> Record:
    type_: Type = query.store.record
    if query.fields is not None:
        type_ = query.fields.target if query.fields.target is not None else query.fields.type
    found = system.types.resolve(type_)
    return found if isinstance(found, Record) else Record(open=True)


def _response_declaration(query: LinkedQuery) -> Declaration:
    at: Location = query.construct.at
    if query.decl.fields is not None:
        return Declaration(dict.fromkeys(query.decl.fields), at / "fields")
    return Declaration(query.decl.response, at / "response" if query.decl.response is not None else at / "from")


def _callers(construct: Construct, route: str | None) -> tuple[Affected, ...]:
    said = f"callers of {route}" if route else f"whoever invokes {construct.service}.{construct.name}"
    return (Affected("", said, "outside of the system", "", "before", construct.at),)
