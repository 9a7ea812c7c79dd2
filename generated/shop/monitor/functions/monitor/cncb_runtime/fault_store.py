"""The monitor's store: each fault as one object, so that it can be looked at, and its record sent again.

The name of an object follows from the fault alone, and an object is never written twice: a fault that comes again,
because its batch was tried again or its resubmission failed, is the fault that is there.

Each new fault is counted for the service that it is of; the alarms on faults watch that metric.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from . import aws, jsons
from .errors import PoisonError, code_of
from .metrics import tell
from .unit import Step, UnitOfWork, each

PREFIX = "faults"
METRIC = "faults"
THERE = ("PreconditionFailed", "412")
"""How S3 says that there is such an object already (Amazon S3: conditional writes)."""


class FaultStore(NamedTuple):
    """The bucket that the environment names by `variable`."""

    variable: str

    @property
    def keep(self) -> Step:
        """The sink: keep each fault."""
        return each(self._keep)

    def _keep(self, unit: UnitOfWork) -> Iterator[UnitOfWork]:
        fault = unit.event
        if self._put(object_name(fault), jsons.dumps(fault).encode()):
            tell(dimensions(service_of(fault)), METRIC, 1)
        yield unit

    def _put(self, name: str, body: bytes) -> bool:
        """Write an object, unless it is there."""
        try:
            aws.client("s3").put_object(
                Bucket=os.environ[self.variable], Key=name, Body=body, ContentType="application/json", IfNoneMatch="*"
            )
        except Exception as error:
            if code_of(error) in THERE:
                return False
            raise
        return True


def object_name(fault: Mapping[str, Any]) -> str:
    """`faults/<service>/<function>/yyyy/MM/dd/HH/<fault id>.json`: the hour in which the record came to its source.

    That hour is the same whenever the function fails on the record.
    """
    parts = (service_of(fault), str(fault.get("pipeline") or "-"))
    at = datetime.fromtimestamp(_arrival(fault), UTC)
    name = quote(str(fault["id"]), safe="")
    return "/".join((PREFIX, *(quote(part, safe="") for part in parts), f"{at:%Y/%m/%d/%H}", f"{name}.json"))


def service_of(fault: Mapping[str, Any]) -> str:
    """The service whose function could not handle the record."""
    tags = fault.get("tags")
    return str((tags.get("service") if isinstance(tags, dict) else None) or "-")


def dimensions(service: str) -> dict[str, str]:
    """The dimensions of the metric that counts the faults of a service."""
    return {"system": os.environ.get("SYSTEM", ""), "stage": os.environ.get("STAGE", ""), "service": service}


def _arrival(fault: Mapping[str, Any]) -> float:
    """When the record came, in seconds; where the fault does not say, when it was faulted."""
    unit = fault.get("unit")
    record = unit.get("record") if isinstance(unit, dict) else None
    for source, name in (("kinesis", "approximateArrivalTimestamp"), ("dynamodb", "ApproximateCreationDateTime")):
        found = record.get(source) if isinstance(record, dict) else None
        arrival = found.get(name) if isinstance(found, dict) else None
        if arrival is not None:
            return float(arrival)
    try:
        return float(fault["timestamp"]) / 1000
    except (KeyError, TypeError, ValueError) as error:
        raise PoisonError("the fault has no time") from error
