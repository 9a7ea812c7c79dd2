"""The shape of differences as JSON. `cncb schema --diff` prints it as JSON Schema; keys are only added in a version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from cncb_compiler.compare.change import Affected, Change, Level
from cncb_compiler.compare.compare import Differences
from cncb_compiler.compare.render import places
from cncb_compiler.source.location import Location

VERSION: Literal[1] = 1

LevelName = Literal["breaking", "risky", "safe"]


class PlaceShape(TypedDict):
    """A place in one of the revisions. `line` counts from 1; null where the text is not at hand."""

    side: Literal["before", "after"]
    file: str
    line: int | None
    path: list[str | int]


class AffectedShape(TypedDict):
    """Who is touched. `service` and `owner` are empty for callers outside, `through` where it is read directly."""

    node: str
    service: str
    owner: str
    why: str
    through: str
    at: PlaceShape


class IncompatibleShape(TypedDict):
    """A direction that was checked and does not hold."""

    direction: Literal["backward", "forward"]
    why: str


class ChangeShape(TypedDict):
    """One change. `judged` is the level that it would have, were it not `exempt` or `accepted`; else null."""

    code: str
    slug: str
    category: Literal["schema", "topology", "deploy", "security", "cost"]
    level: LevelName
    subject: str
    message: str
    before: PlaceShape | None
    after: PlaceShape | None
    incompatible: list[IncompatibleShape]
    affected: list[AffectedShape]
    mend: str
    judged: LevelName | None
    exempt: str
    accepted: str


class SideShape(TypedDict):
    """One of the revisions. `errors` counts what could not be understood of it."""

    label: str
    errors: int


class SystemShape(TypedDict):
    """The differences of one system, the worst first."""

    system: str
    before: SideShape
    after: SideShape
    summary: dict[LevelName, int]
    changes: list[ChangeShape]
    notes: list[str]


class Document(TypedDict):
    """Differences of one or several systems between two revisions, as `cncb diff --format json` prints them."""

    version: Literal[1]
    systems: list[SystemShape]


def document(found: Sequence[Differences]) -> Document:
    """The differences as one JSON value."""
    return {"version": VERSION, "systems": [_system(one) for one in found]}


def diff_schema() -> dict[str, Any]:
    """The JSON Schema of a document (2020-12)."""
    schema = TypeAdapter(Document).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _system(one: Differences) -> SystemShape:
    return {
        "system": one.system,
        "before": {"label": one.before.label, "errors": one.before.wrong},
        "after": {"label": one.after.label, "errors": one.after.wrong},
        "summary": {level.value: one.count(level) for level in Level},
        "changes": [_change(one, change) for change in one.changes],
        "notes": list(one.notes),
    }


def _change(one: Differences, change: Change) -> ChangeShape:
    return {
        "code": change.code,
        "slug": change.slug,
        "category": change.category.value,
        "level": change.level.value,
        "subject": change.subject,
        "message": change.message,
        "before": _place(one, "before", change.before),
        "after": _place(one, "after", change.after),
        "incompatible": [{"direction": each.direction, "why": each.why} for each in change.incompatible],
        "affected": [_affected(one, each) for each in change.affected],
        "mend": change.mend,
        "judged": change.judged.value if change.judged else None,
        "exempt": change.exempt,
        "accepted": change.accepted,
    }


def _affected(one: Differences, hit: Affected) -> AffectedShape:
    place = _place(one, hit.side, hit.at)
    assert place is not None
    return {
        "node": hit.node,
        "service": hit.service,
        "owner": one.owner(hit.service),
        "why": hit.why,
        "through": hit.through,
        "at": place,
    }


def _place(one: Differences, side: Literal["before", "after"], at: Location | None) -> PlaceShape | None:
    if at is None:
        return None
    shown = places.shown(one, side, at)
    return {"side": side, "file": shown.file, "line": shown.line, "path": list(at.path)}
