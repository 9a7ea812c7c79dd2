"""Types as tables: a row for each field, with what is known of where it comes from and where it goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from cncb_compiler.catalogue.facts import FIELDS, Facts
from cncb_compiler.catalogue.page import Block, Cell, Item, Listing, Prose, Row, Span, Table, code, joined, prose, text
from cncb_compiler.catalogue.paths import anchor
from cncb_compiler.graph.network import KINDS
from cncb_compiler.lineage.walk import Step
from cncb_compiler.schema.types import ListOf, MapOf, OneOf, Record, Ref, Type
from cncb_compiler.schema.walk import fields, render_type

_FROM, _TO = 2, 1
"""How many steps of lineage are shown: each of them is a link to where the next ones are."""


def type_cell(facts: Facts, type_: Type) -> Cell:
    """A type in the notation of the language, its named types as links."""
    match type_:
        case Ref():
            return code(type_.name, facts.paths.page("type", type_.name))
        case ListOf():
            return (*code("["), *type_cell(facts, type_.item), *code("]"))
        case MapOf():
            return (*code("map("), *type_cell(facts, type_.value), *code(")"))
        case OneOf() if type_.options:
            return joined([type_cell(facts, option) for option in type_.options], " or ")
        case Record():
            return code("object")
        case _:
            return code(render_type(type_))


def schema(facts: Facts, caption: str, type_: Type, origin: str = "", *, anchored: bool = True) -> tuple[Block, ...]:
    """The fields of a type. `origin` names it in lineage (`event:order-submitted`, `command:orders.submit#input`)."""
    found = list(islice(fields(type_, facts.system.types), FIELDS + 1))
    if not found:
        return (Prose((*text("It is "), *type_cell(facts, type_), *text("."))),)
    sensitive = facts.system.sensitive
    rows = []
    for path, field in found[:FIELDS]:
        traced = f"{origin}{'.' if '#' in origin else '#'}{path}"
        hidden = field.sensitive or (bool(origin) and traced in sensitive)
        rows.append(
            Row(
                (
                    code(_last(path)),
                    type_cell(facts, field.type),
                    text("no" if field.optional else "yes"),
                    (Span("sensitive", "", "badge warn"),) if hidden else (),
                    prose(field.description),
                ),
                f"field-{anchor(path)}" if anchored else "",
                _depth(path),
            )
        )
    table = Table(caption, ("Field", "Type", "Required", "Sensitive", "Description"), tuple(rows))
    return (table, *_more(len(found)))


def lineage(facts: Facts, caption: str, record: Record, origin: str) -> tuple[Block, ...]:
    """Of each field that is filled from another, or that another is filled from: which.

    An object's own fields are told of one by one, not the object once more.
    """
    found = list(islice(fields(record, facts.system.types), FIELDS + 1))
    objects = {path.rpartition(".")[0].removesuffix("[]") for path, _ in found}
    rows = []
    takers: set[str] = set()
    for path, _ in found[:FIELDS]:
        if path in objects:
            continue
        back = facts.ways.back(f"{origin}#{path}", _FROM)
        on = facts.ways.on(f"{origin}#{path}", _TO)
        # Who is given the whole has nothing to do with this field in particular: it is told once, below.
        takers |= {step.field for step in on if step.unsure}
        on = tuple(step for step in on if not step.unsure)
        if back or on:
            href = facts.field(f"{origin}#{path}")
            rows.append(Row((code(path, href), _steps(facts, back), _steps(facts, on))))
    given = [field_cell(facts, taker) for taker in sorted(takers)]
    told = (
        (
            Prose(
                (*text("Hooks are given the whole, so it may go to these as well: "), *joined(given), *text(".")),
                "note",
            ),
        )
        if given
        else ()
    )
    if not rows:
        return told
    return (Table(caption, ("Field", "Filled from", "Goes to"), tuple(rows)), *told, *_more(len(found)))


def _more(count: int) -> tuple[Block, ...]:
    return (Prose(text(f"More than {FIELDS} fields: the rest is left out."), "note"),) if count > FIELDS else ()


def _steps(facts: Facts, steps: Sequence[Step]) -> Cell | Listing:
    items = tuple(_items(facts, [step for step in steps if not _is_context(step)]))
    carried = tuple(_items(facts, [step for step in steps if _is_context(step)]))
    if len(carried) == 1:
        items += carried
    elif carried:
        items += (Item(text(f"the context of {len(carried)} events"), carried, folded=True),)
    return Listing(items) if items else ()


def _is_context(step: Step) -> bool:
    return step.field.startswith("event:") and step.field.partition("#")[2].startswith("context.")


def _items(facts: Facts, steps: Sequence[Step]) -> Iterator[Item]:
    for step in steps:
        unsure = text(" perhaps: made of the whole") if step.unsure else ()
        yield Item((*field_cell(facts, step.field), *unsure), tuple(_items(facts, step.steps)))


def field_cell(facts: Facts, field: str) -> Cell:
    """A field as lineage names it, or what is decided, found or called by it, as a link."""
    kind, _, rest = field.partition(":")
    match kind:
        case "guard" | "call":
            service, section, name = rest.partition("#")[0].split(".", 2)
            node = f"{KINDS[section]}:{service}.{name}"
            return (*text("decides " if kind == "guard" else "a hook of "), *_named(facts, node))
        case "key":
            return (*text("finds the row of "), *_named(facts, rest.partition("#")[0]))
        case "collected":
            return (*text("correlates "), *_named(facts, field.partition("#")[0]))
        case _:
            carrier, _, path = field.partition("#")
            href = facts.field(field)
            shown = f"{carrier.partition(':')[2]}" + (f" {path}" if path and path != "*" else "")
            return (Span(carrier.partition(":")[0], "", f"kind {kind}"), *code(shown, href))


def _named(facts: Facts, node: str) -> Cell:
    kind, _, name = node.partition(":")
    return (Span(kind, "", f"kind {kind}"), *code(name, facts.paths.of(node)))


def node_cell(facts: Facts, node: str) -> Cell:
    """A node of the graph as a link, with its kind."""
    return _named(facts, node)


def _last(path: str) -> str:
    """The last name of a path; the marks of lists and maps stay with the name that they follow."""
    return path.rpartition(".")[2] if not path.endswith(".*") else ".".join(path.rsplit(".", 2)[-2:])


def _depth(path: str) -> int:
    return min(path.replace(".*", "").count("."), 8)
