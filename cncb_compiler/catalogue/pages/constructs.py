"""What a service declares, section by section: each thing under its own heading, so that pictures can link to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from cncb_compiler.catalogue.facts import Facts, node_of
from cncb_compiler.catalogue.page import Block, Cell, Prose, Section, Terms, badge, code, joined, prose, text
from cncb_compiler.catalogue.pages.common import event_cell, events_cell, exchanged, told
from cncb_compiler.catalogue.paths import anchor
from cncb_compiler.catalogue.schemas import lineage, node_cell, schema
from cncb_compiler.graph.system import (
    Construct,
    Emission,
    LinkedChange,
    LinkedCommand,
    LinkedFunction,
    LinkedMapping,
    LinkedOutlet,
    LinkedQuery,
    LinkedReaction,
    LinkedService,
    LinkedStore,
    LinkedTransition,
    Send,
    Write,
)
from cncb_compiler.mapping.tree import Expression, HookCall

Routed: TypeAlias = LinkedCommand | LinkedQuery | LinkedFunction

_EXAMPLES = 2


def sections(facts: Facts, service: LinkedService) -> Iterator[Section]:
    """The sections of a service; those of which it has nothing are empty."""
    views = [view.construct for view in service.views]
    yield _section("commands", "Commands", [_command(facts, service, one) for one in service.commands])
    yield _section("queries", "Queries", [_query(facts, service, one) for one in service.queries])
    yield Section(
        "views",
        "Views",
        (Prose(joined([node_cell(facts, node_of(view)) for view in views], ", ")),) if views else (),
    )
    yield _section("stores", "Stores", [_store(facts, service, one) for one in service.stores.values()])
    yield _section("reactions", "Reactions", [_reaction(facts, one) for one in service.reactions])
    yield _section("transitions", "Transitions", [_transition(facts, one) for one in service.transitions])
    yield _section("changes", "Changes", [_change(facts, one) for one in service.changes])
    yield _section("functions", "Functions", [_function(facts, one) for one in service.functions])
    yield _section("outlets", "Queues and buses", [_outlet(facts, service, one) for one in service.outlets.values()])


def _section(id_: str, title: str, inner: Sequence[Section]) -> Section:
    return Section(id_, title, (), tuple(inner))


def _of(
    facts: Facts, construct: Construct, description: str, terms: Terms, *blocks: Block, badges: Cell = ()
) -> Section:
    kind, _, _ = node_of(construct).partition(":")
    said = (Prose(prose(description)),) if description else ()
    placed = Terms((*terms.pairs, ("Declared in", code(facts.place(construct.at)))))
    return Section(anchor(f"{kind}-{construct.name}"), construct.name, (*said, placed, *blocks), (), badges)


def _command(facts: Facts, service: LinkedService, command: LinkedCommand) -> Section:
    decl = command.decl
    terms = Terms(
        (
            ("Route", code(decl.route or "")),
            ("Who may call", text((decl.auth or service.decl.api.auth or "") if decl.route else "")),
            ("Effect", effect(facts, command.effect)),
        )
    )
    origin = f"command:{service.name}.{command.construct.name}"
    name = command.construct.name
    blocks = (
        schema(facts, f"Input of {name}", command.input, f"{origin}#input", anchored=False) if command.input else ()
    )
    return _of(facts, command.construct, decl.description, terms, *blocks, *_calls(facts, service, command))


def _query(facts: Facts, service: LinkedService, query: LinkedQuery) -> Section:
    decl = query.decl
    modes = {
        "one": "one row",
        "page": "a page of rows",
        "all": "a page of all rows",
        "search": "rows that are searched for",
    }
    terms = Terms(
        (
            ("Route", code(decl.route or "")),
            ("Who may call", text((decl.auth or service.decl.api.auth or "") if decl.route else "")),
            ("Reads", node_cell(facts, query.store.origin)),
            ("Answers", text(modes[query.mode])),
        )
    )
    response = query.fields.type if query.fields is not None else query.store.record
    name = query.construct.name
    blocks = schema(
        facts, f"Each row of the answer of {name}", response, f"response:{service.name}.{name}", anchored=False
    )
    return _of(facts, query.construct, decl.description, terms, *blocks, *_calls(facts, service, query))


def _calls(facts: Facts, service: LinkedService, routed: Routed) -> Iterator[Block]:
    name = f"{service.name}.{routed.construct.name}"
    held = facts.examples.exchanges.get(routed.decl.route or "", []) if routed.decl.route else []
    kind = node_of(routed.construct).partition(":")[0]
    invoked = facts.examples.invocations
    planned = f"{service.name}.{kind}-{routed.construct.name}"
    yield from exchanged([*held, *invoked.get(name, ()), *invoked.get(planned, ())][:_EXAMPLES])


def _store(facts: Facts, service: LinkedService, store: LinkedStore) -> Section:
    decl = service.decl.stores[store.name]
    terms = Terms(
        (
            ("Key", joined([code(name) for name in store.key_names])),
            ("Indexes", joined([code(name) for name in sorted(store.indexes)])),
            ("Rows expire by", code(store.ttl or "")),
        )
    )
    rows = schema(facts, f"Fields of a row of {store.name}", store.record, store.origin, anchored=False)
    ways = lineage(facts, f"Lineage of {store.name}", store.record, store.origin)
    examples = told(facts.examples.rows.get(f"{service.name}.{store.name}", ())[:_EXAMPLES])
    return _of(facts, store.construct, decl.description, terms, *rows, *ways, *examples, badges=badge(store.kind))


def _reaction(facts: Facts, reaction: LinkedReaction) -> Section:
    terms = Terms(
        (
            ("On", events_cell(facts, reaction.events)),
            ("Only when", _guard(reaction.when)),
            ("Effect", effect(facts, reaction.effect)),
        )
    )
    badges = badge("compensates") if reaction.decl.compensates else ()
    return _of(facts, reaction.construct, reaction.decl.description, terms, badges=badges)


def _transition(facts: Facts, transition: LinkedTransition) -> Section:
    waits = text(" all of them") if transition.collect is not None else ()
    terms = Terms(
        (
            ("On", (*events_cell(facts, transition.events), *waits)),
            ("Only when", _guard(transition.emission.when)),
            ("Effect", effect(facts, transition.emission)),
        )
    )
    return _of(facts, transition.construct, transition.decl.description, terms)


def _change(facts: Facts, change: LinkedChange) -> Section:
    pairs: list[tuple[str, Cell]] = [("Of", node_cell(facts, change.store.origin))]
    for operation, emission in change.captured:
        guard = (*text(" only when "), *_guard(emission.when)) if emission.when is not None else ()
        word = {"INSERT": "A new row", "MODIFY": "A changed row", "REMOVE": "A removed row"}[operation]
        pairs.append((word, (*text("publishes "), *event_cell(facts, emission.event), *guard)))
    return _of(facts, change.construct, "", Terms(tuple(pairs)))


def _function(facts: Facts, function: LinkedFunction) -> Section:
    decl = function.decl
    written = node_cell(facts, function.writes.origin) if function.writes is not None else ()
    terms = Terms(
        (
            ("Route", code(decl.route or "")),
            ("On", events_cell(facts, function.events)),
            ("Schedule", code(decl.schedule or "")),
            ("Reads", joined([node_cell(facts, store.origin) for store in function.reads])),
            ("Writes", written),
            ("Publishes", events_cell(facts, function.publishes)),
            ("Handler", code(decl.handler)),
        )
    )
    return _of(facts, function.construct, decl.description, terms)


def _outlet(facts: Facts, service: LinkedService, outlet: LinkedOutlet) -> Section:
    held = service.decl.queues if outlet.kind == "queue" else service.decl.buses
    terms = Terms(
        (
            ("Order", text("kept within a partition key" if outlet.ordered else "")),
            ("Source", code(outlet.source)),
            ("Detail type", code(outlet.detail_type or "")),
        )
    )
    rows = schema(facts, f"Fields of a message of {outlet.name}", outlet.record, outlet.origin, anchored=False)
    ways = lineage(facts, f"Lineage of {outlet.name}", outlet.record, outlet.origin)
    description = held[outlet.name].description
    return _of(facts, outlet.construct, description, terms, *rows, *ways, badges=badge(outlet.kind))


def _guard(mapping: LinkedMapping | None) -> Cell:
    return code(mapping.tree.text) if mapping is not None and isinstance(mapping.tree, Expression) else ()


def effect(facts: Facts, done: Write | Emission | Send | LinkedMapping | None) -> Cell:
    """What something that is done comes to, in words."""
    match done:
        case Write():
            words = {"write": "writes a row of ", "update": "updates a row of ", "delete": "removes a row of "}
            return (*text(words[done.verb]), *node_cell(facts, done.store.origin))
        case Emission():
            return (*text("publishes "), *event_cell(facts, done.event))
        case Send():
            return (*text("sends to "), *node_cell(facts, done.outlet.origin))
        case LinkedMapping():
            hook = done.tree
            called = f"{hook.module}.{hook.function}" if isinstance(hook, HookCall) else "a hook"
            return (*text("calls "), *code(called))
        case None:
            return ()
