"""The state of an inference, and what is known of the fields and items of a value."""

from __future__ import annotations

from abc import ABC, abstractmethod

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related
from cncb_compiler.diagnostics.mend import Mend, did_you_mean
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.mapping.nodes import Node, Span
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.typed import ITEM, NULL, Typed, below, either, item_of, kind, options, words
from cncb_compiler.rules.cncb304_unknown_field import RULE as UNKNOWN_FIELD
from cncb_compiler.rules.cncb307_bad_argument import RULE as BAD_ARGUMENT
from cncb_compiler.schema.types import (
    ANYTHING,
    Anything,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Ref,
    Type,
    TypeTable,
)
from cncb_compiler.schema.union import union
from cncb_compiler.source.location import Location


class Inference(ABC):
    """The inference of one expression standing at `at`. Collects diagnostics, and `types`: what is known of each node.

    `reads` are paths that decide something (a filter's condition) without being part of the value. `offset`
    is where the expression starts in the scalar at `at`.
    """

    def __init__(
        self, scope: Scope, table: TypeTable, at: Location, related: tuple[Related, ...] = (), offset: int = 0
    ) -> None:
        self.scope = scope
        self.table = table
        self.at = at
        self.related = related
        self.offset = offset
        self.diagnostics: list[Diagnostic] = []
        self.types: dict[Node, Typed] = {}
        self.reads: dict[str, None] = {}
        self.projections = 0

    def infer(self, node: Node) -> Typed:
        """What is known of the whole expression's value."""
        return self.of(node, Typed(self.scope.root, False, ("",)))

    @abstractmethod
    def of(self, node: Node, current: Typed) -> Typed:
        """What is known of `node` evaluated against `current`."""

    def fail(
        self, rule: Rule, span: Span, message: str, mend: str | Mend | None = None, *, related: bool = False
    ) -> Typed:
        """Report; the value is taken for anything, so that nothing more is said about it."""
        self.diagnostics.append(rule(self.place(span), message, mend=mend, related=self.related if related else ()))
        return Typed(ANYTHING, False, ())

    def place(self, span: Span) -> Location:
        """Where characters of the expression stand."""
        return self.at.chars(span[0] + self.offset, span[1] + self.offset)

    def item(self, value: Typed, span: Span, what: str) -> Typed | None:
        """What is known of the items of a list; None, and a diagnostic, where it is none."""
        item: Typed | None = None
        for option in options(value.type, self.table):
            if isinstance(option, ListOf):
                one = item_of(value, option.item)
            elif isinstance(option, Anything):
                one = Typed(ANYTHING, False, below(value.sources, ITEM))
            else:
                continue
            item = one if item is None else either(item, one, optional=item.optional or one.optional)
        if item is None:
            if value.type == NULL.type:
                return NULL
            self.fail(BAD_ARGUMENT, span, f"{what} is {words(value.type, self.table)}, not a list.")
        return item

    def built(self, value: Typed, owner: Typed, wanted: str) -> Typed:
        """`value`, which is built of `owner` where that is of kind `wanted`, and null where it is not."""
        kinds = {kind(option) for option in options(owner.type, self.table)}
        if "any" in kinds:
            # Nothing is checked of what comes out of an untyped value, so it is one itself.
            return Typed(ANYTHING, owner.optional, value.sources, value.parts)
        return Typed(value.type, owner.optional or kinds != {wanted}, value.sources, value.parts)

    def field(self, current: Typed, name: str, span: Span) -> Typed:
        """What is known of the field `name` of `current`; `span` is the path up to and with it."""
        type_ = current.type
        if isinstance(type_, Ref):
            type_ = self.table.resolve(type_)
        if isinstance(type_, Record):
            field = type_.fields.get(name)
            if field is not None:
                if current.parts is not None and name in current.parts:
                    part = current.parts[name]
                    return part if not current.optional else Typed(part.type, True, part.sources, part.parts)
                return Typed(field.type, field.optional or current.optional, below(current.sources, name))
            if type_.open:
                return Typed(ANYTHING, current.optional, below(current.sources, name))
            return self._unknown_field(current, type_, name, span)
        if isinstance(type_, Anything):
            return Typed(ANYTHING, current.optional, below(current.sources, name))
        if isinstance(type_, MapOf):
            return Typed(type_.value, True, below(current.sources, name))
        if isinstance(type_, OneOf):
            return self._field_of_one(current, type_, name, span)
        path = current.sources[0] if current.sources and current.sources[0] else "the value"
        mend = f"Reach the fields of its items by `[*].{name}`." if isinstance(type_, ListOf) else None
        return self.fail(
            UNKNOWN_FIELD,
            span,
            f"`{path}` is {words(type_, self.table)} and has no field `{name}`.",
            mend,
            related=True,
        )

    def _field_of_one(self, current: Typed, type_: OneOf, name: str, span: Span) -> Typed:
        found: list[Typed] = []
        missing = False
        for option in options(type_, self.table):
            if isinstance(option, (MapOf, Anything)) or (
                isinstance(option, Record) and (name in option.fields or option.open)
            ):
                found.append(self.field(Typed(option, current.optional, current.sources, current.parts), name, span))
            else:
                missing = True
        if not found:
            if not type_.options:
                return NULL
            fields = {known: known_field for option in options(type_, self.table) if isinstance(option, Record)
                      for known, known_field in option.fields.items()}  # fmt: skip
            return self._unknown_field(current, Record(fields), name, span)
        result = found[0]
        for other in found[1:]:
            result = either(result, other, optional=result.optional or other.optional)
        return Typed(result.type, result.optional or missing, result.sources, result.parts)

    def _unknown_field(self, current: Typed, record: Record, name: str, span: Span) -> Typed:
        prefix = f"{current.sources[0]}." if current.sources and current.sources[0] else ""
        at = self.place((span[1] - len(name), span[1]))
        mend: Mend | str | None = did_you_mean(name, record.fields, at, cutoff=0.5, prefix=prefix)
        if mend is None and record.fields:
            mend = "It has " + ", ".join(f"`{prefix}{known}`" for known in list(record.fields)[:10]) + "."
        elif mend is None:
            mend = "It has no fields at all."
        message = f"`{prefix}{name}` is not a field of {self.origin}."
        return self.fail(UNKNOWN_FIELD, span, message, mend, related=True)

    def values(self, value: Typed) -> Typed | None:
        """What is known of the values of an object's fields; None where it is no object."""
        types: list[Type] = []
        optional = False
        found = options(value.type, self.table)
        for option in found:
            if isinstance(option, MapOf):
                types.append(option.value)
            elif isinstance(option, Record) and not option.open:
                types += [field.type for field in option.fields.values()]
                optional = optional or any(field.optional for field in option.fields.values())
            elif isinstance(option, (Anything, Record)):
                types.append(ANYTHING)
        if not types and value.type != NULL.type and not any(isinstance(option, Record) for option in found):
            return None
        return Typed(union(types), optional, below(value.sources, "*"))

    @property
    def origin(self) -> str:
        """The scope in the words of a message."""
        return self.scope.origin.partition(":")[2] or self.scope.origin
