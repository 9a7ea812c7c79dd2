"""The data lake and the monitor: what keeps every event, and every fault (book: "Creating a data lake")."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.graph.faulting import may_fault
from cncb_compiler.graph.system import LinkedLake, LinkedMonitor, LinkedService, LinkedSystem
from cncb_compiler.model.base import seconds
from cncb_compiler.model.lake import DAY
from cncb_compiler.model.settings import FunctionSettings, Processing
from cncb_compiler.patterns.parts import grants, is_packed
from cncb_compiler.patterns.settings import read_settings, settings
from cncb_compiler.plan.assets import Asset, Bucket, SearchIndex
from cncb_compiler.plan.function import DeliveryTrigger, FunctionPlan, StreamTrigger
from cncb_compiler.plan.handlers import EventIndexHandler, LakeHandler, MonitorHandler
from cncb_compiler.plan.service import Delivery, FaultAlarm

LAKE = Asset("bucket", "lake")
FAULTS = Asset("bucket", "faults")
EVENTS = Asset("index", "lake_events")
"""No view can have that name."""
FAULT = "fault"
"""The type of fault events."""


def kept_buckets(service: LinkedService) -> Iterator[Bucket]:
    """The bucket of a data lake, and that of a monitor. What is in them exists nowhere else, so they are retained."""
    if service.lake is not None:
        archive = service.lake.decl.archive
        days = None if archive == "never" else seconds(archive) // DAY
        yield Bucket(LAKE, service.lake.at, "lake", rebuildable=False, archive_days=days)
    if service.monitor is not None:
        days = seconds(service.monitor.decl.keep) // DAY
        yield Bucket(FAULTS, service.monitor.at, "faults", rebuildable=False, keep_days=days)


def deliveries(service: LinkedService) -> tuple[Delivery, ...]:
    """What brings each stream into the lake."""
    lake = service.lake
    if lake is None:
        return ()
    return tuple(
        Delivery(
            name=_delivery(stream),
            at=lake.at,
            stream=Asset("stream", stream),
            bucket=LAKE,
            function=_delivery(stream),
            seconds=seconds(lake.decl.buffer.time),
            megabytes=lake.decl.buffer.size,
        )
        for stream in lake.streams
    )


def lower_delivery(system: LinkedSystem, service: LinkedService, stream: str, lake: LinkedLake) -> FunctionPlan:
    """The function that makes a line of each record."""
    return FunctionPlan(
        name=_delivery(stream),
        pattern="data lake",
        description=f"Makes a line of the data lake of each record of the stream {stream}.",
        at=lake.at,
        settings=settings(system.declared.defaults, service.decl, FunctionSettings(), routed=False),
        triggers=(DeliveryTrigger(Asset("stream", stream)),),
        grants=(),
        assets=(),
        handler=LakeHandler(stream),
    )


def event_indexes(service: LinkedService) -> tuple[SearchIndex, ...]:
    """The search index of a data lake, if it has one."""
    if service.lake is None or not service.lake.decl.index:
        return ()
    return (SearchIndex(EVENTS, service.lake.at, "lake", ("id",), {}, daily="events"),)


def lower_event_index(system: LinkedSystem, service: LinkedService, lake: LinkedLake) -> FunctionPlan:
    """The function that indexes every event. Its errors fail the record: the bucket has it, and a replay brings it."""
    return FunctionPlan(
        name="event-index",
        pattern="event index",
        description="Indexes every event for search.",
        at=lake.at,
        settings=settings(system.declared.defaults, service.decl, FunctionSettings(), routed=False),
        triggers=tuple(
            StreamTrigger(
                Asset("stream", stream),
                (),
                read_settings(service.decl.processing, Processing(), seconds(system.streams[stream].decl.retention)),
                is_packed(system.streams[stream]),
            )
            for stream in lake.streams
        ),
        grants=grants(EVENTS, "put"),
        assets=(EVENTS,),
        handler=EventIndexHandler(EVENTS),
        sensitive={event: paths for event in sorted(system.events) if (paths := system.sensitive.of(f"event:{event}"))},
    )


def lower_monitor(system: LinkedSystem, service: LinkedService, monitor: LinkedMonitor) -> FunctionPlan:
    """The function that keeps each fault. Its own errors fail the record: a fault of a fault would never end."""
    return FunctionPlan(
        name="monitor",
        pattern="monitor",
        description="Keeps every fault.",
        at=monitor.at,
        settings=settings(system.declared.defaults, service.decl, FunctionSettings(), routed=False),
        triggers=tuple(
            StreamTrigger(
                Asset("stream", stream),
                (FAULT,),
                read_settings(service.decl.processing, Processing(), seconds(system.streams[stream].decl.retention)),
            )
            for stream in monitor.streams
        ),
        grants=grants(FAULTS, "put"),
        assets=(FAULTS,),
        handler=MonitorHandler(FAULTS),
    )


def fault_alarms(system: LinkedSystem, service: LinkedService) -> tuple[FaultAlarm, ...]:
    """An alarm for each service that may fault."""
    if service.monitor is None:
        return ()
    alarms = service.monitor.decl.alarms
    return tuple(
        FaultAlarm(
            service=name,
            at=service.monitor.at,
            faults=alarms.services.get(name, alarms.faults),
            period=seconds(alarms.period),
            topic=alarms.topic,
        )
        for name, other in sorted(system.services.items())
        if may_fault(other)
    )


def _delivery(stream: str) -> str:
    return f"lake-{stream}"
