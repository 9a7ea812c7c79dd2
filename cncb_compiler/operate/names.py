"""What the names that people say mean in a system: stores, functions, routes, streams, variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from cncb_compiler.graph.system import LinkedOutlet, LinkedStore, LinkedSystem
from cncb_compiler.graph.vocabulary import DEFAULT_STREAM
from cncb_compiler.plan.function import FunctionPlan, RouteTrigger
from cncb_compiler.plan.service import ServicePlan


@dataclass(frozen=True, slots=True)
class Route:
    """A route of a service's API, and the function that answers it."""

    service: str
    function: str
    method: str
    path: str
    auth: str
    api: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class FunctionName:
    """A function as it is planned."""

    service: str
    function: str

    def __str__(self) -> str:
        return f"{self.service}.{self.function}"


def place(store: LinkedStore) -> str:
    """A store as scenarios name it: `order-bff.orders`."""
    return f"{store.construct.service}.{store.name}"


class Names:
    """The names of one system."""

    def __init__(self, system: LinkedSystem, plans: Iterable[ServicePlan]) -> None:
        self.system = system
        self.plans = tuple(plans)

    @cached_property
    def stores(self) -> dict[str, LinkedStore]:
        """Everything that holds data, by place, sorted."""
        found = {place(store): store for service in self.system.services.values() for store in service.tables}
        return {name: found[name] for name in sorted(found)}

    @cached_property
    def outlets(self) -> dict[str, LinkedOutlet]:
        """Queues and buses by place, sorted."""
        services = self.system.services.values()
        found = {f"{one.name}.{name}": outlet for one in services for name, outlet in one.outlets.items()}
        return {name: found[name] for name in sorted(found)}

    @cached_property
    def functions(self) -> dict[str, tuple[FunctionName, ...]]:
        """Functions by the names that may be used: as planned, and as declared where that says enough."""
        found: dict[str, list[FunctionName]] = {}
        for plan in self.plans:
            for function in plan.functions:
                name = FunctionName(plan.service, function.name)
                for word in dict.fromkeys((function.name, _declared(function))):
                    found.setdefault(f"{plan.service}.{word}", []).append(name)
        exact = {str(name): (name,) for names in found.values() for name in names}
        return {**{word: tuple(names) for word, names in sorted(found.items())}, **exact}

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """All routes."""
        return tuple(self._routes())

    def _routes(self) -> Iterator[Route]:
        for plan in self.plans:
            for function in plan.functions:
                for trigger in function.triggers:
                    if isinstance(trigger, RouteTrigger):
                        kind = plan.api.kind if plan.api else "http"
                        yield Route(plan.service, function.name, trigger.method, trigger.path, trigger.auth, kind)

    def routed(self, request: str, service: str | None) -> tuple[Route, ...]:
        """The routes that `METHOD /path` means; several where services share it."""
        return tuple(one for one in self.routes if str(one) == request and service in (None, one.service))

    def function(self, name: str) -> FunctionName:
        """The function of a name that has been checked."""
        return self.functions[name][0]

    def planned(self, function: FunctionName) -> FunctionPlan:
        """The plan of a function."""
        plans = (one for plan in self.plans if plan.service == function.service for one in plan.functions)
        return next(one for one in plans if one.name == function.function)

    def time_to_live(self, store: LinkedStore) -> str | None:
        """The attribute that says when a row of a store expires, in epoch seconds; None where rows do not."""
        tables = (table for plan in self.plans if plan.service == store.construct.service for table in plan.tables)
        return next((table.ttl for table in tables if table.asset.name == store.name), None)

    @property
    def stream(self) -> str:
        """The stream of records that name none."""
        streams = list(self.system.streams)
        return DEFAULT_STREAM if DEFAULT_STREAM in streams or not streams else streams[0]

    @cached_property
    def variables(self) -> frozenset[str]:
        """The environment variables that functions are given by their declarations."""
        return frozenset(
            name for plan in self.plans for function in plan.functions for name in function.settings.environment
        )


_PREFIXES = ("command-", "query-", "view-", "evaluate-", "reaction-", "changes-", "join-")


def _declared(function: FunctionPlan) -> str:
    """The declared name of what asked for a function; the collecting half of a view has none of its own."""
    prefix = next((one for one in _PREFIXES if function.name.startswith(one)), "")
    return function.name if function.pattern == "own function" else function.name.removeprefix(prefix)
