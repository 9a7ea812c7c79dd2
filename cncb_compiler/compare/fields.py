"""How the fields of two records differ, and in which direction one cannot be read as the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cncb_compiler.compare.shape import expanded, shape
from cncb_compiler.schema.assign import fits
from cncb_compiler.schema.types import Enum, Field, ListOf, MapOf, OneOf, Record, Ref, Type, TypeTable

Kind = Literal["added", "removed", "renamed", "retyped", "required", "optional", "marked", "unmarked"]

_NO_NAMES = TypeTable({})


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field that differs. `path` is as before, `new_path` as after; where it is on one side only, both are that.

    `backward` says why what was written before cannot be read now, `forward` why what is written now could not be
    read before; None where it can.
    """

    kind: Kind
    path: str
    new_path: str
    old: Field | None
    new: Field | None
    backward: str | None = None
    forward: str | None = None

    @property
    def enums(self) -> tuple[Enum, Enum] | None:
        """Both types, where both are enums."""
        if self.old is None or self.new is None:
            return None
        if isinstance(self.old.type, Enum) and isinstance(self.new.type, Enum):
            return self.old.type, self.new.type
        return None


Renamed = dict[tuple[str, str], str]
"""Path of the record and name of a field before, to its name after."""


@dataclass(frozen=True, slots=True)
class FieldWalk:
    """A comparison of records of two revisions; named types are looked up each in its own `TypeTable`."""

    before: TypeTable
    after: TypeTable

    def differences(self, old: Record, new: Record, renamed: Renamed | None = None) -> tuple[FieldDifference, ...]:
        """Every field that differs, by path, without what is inside added and removed ones."""
        return tuple(self._records(old, new, "", "", (), renamed or {}))

    def _records(
        self, old: Record, new: Record, path: str, new_path: str, trail: tuple[tuple[str, str], ...], renamed: Renamed
    ) -> Iterator[FieldDifference]:
        if old is new:
            return
        names = {name: renamed.get((path, name), name) for name in old.fields}
        taken = set(names.values())
        for name, field in old.fields.items():
            inner, target = _join(path, name), names[name]
            if target not in new.fields:
                forward = None if field.optional or new.open else f"`{inner}` is required, and no longer there"
                yield FieldDifference("removed", inner, inner, field, None, None, forward)
                continue
            new_inner = _join(new_path, target)
            if target != name:
                yield FieldDifference(
                    "renamed",
                    inner,
                    new_inner,
                    field,
                    new.fields[target],
                    None if new.fields[target].optional else f"what was written has no `{new_inner}`",
                    None if field.optional else f"`{inner}` is required, and no longer there",
                )
            yield from self._fields(field, new.fields[target], inner, new_inner, trail, renamed)
        for name, field in new.fields.items():
            if name not in taken:
                inner = _join(new_path, name)
                backward = None if field.optional or old.open else f"what was written has no `{inner}`"
                yield FieldDifference("added", inner, inner, None, field, backward, None)

    def _fields(
        self, old: Field, new: Field, path: str, new_path: str, trail: tuple[tuple[str, str], ...], renamed: Renamed
    ) -> Iterator[FieldDifference]:
        if old.optional and not new.optional:
            yield FieldDifference("required", path, new_path, old, new, f"`{new_path}` may be absent there", None)
        elif new.optional and not old.optional:
            yield FieldDifference("optional", path, new_path, old, new, None, f"`{path}` may be absent now")
        if old.sensitive != new.sensitive:
            yield FieldDifference("marked" if new.sensitive else "unmarked", path, new_path, old, new)
        yield from self._types(old, new, old.type, new.type, path, new_path, trail, renamed)

    def _types(
        self,
        old: Field,
        new: Field,
        old_type: Type,
        new_type: Type,
        path: str,
        new_path: str,
        trail: tuple[tuple[str, str], ...],
        renamed: Renamed,
    ) -> Iterator[FieldDifference]:
        if isinstance(old_type, Ref) and isinstance(new_type, Ref):
            pair = (old_type.name, new_type.name)
            if pair in trail:
                return
            trail = (*trail, pair)
        one, other = self.before.resolve(old_type), self.after.resolve(new_type)
        match one, other:
            case Record(), Record():
                yield from self._records(one, other, path, new_path, trail, renamed)
            case ListOf(), ListOf():
                yield from self._types(old, new, one.item, other.item, f"{path}[]", f"{new_path}[]", trail, renamed)
            case MapOf(), MapOf():
                yield from self._types(old, new, one.value, other.value, f"{path}.*", f"{new_path}.*", trail, renamed)
            case _:
                yield from self._retyped(old, new, one, other, path, new_path)

    def _retyped(
        self, old: Field, new: Field, one: Type, other: Type, path: str, new_path: str
    ) -> Iterator[FieldDifference]:
        if one == other and not isinstance(one, (Record, OneOf)):
            return
        if shape(one, self.before) == shape(other, self.after):
            return
        before, after = expanded(one, self.before), expanded(other, self.after)
        yield FieldDifference(
            "retyped",
            path,
            new_path,
            Field(before, old.optional, old.sensitive),
            Field(after, new.optional, new.sensitive),
            fits(before, after, _NO_NAMES, new_path),
            fits(after, before, _NO_NAMES, path),
        )


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
