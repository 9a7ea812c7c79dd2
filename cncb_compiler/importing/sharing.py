"""The named types of several documents as those of one system: the same once, others under names of their own."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from cncb_compiler.importing.names import unique_type
from cncb_compiler.importing.schemas import Schemas
from cncb_compiler.schema.types import ANYTHING, Field, ListOf, MapOf, OneOf, Record, Ref, Type


def shape_of(schemas: Schemas, type_: Type) -> str:
    """What a type means, to be compared with one of another document: it and all that it refers to, as text."""
    schemas.finish()
    met: set[str] = set()
    waiting = [type_]
    texts = []
    while waiting:
        bare = _bare(waiting.pop(), waiting, schemas, met)
        texts.append(repr(bare))
    return "\n".join([*texts[:1], *sorted(texts[1:])])


def _bare(type_: Type, waiting: list[Type], schemas: Schemas, met: set[str]) -> Type:
    """A type without descriptions; those that it names are added to `waiting`, each once."""

    def bare(inner: Type) -> Type:
        match inner:
            case Ref():
                if inner.name not in met:
                    met.add(inner.name)
                    waiting.append(Record({inner.name: Field(schemas.types.get(inner.name, ANYTHING))}))
                return inner
            case ListOf():
                return ListOf(bare(inner.item))
            case MapOf():
                return MapOf(bare(inner.value))
            case OneOf():
                return OneOf(tuple(bare(option) for option in inner.options))
            case Record():
                fields = {
                    name: replace(field, type=bare(field.type), description="")
                    for name, field in sorted(inner.fields.items())
                }
                return Record(fields, inner.open)
        return inner

    return bare(type_)


class SharedTypes:
    """The types of the system, `named`; and for each document what its own names became."""

    def __init__(self) -> None:
        self.named: dict[str, Type] = {}
        self._shapes: dict[str, str] = {}
        self._names: dict[int, dict[str, str]] = {}

    def share(self, schemas: Schemas) -> None:
        """Take the types of a document."""
        names: dict[str, str] = {}
        for name, type_ in schemas.types.items():
            shape = shape_of(schemas, type_)
            known = name
            while known in self._shapes and self._shapes[known] != shape:
                known = unique_type(known, self._shapes)
            names[name] = known
            self._shapes[known] = shape
        self._names[id(schemas)] = names
        for name, type_ in schemas.types.items():
            self.named.setdefault(names[name], _renamed(type_, names))

    def of(self, schemas: Schemas, record: Record) -> Record:
        """A record of a document, with the names of the system."""
        made = _renamed(record, self._names[id(schemas)])
        assert isinstance(made, Record)
        return made


def _renamed(type_: Type, names: Mapping[str, str]) -> Type:
    match type_:
        case Ref():
            return Ref(names.get(type_.name, type_.name))
        case ListOf():
            return ListOf(_renamed(type_.item, names))
        case MapOf():
            return MapOf(_renamed(type_.value, names))
        case OneOf():
            return OneOf(tuple(_renamed(option, names) for option in type_.options))
        case Record():
            fields = {name: replace(field, type=_renamed(field.type, names)) for name, field in type_.fields.items()}
            return Record(fields, type_.open)
    return type_
