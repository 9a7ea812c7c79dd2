"""A new system: small, whole, and clean."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from cncb_compiler.emit.templates import rendered
from cncb_compiler.scaffold.change import Change, ScaffoldError, create, refuse_errors
from cncb_compiler.scaffold.declarations import SCHEMA_FILE
from cncb_compiler.scaffold.names import written
from cncb_compiler.source.discover import SystemSource, is_system_folder

_TEMPLATES = {
    "system.yaml": "new/system.yaml.j2",
    "events.yaml": "new/events.yaml.j2",
    "services/items.yaml": "new/items.yaml.j2",
}


def system_files(name: str) -> dict[str, str]:
    """The files of a new system, by name below its folder: command, event, view and query in the fewest lines."""
    texts = {file: rendered(template, name=written(name)).decode() for file, template in _TEMPLATES.items()}
    return {**texts, SCHEMA_FILE: schema_text()}


def schema_text() -> str:
    """The JSON Schema of the language, as `cncb schema` prints it: editors need no network."""
    from cncb_compiler.model.json_schema import language_schema

    return json.dumps(language_schema(), indent=2, ensure_ascii=False) + "\n"


def write_system(parent: Path, name: str) -> list[Path]:
    """Write a new system below `parent`, all of it or nothing; the files. Raises ScaffoldError, OSError."""
    folder = parent / name
    if folder.exists() or folder.is_symlink():
        raise ScaffoldError(f"`{folder}` exists already; nothing is written over it.")
    around = next((one for one in (parent.absolute(), *parent.absolute().parents) if is_system_folder(one)), None)
    if around is not None:
        raise ScaffoldError(f"`{around}` is a system already, and systems do not nest. Name another place with `--in`.")
    files = system_files(name)
    refuse_errors(SystemSource(folder, ()), Change(files, ()), [])
    parent.mkdir(parents=True, exist_ok=True)
    waiting = Path(tempfile.mkdtemp(prefix=".cncb-", dir=parent))
    try:
        for file, text in files.items():
            create(waiting / file, text)
        waiting.chmod(0o755)
        waiting.rename(folder)
    except BaseException:
        shutil.rmtree(waiting, ignore_errors=True)
        raise
    return [folder / file for file in files]
