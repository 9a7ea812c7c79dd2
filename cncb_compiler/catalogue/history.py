"""What changed from tag to tag, and since the last one: the comparison of `cncb diff`, tag by tag."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cncb_compiler.compare.change import Change
from cncb_compiler.compare.compare import Differences, compare
from cncb_compiler.compare.side import Side, side_of
from cncb_compiler.parallel import run_forked
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.git import Commit, GitError, Repository
from cncb_compiler.source.revision import system_at

_LOOKED_AT = 20
"""How many tags are looked at for each that may be shown: most of a large repository's do not touch a system."""


@dataclass(frozen=True, slots=True)
class Release:
    """What a tag brought. `name` is the tag's, or those of several at one commit; `` is the working tree.

    `day` is the commit's. `first`: the system is not compared with an older tag. `changes` are by subject's node.
    """

    name: str
    day: str
    first: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class History:
    """The releases, newest first. `note` says why there are none, or which are left out."""

    releases: tuple[Release, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Tagged:
    names: str
    commit: Commit
    source: SystemSource


def history(source: SystemSource, now: Side, most: int) -> History:
    """The history of a system by the last `most` tags in which it differs; `most` 0 asks nothing of git."""
    if not most:
        return History(note="Not asked for (`--tags 0`).")
    try:
        repository = Repository.around(source.root)
        if repository.commit("HEAD") is None:
            return History(note="The repository has no commit yet.")
        tagged, left_out = _tagged(repository, source, now.system.name, most)
    except GitError:
        return History(note="The system is in no git repository, so that nothing is known of its history.")
    if not tagged:
        shallow = (
            " The clone is shallow: `git fetch --unshallow --tags` gets older commits." if repository.shallow else ""
        )
        return History(note=f"No git tag holds the system yet.{shallow}")
    releases = _releases(tagged, now)
    note = f"Older tags are left out: these are the last {len(tagged)} in which the system differs." if left_out else ""
    return History(releases, note)


def _tagged(repository: Repository, source: SystemSource, name: str, most: int) -> tuple[list[_Tagged], bool]:
    """The tags in which the system differs from the next older one, newest first; whether there are more."""
    found: list[_Tagged] = []
    for names, commit in _commits(repository)[: most * _LOOKED_AT]:
        held = system_at(repository, commit, source, name)
        if held is None:
            break
        one = _Tagged(", ".join(names), commit, held)
        if found and found[-1].source.files == held.files:
            # Nothing differs between the two: what is there came with the older one.
            found[-1] = one
        else:
            found.append(one)
        if len(found) > most:
            return found[:most], True
    return found, False


def _commits(repository: Repository) -> list[tuple[list[str], Commit]]:
    by_commit: dict[str, list[str]] = {}
    for name, commit in repository.tags():
        by_commit.setdefault(commit, []).append(name)
    return [(names, found) for commit, names in by_commit.items() if (found := repository.commit(commit)) is not None]


def _releases(tagged: Sequence[_Tagged], now: Side) -> tuple[Release, ...]:
    newest, *older = tagged

    def recent() -> list[Release]:
        side = side_of(newest.names, newest.source, now.system.name)
        return [Release("", "", False, _compared(side, now, ""))]

    def between(pairs: Sequence[tuple[_Tagged, _Tagged]]) -> list[Release]:
        sides: dict[str, Side] = {}
        found = []
        for after, before in pairs:
            for one in (before, after):
                if one.names not in sides:
                    sides[one.names] = side_of(one.names, one.source, now.system.name)
            changes = _compared(sides[before.names], sides.pop(after.names), after.commit.day)
            found.append(Release(after.names, after.commit.day, False, changes))
        return found

    pairs = list(zip(tagged, older, strict=False))
    half = len(pairs) // 2
    parts = run_forked([lambda: recent() + between(pairs[:half]), lambda: between(pairs[half:])])
    first = tagged[-1]
    return (*parts[0], *parts[1], Release(first.names, first.commit.day, True, ()))


def _compared(before: Side, after: Side, day: str) -> tuple[Change, ...]:
    differences: Differences = compare(before, after, day)
    return differences.changes


def by_node(found: History) -> Mapping[str, list[tuple[Release, list[Change]]]]:
    """Of each node (`event:order-submitted`, `service:orders`), the releases that changed it, newest first.

    What belongs to a service is told of the service too.
    """
    held: dict[str, list[tuple[Release, list[Change]]]] = defaultdict(list)
    for release in found.releases:
        own: dict[str, list[Change]] = defaultdict(list)
        for change in release.changes:
            for node in _nodes(change):
                own[node].append(change)
        for node, changes in own.items():
            held[node].append((release, changes))
    return held


def _nodes(change: Change) -> Iterator[str]:
    node = change.subject.partition("#")[0]
    kind, _, name = node.partition(":")
    yield f"query:{name}" if kind == "response" else node
    if kind not in ("service", "event", "stream", "type", "system") and "." in name:
        yield f"service:{name.partition('.')[0]}"
