"""The page of a named type."""

from __future__ import annotations

from cncb_compiler.catalogue.examples import shown
from cncb_compiler.catalogue.facts import Facts, named_types
from cncb_compiler.catalogue.page import (
    Block,
    Cell,
    Example,
    Page,
    Prose,
    Row,
    Section,
    Terms,
    code,
    joined,
    table,
    text,
)
from cncb_compiler.catalogue.pages.common import picture, told_history
from cncb_compiler.catalogue.pictures import around
from cncb_compiler.catalogue.schemas import node_cell, schema
from cncb_compiler.compare.change import Change
from cncb_compiler.schema.jsonschema_read import is_json_schema
from cncb_compiler.schema.sample import sample
from cncb_compiler.schema.walk import render_type

_LONGEST = 200
"""How many characters of notation are shown; the table has all of it."""

COLUMNS = ("Type", "Notation", "Used by")
"""Of the index; `row` has their cells."""


def page(facts: Facts, name: str) -> Page:
    """Everything about a named type."""
    type_ = facts.system.types.named[name]
    users = facts.type_users.get(name, {})
    example = Example(text("Made of the type alone."), shown(sample(type_, facts.system.types, name)))
    return Page(
        facts.paths.page("type", name),
        "type",
        name,
        _description(facts.system.declared.types[name].value),
        (),
        (
            Section("about", "About", (_about(facts, name),)),
            picture(around(facts, users, f"What has fields of the type {name}, and what is next to it", "../")),
            Section("schema", "Schema", schema(facts, f"Fields of {name}", type_)),
            Section("users", "Used by", (_users(facts, name),)),
            Section("examples", "Examples", (example,)),
            told_history(facts, _changes(facts, name), "No field inside of it has changed"),
        ),
    )


def _about(facts: Facts, name: str) -> Terms:
    type_ = facts.system.types.named[name]
    notation = render_type(type_)
    return Terms(
        (
            ("Notation", code(notation if len(notation) <= _LONGEST else f"{notation[:_LONGEST]} ...")),
            ("Made of", joined([type_cell(facts, one) for one in sorted({*named_types(type_)} - {name})])),
            ("Declared in", code(facts.place(facts.system.declared.types[name].at))),
        )
    )


def _description(raw: object) -> str:
    """What a JSON Schema says of itself; the notation has no words for a type as a whole."""
    said = raw.get("description") if isinstance(raw, dict) and is_json_schema(raw) else None
    return said if isinstance(said, str) else ""


def type_cell(facts: Facts, name: str) -> Cell:
    """A named type as a link."""
    return code(name, facts.paths.page("type", name))


def _users(facts: Facts, name: str) -> Block:
    rows = [
        Row((node_cell(facts, node), joined([code(path, facts.field(f"{node}#{path}")) for path in paths])))
        for node, paths in facts.type_users.get(name, {}).items()
    ]
    if not rows:
        return Prose(text("Nothing has a field of this type."))
    return table(f"What has fields of the type {name}", ("Used by", "Fields"), tuple(rows))


def _changes(facts: Facts, name: str) -> dict[str, list[Change]]:
    """The changes of fields of this type, and of what is inside of them, by release."""
    users = facts.type_users.get(name, {})
    found: dict[str, list[Change]] = {}
    for release in facts.history.releases:
        changes = []
        for change in release.changes:
            node, _, path = change.subject.partition("#")
            inside = users.get(node, ())
            if path and any(path.startswith(f"{one}.") or path.startswith(f"{one}[]") for one in inside):
                changes.append(change)
        if changes:
            found[release.name] = changes
    return found


def row(facts: Facts, name: str) -> Row:
    """The type as a row of an index."""
    type_ = facts.system.types.named[name]
    notation = render_type(type_)
    users = facts.type_users.get(name, {})
    return Row(
        (
            type_cell(facts, name),
            code(notation if len(notation) <= _LONGEST else f"{notation[:_LONGEST]} ..."),
            text(str(len(users))),
        )
    )
