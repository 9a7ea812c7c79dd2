"""One type for values of several types."""

from __future__ import annotations

from collections.abc import Sequence

from cncb_compiler.schema.types import ANYTHING, Field, Record, Type


def merged_record(records: Sequence[Record]) -> Record:
    """The record that each of the records is an instance of; fields that some lack are optional."""
    names = dict.fromkeys(name for record in records for name in record.fields)
    fields = {}
    for name in names:
        present = [record.fields[name] for record in records if name in record.fields]
        type_ = present[0].type
        for other in present[1:]:
            type_ = merged_type(type_, other.type)
        optional = len(present) < len(records) or any(one.optional for one in present)
        fields[name] = Field(type_, optional, any(one.sensitive for one in present), present[0].description)
    return Record(fields, any(record.open for record in records))


def merged_type(one: Type, other: Type) -> Type:
    """A type that both fit."""
    if one == other:
        return one
    if isinstance(one, Record) and isinstance(other, Record):
        return merged_record([one, other])
    return ANYTHING
