"""What a delivery stream is configured to do, as Firehose's API tells it.

Source: Amazon Data Firehose API Reference, DeliveryStreamDescription.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cncb_compiler.local.firehose.prefixes import Prefix, parsed
from cncb_compiler.target.problems import Problem

MEGABYTE = 1024 * 1024
DESTINATION = "ExtendedS3DestinationDescription"


@dataclass(frozen=True, slots=True)
class Transform:
    """The function that records go through: `size` is what it is handed at a time, in bytes of data."""

    arn: str
    size: int
    retries: int

    @property
    def function(self) -> str:
        """The function's name."""
        return self.arn.split(":")[6]


@dataclass(frozen=True, slots=True)
class DeliveryStream:
    """A delivery stream from Kinesis into a bucket. `size` in bytes, `interval` in seconds."""

    name: str
    arn: str
    version: str
    source_arn: str
    bucket: str
    prefix: Prefix
    error_prefix: Prefix
    gzip: bool
    size: int
    interval: float
    transform: Transform | None

    @property
    def region(self) -> str:
        """Where it stands."""
        return self.arn.split(":")[3]


def delivery_stream(told: Mapping[str, Any]) -> DeliveryStream:
    """A delivery stream from what DescribeDeliveryStream says. Raises Problem for what this machine does not play."""
    name = told["DeliveryStreamName"]
    source = told.get("Source", {}).get("KinesisStreamSourceDescription")
    to = told["Destinations"][0].get(DESTINATION)
    if source is None or to is None:
        raise _refused(name, "another way than from Kinesis into a bucket")
    if to.get("CompressionFormat", "UNCOMPRESSED") not in ("GZIP", "UNCOMPRESSED"):
        raise _refused(name, f"the compression {to['CompressionFormat']}")
    hints = to.get("BufferingHints", {})
    try:
        prefix = parsed(to.get("Prefix", ""))
        error_prefix = parsed(to.get("ErrorOutputPrefix", ""))
    except ValueError as error:
        raise _refused(name, str(error)) from None
    return DeliveryStream(
        name=name,
        arn=told["DeliveryStreamARN"],
        version=str(told.get("VersionId", "1")),
        source_arn=source["KinesisStreamARN"],
        bucket=to["BucketARN"].rpartition(":")[2],
        prefix=prefix,
        error_prefix=error_prefix,
        gzip=to.get("CompressionFormat") == "GZIP",
        size=int(hints.get("SizeInMBs", 5)) * MEGABYTE,
        interval=float(hints.get("IntervalInSeconds", 300)),
        transform=_transform(name, to.get("ProcessingConfiguration", {})),
    )


def _transform(name: str, processing: Mapping[str, Any]) -> Transform | None:
    if not processing.get("Enabled"):
        return None
    processors = processing.get("Processors", [])
    if [one["Type"] for one in processors] != ["Lambda"]:
        raise _refused(name, "other processors than one function")
    given = {one["ParameterName"]: one["ParameterValue"] for one in processors[0].get("Parameters", [])}
    size = int(float(given.get("BufferSizeInMBs", "1")) * MEGABYTE)
    return Transform(given["LambdaArn"], size, int(given.get("NumberOfRetries", "3")))


def _refused(name: str, words: str) -> Problem:
    return Problem(
        f"The delivery stream {name} uses {words}, which this machine does not play.",
        "Deploy that service to AWS, or leave it out here.",
    )
