"""The monitor's store: each fault as one object, so that it can be looked at, and its record sent again.

The name of an object follows from the fault alone, and an object is never written twice: a fault that comes again,
because its batch was tried again or its resubmission failed, is the fault that is there.

For each new fault a line in CloudWatch's embedded metric format counts it for the service that it is of
(Amazon CloudWatch: "Specification: Embedded metric format"); the alarms on faults watch that metric.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from . import aws, jsons
from .envelope import now
from .errors import PoisonError, code_of
from .unit import Step, UnitOfWork, each

PREFIX = "faults"
NAMESPACE = "cncb"
METRIC = "faults"
DIMENSIONS = ("system", "stage", "service")
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
        name = object_name(fault)
        try:
            aws.client("s3").put_object(
                Bucket=os.environ[self.variable],
                Key=name,
                Body=jsons.dumps(fault).encode(),
                ContentType="application/json",
                IfNoneMatch="*",
            )
        except Exception as error:
            if code_of(error) not in THERE:
                raise
        else:
            sys.stdout.write(_counted(_service(fault)) + "\n")
        yield unit


def object_name(fault: Mapping[str, Any]) -> str:
    """`faults/<service>/<function>/yyyy/MM/dd/HH/<fault id>.json`: the hour in which the record came to its source.

    That hour is the same whenever the function fails on the record. Raises PoisonError for what is no fault.
    """
    if not isinstance(fault.get("id"), str):
        raise PoisonError("the fault has no id")
    parts = (_service(fault), str(fault.get("pipeline") or "-"))
    at = datetime.fromtimestamp(_arrival(fault), UTC)
    return "/".join((PREFIX, *(quote(part, safe="") for part in parts), f"{at:%Y/%m/%d/%H}", f"{fault['id']}.json"))


def _service(fault: Mapping[str, Any]) -> str:
    tags = fault.get("tags")
    return str((tags.get("service") if isinstance(tags, dict) else None) or "-")


def _arrival(fault: Mapping[str, Any]) -> float:
    unit = fault.get("unit")
    record = unit.get("record") if isinstance(unit, dict) else None
    for source, name in (("kinesis", "approximateArrivalTimestamp"), ("dynamodb", "ApproximateCreationDateTime")):
        found = record.get(source) if isinstance(record, dict) else None
        arrival = found.get(name) if isinstance(found, dict) else None
        if arrival is not None:
            return float(arrival)
    return float(fault["timestamp"]) / 1000


def _counted(service: str) -> str:
    values = {"system": os.environ.get("SYSTEM", ""), "stage": os.environ.get("STAGE", ""), "service": service}
    metrics = {
        "Namespace": NAMESPACE,
        "Dimensions": [list(DIMENSIONS)],
        "Metrics": [{"Name": METRIC, "Unit": "Count"}],
    }
    return json.dumps({"_aws": {"Timestamp": now(), "CloudWatchMetrics": [metrics]}, **values, METRIC: 1})
