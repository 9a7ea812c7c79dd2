"""Two sides with everything paired: what the rules read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from cncb_compiler.compare.carried import carried_differences
from cncb_compiler.compare.carriers import CarriedDifference, Judge
from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.matching import Matches, leaves, matched
from cncb_compiler.compare.parties import node_of
from cncb_compiler.compare.readers import Readers
from cncb_compiler.compare.resources import StackDifference, stack_differences
from cncb_compiler.compare.shape import shape
from cncb_compiler.compare.side import Side
from cncb_compiler.graph.system import (
    Construct,
    LinkedEvent,
    LinkedOutlet,
    LinkedQuery,
    LinkedService,
    LinkedStore,
    LinkedStream,
)
from cncb_compiler.model.base import Node
from cncb_compiler.plan.function import FunctionPlan
from cncb_compiler.source.location import Location

_NAMES = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class DeclaredConstruct:
    """A declaration of a service: its construct, and what it says."""

    construct: Construct
    decl: Node

    @property
    def name(self) -> str:
        """Its name in the graph: `view:storefront.products`."""
        return node_of(self.construct)

    @property
    def noun(self) -> str:
        """Its name in a message: `view storefront.products`."""
        return self.name.replace(":", " ", 1)


@dataclass(frozen=True, slots=True)
class FunctionPair:
    """A function as it was planned before and is after, in a service."""

    service: str
    old: FunctionPlan
    new: FunctionPlan


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
            for section in dict.fromkeys((*sections(old), *sections(new), "transitions")):
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
        return tuple(carried_differences(self))

    @cached_property
    def renamed_words(self) -> dict[str, str]:
        """Old name to new name of everything that was renamed: fields, events, declarations."""
        words = {
            one.field.path.rpartition(".")[2]: one.field.new_path.rpartition(".")[2]
            for one in self.fields
            if one.field.kind == "renamed"
        }
        for new, old in self.declarations.renamed.items():
            words[old.rpartition(".")[2]] = new.rpartition(".")[2]
        return words | self.events.new_names

    @cached_property
    def tables(self) -> tuple[tuple[LinkedStore, LinkedStore], ...]:
        """Stores and views on both sides."""
        found = []
        for old, new in self.services.both():
            before = {one.origin: one for one in old.tables if one.purpose != "collected"}
            for store in new.tables:
                match = before.get(self.old_origin(store.construct, store.origin))
                if match is not None:
                    found.append((match, store))
        return tuple(found)

    @cached_property
    def regenerated(self) -> tuple[tuple[LinkedStore, LinkedStore], ...]:
        """Views on both sides that are another copy."""
        return tuple(
            (was, now) for was, now in self.tables if now.purpose == "view" and was.generation != now.generation
        )

    def replaces_copy(self, at: Location | None) -> bool:
        """Whether that is the declaration of a view that is another copy: its resources are others, as is told once."""
        return any(at in (was.construct.at, now.construct.at) for was, now in self.regenerated)

    @cached_property
    def outlets(self) -> tuple[tuple[LinkedOutlet, LinkedOutlet], ...]:
        """Queues and buses on both sides."""
        found = []
        for old, new in self.services.both():
            before = {one.origin: one for one in old.outlets.values()}
            for outlet in new.outlets.values():
                match = before.get(self.old_origin(outlet.construct, outlet.origin))
                if match is not None:
                    found.append((match, outlet))
        return tuple(found)

    @cached_property
    def queries(self) -> tuple[tuple[LinkedQuery, LinkedQuery], ...]:
        """Queries on both sides."""
        found = []
        for old, new in self.services.both():
            before = {one.construct.name: one for one in old.queries}
            for query in new.queries:
                match = before.get(self.old_name(query.construct))
                if match is not None:
                    found.append((match, query))
        return tuple(found)

    @cached_property
    def streams(self) -> tuple[tuple[LinkedStream, LinkedStream], ...]:
        """Streams on both sides."""
        before, after = self.before.system.streams, self.after.system.streams
        return tuple((before[name], after[name]) for name in after if name in before)

    @cached_property
    def stacks(self) -> tuple[StackDifference, ...]:
        """Stacks whose templates differ."""
        return tuple(stack_differences(self))

    @cached_property
    def functions(self) -> tuple[FunctionPair, ...]:
        """The planned functions of the same name on both sides."""
        found = []
        for old, new in self.services.both():
            before = {one.name: one for one in self.before.plans[old.name].functions}
            for function in self.after.plans[new.name].functions:
                if function.name in before:
                    found.append(FunctionPair(new.name, before[function.name], function))
        return tuple(found)

    def name_after(self, name: str) -> str:
        """A field as lineage names it on the side before, by the name that it has after."""
        origin, _, path = name.partition("#")
        kind, _, owner = origin.partition(":")
        if kind == "event":
            return f"event:{self.events.new_names.get(owner, owner)}#{self._path_after(path)}"
        service, _, own = owner.partition(".")
        service = self.services.new_names.get(service, service)
        own = self._own_names.get((service, own), own)
        return f"{kind}:{service}.{own}#{self._path_after(path)}"

    def _path_after(self, path: str) -> str:
        words = self.renamed_words
        return _NAMES.sub(lambda found: words.get(found.group(), found.group()), path) if words else path

    @cached_property
    def _own_names(self) -> dict[tuple[str, str], str]:
        """Service (after) and name before of each renamed declaration, to its name after."""
        found = {}
        for new, old in self.declarations.renamed.items():
            service, _, name = old.split(".")
            found[service, name] = new.rpartition(".")[2]
        return found

    def named_after(self, construct: Construct) -> str:
        """The name in the graph that a construct of the side before has after."""
        service = self.services.new_names.get(construct.service, construct.service)
        key = f"{service}.{construct.section}.{construct.name}"
        name = self.declarations.new_names.get(key, key).rpartition(".")[2]
        if construct.section == "transitions":
            name = self.events.new_names.get(name, name)
        return node_of(Construct(service, construct.section, name, construct.at))

    @staticmethod
    def declared_by(service: LinkedService) -> list[DeclaredConstruct]:
        """Everything that a service declares."""
        return _declarations(service)

    def change(self, rule: ChangeRule, one: CarriedDifference, message: str, *, least: Level = Level.SAFE) -> Change:
        """The change that a difference of fields is, judged by its carrier and its readers."""
        return self._judge.change(rule, one, message, least=least)

    def old_name(self, construct: Construct) -> str:
        """The name that a construct had before."""
        return self.declarations.renamed.get(str(construct), str(construct)).rpartition(".")[2]

    def old_origin(self, construct: Construct, origin: str) -> str:
        """The name in lineage that a store or view had before."""
        purpose = origin.partition(":")[0]
        service = self.services.renamed.get(construct.service, construct.service)
        return f"{purpose}:{service}.{self.old_name(construct)}"


def _service_traits(service: LinkedService) -> Iterator[object]:
    yield "kind", service.decl.kind
    for one in _declarations(service):
        yield one.construct.section, one.construct.name
    for view in service.views:
        yield from (("on", event) for event in view.decl.on)


def _declarations(service: LinkedService, section: str | None = None) -> list[DeclaredConstruct]:
    """What a service declares, whether it could be linked or not: whatever has a name, and holds a declaration."""
    found: list[DeclaredConstruct] = []
    for name in sections(service) if section is None else (section,):
        declared = getattr(service.decl, name, {})
        if isinstance(declared, dict):
            found += [
                DeclaredConstruct(Construct(service.name, name, key, service.at / name / key), declared[key])
                for key in sorted(declared)
            ]
    if section in (None, "transitions"):
        found += _transitions(service)
    return found


def _transitions(service: LinkedService) -> list[DeclaredConstruct]:
    """The transitions, named as `graph.link` names them: after what they emit, numbered from the second on."""
    counts: Counter[str] = Counter()
    found = []
    for number, one in enumerate(service.decl.transitions):
        counts[one.emit] += 1
        name = one.emit if counts[one.emit] == 1 else f"{one.emit}-{counts[one.emit]}"
        at = service.at / "transitions" / number
        found.append(DeclaredConstruct(Construct(service.name, "transitions", name, at), one))
    return sorted(found, key=lambda one: one.construct.name)


def sections(service: LinkedService) -> tuple[str, ...]:
    """The keys of a service under which named declarations stand, of those that it has."""
    return tuple(
        name
        for name in type(service.decl).model_fields
        if isinstance(found := getattr(service.decl, name), dict) and found and all(map(_is_node, found.values()))
    )


def _is_node(value: object) -> bool:
    return isinstance(value, Node)
