"""What the linking of one system carries along: the declarations, what is linked so far, and what was found wrong."""

from __future__ import annotations

import keyword
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related
from cncb_compiler.diagnostics.mend import Mend, did_you_mean
from cncb_compiler.graph.system import Construct, LinkedEvent, LinkedMapping, LinkedStore
from cncb_compiler.mapping.check import Checked, check
from cncb_compiler.mapping.parse import parse_mapping
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import Tree
from cncb_compiler.model.declared import DeclaredSystem
from cncb_compiler.rules.cncb201_unknown_event import RULE as UNKNOWN_EVENT
from cncb_compiler.rules.cncb202_unknown_type import RULE as UNKNOWN_TYPE
from cncb_compiler.rules.cncb203_unknown_store import RULE as UNKNOWN_STORE
from cncb_compiler.schema.notation import parse_type
from cncb_compiler.schema.types import ANYTHING, Record, Type, TypeTable
from cncb_compiler.source.location import Location

Raw = tuple[Any, Location]
"""A notation as written, and its place."""


@dataclass(slots=True)
class Linking:
    """The state of the linking pass.

    The mappings of the services in `fitting` are known to be right; `unfitting` are services with one that is not.
    """

    declared: DeclaredSystem
    table: TypeTable
    fitting: Container[str] = ()
    events: dict[str, LinkedEvent] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    mappings: list[tuple[Construct, LinkedMapping]] = field(default_factory=list)
    used_types: set[str] = field(default_factory=set)
    unfitting: set[str] = field(default_factory=set)

    def event(self, name: str, at: Location) -> LinkedEvent | None:
        """The event type of that name; unknown ones are reported at `at`."""
        event = self.events.get(name)
        if event is None and name not in self.declared.broken:
            self.diagnostics.append(
                UNKNOWN_EVENT(at, f"`{name}` is not a declared event", mend=mend_name(name, self.events, "events", at))
            )
        return event

    def known_events(self, names: Iterable[str], at: Location) -> tuple[str, ...]:
        """Those of the names that are event types, in their order; the others are reported."""
        listed = tuple(names)
        return tuple(
            name for index, name in enumerate(listed) if self.event(name, at / index if len(listed) > 1 else at)
        )

    def store(self, service: str, stores: Mapping[str, LinkedStore], name: str, at: Location) -> LinkedStore | None:
        """The store or view of the service of that name; unknown ones are reported at `at`."""
        store = stores.get(name)
        if store is None and name not in self.declared.broken and not self._belongs_to_another(service, name):
            self.diagnostics.append(
                UNKNOWN_STORE(
                    at, f"`{name}` is not a store or view of this service", mend=mend_name(name, stores, "stores", at)
                )
            )
        return store

    def _belongs_to_another(self, service: str, name: str) -> bool:
        """Whether only another service has a store or view of that name: that is CNCB501, not an unknown store."""
        having = [
            one.name for one in self.declared.services.values() if name in one.value.stores or name in one.value.views
        ]
        return bool(having) and service not in having

    def type(self, raw: Any, at: Location) -> Type:
        """The type that a notation says; unknown type names are reported."""
        type_, diagnostics, refs = parse_type(raw, at)
        self.diagnostics.extend(diagnostics)
        for name, place in refs:
            self.used_types.add(name)
            if name not in self.table.named and name not in self.declared.broken:
                self.diagnostics.append(
                    UNKNOWN_TYPE(
                        place,
                        f"`{name}` is not a declared type",
                        mend=mend_name(name, self.table.named, "types", place),
                    )
                )
        return type_

    def record(self, raw: Any, at: Location, noun: str) -> Record:
        """The record that a notation says; anything else is reported, and taken for a record of unknown fields."""
        from cncb_compiler.rules.cncb110_bad_type import RULE as BAD_TYPE

        type_ = self.table.resolve(self.type(raw, at))
        if isinstance(type_, Record):
            return type_
        if type_ != ANYTHING:
            self.diagnostics.append(BAD_TYPE(at, f"{noun} must be a record of fields", mend="Write `{field: type}`."))
        return Record(open=True)

    def mapping(
        self,
        construct: Construct,
        name: str,
        doc: str,
        raw: Raw,
        scopes: Sequence[Scope],
        target: Type | None,
        target_name: str,
        *,
        related: tuple[Related, ...] = (),
    ) -> LinkedMapping:
        """Parse a mapping and check it against each of the scopes that it may be given (one for each event type)."""
        value, at = raw
        tree, diagnostics = parse_mapping(value, at)
        self.diagnostics.extend(diagnostics)
        return self.tree(construct, name, doc, tree, at, scopes, target, target_name, related=related)

    def tree(
        self,
        construct: Construct,
        name: str,
        doc: str,
        tree: Tree,
        at: Location,
        scopes: Sequence[Scope],
        target: Type | None,
        target_name: str,
        *,
        related: tuple[Related, ...] = (),
    ) -> LinkedMapping:
        """As `mapping`, of a tree that is parsed already, or derived. `related` says where the target is declared."""
        # Bound to no Linking, which holds the mappings: a system goes as soon as nobody holds it.
        checks = partial(_checked, self.declared, self.events, self.table, tree, scopes, target, at, related)
        linked = LinkedMapping(name, doc, at, tree, tuple(scopes), target, target_name, checks)
        self.mappings.append((construct, linked))
        if construct.service not in self.fitting:
            found = dict.fromkeys(found for one in linked.checked for found in one.diagnostics)
            self.diagnostics.extend(found)
            if found:
                self.unfitting.add(construct.service)
        return linked


