"""Linking what keeps a whole system's history: the data lake and the monitor."""

from __future__ import annotations

from collections.abc import Mapping

from cncb_compiler.graph.linking import Linking, mend_name
from cncb_compiler.graph.system import LinkedLake, LinkedMonitor, LinkedStream
from cncb_compiler.model.declared import Declared
from cncb_compiler.model.lake import Lake
from cncb_compiler.model.monitor import Monitor
from cncb_compiler.model.service import Service
from cncb_compiler.rules.cncb107_incomplete_declaration import RULE as INCOMPLETE
from cncb_compiler.rules.cncb204_unknown_stream import RULE as UNKNOWN_STREAM
from cncb_compiler.rules.cncb205_unknown_service import RULE as UNKNOWN_SERVICE
from cncb_compiler.source.location import Location

DATA_LAKE, MONITOR = "data-lake", "monitor"
"""The kinds of service."""


def link_lake(linking: Linking, service: Declared[Service], streams: Mapping[str, LinkedStream]) -> LinkedLake | None:
    """What a service of kind `data-lake` keeps."""
    if not _is_of_kind(linking, service, DATA_LAKE, "lake", service.value.lake is not None):
        return None
    decl = service.value.lake or Lake()
    at = service.at / "lake" if service.value.lake else service.at
    return LinkedLake(decl, at, _streams(linking, decl.streams, at / "streams", streams))


def link_monitor(
    linking: Linking, service: Declared[Service], streams: Mapping[str, LinkedStream]
) -> LinkedMonitor | None:
    """What a service of kind `monitor` keeps, and when it raises alarms."""
    if not _is_of_kind(linking, service, MONITOR, "monitor", service.value.monitor is not None):
        return None
    decl = service.value.monitor or Monitor()
    at = service.at / "monitor" if service.value.monitor else service.at
    for name in sorted(decl.alarms.services):
        if name not in linking.declared.services and name not in linking.declared.broken:
            where = (at / "alarms" / "services" / name).key()
            mend = mend_name(name, linking.declared.services, "services", where)
            linking.diagnostics.append(UNKNOWN_SERVICE(where, f"`{name}` is not a service of the system", mend=mend))
    return LinkedMonitor(decl, at, _streams(linking, decl.streams, at / "streams", streams))


def _is_of_kind(linking: Linking, service: Declared[Service], kind: str, section: str, declared: bool) -> bool:
    if service.value.kind == kind:
        return True
    if declared:
        linking.diagnostics.append(
            INCOMPLETE(
                (service.at / section).key(),
                f"`{section}` is for a service of kind `{kind}`; `{service.name}` is of kind `{service.value.kind}`",
                mend=f"Say `kind: {kind}`, or move it to the service that is one.",
            )
        )
    return False


def _streams(
    linking: Linking, named: tuple[str, ...] | None, at: Location, streams: Mapping[str, LinkedStream]
) -> tuple[str, ...]:
    """The named streams that there are, or all; unknown ones are reported."""
    if named is None:
        return tuple(sorted(streams))
    for index, name in enumerate(named):
        if name not in streams and name not in linking.declared.broken:
            where = at / index if len(named) > 1 else at
            mend = mend_name(name, streams, "streams", where)
            linking.diagnostics.append(UNKNOWN_STREAM(where, f"`{name}` is not a stream of the system", mend=mend))
    return tuple(sorted(name for name in named if name in streams))
