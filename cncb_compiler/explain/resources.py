"""What there is to say about one resource, or one property of it."""

from __future__ import annotations

from difflib import get_close_matches

from cncb_compiler.aws import naming
from cncb_compiler.explain.answer import Answer, Line, Reason, Section
from cncb_compiler.explain.known import Known, Path, Resource, value_at
from cncb_compiler.explain.patterns import PATTERNS
from cncb_compiler.explain.permissions import permissions
from cncb_compiler.explain.settings import part_of, property_reason, settings

ROLE = "AWS::IAM::Role"


class UnknownPartError(Exception):
    """A resource has no such part; the message says what is near."""


def explain_resource(known: Known, resource: Resource) -> Answer:
    """Why a resource exists, what settles its properties, what a role may do, and what else was made for it."""
    sections = [
        Section("settings", tuple(settings(known, resource))),
        Section("permissions", tuple(permissions(known, resource)) if resource.type == ROLE else (), " on "),
        Section("made for the same declaration", tuple(_siblings(known, resource))),
    ]
    return Answer(
        subject=resource.name,
        what=resource.type,
        reasons=(declared(known, resource),),
        pattern=resource.pattern or None,
        sections=tuple(section for section in sections if section.lines),
    )


def explain_part(known: Known, resource: Resource, path: Path) -> Answer:
    """Why one property has its value, or why a role has one permission. Raises UnknownPartError."""
    shown = ".".join(map(str, path))
    subject = f"{resource.name}.{shown}"
    if resource.type == ROLE:
        found = tuple(line for line in permissions(known, resource) if line.name == shown)
        if found:
            sections = (Section("permissions", found, " on "),)
            return Answer(subject, "permission", (declared(known, resource),), resource.pattern, sections=sections)
    exists, value = part_of(resource, path)
    if not exists:
        raise UnknownPartError(_near(known, resource, path))
    return Answer(
        subject, f"property of {resource.type}", (property_reason(known, resource, path),), resource.pattern, value
    )


def declared(known: Known, resource: Resource) -> Reason:
    """The declaration that a resource came from, with what its pattern is for."""
    at = known.place_of(resource.declaration)
    says = PATTERNS.get(resource.pattern, "")
    if at is None:
        return Reason(says or "its metadata was overridden")
    service = known.linked.services.get(resource.plan.service)
    if service is not None and service.implied:
        return Reason(
            f"{says} The service is implied: events need a stream, and no service of kind `event-hub` is declared.",
            known.head(at),
        )
    return Reason(says, known.head(at))


def _siblings(known: Known, resource: Resource) -> list[Line]:
    if not resource.declaration:
        return []
    return [
        Line(other.name, Reason(other.type))
        for other in known.resources[resource.plan.service].values()
        if other.logical_id != resource.logical_id
        and _same(other.declaration, resource.declaration)
        and resource.logical_id not in (naming.HTTP_API, naming.REST_API)
    ]


def _same(one: str, other: str) -> bool:
    """Whether two declarations are one, or one is a key right inside of the other (a construct's `route`)."""
    return one == other or f"{one}/route" == other or f"{other}/route" == one


def _near(known: Known, resource: Resource, path: Path) -> str:
    for length in range(len(path)):
        exists, _ = value_at(resource.body.get("Properties"), path[: length + 1])
        if exists:
            continue
        _, around = value_at(resource.body.get("Properties"), path[:length])
        names = list(map(str, around)) if isinstance(around, dict) else []
        if not length and resource.type == ROLE:
            names += sorted({line.name for line in permissions(known, resource)})
        close = get_close_matches(str(path[length]), names, 1, 0.6)
        shown = ".".join(map(str, (resource.logical_id, *path[:length])))
        hint = f"Did you mean `{close[0]}`?" if close else f"It has: {', '.join(names)}." if names else ""
        return f"`{shown}` has no `{path[length]}`. {hint}".rstrip()
    return f"`{resource.logical_id}` has no such property"
