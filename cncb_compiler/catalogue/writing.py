"""Writing the site: all of it or nothing, and nothing that is not its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from cncb_compiler.catalogue.facts import Facts
from cncb_compiler.catalogue.site import MARKER, Made, files, portal
from cncb_compiler.parallel import run_forked
from cncb_compiler.write import filelist
from cncb_compiler.write.batch import Results
from cncb_compiler.write.paths import LIST_NAME
from cncb_compiler.write.staging import Staging, Written

_WORTH_FORKING = 300
"""From how many files on they are made in several processes."""


class ForeignFolderError(ValueError):
    """The folder holds what is no site; the message says what to do."""


def write(output: Path, systems: Sequence[Facts]) -> Written:
    """Write the site of one system, or of several with a folder for each. Raises ForeignFolderError."""
    folder = output.resolve()
    _refuse_foreign(folder, output)
    made = list(_makers(systems))
    count = (os.cpu_count() or 1) if len(made) >= _WORTH_FORKING else 1
    with Staging(folder.parent, folder.name) as staging:
        for results in run_forked([partial(_part, staging, made[start::count]) for start in range(count)]):
            staging.merge(results)
        return staging.commit()


def _part(staging: Staging, made: Sequence[Callable[[], Made]]) -> Results:
    batch = staging.worker()
    for make in made:
        batch.add(*make())
    return batch.results()


def _makers(systems: Sequence[Facts]) -> Iterator[Callable[[], Made]]:
    if len(systems) == 1:
        yield from files(systems[0])
        return
    yield from portal(systems)
    for facts in systems:
        yield from (partial(_below, facts.system.name, make) for make in files(facts, several=True))


def _below(folder: str, make: Callable[[], Made]) -> Made:
    path, content = make()
    return f"{folder}/{path}", content


def _refuse_foreign(folder: Path, named: Path) -> None:
    """Refuse a folder with anything in it but a site: what is not the site's own would be mixed up with it."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    listed, _, _ = filelist.read(str(folder), folder.name)
    if MARKER in listed:
        return
    what = "what `cncb compile` made" if (folder / LIST_NAME).exists() else "files, and no catalogue"
    raise ForeignFolderError(f"`{named}` holds {what}. A site needs a folder of its own: name another one with `-o`.")
