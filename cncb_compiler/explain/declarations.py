"""What there is to say about a declaration: everything that it makes, and what it settles."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.explain.answer import Answer, Line, Reason, Section
from cncb_compiler.explain.known import Known, Resource
from cncb_compiler.explain.settings import settings
from cncb_compiler.source.location import Location


def explain_declaration(known: Known, at: Location) -> Answer:
    """What a declaration makes; of one that makes nothing by itself, what it is a part of and what it settles."""
    made = [found for found in known.all_resources() if _within(known.place_of(found.declaration), at)]
    settled = tuple(_settled(known, at))
    sections = [Section("makes", tuple(_made(known, made)))]
    sections += _of_event(known, at) if at.path[:1] == ("events",) and len(at.path) > 1 else []
    if not made:
        around, part_of = _around(known, at)
        if around is not None and part_of:
            sections.append(Section(f"is a part of {around}, which makes", tuple(_made(known, part_of))))
    sections.append(Section("settles", settled))
    kept = tuple(section for section in sections if section.lines)
    says = "" if kept else "It makes nothing by itself, and settles nothing that has been made."
    return Answer(str(at), "declaration", (Reason(says, known.head(at)),), sections=kept)


def _within(place: Location | None, at: Location) -> bool:
    return place is not None and place.file == at.file and place.path[: len(at.path)] == at.path


def _made(known: Known, resources: list[Resource]) -> Iterator[Line]:
    folders: dict[str, Resource] = {}
    for resource in resources:
        yield Line(resource.name, Reason(resource.pattern), resource.type)
        function = known.function_of(resource)
        if function is not None and resource.type == "AWS::Lambda::Function":
            folders[f"{known.name}/{resource.plan.service}/functions/{function.name}/"] = resource
    for folder, resource in folders.items():
        yield Line(folder, Reason(f"the package of {resource.logical_id}"), "folder")


def _around(known: Known, at: Location) -> tuple[Location | None, list[Resource]]:
    """The nearest declaration around a place that makes something by itself."""
    for length in range(len(at.path) - 1, -1, -1):
        around = Location(at.file, at.path[:length])
        made = [found for found in known.all_resources() if known.place_of(found.declaration) == around]
        if made:
            return around, made
    return None, []


def _settled(known: Known, at: Location) -> Iterator[Line]:
    """The properties, of whichever resource, whose value a declaration settles."""
    for resource in known.all_resources():
        for line in settings(known, resource):
            place = line.reason.at
            if place is not None and _within(place, at) and not _within(known.place_of(resource.declaration), at):
                yield Line(f"{resource.name}.{line.name}", Reason(line.reason.says), line.value)


def _of_event(known: Known, at: Location) -> list[Section]:
    event = str(at.path[1])
    published = [
        Line(str(emission.construct), Reason("publishes it", emission.at))
        for emission in known.linked.emissions.get(event, ())
    ]
    own = known.linked.publishing_functions.get(event, ())
    published += [Line(str(construct), Reason("publishes it", construct.at.key())) for construct in own]
    consumed = known.linked.consumers.get(event, ())
    return [
        Section("is published by", tuple(published)),
        Section("is consumed by", tuple(Line(str(one), Reason("consumes it", known.head(one.at))) for one in consumed)),
    ]
