"""The claim-check bucket: where the system keeps what is too large for a stream, or must not stand on it in clear."""

from __future__ import annotations

from msgspec.structs import replace

from cncb_compiler.graph.system import LinkedService, LinkedSystem
from cncb_compiler.patterns.faults import has_sensitive_faults
from cncb_compiler.patterns.parts import unique_assets
from cncb_compiler.plan.assets import CLAIMS, Bucket
from cncb_compiler.plan.function import FunctionPlan, Grant, StreamTrigger


def has_claims(system: LinkedSystem) -> bool:
    """Whether the system has one: because a stream asks for it, or because faults would show what is sensitive."""
    return any(stream.decl.claim_check for stream in system.streams.values()) or has_sensitive_faults(system)


def claim_bucket(service: LinkedService, claims: bool) -> tuple[Bucket, ...]:
    """The bucket, in the service that deploys the streams."""
    if not claims or service.decl.kind != "event-hub":
        return ()
    return (Bucket(CLAIMS, service.at, "claims", rebuildable=False),)


def with_claims(system: LinkedSystem, service: LinkedService, function: FunctionPlan) -> FunctionPlan:
    """The function, which may keep the events that it publishes, and fetch those that it hears of."""
    allowed = [
        Grant("put", CLAIMS, prefix=f"events/{service.name}")
        for grant in function.grants
        if grant.verb == "publish" and system.streams[grant.asset.name].decl.claim_check
    ]
    for trigger in function.triggers:
        if isinstance(trigger, StreamTrigger) and system.streams[trigger.stream.name].decl.claim_check:
            # A fault travels as it is: what does not fit of it is kept elsewhere (`runtime/faults.py`).
            heard = trigger.types or sorted(system.events)
            events = [event for event in heard if event in system.events]
            prefixes = {prefix for event in events for prefix in kept_under(system, event)}
            allowed += [Grant("get", CLAIMS, prefix=prefix) for prefix in sorted(prefixes)]
    if not allowed:
        return function
    return replace(
        function,
        grants=tuple(dict.fromkeys((*function.grants, *allowed))),
        assets=unique_assets(function.assets, (CLAIMS,)),
    )


def kept_under(system: LinkedSystem, event: str) -> tuple[str, ...]:
    """Where large events of a type are kept: under the names of who publishes them."""
    if system.events[event].decl.external:
        return ("events",)
    publishers = [one.construct.service for one in system.emissions.get(event, ())]
    publishers += [construct.service for construct in system.publishing_functions.get(event, ())]
    return tuple(f"events/{service}" for service in publishers)