def _checked(
    declared: DeclaredSystem,
    events: Mapping[str, LinkedEvent],
    table: TypeTable,
    tree: Tree,
    scopes: Sequence[Scope],
    target: Type | None,
    at: Location,
    related: tuple[Related, ...],
) -> tuple[Checked, ...]:
    found = []
    for scope in scopes:
        checked = check(tree, scope, target, table, at)
        if checked.diagnostics:
            sources = _declared(declared, events, scope) or related
            checked = check(tree, scope, target, table, at, related=sources, target_related=related)
        found.append(checked)
    return tuple(found)


def _declared(declared: DeclaredSystem, events: Mapping[str, LinkedEvent], scope: Scope) -> tuple[Related, ...]:
    """Where the event that a mapping reads is declared, and who publishes it."""
    kind, _, name = scope.origin.partition(":")
    if kind != "event" or name not in events:
        return ()
    return (Related(events[name].at.key(), f"`{name}` is declared here"), *publishers(declared, name))


def publishers(declared: DeclaredSystem, event: str) -> tuple[Related, ...]:
    """The places that publish an event, as they are declared."""
    found: list[Related] = []
    for service in declared.services.values():
        at, said = service.at, f"published here by `{service.name}`"
        for name, command in service.value.commands.items():
            if command.publish == event:
                found.append(Related(at / "commands" / name / "publish", said))
        for number, transition in enumerate(service.value.transitions):
            if transition.emit == event:
                found.append(Related(at / "transitions" / number / "emit", said))
        for store, change in service.value.changes.items():
            for operation in ("insert", "modify", "remove"):
                if any(publication.event == event for publication in getattr(change, operation)):
                    found.append(Related(at / "changes" / store / operation, said))
    return tuple(found)


def mend_name(unknown: str, known: Iterable[str], section: str, at: Location) -> Mend:
    """The name that was meant by the one at `at`, if there is one like it, or where to declare it."""
    return did_you_mean(unknown, known, at) or Mend(f"Declare it under `{section}`.")


def identifier(name: str) -> str:
    """A Python name for a name of the system: `order-submitted` and `orderSubmitted` are `order_submitted`."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").lower()
    return f"{snake}_" if keyword.iskeyword(snake) or keyword.issoftkeyword(snake) else snake
