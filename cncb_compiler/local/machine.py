"""The machine: it runs the functions of deployed stacks, feeds them from streams, and answers for their APIs.

Everything it knows it reads from the endpoint, where the stacks stand; it would do the same for stacks that somebody
else has deployed there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Literal, TypeAlias

from cncb_compiler.deploy.stack import Deployed, Stack
from cncb_compiler.deploy.standing import resources
from cncb_compiler.local.endpoint.changes import ChangeFeed
from cncb_compiler.local.endpoint.control import Control
from cncb_compiler.local.firehose.deliveries import Firehose
from cncb_compiler.local.front.front import Front
from cncb_compiler.local.functions.pool import Functions
from cncb_compiler.local.journal import Journal
from cncb_compiler.local.sources.mappings import EventSources
from cncb_compiler.local.stubs import Stubs
from cncb_compiler.target.target import Target

FUNCTION = "AWS::Lambda::Function"
DELIVERY_STREAM = "AWS::KinesisFirehose::DeliveryStream"
ApiKind: TypeAlias = Literal["http", "rest"]
APIS: Mapping[str, ApiKind] = {"AWS::ApiGatewayV2::Api": "http", "AWS::ApiGateway::RestApi": "rest"}
SETTLE_STEP_SECONDS = 0.01
"""How often it is looked again whether all is done, while nothing changes."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """What a machine runs of a stack: functions and delivery streams by physical name, APIs by kind and id."""

    system: str
    prefix: str
    functions: tuple[str, ...]
    deliveries: tuple[str, ...]
    apis: tuple[tuple[ApiKind, str], ...]


class UnsettledError(Exception):
    """The machine was still at work when the time was over; says with what."""

    def __init__(self, busy: Iterable[str]) -> None:
        self.busy = tuple(busy)
        super().__init__("; ".join(self.busy))


class Machine:
    """One machine beside one endpoint. A context manager: when it is left, nothing of it runs on.

    External systems are played by `stubs`, one for each environment variable of a system that holds such a URL.
    """

    def __init__(self, target: Target, *, port: int = 0) -> None:
        assert target.endpoint is not None
        self.target = target
        self.endpoint = Control(target.endpoint)
        self.changes = ChangeFeed(target.endpoint)
        self.stubs = Stubs()
        self.functions = Functions(target, self._environment)
        self.sources = EventSources(target, self.functions.invoke, self.changes)
        self.firehose = Firehose(target, self.functions.invoke, self.sources.reading)
        self.front = Front(target, self.functions.invoke, port)
        self.journal = Journal()
        self._stacks: dict[str, Adopted] = {}
        self._external: dict[str, frozenset[str]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Machine:
        self.endpoint.check()
        self.changes.start()
        self.stubs.start()
        self.functions.start()
        self.sources.start()
        self.front.start()
        self.functions.subscribe(self.journal.finished)
        self.front.subscribe(self.journal.answered)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sources.stop()
        self.firehose.stop()
        self.front.stop()
        self.functions.stop()
        self.changes.stop()
        self.stubs.stop()

    def stand_in(self, system: str, variables: Iterable[str]) -> None:
        """Have functions of a system find stubs under these variables of their environment, once it is adopted."""
        self._external[system] = frozenset(variables)

    def adopt(self, stacks: Iterable[tuple[Stack, Deployed]]) -> None:
        """Run these stacks from now on, as they stand."""
        self._run({stack.name: _adopted(stack, deployed, self.target.stage) for stack, deployed in stacks})

    def look_again(self, name: str) -> None:
        """Run an adopted stack as it stands now: somebody else has deployed it anew."""
        with self._lock:
            before = self._stacks[name]
        now = _standing(before, resources(self.target, name))
        gone = [function for function in before.functions if function not in now.functions]
        self.sources.forget(gone)
        self.functions.forget(gone)
        self.firehose.forget([one for one in before.deliveries if one not in now.deliveries])
        self._run({name: now})

    def _run(self, adopted: Mapping[str, Adopted]) -> None:
        functions = [name for one in adopted.values() for name in one.functions]
        with self._lock:
            self._stacks |= adopted
            known = [name for one in self._stacks.values() for name in one.functions]
        self.functions.forget(functions)
        self.functions.adopt(functions)
        self.endpoint.register(self.functions.url, known)
        self.sources.adopt(functions)
        for one in adopted.values():
            self.firehose.adopt(one.deliveries)
            for kind, api in one.apis:
                self.front.adopt(one.prefix, kind, api)

    def forget(self, name: str) -> None:
        """Run a stack no longer."""
        with self._lock:
            adopted = self._stacks.pop(name, None)
        if adopted is not None:
            self.sources.forget(adopted.functions)
            self.firehose.forget(adopted.deliveries)
            self.functions.forget(adopted.functions)
            if adopted.apis:
                self.front.forget(adopted.prefix)

    def write_lake(self, seconds: float) -> bool:
        """Have everything that was published until now written into data lakes; whether it was, in so many seconds."""
        at, deadline = self.changes.refresh(), time.monotonic() + seconds
        while self.sources.reading.seen() < at:
            if (left := deadline - time.monotonic()) <= 0:
                return False
            time.sleep(min(left, SETTLE_STEP_SECONDS))
        return self.firehose.write_through(max(deadline - time.monotonic(), 0.0))

    def url(self, system: str, service: str) -> str:
        """Where the API of a service answers."""
        return self.front.url(prefix_of(self.target.stage, system, service))

    def settle(self, seconds: float) -> None:
        """Wait until all that was put in is worked through. Raises UnsettledError when it is not, after that time."""
        deadline = time.monotonic() + seconds
        while True:
            at = self.changes.refresh()
            if self.functions.inflight == 0 and self.sources.settled(at):
                # What is at rest has nothing more to bring into the same objects.
                if not self.firehose.busy() and self.changes.refresh() == at:
                    return
                self.firehose.flush()
            left = deadline - time.monotonic()
            if left <= 0:
                raise UnsettledError((*self.sources.busy(), *self.firehose.busy()) or ("a function is still running",))
            self.changes.wait(at, min(left, SETTLE_STEP_SECONDS))

    def _environment(self, function: str) -> Mapping[str, str]:
        for adopted in self._stacks.values():
            if function in adopted.functions:
                names = self._external.get(adopted.system, frozenset())
                return {name: self.stubs.url(stub_name(adopted.system, name)) for name in sorted(names)}
        return {}


def prefix_of(stage: str, system: str, service: str) -> str:
    """The beginning of the paths under which an API answers on this machine."""
    return f"{stage}/{system}/{service}"


def stub_name(system: str, variable: str) -> str:
    """What the stub is called that stands behind an environment variable of a system."""
    return f"{system}.{variable}"


def _adopted(stack: Stack, deployed: Deployed, stage: str) -> Adopted:
    types = {name: resource["Type"] for name, resource in stack.template["Resources"].items()}
    there = [(kind, deployed.physical[name]) for name, kind in types.items() if name in deployed.physical]
    shell = Adopted(stack.plan.system, prefix_of(stage, stack.plan.system, stack.service), (), (), ())
    return _standing(shell, there)


def _standing(stack: Adopted, there: Sequence[tuple[str, str]]) -> Adopted:
    """A stack with what it holds now, by type and physical name."""
    return replace(
        stack,
        functions=tuple(name for kind, name in there if kind == FUNCTION),
        deliveries=tuple(name for kind, name in there if kind == DELIVERY_STREAM),
        apis=tuple((APIS[kind], name) for kind, name in there if kind in APIS),
    )
