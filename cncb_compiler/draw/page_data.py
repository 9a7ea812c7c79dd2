"""What the page holds, as JSON: both pictures with their places, and what there is to know about each node."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import orjson

from cncb_compiler.compare.change import Change
from cncb_compiler.compare.side import Side
from cncb_compiler.draw.deployed import Line, Places, resources, settings
from cncb_compiler.draw.details import Detail, condition, details
from cncb_compiler.draw.fields import node_id
from cncb_compiler.draw.items import SIZE, SMALL, Area
from cncb_compiler.draw.layout import layout
from cncb_compiler.draw.metrics import text_width
from cncb_compiler.draw.picture import Box, Group, Level, Picture, collapsed
from cncb_compiler.draw.services import named
from cncb_compiler.draw.steps import fields
from cncb_compiler.graph.network import construct_node
from cncb_compiler.graph.processes import causes_of
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.parallel import run_forked
from cncb_compiler.source.location import Location

_WORTH_FORKING = 1000
"""Boxes from which on two processes are quicker than one."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a page is made of. `inner` is the picture of what services do and hold.

    `before` and `changes` are there where it is compared with another revision.
    """

    inner: Picture
    level: Level
    after: Side
    before: Side | None = None
    changes: Sequence[Change] = ()


def data(content: Content) -> bytes:
    """The content as JSON, numbers for names: nodes and fields are named by their place in their lists."""
    outer = collapsed(content.inner)
    boxes: dict[str, Box | Group] = {box.id: box for picture in (outer, content.inner) for box in picture.boxes}
    boxes |= {group.id: group for group in content.inner.groups}
    number = {name: index for index, name in enumerate(boxes)}
    tasks: list[Callable[[], bytes]] = [
        lambda: orjson.dumps(_nodes(content, boxes, number)),
        lambda: orjson.dumps(
            {
                "levels": {"system": _level(outer, number), "service": _level(content.inner, number)},
                "causes": _causes(content.after.system, number),
                **_fields(content.after),
            }
        ),
    ]
    nodes, rest = run_forked(tasks) if len(boxes) >= _WORTH_FORKING else [task() for task in tasks]
    value = {
        "system": content.inner.title,
        "level": content.level,
        "notes": content.inner.notes,
        "against": content.before.label if content.before else "",
    }
    return orjson.dumps(value)[:-1] + b',"nodes":' + nodes + b"," + rest[1:]


def _fields(side: Side) -> dict[str, Any]:
    found = fields(side)
    return {
        "carriers": [
            [one.name, one.label, one.kind, one.node, [value for pair in one.fields for value in pair]]
            for one in found.carriers
        ],
        "steps": [value for step in found.steps for value in step],
    }


def _causes(system: LinkedSystem, number: Mapping[str, int]) -> list[list[Any]]:
    """What brings about which event: event, by what, after which events (all of them: 1), called (1), on condition."""
    found: list[list[Any]] = []
    for event, causes in causes_of(system).items():
        for cause in causes:
            by = named(construct_node(cause.by))
            events = [number[f"event:{one}"] for one in cause.events if f"event:{one}" in number]
            if f"event:{event}" in number and by in number:
                when = condition(cause.emission.when if cause.emission else None)
                found.append(
                    [number[f"event:{event}"], number[by], events, int(cause.together), int(cause.called), when]
                )
    return found


def _level(picture: Picture, number: Mapping[str, int]) -> dict[str, Any]:
    placed = layout(picture)
    return {
        "width": placed.width,
        "height": placed.height,
        "cards": [_area(number[name], area) for name, area in placed.groups.items()],
        "boxes": [_area(number[name], area) for name, area in placed.boxes.items()],
        "arrows": [
            [number[arrow.source], number[arrow.target], arrow.kind, arrow.mark.value, path]
            for arrow, path in placed.paths
        ],
    }


def _area(name: int, area: Area) -> list[int]:
    return [name, area.x, area.y, area.width, area.height]


def _nodes(content: Content, boxes: Mapping[str, Box | Group], number: Mapping[str, int]) -> list[dict[str, Any]]:
    known = {**_known(content.before), **_known(content.after)}
    made, run = _deployed(content.after, known)
    told = _told(content.changes)
    found = []
    for name, box in boxes.items():
        detail, (at, side) = known.get(name, (None, (box.at, content.after)))
        group = box.group if isinstance(box, Box) else None
        value = {
            "id": name,
            "label": box.label,
            "kind": box.kind,
            "mark": box.mark.value,
            "group": number[group] if group else None,
            "width": text_width(box.mark.of(box.label), SIZE),
            "at": _place(side, at),
            **(_detailed(detail) if detail else {}),
            "resources": made.get(name),
            "settings": run.get(name),
            "changes": told.get(name),
        }
        if isinstance(box, Group) or box.kind == "service":
            value["ownerWidth"] = text_width(value.get("owner") or "", SMALL)
        found.append({key: one for key, one in value.items() if one or one == 0})
    return found


def _known(side: Side | None) -> dict[str, tuple[Detail, tuple[Location, Side]]]:
    if side is None:
        return {}
    return {name: (detail, (detail.at, side)) for name, detail in details(side).items()}


def _detailed(detail: Detail) -> dict[str, Any]:
    return {
        "description": detail.description,
        "owner": detail.owner,
        "stream": detail.stream,
        "serviceKind": detail.service_kind,
        "facts": detail.facts,
        "schema": detail.fields,
    }


def _place(side: Side, at: Location | None) -> str:
    """File and line, below the system's folder where that is elsewhere: a page goes to others, with other folders."""
    if at is None or side.sources.index(at.file) is None:
        return ""
    file = at.file if PurePath(side.sources.prefix).is_absolute() else side.sources.shown(at.file)
    return f"{file}:{side.sources.range(at).line}"


def _deployed(
    side: Side, known: Mapping[str, tuple[Detail, tuple[Location, Side]]]
) -> tuple[dict[str, list[Line]], dict[str, list[Line]]]:
    """Generated resources and runtime settings, by node."""
    declared: dict[str, dict[str, Location]] = defaultdict(dict)
    for name, (_, (at, where)) in known.items():
        kind, _, own = name.partition(":")
        if where is side and kind != "event":
            declared[own.partition(".")[0]][name] = at
    made: dict[str, list[Line]] = {}
    run: dict[str, list[Line]] = {}
    for service, plan in side.plans.items():
        places = Places(declared[service], f"service:{service}")
        made |= resources(plan, places)
        run |= settings(plan, places)
    return made, run


def _told(changes: Sequence[Change]) -> dict[str, list[tuple[str, str, str, list[str]]]]:
    """Level, kind and message of every change, and who is affected, by the node that it is about."""
    found: dict[str, list[tuple[str, str, str, list[str]]]] = defaultdict(list)
    for change in changes:
        affected = [f"{hit.node}: {hit.why}" for hit in change.affected]
        found[node_id(change.subject)].append(
            (change.level.value, f"{change.code} {change.slug}", change.message, affected)
        )
    return found
