"""A sensitive field becomes a key.

## What it does
Follows each field that is declared `sensitive: true` through the mappings of the whole system, and reports where it
ends as a key: the partition key of an event, the key of a store or view, or what a micro event store is correlated
by.

Rows and objects are always encrypted where they are stored, and so is the stream; that needs no rule.

## Why is this bad?
Keys show where values do not: in logs, in metrics of hot keys, in error messages, in object names and in the paths
of routes. And they cannot be changed when the person asks for it.

## Example
```yaml
types:
  Customer: {id: uuid, email: {type: email, sensitive: true}}
views:
  customers: {on: customer-created, key: customer.email}
```

## Mend
Take an id that says nothing about the person. To find rows by a sensitive field, declare an index.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.graph.system import Write
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedMapping, LinkedService, LinkedSystem, Sensitive

RULE = Rule("CNCB803", "sensitive-key", Severity.WARNING)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Keys of tables by service, then partition keys; each place once."""
    sensitive = system.sensitive
    if not sensitive:
        return
    seen: set[Location] = set()
    for at, what, source in _keys(system, sensitive):
        if at not in seen:
            seen.add(at)
            field = source.partition("#")[2]
            yield RULE(
                at,
                f"`{field}` is sensitive, and becomes {what}",
                mend="Take an id that says nothing about the person.",
            )


def _keys(system: LinkedSystem, sensitive: Sensitive) -> Iterator[tuple[Location, str, str]]:
    for service in system.services.values():
        yield from _stores(service, sensitive)
        for view in service.views:
            for key in [projection.key for projection in view.projections] or view.keys.values():
                for target, source in key.lineage:
                    if source in sensitive:
                        yield key.at / target.partition("#")[2], f"the key of `{view.construct.name}`", source
        for collect in [view.collect for view in service.views] + [one.collect for one in service.transitions]:
            for event, by in collect.by.items() if collect else ():
                yield from _sources(by, f"what `{event}` is correlated by", sensitive)
    for event, emissions in system.emissions.items():
        for emission in emissions:
            if emission.partition_key is not None:
                yield from _sources(emission.partition_key, f"the partition key of `{event}`", sensitive)


def _stores(service: LinkedService, sensitive: Sensitive) -> Iterator[tuple[Location, str, str]]:
    for store in service.stores.values():
        for word, name in zip(("key", "sortKey"), store.key_names, strict=False):
            if name in store.record.fields and store.record.fields[name].sensitive:
                yield store.construct.at / word, f"the key of `{store.name}`", f"{store.origin}#{name}"
    for effect in (*(one.effect for one in service.commands), *(one.effect for one in service.reactions)):
        if isinstance(effect, Write) and effect.fields is not None:
            keys = {f"{effect.store.origin}#{name}": name for name in effect.store.key_names}
            for target, source in effect.fields.lineage:
                if target in keys and source in sensitive:
                    yield effect.fields.at / keys[target], f"the key of `{effect.store.name}`", source


def _sources(mapping: LinkedMapping, what: str, sensitive: Sensitive) -> Iterator[tuple[Location, str, str]]:
    for _, source in mapping.lineage:
        if source in sensitive:
            yield mapping.at, what, source
