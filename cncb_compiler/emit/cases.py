"""What a service's unit tests know: an example of each scope, and each mapping as the user wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cncb_compiler.emit.mappings import AGGREGATE, REDUCED, Role, mappings_of, operators_of
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import Constant, Expression, HookCall, Items, Nested, Tree
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import FunctionPlan, environment_name
from cncb_compiler.plan.handlers import (
    CommandHandler,
    EvaluateHandler,
    QueryHandler,
    ReactionHandler,
    ViewHandler,
    WriteRow,
)
from cncb_compiler.plan.mapped import Mapped
from cncb_compiler.plan.operators import Aggregates
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.schema.sample import sample
from cncb_compiler.schema.types import ListOf, MapOf, Record, Ref, Type, TypeTable


@dataclass(frozen=True, slots=True)
class _Sampling:
    """What an example is made of. A record belongs to one table, so the table tells nothing apart."""

    root: Record
    origin: str
    table: TypeTable = field(compare=False)


@lru_cache(maxsize=4096)
def _sampled(sampling: _Sampling) -> Any:
    return sample(sampling.root, sampling.table, sampling.origin)


class Cases:
    """The cases of one service; examples that functions share stand there once."""

    def __init__(self, plan: ServicePlan, table: TypeTable) -> None:
        self.plan = plan
        self.table = table
        self.examples: dict[str, Any] = {}
        self.known: dict[tuple[str, int], str] = {}

    def content(self) -> dict[str, Any]:
        """The content of `cases.json`."""
        functions = {function.name: self._function(function) for function in self.plan.functions}
        return {"environment": self._environment(), "examples": self.examples, "functions": functions}

    def _environment(self) -> dict[str, str]:
        assets: set[Asset] = set()
        for function in self.plan.functions:
            assets.update(function.assets)
            assets.update([function.faults_to] if function.faults_to else [])
        names = {environment_name(asset): f"{asset.name}-test" for asset in assets}
        fixed = {"AWS_REGION": "us-east-1", "SERVICE": self.plan.service, "STAGE": "test", "SYSTEM": self.plan.system}
        return dict(sorted({**names, **fixed}.items()))

    def _function(self, function: FunctionPlan) -> dict[str, Any]:
        roles = mappings_of(function.handler)
        case: dict[str, Any] = {
            "mappings": {role.mapped.name: self._mapping(role) for role in roles},
            "stand_ins": {role.mapped.name: _stand_in(role, _key_names(function)) for role in roles},
        }
        if isinstance(function.handler, CommandHandler) and function.handler.input is not None:
            case["input"] = sample(function.handler.input, self.table, function.name)
        if isinstance(function.handler, EvaluateHandler):
            self._add_events(case, list(function.handler.keys))
            self._add_aggregates(case, AGGREGATE, function.handler.aggregates)
        reduced = operators_of(function.handler).reduced
        if reduced:
            self._add_events(case, [(aggregate.event, mapped) for _, aggregate, mapped in reduced if mapped])
            self._add_aggregates(case, REDUCED, reduced)
        return case

    def _mapping(self, role: Role) -> dict[str, Any]:
        mapped = role.mapped
        case: dict[str, Any] = {"tree": self._tree(mapped.tree, mapped.target)}
        if role.role == "evaluate":
            return case
        case["example"] = self._example(mapped.scope)
        if role.role == "when":
            case["condition"] = True
        return case

    def _add_events(self, case: dict[str, Any], scopes: list[tuple[str, Mapped]]) -> None:
        events = [dict(self.examples[self._example(mapped.scope)], type=event) for event, mapped in scopes]
        case["events"] = sorted(events, key=lambda event: event.get("timestamp", 0))

    def _add_aggregates(self, case: dict[str, Any], name: str, aggregates: Aggregates) -> None:
        if aggregates:
            fields = {
                field: {
                    "aggregate": aggregate.function,
                    "of": aggregate.event,
                    **({"by": aggregate.expression.text} if aggregate.expression else {}),
                }
                for field, aggregate, _ in aggregates
            }
            case["mappings"][name] = {"tree": {"fields": fields}}
            case["stand_ins"][name] = {"example": 1}

    def _example(self, scope: Scope) -> str:
        known = self.known.get((scope.origin, id(scope.root)))
        if known is not None:
            return known
        name, number = scope.origin, 2
        while name in self.examples:
            name, number = f"{scope.origin}#{number}", number + 1
        example = _sampled(_Sampling(scope.root, scope.origin, self.table))
        if scope.variable in ("event", "events"):
            example = {"id": "event-1", "timestamp": 1_700_000_000_000, **example}
        self.examples[name] = example
        self.known[scope.origin, id(scope.root)] = name
        return name

    def _tree(self, tree: Tree, target: Type | None) -> dict[str, Any]:
        match tree:
            case Expression():
                inside = _declared(target, self.table, ())
                return {"jmespath": tree.text, **({} if inside is None else {"target": inside})}
            case Constant():
                return {"const": tree.value}
            case HookCall():
                return {"hook": f"{tree.module}.{tree.function}"}
            case Items():
                wanted = self.table.resolve(target) if target is not None else None
                item = wanted.item if isinstance(wanted, ListOf) else None
                return {"items": [self._tree(inner, item) for inner in tree.items]}
            case Nested():
                wanted = self.table.resolve(target) if target is not None else None
                return {"fields": {name: self._tree(one, _inside(wanted, name)) for name, one in tree.fields.items()}}


def _inside(target: Type | None, name: str) -> Type | None:
    if isinstance(target, Record):
        return target.fields[name].type if name in target.fields else None
    return target.value if isinstance(target, MapOf) else None


def _declared(type_: Type | None, table: TypeTable, trail: tuple[str, ...]) -> Any:
    """The names of the fields that a type declares, at any depth; None where everything is taken."""
    if isinstance(type_, Ref):
        if type_.name in trail:
            return None
        trail = (*trail, type_.name)
        type_ = table.resolve(type_)
    if isinstance(type_, ListOf):
        item = _declared(type_.item, table, trail)
        return None if item is None else [item]
    if isinstance(type_, MapOf):
        value = _declared(type_.value, table, trail)
        return None if value is None else {"*": value}
    if isinstance(type_, Record) and not type_.open:
        return {name: _declared(field.type, table, trail) for name, field in type_.fields.items()}
    return None


def _key_names(function: FunctionPlan) -> tuple[str, ...]:
    handler = function.handler
    if isinstance(handler, (CommandHandler, ReactionHandler)) and isinstance(handler.effect, WriteRow):
        return handler.effect.key_names
    return handler.key_names if isinstance(handler, (QueryHandler, ViewHandler, EvaluateHandler)) else ()


def _stand_in(role: Role, key_names: tuple[str, ...]) -> Any:
    """What a handler gets in place of a mapping's value."""
    key: Mapping[str, Any] = {name: f"{name}-1" for name in key_names}
    match role.role:
        case "key":
            return key
        case "fields":
            return {"example": 1, **key}
        case "evaluate":
            return {"example": 1}
        case "when":
            return True
        case _:
            return f"{role.role}-1"
