"""Architect projects of N services: what the generated systems say, in Architect's own language.

Its events travel by SNS topics instead of a stream, and all functions of a project share one role. A project
has the handlers that Architect looks for beside `app.arc`; the packager only names them.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.generate import upstream

_PROJECT = """\
@app
service-{at}

@http
post /items
get /upstream/:id

@events
item-{before}-changed

@tables
items
  id *String
upstream
  id *String

@tables-streams
items
"""

_HANDLERS = (
    "http/post-items",
    "http/get-upstream-000id",
    "events/item-{before}-changed",
    "tables-streams/items",
)
_HANDLER = "export async function handler (event) { return event }\n"


def write(folder: Path, services: int) -> None:
    """Write one project a service into `folder`, which is made if it is not there."""
    for index in range(services):
        before = f"{upstream(index, services):04}"
        project = folder / f"service-{index:04}"
        for handler in _HANDLERS:
            source = project / "src" / handler.format(before=before)
            source.mkdir(parents=True)
            (source / "index.mjs").write_text(_HANDLER, encoding="utf-8")
        text = _PROJECT.format(at=f"{index:04}", before=before)
        (project / "app.arc").write_text(text, encoding="utf-8", newline="\n")
