"""Field-level lineage: from which path of the source each field of a target comes."""

from __future__ import annotations

from cncb_compiler.mapping.typed import ITEM, Typed, below, item_of
from cncb_compiler.schema.types import ListOf, Record, Ref, Type, TypeTable


def trace(target_path: str, value: Typed, target: Type | None, table: TypeTable) -> list[tuple[str, str]]:
    """Target and source path of each innermost field of `value`, as far as `target` (or it) declares fields."""
    type_ = value.type if target is None else target
    if not isinstance(type_, (Ref, Record, ListOf)):
        return [(target_path, source) for source in value.sources]
    pairs: list[tuple[str, str]] = []
    _trace(target_path, value, type_, table, (), pairs)
    return list(dict.fromkeys(pairs))


def _trace(
    path: str,
    value: Typed,
    type_: Type,
    table: TypeTable,
    trail: tuple[str, ...],
    pairs: list[tuple[str, str]],
) -> None:
    declared = type_
    if isinstance(type_, Ref):
        declared = table.resolve(type_)
        if type_.name in trail:
            declared = type_
        trail = (*trail, type_.name)
    if isinstance(declared, Record) and declared.fields:
        own = table.resolve(value.type)
        for name, field in declared.fields.items():
            inner = f"{path}.{name}" if path else name
            if value.parts is not None and name in value.parts:
                _trace(inner, value.parts[name], field.type, table, trail, pairs)
            elif value.parts is None and (not isinstance(own, Record) or name in own.fields or own.open):
                found = own.fields[name].type if isinstance(own, Record) and name in own.fields else field.type
                _trace(
                    inner,
                    Typed(found, field.optional, below(value.sources, name)),
                    field.type,
                    table,
                    trail,
                    pairs,
                )
    elif isinstance(declared, ListOf) and isinstance(table.resolve(declared.item), (Record, ListOf)):
        own = table.resolve(value.type)
        item = item_of(value, own.item if isinstance(own, ListOf) else declared.item)
        _trace(path + ITEM, item, declared.item, table, trail, pairs)
    else:
        pairs += [(path, source) for source in value.sources]
