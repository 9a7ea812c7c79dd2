"""`--against REV|DIR|manifest.json`: the other side of a comparison, whatever it was named by."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from cncb_compiler.cli.common import fail, prefix_of
from cncb_compiler.source.discover import NoSystemError, SystemSource, systems
from cncb_compiler.source.git import Commit, GitError, Repository
from cncb_compiler.source.sources import Sources

if TYPE_CHECKING:
    from cncb_compiler.compare.side import Side

_PULL_REQUEST = ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME")
"""The variables by which GitHub Actions and GitLab CI name the branch that a change is to be merged into."""

_NAME = re.compile(r"[\w./-]+")
"""What may be the name of a branch, unlike `HEAD~3`."""

WORKING_TREE = "the working tree"


@dataclass(frozen=True, slots=True)
class Base:
    """What is compared with: a commit, or (None) a folder or manifest."""

    label: str
    repository: Repository | None = None
    commit: Commit | None = None
    path: Path | None = None


def base_of(against: str | None, folder: Path) -> Base:
    """What `--against` names, asked of the repository around `folder`. Ends the command where it names nothing."""
    try:
        return _base(against, folder)
    except GitError as error:
        fail(str(error))


def _base(against: str | None, folder: Path) -> Base:
    if against is None:
        return _merge_base(Repository.around(folder))
    there = Path(against).exists()
    if against.endswith(".json") or against.startswith(("./", "../", "/")):
        return Base(against, path=Path(against)) if there else fail(f"`{against}` does not exist.")
    try:
        repository = Repository.around(folder)
    except GitError:
        if there:
            return Base(against, path=Path(against))
        raise
    commit = repository.commit(against)
    if commit is not None:
        label = commit.short if commit.id.startswith(against) else f"{against} ({commit.short})"
        return Base(label, repository, commit)
    return Base(against, path=Path(against)) if there else fail(_unknown(repository, against))


def _merge_base(repository: Repository) -> Base:
    head = repository.commit("HEAD")
    if head is None:
        raise GitError("The repository has no commit yet. Commit, or name a folder or manifest with `--against`.")
    branch = _target_branch(repository) or repository.default_branch()
    if branch is None:
        raise GitError(
            "No default branch is known here: no remote says which is its HEAD, and there is no `main` or `master`. "
            "Run `git remote set-head origin --auto`, or name a revision: `--against REV`."
        )
    base = repository.merge_base("HEAD", branch)
    if base is not None:
        return Base(f"{base.short}, the merge base with {branch}", repository, base)
    if repository.shallow:
        raise GitError(
            f"HEAD and {branch} have no commit in common that is known here: the clone is shallow. Run "
            "`git fetch --unshallow`; with GitHub's actions/checkout say `fetch-depth: 0`, with GitLab `GIT_DEPTH: 0`."
        )
    raise GitError(f"HEAD and {branch} have no commit in common. Name a revision to compare with: `--against REV`.")


def _target_branch(repository: Repository) -> str | None:
    """The branch that a pull request is for, where the platform says it."""
    for variable in _PULL_REQUEST:
        branch = os.environ.get(variable, "")
        if branch and not branch.startswith("-"):
            for name in (f"origin/{branch}", branch):
                if repository.commit(name) is not None:
                    return name
            raise GitError(
                f"The target branch `{branch}` is not known here. "
                f"Run `git fetch origin {branch}:refs/remotes/origin/{branch}`."
            )
    return None


def _unknown(repository: Repository, against: str) -> str:
    close = get_close_matches(against, repository.names(), 1, 0.6)
    hint = f"Did you mean `{close[0]}`?" if close else ""
    if not close and _NAME.fullmatch(against):
        name = against.removeprefix("origin/")
        hint = f"If it is a branch or tag of the remote: `git fetch origin {name}`, then `--against FETCH_HEAD`."
    if repository.shallow:
        hint += " The clone is shallow: `git fetch --unshallow` gets older commits."
    return f"`{against}` is no revision, folder or manifest. {hint}".replace("  ", " ").rstrip()


def day_of(said: object, folder: Path) -> str:
    """The day by which acceptances are over: as said, else of the commit HEAD, else (without git) of the machine.

    So a commit is judged alike whenever it is looked at.
    """
    from datetime import UTC, datetime

    if isinstance(said, datetime):
        return said.date().isoformat()
    try:
        head = Repository.around(folder).commit("HEAD")
    except GitError:
        head = None
    return head.day if head is not None else datetime.now(UTC).date().isoformat()


def pairs(sources: Sequence[SystemSource], base: Base, whole: Path | None) -> Iterator[tuple[Side, Side]]:
    """Each system of the working tree beside what it was; then what is there no longer (below `whole`)."""
    for source in sources:
        after = _side(WORKING_TREE, source, prefix_of(source))
        yield _before(base, source, after), after
    if base.repository is not None and base.commit is not None and whole is not None and whole.is_dir():
        yield from _gone(base.label, base.repository, base.commit, whole, sources)


def _gone(
    label: str, repository: Repository, commit: Commit, whole: Path, sources: Sequence[SystemSource]
) -> Iterator[tuple[Side, Side]]:
    """Systems below a folder that the commit had and the working tree has no more, there or elsewhere."""
    from cncb_compiler.compare.side import nothing
    from cncb_compiler.source.revision import folder_in, folders_at, named, whole_at

    names = {named(source) for source in sources}
    here = {folder_in(repository, source.root) for source in sources}
    try:
        for folder in folders_at(repository, commit, whole):
            found = whole_at(repository, commit, folder) if folder not in here else None
            if found is not None and named(found) not in names:
                before = _side(label, found, prefix_of(found))
                yield before, nothing(f"{WORKING_TREE}, which has no {before.system.name} any more", before.system.name)
    except GitError as error:
        fail(str(error))


def _before(base: Base, source: SystemSource, after: Side) -> Side:
    from cncb_compiler.compare.side import nothing

    name = after.system.name
    if base.path is not None:
        return _of_path(base, base.path, after)
    assert base.repository is not None and base.commit is not None
    from cncb_compiler.source.revision import system_at

    try:
        found = system_at(base.repository, base.commit, source, name)
    except GitError as error:
        fail(str(error))
    if found is None:
        return nothing(f"{base.label}, which has no {name} yet", name)
    return _side(base.label, found, prefix_of(found), after)


def _of_path(base: Base, path: Path, after: Side) -> Side:
    from cncb_compiler.compare.side import nothing

    name = after.system.name
    if path.is_file() and path.suffix == ".json":
        return _of_manifest(base.label, path)
    for manifest in (path / "manifest.json", path / name / "manifest.json"):
        if manifest.is_file():
            return _of_manifest(str(manifest), manifest)
    try:
        found = systems(path)
    except NoSystemError as error:
        fail(f"`--against {path}`: {error}")
    sides = [_side(base.label, one, prefix_of(one), after) for one in found]
    same = [side for side in sides if side.system.name == name]
    return same[0] if same else sides[0] if len(sides) == 1 else nothing(f"{base.label}, which has no {name}", name)


def _of_manifest(label: str, path: Path) -> Side:
    from cncb_compiler.manifest.load import ManifestError, declared_in

    try:
        name, values = declared_in(path.read_bytes())
    except OSError as error:
        fail(f"`{path}` cannot be read: {error.strerror}.")
    except ManifestError as error:
        fail(f"`{path}` {error}")
    from cncb_compiler.compare.side import side_of_values

    return side_of_values(label, values, name)


def _side(label: str, source: SystemSource, prefix: str, like: Side | None = None) -> Side:
    from dataclasses import replace

    from cncb_compiler.compare.side import side_of

    return replace(side_of(label, source, like=like), sources=Sources(source.files, prefix))
