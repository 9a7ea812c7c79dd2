"""The monitor: keeps every fault of the system, and raises alarms on them (book: "Handling faults")."""

from typing import Annotated

from pydantic import AfterValidator, Field

from cncb_compiler.model.base import Duration, Integer, Name, Names, Node, seconds
from cncb_compiler.model.lake import whole_days

TOPIC_PATTERN = r"^(arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:)?([A-Za-z0-9_-]|\$\{(stage|region)\})+$"

PERIODS = (60, 300, 900, 3600, 21600, 86400)
"""The periods of an alarm, in seconds: multiples of a minute that divide a day (Amazon CloudWatch: PutMetricAlarm)."""

Threshold = Annotated[Integer, Field(ge=1, le=1_000_000)]


def _period(duration: str) -> str:
    if seconds(duration) not in PERIODS:
        raise ValueError("is not one of `1m`, `5m`, `15m`, `1h`, `6h`, `1d`")
    return duration


class Alarms(Node):
    """The alarms on faults: one for each service that listens to events or changes."""

    topic: Annotated[str, Field(pattern=TOPIC_PATTERN, max_length=256)] | None = None
    """Who is told: the ARN of an SNS topic, or the name of one in the same account. `${stage}` is filled in."""
    faults: Threshold = 1
    """So many faults of one service within `period` raise its alarm."""
    period: Annotated[Duration, AfterValidator(_period)] = "5m"
    """The time in which faults are counted: `1m`, `5m`, `15m`, `1h`, `6h` or `1d`."""
    services: dict[Name, Threshold] = Field(default_factory=dict)
    """Services whose alarm takes more faults, or fewer."""


class Monitor(Node):
    """What a service of kind `monitor` does. With nothing said: it keeps the faults of every stream."""

    streams: Names | None = None
    """The event streams whose faults it keeps. Default: all of the system."""
    keep: Annotated[Duration, AfterValidator(whole_days)] = "365d"
    """How long a fault is kept."""
    alarms: Alarms = Field(default_factory=Alarms)
    """When faults raise an alarm, and who is told."""
