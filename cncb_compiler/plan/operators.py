"""The flow operators of a consumer, as one value: what is declared, derived and inherited, resolved."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from cncb_compiler.mapping.aggregate import Aggregate
from cncb_compiler.plan.mapped import Mapped

_GROUPS = {"last": "the last write of each row", "all": "all events of a key", "reduce": "events of a key, reduced"}


Aggregates: TypeAlias = tuple[tuple[str, Aggregate, Mapped | None], ...]
"""Fields that are computed from several events: name, aggregate, argument over `event`."""


class Operators(Struct, frozen=True):
    """How a consumer works on a batch, in the order of the pipeline.

    `compact` gives by event type what an event is about. `group`: `last` write of a row wins, a hook gets `all` events
    of a key, or what they are `reduced` to (field, aggregate, argument over `event`). `batch`: how many writes a
    request carries, None for the sink's own way. `parallel` requests at a time. `rate` in writes a second, None for
    no limit.
    """

    compact: tuple[tuple[str, Mapped], ...] = ()
    group: Literal["last", "all", "reduce"] | None = None
    reduced: Aggregates = ()
    batch: int | None = None
    parallel: int = 1
    rate: float | None = None

    @property
    def words(self) -> str:
        """What they do, for the header of a handler; empty where there are none."""
        parts = ["the newest of its kind"] if self.compact else []
        parts += [_GROUPS[self.group]] if self.group else []
        parts += [f"{self.batch} a request"] if self.batch else []
        parts += [f"{self.parallel} at a time"] if self.parallel > 1 else []
        parts += [f"{self.rate_shown} a second"] if self.rate is not None else []
        return ", ".join(parts)

    @property
    def rate_shown(self) -> str:
        """The rate as code: whole units from one a second on, since part of a unit is none."""
        assert self.rate is not None
        return str(int(self.rate)) if self.rate >= 1 else f"{self.rate:.4g}"


NONE = Operators()
"""A plain loop: one unit after the other, each written as it comes."""
