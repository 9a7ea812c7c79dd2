"""Where the functions of a system leave what an event causes: computed by the mappings that generated handlers use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from msgspec import structs

from cncb_compiler.mapping.python import compile_condition, compile_mapping
from cncb_compiler.mapping.tree import Expression, Nested
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import FunctionPlan, StreamTrigger, TableTrigger
from cncb_compiler.plan.handlers import (
    CollectHandler,
    EvaluateHandler,
    Mapped,
    OwnHandler,
    ReactionHandler,
    SendMessage,
    ViewHandler,
    WriteRow,
)
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.runtime import values
from cncb_compiler.runtime.micro_event_store import CORRELATION, SEQUENCE
from cncb_compiler.runtime.rows import AS_OF
from cncb_compiler.schema.types import TypeTable
from cncb_compiler.trace.facts import FunctionKey

Verb = Literal["set", "delete", "collect", "call"]


class UnseenError(Exception):
    """What a mapping gives cannot be told from here."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a function leaves something of an event.

    `key` None: it cannot be told, `note` says why. `lock` is the row's attribute whose trigger tells who wrote last.
    """

    function: FunctionKey
    verb: Verb
    asset: Asset | None = None
    key_names: tuple[str, ...] = ()
    key: Mapping[str, Any] | None = None
    lock: str = AS_OF
    note: str = ""


class Reach:
    """The functions of a system, by what reaches them."""

    def __init__(self, types: TypeTable, plans: Iterable[ServicePlan]) -> None:
        self._types = types
        self._functions = [(plan, function) for plan in plans for function in plan.functions]
        self.sources: dict[FunctionKey, Asset] = {
            (plan.service, function.name): trigger.table
            for plan, function in self._functions
            for trigger in function.triggers
            if isinstance(trigger, TableTrigger)
        }

    def places(self, event: Mapping[str, Any]) -> tuple[Place, ...]:
        """The places where this event leaves something, those that a guard keeps it off left out."""
        found: list[Place] = []
        for plan, function in self._functions:
            if _hears(function, str(event.get("type"))):
                found += self._of(plan, function, event)
        return tuple(found)

    def _of(self, plan: ServicePlan, function: FunctionPlan, event: Mapping[str, Any]) -> Iterator[Place]:
        by = (plan.service, function.name)
        handler, kind = function.handler, event["type"]
        match handler:
            case ViewHandler():
                for one in handler.projections:
                    if one.event == kind and self._holds(one.when, event):
                        verb: Verb = "delete" if one.fields is None else "set"
                        yield self._keyed(by, verb, handler.store, handler.key_names, one.key, event, one.lock)
            case CollectHandler():
                for of, correlation in handler.correlations:
                    if of == kind:
                        yield self._collected(by, handler.collected, correlation, event)
            case EvaluateHandler():
                for of, mapped in handler.keys:
                    if of == kind:
                        yield self._keyed(by, "set", handler.store, handler.key_names, mapped, event)
            case ReactionHandler(effect=WriteRow() as row):
                if self._holds(handler.when, event) and not (row.latched and _own(plan, event)):
                    key = row.key if row.key is not None else row.fields
                    assert key is not None
                    verb = "delete" if row.verb == "delete" else "set"
                    yield self._keyed(by, verb, row.store, row.key_names, key, event)
            case ReactionHandler(effect=SendMessage() as message):
                if self._holds(handler.when, event):
                    outlet = f"{message.outlet.kind} {message.outlet.name}"
                    yield Place(by, "call", note=f"sends to the {outlet}, which is read outside")
            case ReactionHandler():
                if self._holds(handler.when, event):
                    yield Place(by, "call", note="calls a hook, which leaves nothing that could be seen")
            case OwnHandler():
                yield Place(by, "call", note="is the team's own, and may leave anything")

    def _keyed(
        self,
        by: FunctionKey,
        verb: Verb,
        store: Asset,
        names: tuple[str, ...],
        mapped: Mapped,
        event: Mapping[str, Any],
        lock: str = AS_OF,
    ) -> Place:
        try:
            made = self._value(_only(mapped, names), event)
            key = {name: made[name] for name in names}
        except (UnseenError, KeyError, TypeError) as error:
            return Place(by, verb, store, names, note=_why(error))
        return Place(by, verb, store, names, key, lock)

    def _collected(self, by: FunctionKey, store: Asset, mapped: Mapped, event: Mapping[str, Any]) -> Place:
        names = (CORRELATION, SEQUENCE)
        try:
            sequence = f"{event['timestamp']:015d}-{event['id']}"
            key = {CORRELATION: str(self._value(mapped, event)), SEQUENCE: sequence}
        except (UnseenError, KeyError, TypeError, ValueError) as error:
            return Place(by, "collect", store, names, note=_why(error))
        return Place(by, "collect", store, names, key)

    def _holds(self, condition: Mapped | None, event: Mapping[str, Any]) -> bool:
        """Whether a guard lets the event pass; one that cannot be told does."""
        if condition is None:
            return True
        try:
            return bool(self._value(condition, event, condition=True))
        except UnseenError:
            return True

    def _value(self, mapped: Mapped, event: Mapping[str, Any], *, condition: bool = False) -> Any:
        function = self._function(mapped, condition)
        try:
            return function(event)
        except UnseenError:
            raise
        except Exception as error:
            raise UnseenError(f"the event gives none: {type(error).__name__}: {error}") from None

    def _function(self, mapped: Mapped, condition: bool) -> Callable[[Mapping[str, Any]], Any]:
        if condition and isinstance(mapped.tree, Expression):
            code = compile_condition(mapped.tree, mapped.scope, self._types)
        else:
            code = compile_mapping(mapped.tree, mapped.scope, mapped.target, self._types)
        if code.hooks:
            return _hooked
        compiled: Callable[[Mapping[str, Any]], Any] = eval(
            f"lambda {mapped.scope.variable}: {code.expression}", {"values": values}
        )
        return compiled


def _only(mapped: Mapped, names: tuple[str, ...]) -> Mapped:
    """The mapping of these fields alone: what others are made of, hooks too, does not matter for a key."""
    if not isinstance(mapped.tree, Nested) or not all(name in mapped.tree.fields for name in names):
        return mapped
    return structs.replace(mapped, tree=Nested({name: mapped.tree.fields[name] for name in names}))


def _hooked(_event: Mapping[str, Any]) -> Any:
    raise UnseenError("a hook makes it")


def _hears(function: FunctionPlan, kind: str) -> bool:
    """Whether events of this type come to a function, from a stream or from where they are collected."""
    if isinstance(function.handler, EvaluateHandler):
        return kind in dict(function.handler.keys)
    return any(isinstance(one, StreamTrigger) and (kind in one.types or not one.types) for one in function.triggers)


def _own(plan: ServicePlan, event: Mapping[str, Any]) -> bool:
    """Whether the service itself published the event: then its latched reaction leaves it out."""
    tags = event.get("tags") or {}
    return (tags.get("system"), tags.get("service")) == (plan.system, plan.service)


def _why(error: Exception) -> str:
    return f"its key is not known here: {error}" if isinstance(error, UnseenError) else "the event gives it no key"
