"""The one value in which a difference between two revisions is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from cncb_compiler.source.location import Location


class Level(StrEnum):
    """How bad a change is. Ordered: `breaking` is worst."""

    BREAKING = "breaking"
    RISKY = "risky"
    SAFE = "safe"

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return list(Level).index(self)


class Category(StrEnum):
    """What a change is about; by the first digit of its code."""

    SCHEMA = "schema"
    TOPOLOGY = "topology"
    DEPLOY = "deploy"
    SECURITY = "security"
    COST = "cost"


_CATEGORIES = {"1": Category.SCHEMA, "2": Category.TOPOLOGY, "3": Category.DEPLOY, "4": Category.SECURITY}

Direction = Literal["backward", "forward"]
"""Backward: what is new reads what is old (events in the lake and the stream, rows, requests). Forward: the reverse."""

SideName = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Place:
    """A location in one of the two revisions."""

    side: SideName
    at: Location


@dataclass(frozen=True, slots=True, order=True)
class Affected:
    """Who is touched by a change: a node of the graph (`view:storefront.products`), or callers outside of the system.

    `why` says how: `fills sku from it`. `through` is the node by which the change gets there, `` where it is read
    directly. `service` is `` for what no service has.
    """

    service: str
    node: str
    why: str
    through: str
    side: SideName
    at: Location


@dataclass(frozen=True, slots=True)
class Incompatible:
    """A direction in which the types do not fit, and why not."""

    direction: Direction
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference in meaning.

    `subject` is named as in lineage: `event:order-submitted#order.sku`, `view:storefront.products`, `service:orders`.
    `before` and `after` are its places, None where it is not there. `incompatible` has the directions that were checked
    and do not hold. `exempt` and `accepted` say why a change counts as safe though it would be `judged` worse.
    """

    code: str
    slug: str
    category: Category
    level: Level
    subject: str
    message: str
    before: Location | None = None
    after: Location | None = None
    affected: tuple[Affected, ...] = ()
    incompatible: tuple[Incompatible, ...] = ()
    mend: str = ""
    judged: Level | None = None
    exempt: str = ""
    accepted: str = ""

    @property
    def services(self) -> tuple[str, ...]:
        """The services that are affected, sorted; `` (callers outside) left out."""
        return tuple(sorted({one.service for one in self.affected if one.service}))


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """A kind of change. Called with a level, a subject and a message, it makes the change.

    Each has a module `compare/rules/diff<number>_<slug>.py`, whose docstring is its page; `changes(compared)` there
    finds them. `levels` are those that it may have, the worst first.
    """

    code: str
    slug: str
    levels: tuple[Level, ...]

    @property
    def category(self) -> Category:
        """By the first digit of the code."""
        return _CATEGORIES.get(self.code[4], Category.COST)

    def __call__(
        self,
        level: Level,
        subject: str,
        message: str,
        *,
        before: Location | None = None,
        after: Location | None = None,
        affected: tuple[Affected, ...] = (),
        incompatible: tuple[Incompatible, ...] = (),
        mend: str = "",
    ) -> Change:
        """A change of this kind."""
        return Change(
            self.code, self.slug, self.category, level, subject, message, before, after, affected, incompatible, mend
        )
