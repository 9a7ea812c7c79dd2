"""Whether a value of one type may stand where another is declared, and why not, in words."""

from __future__ import annotations

from cncb_compiler.schema.types import (
    Anything,
    Enum,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Ref,
    Scalar,
    Type,
    TypeTable,
)

_FROM_TEXT = frozenset({"uuid", "email", "uri"})
"""Formats that a plain string may stand for: names of things, which travel as plain text in paths, headers and keys."""

_NOUNS = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "a boolean",
    "uuid": "a uuid",
    "date-time": "a date-time",
    "date": "a date",
    "uri": "a uri",
    "email": "an email",
    "timestamp": "a timestamp",
}


def fits(source: Type, target: Type, table: TypeTable, name: str = "") -> str | None:
    """None where every value of `source` is one of `target`; else why not, with the path inside the value.

    `name` is the value's own name in the message (`order`): "`order.lines[].quantity` is a string, not an
    integer".

    - An integer fits a number. A timestamp fits both, but a plain integer is no timestamp: it may be in
      seconds.
    - Enums and formats fit a plain string. A plain string fits uuid, email and uri, which travel as plain
      text in paths and keys; it fits neither an enum nor date, date-time and timestamp, whose values are
      computed with. One format does not fit another, and an enum fits another where that has all of its
      values.
    - Records fit by structure: each required field of the target must be there and not be optional. Further
      fields are welcome. An open record may have any field.
    - `Anything` fits everything, both ways.
    """
    if source is target:
        return None
    return _fits(source, target, table, name, set())


def noun(type_: Type) -> str:
    """A type in the words of a message: `an integer`, `a list`, `one of submitted, paid`, `an Order`."""
    match type_:
        case Scalar():
            return _NOUNS[type_.format or type_.base]
        case Enum():
            shown = ", ".join(f"`{value}`" for value in type_.values[:8])
            more = ", ..." if len(type_.values) > 8 else ""
            return f"one of {shown}{more}" if len(type_.values) > 1 else shown
        case ListOf():
            return "a list"
        case MapOf():
            return "a map"
        case Ref():
            return f"{'an' if type_.name[0] in 'AEIOU' else 'a'} {type_.name}"
        case Anything():
            return "any value"
        case OneOf():
            return " or ".join(noun(option) for option in type_.options) or "null"
        case Record():
            return "an object"


def _fits(
    source: Type, target: Type, table: TypeTable, path: str, seen: set[tuple[int | str, int | str]]
) -> str | None:
    if isinstance(source, Ref) and isinstance(target, Ref) and source.name == target.name:
        return None
    if isinstance(source, Ref) or isinstance(target, Ref):
        # Types that refer to themselves: what is being compared already fits until shown otherwise.
        pair = (_identity(source), _identity(target))
        if pair in seen:
            return None
        seen.add(pair)
    inner_source, inner_target = table.resolve(source), table.resolve(target)
    if isinstance(inner_source, Anything) or isinstance(inner_target, Anything):
        return None
    if isinstance(inner_source, OneOf):
        return next(
            (why for option in inner_source.options if (why := _fits(option, target, table, path, seen))),
            None,
        )
    if isinstance(inner_target, OneOf):
        for option in inner_target.options:
            if _fits(inner_source, option, table, path, set(seen)) is None:
                return None
        return _not(path, source, target)
    match inner_source, inner_target:
        case Scalar(), Scalar():
            return None if _scalar_fits(inner_source, inner_target) else _not(path, inner_source, inner_target)
        case Enum(), Scalar():
            return (
                None
                if inner_target.base == "string" and _texts_fit(inner_source, inner_target)
                else _not(path, source, inner_target)
            )
        case Enum(), Enum():
            alien = next((value for value in inner_source.values if value not in inner_target.values), None)
            if alien is None:
                return None
            verb = "is" if len(inner_source.values) == 1 else "may be"
            return f"{_named(path)} {verb} `{alien}`, which is not {noun(inner_target)}"
        case ListOf(), ListOf():
            return _fits(inner_source.item, inner_target.item, table, f"{path}[]", seen)
        case MapOf(), MapOf():
            return _fits(inner_source.value, inner_target.value, table, f"{path}.*" if path else "*", seen)
        case Record(), MapOf():
            for name, field in inner_source.fields.items():
                why = _fits(field.type, inner_target.value, table, _join(path, name), seen)
                if why is not None:
                    return why
            return None
        case Record(), Record():
            return _record_fits(inner_source, inner_target, table, path, seen)
    return _not(path, source, target)


def _record_fits(
    source: Record, target: Record, table: TypeTable, path: str, seen: set[tuple[int | str, int | str]]
) -> str | None:
    if source is target:
        return None
    for name, wanted in target.fields.items():
        given = source.fields.get(name)
        inner = _join(path, name)
        if given is None:
            if wanted.optional or source.open:
                continue
            return f"{_named(path)} has no `{name}`, which is required"
        if given.optional and not wanted.optional:
            return f"`{inner}` may be absent, but is required"
        why = _fits(given.type, wanted.type, table, inner, seen)
        if why is not None:
            return why
    return None


def _scalar_fits(source: Scalar, target: Scalar) -> bool:
    if source == target:
        return True
    if target.base == "number" and target.format is None:
        return source.base in ("integer", "number")
    if source.base != target.base:
        return False
    if target.format is None:
        return True
    return source.format is None and target.format in _FROM_TEXT


def _texts_fit(source: Enum, target: Scalar) -> bool:
    # A text that is written out can be looked at; only the formats with a fixed form are worth it.
    if target.format is None:
        return True
    if target.format not in ("uuid", "date", "date-time"):
        return True
    from cncb_compiler.schema.formats import has_format

    return all(has_format(value, target.format) for value in source.values)


def _identity(type_: Type) -> int | str:
    return type_.name if isinstance(type_, Ref) else id(type_)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _named(path: str) -> str:
    return f"`{path}`" if path else "it"


def _not(path: str, source: Type, target: Type) -> str:
    return f"{_named(path)} is {noun(source)}, not {noun(target)}"
