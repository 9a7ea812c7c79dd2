"""What is told of a name, a field, a key or a finding: Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.graph.system import LinkedEvent, LinkedStore, LinkedSystem
from cncb_compiler.lsp.symbols import Symbol
from cncb_compiler.rules.registry import all_rules
from cncb_compiler.schema.types import Field, Record, Type
from cncb_compiler.schema.walk import render_type


def about(symbol: Symbol, system: LinkedSystem) -> str | None:
    """What is known of a symbol: its description, its schema, who makes and who reads it."""
    match symbol.kind:
        case "event":
            event = system.events.get(symbol.name)
            return _event(event, system) if event else None
        case "type":
            type_ = system.types.named.get(symbol.name)
            return f"type **{symbol.name}**\n\n{schema(type_)}" if type_ is not None else None
        case "service":
            return _service(symbol.name, system)
        case "stream":
            stream = system.streams.get(symbol.name)
            carried = sum(event.stream == symbol.name for event in system.events.values())
            return f"stream **{symbol.name}** ({carried} events)\n\n{stream.decl.description}" if stream else None
        case _:
            service = system.services.get(symbol.service)
            tables = service.tables if service else ()
            store = next((table for table in tables if table.name == symbol.name), None)
            return _store(store) if store else _outlet(symbol, system)


def rule(code: str) -> str | None:
    """The page of a rule, as `cncb rule CODE` shows it."""
    found = next((one for one in all_rules() if one.code == code), None)
    return f"### {found.code} {found.slug}\n\n{found.doc.strip()}" if found else None


def of_findings(found: Iterable[Diagnostic]) -> str:
    """The pages of the rules of some findings."""
    return "\n\n---\n\n".join(filter(None, (rule(code) for code in dict.fromkeys(one.code for one in found))))


def field(path: str, known: Field) -> str:
    """A field that an expression reads."""
    marks = [mark for mark, holds in (("optional", known.optional), ("sensitive", known.sensitive)) if holds]
    head = f"field **{path}**: `{render_type(known.type)}`" + (f" ({', '.join(marks)})" if marks else "")
    return "\n\n".join(filter(None, (head, known.description)))


def schema(type_: Type) -> str:
    """A type in full: of a record a table of its fields."""
    if not isinstance(type_, Record):
        return f"`{render_type(type_)}`"
    rows = [
        f"| {name} | `{render_type(one.type).replace('|', chr(92) + '|')}{'?' * one.optional}` | {_cell(one)} |"
        for name, one in type_.fields.items()
    ]
    return "\n".join(["| field | type | |", "|---|---|---|", *rows]) if rows else "no fields"


def _cell(known: Field) -> str:
    text = known.description.replace("|", "\\|").replace("\n", " ")
    return f"sensitive. {text}".rstrip() if known.sensitive else text


def _event(event: LinkedEvent, system: LinkedSystem) -> str:
    said = [f"event **{event.name}**", event.decl.description, schema(Record({**event.own.fields, **_context(event)}))]
    makers = [one.construct for one in system.emissions.get(event.name, ())]
    makers += system.publishing_functions.get(event.name, ())
    said.append(_listed("producers", (str(one) for one in makers), "from outside" if event.decl.external else "none"))
    said.append(_listed("consumers", (str(one) for one in system.consumers.get(event.name, ())), "none"))
    facts = [f"stream {event.stream}", event.decl.stability]
    facts += [f"owner {' and '.join(event.decl.owner)}"] if event.decl.owner else []
    return "\n\n".join(filter(None, [*said, ", ".join(facts)]))


def _context(event: LinkedEvent) -> dict[str, Field]:
    return {"context": event.record.fields["context"]} if "context" in event.record.fields else {}


def _listed(noun_: str, names: Iterable[str], nobody: str) -> str:
    found = list(dict.fromkeys(names))
    return f"{noun_}: " + (", ".join(f"`{name}`" for name in found) or nobody)


def _service(name: str, system: LinkedSystem) -> str | None:
    service = system.services.get(name)
    if service is None:
        return None
    publishes = sorted(
        {event for event, made in system.emissions.items() if any(one.construct.service == name for one in made)}
    )
    reads = sorted(
        {event for event, readers in system.consumers.items() if any(one.service == name for one in readers)}
    )
    said = [
        f"service **{name}** ({service.decl.kind})",
        service.decl.description,
        _listed("publishes", publishes, "nothing"),
        _listed("consumes", reads, "nothing"),
        f"owner: {service.owner}" if service.owner else "",
    ]
    return "\n\n".join(filter(None, said))


def _store(store: LinkedStore) -> str:
    head = f"{store.purpose} **{store.name}** of `{store.construct.service}` ({store.kind})"
    keys = ", ".join(f"`{name}`" for name in store.key_names)
    return "\n\n".join(filter(None, (head, schema(store.record), f"key: {keys}" if keys else "")))


def _outlet(symbol: Symbol, system: LinkedSystem) -> str | None:
    service = system.services.get(symbol.service)
    outlet = service.outlets.get(symbol.name) if service else None
    return f"{outlet.kind} **{outlet.name}**\n\n{schema(outlet.record)}" if outlet else None
