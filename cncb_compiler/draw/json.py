"""A picture as data, for tools that draw it their own way."""

from __future__ import annotations

from typing import Any

import orjson

from cncb_compiler.draw.picture import Box, Group, Picture


def render(picture: Picture) -> str:
    """The picture as JSON: groups, boxes and arrows in their order; what has no value is left out."""
    value = {
        "version": 1,
        "system": picture.title,
        "level": picture.level,
        "notes": picture.notes,
        "groups": [_filled({**_common(group), "owner": group.owner}) for group in picture.groups],
        "boxes": [_filled({**_common(box), "group": box.group}) for box in picture.boxes],
        "arrows": [
            _filled({"source": arrow.source, "target": arrow.target, "kind": arrow.kind, "mark": arrow.mark.value})
            for arrow in picture.arrows
        ],
    }
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _common(one: Box | Group) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label,
        "kind": one.kind,
        "mark": one.mark.value,
        "at": str(one.at) if one.at else "",
    }


def _filled(value: dict[str, Any]) -> dict[str, Any]:
    return {key: found for key, found in value.items() if found}
