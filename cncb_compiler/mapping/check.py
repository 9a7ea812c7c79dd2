"""Whether a mapping fits what it reads and what it fills; the lineage of each field is found on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related
from cncb_compiler.diagnostics.mend import Mend, Put, chosen, did_you_mean
from cncb_compiler.mapping.conversion import conversion
from cncb_compiler.mapping.expression import ExpressionError, parse_expression
from cncb_compiler.mapping.infer import ExpressionInference
from cncb_compiler.mapping.lineage import trace
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import Constant, Expression, HookCall, Items, Nested, Tree
from cncb_compiler.mapping.typed import ITEM, Typed, either, has_null_items, list_of, typed_value
from cncb_compiler.rules.cncb111_bad_mapping import RULE as BAD_MAPPING
from cncb_compiler.rules.cncb301_missing_field import RULE as MISSING_FIELD
from cncb_compiler.rules.cncb302_optional_into_required import RULE as OPTIONAL_INTO_REQUIRED
from cncb_compiler.rules.cncb303_type_mismatch import RULE as TYPE_MISMATCH
from cncb_compiler.rules.cncb305_unknown_target_field import RULE as UNKNOWN_TARGET_FIELD
from cncb_compiler.schema.assign import fits
from cncb_compiler.schema.types import ANYTHING, Anything, Field, ListOf, MapOf, Record, Type, TypeTable
from cncb_compiler.source.location import Location

WHOLE = "*"
"""The source path of a hook: it is called with the whole scope."""


class Filled(NamedTuple):
    """A field that is filled: its path, what is known of the value, and the type that is declared for it, if any."""

    path: str
    typed: Typed
    target: Type | None


class Checked(Struct, frozen=True):
    """What is known of a mapping.

    `type` and `optional` are of the value that it makes. `reads` are the paths that only decide something, such as a
    filter's condition.
    """

    type: Type
    optional: bool
    filled: tuple[Filled, ...]
    table: TypeTable
    diagnostics: tuple[Diagnostic, ...]
    reads: tuple[str, ...] = ()

    @property
    def lineage(self) -> tuple[tuple[str, str], ...]:
        """Pairs of each innermost field that is filled, and a path that its value is taken or computed from.

        Such as `("lines[].sku", "order.lines[].sku")`; the source path of a hook is `*`.
        """
        return tuple(pair for path, typed, target in self.filled for pair in trace(path, typed, target, self.table))


def check(
    tree: Tree,
    scope: Scope,
    target: Type | None,
    table: TypeTable,
    at: Location,
    *,
    target_optional: bool = False,
    target_name: str = "",
    related: tuple[Related, ...] = (),
    target_related: tuple[Related, ...] = (),
) -> Checked:
    """Check the mapping that stands at `at` against the type that it fills; `target` None: anything goes.

    `target_name` is the target in messages (an event type, a store). `related` goes with what is said about
    the source's fields, `target_related` with what is said about the target's: where they are declared, who
    publishes them.
    """
    checker = _Checker(scope, table, target_name, related, target_related)
    typed = checker.tree(tree, target, at, "", target_optional)
    return Checked(
        typed.type,
        typed.optional,
        tuple(checker.filled),
        table,
        tuple(checker.diagnostics),
        tuple(checker.reads),
    )


def check_fields(
    fields: Mapping[str, Tree],
    scope: Scope,
    target: Record | None,
    table: TypeTable,
    at: Location,
    *,
    target_name: str = "",
    related: tuple[Related, ...] = (),
    target_related: tuple[Related, ...] = (),
) -> Checked:
    """As `check`, of a map of fields such as `set:` or `with:`."""
    return check(
        Nested(fields),
        scope,
        target,
        table,
        at,
        target_name=target_name,
        related=related,
        target_related=target_related,
    )


class _Checker:
    """One check; collects on the way."""

    def __init__(
        self,
        scope: Scope,
        table: TypeTable,
        target_name: str,
        related: tuple[Related, ...],
        target_related: tuple[Related, ...],
    ) -> None:
        self.scope = scope
        self.table = table
        self.target_name = target_name
        self.related = related
        self.target_related = target_related
        self.diagnostics: list[Diagnostic] = []
        self.filled: list[Filled] = []
        self.reads: dict[str, None] = {}

    def tree(self, tree: Tree, target: Type | None, at: Location, path: str, optional: bool) -> Typed:
        if isinstance(tree, Expression):
            return self._expression(tree.text, target, at, path, optional)
        if isinstance(tree, Nested):
            return self._nested(tree, target, at, path)
        if isinstance(tree, Constant):
            return self._value(typed_value(tree.value), target, at / "const", path, optional, "")
        if isinstance(tree, HookCall):
            return self._hook(tree, at, path)
        return self._items(tree, target, at, path)

    def _expression(self, text: str, target: Type | None, at: Location, path: str, optional: bool) -> Typed:
        inference = ExpressionInference(self.scope, self.table, at, self.related)
        try:
            node = parse_expression(text)
        except ExpressionError:
            # Said when the mapping was read.
            return Typed(ANYTHING, False, ())
        typed = inference.infer(node)
        if inference.reads:
            self.reads.update(inference.reads)
        if inference.diagnostics:
            self.diagnostics += inference.diagnostics
            return Typed(ANYTHING, False, ())
        return self._value(typed, target, at, path, optional, text)

    def _value(self, typed: Typed, target: Type | None, at: Location, path: str, optional: bool, text: str) -> Typed:
        """Check a value against what it fills; `text` is its expression, empty of a constant."""
        if target is not None:
            if typed.optional and not optional:
                self._absent(at, path, text)
            elif has_null_items(typed):
                self._absent(at, path + ITEM, text)
            elif typed.type is not target:
                why = fits(typed.type, target, self.table, text)
                if why is not None:
                    self._mismatch(at, path, why, _converted(at, text, conversion(typed.type, target)))
        self.filled.append(Filled(path, typed, target))
        return typed

    def _mismatch(self, at: Location, path: str, why: str, mend: str | Mend | None = None) -> None:
        message = f"The value of {self._filled(path)} does not fit: {why}."
        self.diagnostics.append(TYPE_MISMATCH(at, message, mend=mend, related=self.target_related))

    def _absent(self, at: Location, path: str, text: str) -> None:
        items = path.endswith(ITEM)
        subject = ("An item of " if items else "") + (f"`{text}`" if text else "the value")
        mend = "or make the field that it fills optional."
        if items:
            mend = "Leave out what is absent, by a projection (`[*]`) or a filter."
        else:
            mend = f"Give an alternative (`{text} || ...`), {mend}" if text else f"Give a value, {mend}"
        self.diagnostics.append(
            OPTIONAL_INTO_REQUIRED(
                at,
                f"{subject[0].upper()}{subject[1:]} may be absent, but {self._filled(path)} is required.",
                mend=mend,
                related=self.target_related,
            )
        )

    def _filled(self, path: str) -> str:
        if not path:
            return self.target_name or "the target"
        return f"`{path}` of {self.target_name}" if self.target_name else f"`{path}`"

    def _nested(self, tree: Nested, target: Type | None, at: Location, path: str) -> Typed:
        wanted = None if target is None else self.table.resolve(target)
        parts: dict[str, Typed] = {}
        for name, inner in tree.fields.items():
            place = at / name
            field = self._target_field(wanted, name, place, path)
            parts[name] = self.tree(
                inner,
                None if field is None else field.type,
                place,
                f"{path}.{name}" if path else name,
                field is None or field.optional,
            )
        if isinstance(wanted, Record):
            self._complete(wanted, tree, at, path)
        elif wanted is not None and not isinstance(wanted, (MapOf, Anything)):
            why = fits(
                Record({name: Field(part.type, part.optional) for name, part in parts.items()}),
                wanted,
                self.table,
            )
            if why is not None:
                self._mismatch(at, path, why)
        fields = {name: Field(part.type, part.optional) for name, part in parts.items()}
        return Typed(Record(fields), False, (), parts)

    def _target_field(self, wanted: Type | None, name: str, at: Location, path: str) -> Field | None:
        """The field that `name` fills; None where nothing is known of it."""
        if isinstance(wanted, MapOf):
            return Field(wanted.value)
        if not isinstance(wanted, Record):
            return None
        field = wanted.fields.get(name)
        if field is None and not wanted.open:
            known = ", ".join(f"`{known}`" for known in list(wanted.fields)[:10])
            mend = did_you_mean(name, wanted.fields, at.key(), cutoff=0.5) or (
                f"It has {known}." if known else "It has no fields."
            )
            full = f"{path}.{name}" if path else name
            owner = self.target_name or "the target"
            self.diagnostics.append(
                UNKNOWN_TARGET_FIELD(
                    at.key(), f"`{full}` is not a field of {owner}.", mend=mend, related=self.target_related
                )
            )
        return field

    def _complete(self, wanted: Record, tree: Nested, at: Location, path: str) -> None:
        if len(tree.fields) == len(wanted.fields) and tree.fields.keys() == wanted.fields.keys():
            return
        for name, field in wanted.fields.items():
            if not field.optional and name not in tree.fields:
                full = f"{path}.{name}" if path else name
                self.diagnostics.append(
                    MISSING_FIELD(
                        at,
                        f"Nothing fills {self._filled(full)}, which is required.",
                        mend=f"Add `{name}: ...`, or declare the field optional.",
                        related=self.target_related,
                    )
                )

    def _items(self, tree: Items, target: Type | None, at: Location, path: str) -> Typed:
        wanted = None if target is None else self.table.resolve(target)
        inner = wanted.item if isinstance(wanted, ListOf) else None
        items = [
            self.tree(item, inner, at / index, f"{path}{ITEM}", wanted is None) for index, item in enumerate(tree.items)
        ]
        if wanted is not None and not isinstance(wanted, (ListOf, Anything)):
            why = fits(ListOf(ANYTHING), wanted, self.table)
            if why is not None:
                self._mismatch(at, path, why)
        if not items:
            return typed_value([])
        result = items[0]
        for item in items[1:]:
            result = either(result, item, optional=result.optional or item.optional)
        return list_of(result, optional=False)

    def _hook(self, tree: HookCall, at: Location, path: str) -> Typed:
        if tree.module in (self.scope.variable, "values"):
            self.diagnostics.append(
                BAD_MAPPING(
                    at / "hook",
                    f"A hook module cannot be called `{tree.module}`: the handler uses that name itself.",
                )
            )
        self.filled.append(Filled(path, Typed(ANYTHING, False, (WHOLE,)), None))
        return Typed(ANYTHING, False, ())


def _converted(at: Location, text: str, mend: str | None) -> str | Mend | None:
    """The mend, with the edit that converts an expression, where it names the function that takes it alone."""
    function = _CONVERSION.fullmatch(mend or "")
    if mend is None or function is None or not text or at.span is not None:
        return mend
    call = f"{function[1]}({text})"
    return chosen(mend, Put(at, call if _UNQUOTED.fullmatch(call) else json.dumps(call, ensure_ascii=False)))


_CONVERSION = re.compile(r"Convert it: `(\w+)\(\.\.\.\)`\.")
_UNQUOTED = re.compile(r"[\w.()]+")
