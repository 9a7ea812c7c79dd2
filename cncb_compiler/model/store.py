"""Stores: what a service alone owns."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from cncb_compiler.model.base import FieldName, IndexName, Integer, Node, TypeNotation

Units: TypeAlias = Annotated[Integer, Field(ge=1, le=1_000_000)]
"""Capacity units a second."""


class Scaled(Node):
    """Capacity that follows the traffic (Application Auto Scaling), in units a second."""

    min: Units
    """The fewest units."""
    max: Units
    """The most units."""
    target: Integer = 70
    """The percentage of the units that is aimed to be in use: 20 to 90."""


class Bounds(Node):
    """Other bounds of scaled capacity, from some moment on."""

    min: Units | None = None
    """The fewest units from then on. Default: as before."""
    max: Units | None = None
    """The most units from then on. Default: as before."""


class CapacitySchedule(Node):
    """When scaled capacity gets other bounds."""

    schedule: str
    """`cron(0 8 * * ? *)`, `rate(12 hours)` or `at(2026-11-27T06:00:00)`."""
    timezone: str | None = None
    """The time zone of `cron` and `at`, such as `Europe/Berlin`. Default: UTC."""
    read: Bounds | None = None
    """Of the read capacity."""
    write: Bounds | None = None
    """Of the write capacity."""


class Throughput(Node):
    """Provisioned capacity of a table and each of its indexes, in units a second: fixed, or scaled within bounds."""

    read: Units | Scaled
    """Read capacity units."""
    write: Units | Scaled
    """Write capacity units."""
    schedules: tuple[CapacitySchedule, ...] = ()
    """Moments from which scaled capacity has other bounds, such as before each working day."""

    @property
    def read_units(self) -> int:
        """The read units that are always there."""
        return self.read if isinstance(self.read, int) else self.read.min

    @property
    def write_units(self) -> int:
        """The write units that are always there."""
        return self.write if isinstance(self.write, int) else self.write.min


Capacity: TypeAlias = Literal["on-demand"] | Throughput


class Index(Node):
    """A global secondary index: another key to query by."""

    key: FieldName
    """The field that is its partition key."""
    sort_key: FieldName | None = None
    """The field that orders it."""
    projection: Literal["all", "keys"] = "all"
    """What the index holds of each row."""


class Store(Node):
    """A table (`dynamodb`) or bucket (`s3`) of the service."""

    kind: Literal["dynamodb", "s3"] = "dynamodb"
    """What holds it."""
    of: TypeNotation
    """The type of a row or object."""
    key: FieldName = "id"
    """The field that is the partition key; of an s3 store, the object's name."""
    sort_key: FieldName | None = None
    """The field that orders rows of one key."""
    indexes: dict[IndexName, Index] = Field(default_factory=dict)
    """Further keys to query by."""
    ttl: FieldName | None = None
    """The field that holds the second (epoch) at which a row may be removed."""
    capacity: Capacity = "on-demand"
    """Pay per request, or provisioned units."""
    description: str = ""
    """What it holds."""
