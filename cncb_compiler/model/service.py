"""Services: autonomous, each deployed as one stack."""

from typing import Any, Literal

from pydantic import Field

from cncb_compiler.model.base import LogicalId, Name, Node, Owner
from cncb_compiler.model.bus import Bus
from cncb_compiler.model.change import Change
from cncb_compiler.model.command import Command
from cncb_compiler.model.function import Api, Function
from cncb_compiler.model.lake import Lake
from cncb_compiler.model.monitor import Monitor
from cncb_compiler.model.query import Query
from cncb_compiler.model.queue import Queue
from cncb_compiler.model.reaction import Reaction
from cncb_compiler.model.search_domain import SearchDomain
from cncb_compiler.model.settings import FunctionSettings, Processing
from cncb_compiler.model.store import Store
from cncb_compiler.model.transition import Transition
from cncb_compiler.model.view import View


class Service(Node):
    """An autonomous service: one team, one stack, its own data."""

    kind: Literal["bff", "esg", "control", "event-hub", "data-lake", "monitor"] = "bff"
    """`bff` serves users; `esg` is a gateway to another system; `control` orchestrates; `event-hub` has the streams;
    `data-lake` keeps every event; `monitor` keeps every fault."""
    owner: Owner | None = None
    """The team that answers for it. Default: the system's owner."""
    description: str = ""
    """What it is for."""
    api: Api = Field(default_factory=Api)
    """The HTTP interface before its routes."""
    function: FunctionSettings = Field(default_factory=FunctionSettings)
    """Settings of every function of the service, unless it says otherwise."""
    processing: Processing = Field(default_factory=Processing)
    """How every consumer of the service reads its stream, unless it says otherwise."""
    search_domain: SearchDomain = Field(default_factory=SearchDomain)
    """The machines that hold its search indexes, where it has any."""
    stores: dict[Name, Store] = Field(default_factory=dict)
    """The data that it alone owns."""
    queues: dict[Name, Queue] = Field(default_factory=dict)
    """Where reactions send messages for systems outside."""
    buses: dict[Name, Bus] = Field(default_factory=dict)
    """Where reactions send events for systems outside."""
    commands: dict[Name, Command] = Field(default_factory=dict)
    """The write side."""
    reactions: dict[Name, Reaction] = Field(default_factory=dict)
    """What else consumed events do."""
    changes: dict[Name, Change] = Field(default_factory=dict)
    """Change data capture, by store: which change publishes which event."""
    views: dict[Name, View] = Field(default_factory=dict)
    """Materialized views of other services' events."""
    queries: dict[Name, Query] = Field(default_factory=dict)
    """The read side."""
    transitions: tuple[Transition, ...] = ()
    """The steps of a business process."""
    functions: dict[Name, Function] = Field(default_factory=dict)
    """Functions of the team's own."""
    lake: Lake | None = None
    """What a `data-lake` keeps, where it is not everything."""
    monitor: Monitor | None = None
    """How a `monitor` keeps faults and raises alarms."""
    resources: dict[LogicalId, dict[str, Any]] = Field(default_factory=dict)
    """Raw CloudFormation resources, by logical id, merged into the template."""
    overrides: dict[LogicalId, dict[str, Any]] = Field(default_factory=dict)
    """Patches by logical id, merged over what was derived; null removes a property."""


class ServiceFile(Service):
    """A file that declares one service."""

    service: Name
    """The service's name."""
