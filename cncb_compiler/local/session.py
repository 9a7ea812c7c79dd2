"""A session on this machine: an endpoint, a machine beside it, and the systems that are deployed there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from cncb_compiler.deploy.execute import Outcome, deploy
from cncb_compiler.deploy.progress import Report, silent
from cncb_compiler.deploy.stack import Deployed, Stack
from cncb_compiler.deploy.stacks import stacks_of
from cncb_compiler.local.endpoint.process import EndpointProcess
from cncb_compiler.local.machine import Machine
from cncb_compiler.model.system import LOCAL_STAGE
from cncb_compiler.passes import Analysis
from cncb_compiler.target.running import LOCAL_REGION
from cncb_compiler.target.target import Target


@dataclass(frozen=True, slots=True)
class Running:
    """A system that runs on the machine."""

    machine: Machine
    analysis: Analysis
    stacks: tuple[Stack, ...]
    deployed: dict[str, Deployed]

    def differences(self) -> list[dict[str, Any]]:
        """What the templates declare and the endpoint does not hold: each with `stack`, and as the endpoint says it."""
        return self._each(self.machine.endpoint.differences)

    def template_only(self) -> list[dict[str, Any]]:
        """What nothing on this machine holds though it is declared: each with `stack`, and the reason."""
        return self._each(self.machine.endpoint.template_only)

    def _each(self, ask: Callable[[str, str], list[dict[str, Any]]]) -> list[dict[str, Any]]:
        region = self.machine.target.region
        return [{"stack": stack.name, **found} for stack in self.stacks for found in ask(stack.name, region)]


class UndeployedError(Exception):
    """Some stacks could not be deployed; `outcome` says which, and why."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__("; ".join(f"{failure.stack}: {failure.message}" for failure in outcome.failed))


class Session:
    """A context manager: enters with an endpoint and a machine that run, leaves with nothing running.

    `endpoint` is the URL of an endpoint that is there already, or one that has been started; without it one is.
    `port` is where the APIs answer (0: a free port).
    """

    def __init__(
        self,
        endpoint: str | EndpointProcess | None = None,
        *,
        stage: str = LOCAL_STAGE,
        region: str = LOCAL_REGION,
        port: int = 0,
    ) -> None:
        self._given = endpoint
        self._stage = stage
        self._region = region
        self._port = port
        self._entered = ExitStack()
        self.machine: Machine

    def __enter__(self) -> Session:
        with self._entered as entered:
            there = self._given or entered.enter_context(EndpointProcess())
            url = there.url if isinstance(there, EndpointProcess) else there
            target = Target(self._stage, self._region, endpoint=url)
            self.machine = entered.enter_context(Machine(target, port=self._port))
            self._entered = entered.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._entered.close()

    @property
    def target(self) -> Target:
        """Where the session's systems are deployed to."""
        return self.machine.target

    def deploy(self, analysis: Analysis, report: Report = silent, external: Iterable[str] = ()) -> Running:
        """Deploy a system, and run it. `external` are the environment variables that hold URLs of external systems.

        Raises UndeployedError where a stack fails, Problem where the endpoint does.
        """
        stacks = stacks_of(analysis, self._stage)
        self.machine.stand_in(analysis.linked.name, external)
        outcome = deploy(stacks, self.target, report)
        if not outcome.good:
            raise UndeployedError(outcome)
        deployed = {one.service: one for one in outcome.deployed}
        self.machine.adopt([(stack, deployed[stack.service]) for stack in stacks])
        return Running(self.machine, analysis, stacks, deployed)
