"""From what is wanted and what is listed to what has to be done."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.rules.cncb953_unsafe_output import RULE as UNSAFE
from cncb_compiler.source.location import Location
from cncb_compiler.write.batch import Entry, twice
from cncb_compiler.write.journal import Journal
from cncb_compiler.write.paths import join

SHOWN = 20
"""How many findings of one commit are shown one by one."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The new list, the steps that lead to it, and the paths by what happens to them, each sorted."""

    files: Mapping[str, str]
    journal: Journal
    created: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def decide(entries: Sequence[Entry], known: Mapping[str, str], only: Collection[str] | None) -> Decision:
    """What to do so that the output holds `entries`.

    `known` is the list of the last compile. With `only`, listed files outside these top folders and files
    stay.
    """
    entries = sorted(entries, key=lambda entry: entry.path)
    files = {entry.path: entry.sha for entry in entries}
    orphans = {}
    for path, sha in known.items():
        if path in files:
            continue
        if only is None or path.partition("/")[0] in only:
            orphans[path] = sha
        else:
            files[path] = sha
    different = [entry for entry in entries if not entry.same]
    moves = {entry.path: (known.get(entry.path), entry.sha) for entry in different if entry.missing is None}
    folders = tuple(sorted({entry.missing for entry in different if entry.missing is not None}))
    return Decision(
        files,
        Journal(dict(sorted(orphans.items())), folders, moves, not files),
        tuple(entry.path for entry in different if not entry.exists),
        tuple(entry.path for entry in different if entry.exists),
        tuple(sorted(orphans)),
    )


def collisions(system: str, entries: Sequence[Entry]) -> Iterator[Diagnostic]:
    """Wanted files that cannot stand side by side on every file system."""
    folded: dict[str, str] = {}
    for entry in entries:
        other = folded.setdefault(entry.path.casefold(), entry.path)
        if other is entry.path:
            continue
        if other == entry.path:
            yield twice(system, entry.path)
        else:
            file = join(system, entry.path)
            yield UNSAFE(
                Location(file),
                f"`{file}` and `{join(system, other)}` are one file where case does not matter",
                mend="rename one of the two things they are named after",
            )
    reported = set()
    for folder in {entry.path.rpartition("/")[0].casefold() for entry in entries}:
        while folder:
            if folder in folded and folder not in reported:
                reported.add(folder)
                file = join(system, folded[folder])
                yield UNSAFE(
                    Location(file),
                    f"`{file}` is made as a file and as a folder",
                    mend="rename one of the two things it is named after",
                )
            folder = folder.rpartition("/")[0]


def bounded(found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """`found`, sorted; of more than SHOWN the rest is counted in the last one."""
    ordered = sorted(found, key=lambda one: (one.at, one.code, one.message))
    if len(ordered) <= SHOWN:
        return tuple(ordered)
    last = ordered[SHOWN]
    message = f"{last.message}; and {len(ordered) - SHOWN - 1} more files are in the way"
    rest = Diagnostic(last.code, last.slug, last.severity, last.at, message, last.mend)
    return (*ordered[:SHOWN], rest)
