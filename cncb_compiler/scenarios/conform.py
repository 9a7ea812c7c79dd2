"""Whether a JSON value is one of a type: each place where it is not, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from cncb_compiler.model.base import kind_of
from cncb_compiler.scenarios.words import is_matcher, reference
from cncb_compiler.schema.assign import noun
from cncb_compiler.schema.formats import has_format
from cncb_compiler.schema.types import Anything, Enum, ListOf, MapOf, OneOf, Record, Scalar, Type, TypeTable

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Misfit:
    """A place in a value that does not fit. `on_key`: it is the key there that should not be."""

    path: Path
    message: str
    mend: str | None = None
    on_key: bool = False


def misfits(value: Any, type_: Type, table: TypeTable, *, pattern: bool = False, path: Path = ()) -> Iterator[Misfit]:
    """Where a value is not one of a type. References fit everywhere: what they stand for is known later.

    As a `pattern` it may leave fields out, and matchers fit everywhere too.
    """
    if reference(value):
        return
    if pattern and is_matcher(value):
        if "exactly" in value:
            yield from _plain(value["exactly"], table.resolve(type_), table, pattern, (*path, "exactly"))
        return
    yield from _plain(value, table.resolve(type_), table, pattern, path)


def fits(value: Any, type_: Type, table: TypeTable) -> bool:
    """Whether a value, taken as it is, is one of a type."""
    return next(_plain(value, table.resolve(type_), table, False, (), literal=True), None) is None


def _plain(
    value: Any, type_: Type, table: TypeTable, pattern: bool, path: Path, *, literal: bool = False
) -> Iterator[Misfit]:
    def inner(item: Any, of: Type, key: str | int) -> Iterator[Misfit]:
        if literal:
            return _plain(item, table.resolve(of), table, False, (*path, key), literal=True)
        return misfits(item, of, table, pattern=pattern, path=(*path, key))

    match type_:
        case Anything():
            return
        case OneOf():
            options = [list(_plain(value, table.resolve(one), table, pattern, path)) for one in type_.options]
            if options and all(options):
                yield min(options, key=len)[0] if len(options) == 1 else Misfit(path, _not(value, type_))
        case ListOf() if isinstance(value, list):
            for index, item in enumerate(value):
                yield from inner(item, type_.item, index)
        case MapOf() if isinstance(value, dict):
            for key, item in value.items():
                yield from inner(item, type_.value, key)
        case Record() if isinstance(value, dict):
            for key, item in value.items():
                field = type_.fields.get(key)
                if field is None:
                    if not type_.open:
                        yield _unknown(key, type_, (*path, key))
                elif item is not None or not field.optional:
                    yield from inner(item, field.type, key)
            if not pattern:
                for key, field in type_.fields.items():
                    if not field.optional and key not in value:
                        yield Misfit(path, f"`{key}` is missing: {noun(field.type)}", f"Add `{key}:`.")
        case Enum() if isinstance(value, str):
            if value not in type_.values:
                close = get_close_matches(value, type_.values, 1, 0.6)
                mend = f"Did you mean `{close[0]}`?" if close else None
                yield Misfit(path, f"`{value}` is not {noun(type_)}", mend)
        case Scalar() if _is_scalar(value, type_):
            return
        case _:
            yield Misfit(path, _not(value, type_))


def _is_scalar(value: Any, type_: Scalar) -> bool:
    if type_.base == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if type_.base == "integer":
        return isinstance(value, int)
    if type_.base == "number":
        return isinstance(value, (int, float))
    return isinstance(value, str) and (type_.format is None or has_format(value, type_.format))


def _unknown(key: str, record: Record, path: Path) -> Misfit:
    close = get_close_matches(key, list(record.fields), 1, 0.6)
    known = ", ".join(f"`{name}`" for name in record.fields)
    mend = f"Did you mean `{close[0]}`?" if close else f"Fields: {known}." if known else None
    return Misfit(path, f"`{key}` is not a field here", mend, on_key=True)


def _not(value: Any, type_: Type) -> str:
    shown = f"`{value}`" if isinstance(value, (str, int, float)) and not isinstance(value, bool) else kind_of(value)
    return f"{shown} is not {noun(type_)}"
