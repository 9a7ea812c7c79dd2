"""The fields of a type, by their paths."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.schema.types import (
    Anything,
    Enum,
    Field,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Ref,
    Scalar,
    Type,
    TypeTable,
)


def fields(type_: Type, table: TypeTable, prefix: str = "") -> Iterator[tuple[str, Field]]:
    """Every field below `type_` with its path, outer ones first: `order`, `order.lines`, `order.lines[].sku`.

    `[]` are the items of a list, `.*` the values of a map. A named type within itself is not entered again.
    """
    yield from _fields(type_, table, prefix, ())


def _fields(type_: Type, table: TypeTable, path: str, trail: tuple[str, ...]) -> Iterator[tuple[str, Field]]:
    if isinstance(type_, Ref):
        if type_.name in trail:
            return
        trail = (*trail, type_.name)
        type_ = table.resolve(type_)
    if isinstance(type_, Record):
        for name, field in type_.fields.items():
            inner = f"{path}.{name}" if path else name
            yield inner, field
            yield from _fields(field.type, table, inner, trail)
    elif isinstance(type_, ListOf):
        yield from _fields(type_.item, table, f"{path}[]", trail)
    elif isinstance(type_, MapOf):
        yield from _fields(type_.value, table, f"{path}.*" if path else "*", trail)
    elif isinstance(type_, OneOf):
        seen: set[str] = set()
        for option in type_.options:
            for inner, field in _fields(option, table, path, trail):
                if inner not in seen:
                    seen.add(inner)
                    yield inner, field


def lookup(type_: Type, path: str, table: TypeTable) -> Field | None:
    """The field at a path as `fields` writes it; None where there is none. Anything below `Anything` is `Anything`.

    Optional where any field on the way is, and sensitive likewise.
    """
    current = Field(type_)
    for segment in path.replace("[]", ".[]").split("."):
        if not segment:
            continue
        found = _step(current.type, segment, table)
        if found is None:
            return None
        current = Field(
            found.type,
            found.optional or current.optional,
            found.sensitive or current.sensitive,
            found.description,
        )
    return current


def _step(type_: Type, segment: str, table: TypeTable) -> Field | None:
    resolved = table.resolve(type_)
    match resolved:
        case Record():
            found = resolved.fields.get(segment)
            return Field(Anything(), optional=True) if found is None and resolved.open else found
        case ListOf():
            return Field(resolved.item) if segment == "[]" else None
        case MapOf():
            return Field(resolved.value, optional=segment != "*") if segment != "[]" else None
        case Anything():
            return Field(resolved)
        case OneOf():
            return next((found for option in resolved.options if (found := _step(option, segment, table))), None)
        case _:
            return None


def render_type(type_: Type) -> str:
    """A type in the compact notation: `[OrderLine]`, `{sku: string, note: string?}`. A union is written `A | B`."""
    match type_:
        case Scalar():
            return type_.format or type_.base
        case Enum():
            return f"enum({', '.join(type_.values)})"
        case ListOf():
            return f"[{render_type(type_.item)}]"
        case MapOf():
            return f"map({render_type(type_.value)})"
        case Ref():
            return type_.name
        case Anything():
            return "any"
        case OneOf():
            return " | ".join(render_type(option) for option in type_.options) or "null"
        case Record():
            return "{" + ", ".join(f"{name}: {render_field(field)}" for name, field in type_.fields.items()) + "}"


def render_field(field: Field) -> str:
    """A field in the compact notation, its long form where it is sensitive."""
    shown = render_type(field.type)
    if field.sensitive:
        return "{type: " + shown + (", optional: true" if field.optional else "") + ", sensitive: true}"
    if not field.optional:
        return shown
    return (
        f"{shown}?"
        if isinstance(field.type, (Scalar, Enum, Ref, MapOf, Anything))
        else "{type: " + shown + ", optional: true}"
    )
