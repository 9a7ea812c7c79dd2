"""Differences as one page for a browser: everything in it, nothing fetched, nothing run."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from typing import Any

from cncb_compiler.compare.change import Change, Level
from cncb_compiler.compare.compare import Differences
from cncb_compiler.compare.render.groups import counted, groups
from cncb_compiler.compare.render.places import of_affected, of_change
from cncb_compiler.emit.templates import rendered, templates_folder

_SPANS = re.compile(r"`([^`]+)`")


def render(found: Sequence[Differences]) -> str:
    """The differences of one or several systems as one page. Its policy allows its own style, and nothing else."""
    style = (templates_folder() / "diff" / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = rendered(
        "diff/page.html.j2", systems=[_system(one) for one in found], style=style, digest=digest, levels=list(Level)
    )
    return page.decode()


def _system(one: Differences) -> dict[str, Any]:
    return {
        "name": one.system,
        "before": one.before.label,
        "after": one.after.label,
        "counted": counted(one),
        "counts": {level.value: one.count(level) for level in Level},
        "notes": [_spans(note) for note in one.notes],
        "groups": [
            {
                "level": group.level.value,
                "services": [{"name": name, "owner": one.owner(name)} for name in group.services],
                "changes": [_change(one, change) for change in group.changes],
            }
            for group in groups(one)
        ],
    }


def _change(one: Differences, change: Change) -> dict[str, Any]:
    return {
        "code": change.code,
        "slug": change.slug,
        "category": change.category.value,
        "message": _spans(change.message),
        "places": [str(place) for place in of_change(one, change)],
        "judged": change.judged.value if change.judged else "",
        "exempt": change.exempt,
        "accepted": change.accepted,
        "incompatible": [{"direction": each.direction, "why": _spans(each.why)} for each in change.incompatible],
        "affected": [
            {
                "node": hit.node,
                "why": _spans(hit.why),
                "through": hit.through,
                "place": str(of_affected(one, hit)),
            }
            for hit in change.affected
        ],
        "mend": _spans(change.mend) if change.level is not Level.SAFE else [],
    }


def _spans(text: str) -> list[tuple[bool, str]]:
    """The text in pieces, each with whether it is code."""
    return [(index % 2 == 1, part) for index, part in enumerate(_SPANS.split(text)) if part]
