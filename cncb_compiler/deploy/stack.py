"""A stack as it is deployed: its template, the packages that it refers to, and the stacks that go before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cncb_compiler.plan.service import ServicePlan


@dataclass(frozen=True, slots=True)
class Artifact:
    """The package of one function: a reproducible zip under the key that the template names."""

    function: str
    key: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Stack:
    """One service of a system in one stage. `needs` are the names of the services whose stacks go before it."""

    name: str
    plan: ServicePlan
    template: dict[str, Any]
    artifacts: tuple[Artifact, ...]
    needs: tuple[str, ...]

    @property
    def service(self) -> str:
        """The service that it deploys."""
        return self.plan.service


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a stack is once it stands: `physical` ids by logical id, and its outputs."""

    service: str
    name: str
    physical: dict[str, str]
    outputs: dict[str, str]


def stack_name(system: str, service: str, stage: str) -> str:
    """The name of a service's stack in a stage."""
    return f"{system}-{service}-{stage}"
