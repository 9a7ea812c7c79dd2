"""What is asked of git: revisions, and the files that they hold. Read only; nothing is checked out.

Arguments are lists, never a shell's text; no name out of a YAML file is among them.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_OF_CALLERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")
"""Variables that git sets for its hooks, relative to where they begin; cncb finds the repository by its folder."""

BLOB, LINK = ("100644", "100755"), "120000"
"""Modes of a tree's entries: files and symbolic links."""


class GitError(Exception):
    """Git cannot tell, and why; the message has the mend in it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a commit: its path from the top of the repository, with `/`."""

    mode: str
    object: str
    path: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its full id, and the day that it was committed on, `2026-01-31` (UTC)."""

    id: str
    day: str

    @property
    def short(self) -> str:
        """The id as people write it."""
        return self.id[:9]


@dataclass(frozen=True, slots=True)
class Repository:
    """A work tree and its history. `top` is its outermost folder."""

    top: Path

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """The repository that a folder is in. Raises GitError."""
        done = _run(folder, "rev-parse", "--show-toplevel")
        if done.returncode:
            raise GitError(_no_repository(folder, done.stderr))
        return cls(Path(os.fsdecode(done.stdout.rstrip(b"\n"))))

    def commit(self, revision: str) -> Commit | None:
        """The commit that a revision names; None where it names none."""
        verified = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if verified.returncode:
            return None
        found = verified.stdout.decode().strip()
        seconds = self._ask("show", "--no-patch", "--format=%ct", found).strip()
        return Commit(found, _day(int(seconds)))

    def merge_base(self, one: str, other: str) -> Commit | None:
        """The newest commit that both revisions come from."""
        done = self._run("merge-base", "--end-of-options", one, other)
        return self.commit(done.stdout.decode().strip()) if done.returncode == 0 and done.stdout.strip() else None

    @property
    def shallow(self) -> bool:
        """Whether a part of the history is missing here."""
        return self._ask("rev-parse", "--is-shallow-repository").strip() == "true"

    def names(self) -> tuple[str, ...]:
        """The branches and tags that are known here, as people write them."""
        listed = self._ask("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags")
        return tuple(listed.split())

    def tags(self) -> tuple[tuple[str, str], ...]:
        """The tags that HEAD comes from, each with its commit's id; those of newer commits first, then by name."""
        listed = self._ask(
            "for-each-ref", "--merged=HEAD", "--format=%(objectname) %(*objectname) %(refname:strip=2)", "refs/tags"
        )
        names: dict[str, list[str]] = {}
        for line in listed.splitlines():
            own, peeled, name = line.split(" ", 2)
            names.setdefault(peeled or own, []).append(name)
        if not names:
            return ()
        newest_first = self._ask("rev-list", "--date-order", "--simplify-by-decoration", "HEAD").split()
        return tuple((name, commit) for commit in newest_first for name in sorted(names.get(commit, ())))

    def default_branch(self) -> str | None:
        """The default branch: what a remote says is its HEAD (`origin` first), else `main` or `master`."""
        for remote in sorted(self._ask("remote").split(), key=lambda name: (name != "origin", name)):
            done = self._run("symbolic-ref", "--quiet", "--short", f"refs/remotes/{remote}/HEAD")
            candidates = [done.stdout.decode().strip()] if done.returncode == 0 else []
            for name in (*candidates, f"{remote}/main", f"{remote}/master"):
                if self.commit(name) is not None:
                    return name
        configured = self._run("config", "init.defaultBranch").stdout.decode().strip()
        return next((name for name in ("main", "master", configured) if name and self.commit(name)), None)

    def entries(self, commit: Commit, folder: str) -> tuple[Entry, ...]:
        """Every file at or below a folder (from the top; `` is all) in a commit, of those whose names are UTF-8."""
        return self._listed("-r", commit.id, *(["--", f"{folder}/"] if folder else []))

    def files(self, commit: Commit, paths: Sequence[str]) -> tuple[Entry, ...]:
        """Of these paths (from the top) those that a commit has."""
        return self._listed(commit.id, "--", *paths)

    def _listed(self, *arguments: str) -> tuple[Entry, ...]:
        listed = self._run("ls-tree", "-z", "--full-tree", *arguments)
        if listed.returncode:
            raise GitError(_said(listed.stderr))
        found = []
        for line in listed.stdout.split(b"\0"):
            about, _, name = line.partition(b"\t")
            try:
                mode, _, identity = about.decode().split(" ")
                found.append(Entry(mode, identity, name.decode()))
            except ValueError:
                continue
        return tuple(found)

    def contents(self, objects: Iterable[str]) -> Mapping[str, bytes]:
        """The content of each object, by id (git cat-file --batch). Raises GitError where one is missing."""
        wanted = list(dict.fromkeys(objects))
        if not wanted:
            return {}
        done = self._run("cat-file", "--batch", given="\n".join(wanted).encode() + b"\n")
        found: dict[str, bytes] = {}
        at = 0
        for identity in wanted:
            end = done.stdout.find(b"\n", at)
            head = done.stdout[at:end].split(b" ")
            if end < 0 or len(head) != 3 or not head[2].isdigit():
                raise GitError(
                    "A file of that revision is missing here: the clone is partial. Run `git fetch --refetch "
                    "--no-filter`, or clone without `--filter`."
                )
            size = int(head[2])
            found[identity] = done.stdout[end + 1 : end + 1 + size]
            at = end + 1 + size + 1
        return found

    def holding(self, commit: Commit, pattern: str, suffixes: Sequence[str], folder: str = "") -> tuple[str, ...]:
        """The paths of files below a folder with a line that the extended regular expression matches (git grep)."""
        below = f"{folder}/" if folder else ""
        globs = [f":(top,glob){_literal(below)}**/*{suffix}" for suffix in suffixes]
        done = self._run("grep", "-l", "-z", "-I", "--full-name", "-E", "-e", pattern, commit.id, "--", *globs)
        prefix = f"{commit.id}:"
        listed = done.stdout.decode(errors="replace").split("\0")
        return tuple(sorted(name.removeprefix(prefix) for name in listed if name))

    def _ask(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if done.returncode:
            raise GitError(_said(done.stderr))
        return done.stdout.decode(errors="replace")

    def _run(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return _run(self.top, *arguments, given=given)


def _run(folder: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if name not in _OF_CALLERS}
    environment = kept | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_PAGER": "cat"}
    try:
        return subprocess.run(
            ["git", *arguments], cwd=folder, env=environment, input=given, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise GitError(
            "git is not installed, so that there is no revision to compare with. Install it, or name a folder or a "
            "manifest: `--against DIR`, `--against generated/SYSTEM/manifest.json`."
        ) from None
    except ValueError as error:
        raise GitError(f"That cannot be a revision: {error}.") from None


def _no_repository(folder: Path, errors: bytes) -> str:
    said = _said(errors)
    if "dubious ownership" in said:
        return f"git does not trust this folder: {said}. Run `git config --global --add safe.directory {folder}`."
    if "work tree" in said:
        return "This is a bare repository, without a work tree. Compare where the files are checked out."
    return (
        f"`{folder}` is in no git repository, so that there is no revision to compare with. Name a folder or a "
        "manifest: `--against DIR`, `--against generated/SYSTEM/manifest.json`."
    )


def _said(errors: bytes) -> str:
    lines = errors.decode(errors="replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else "git failed and says nothing"


def _literal(path: str) -> str:
    return "".join(f"\\{char}" if char in "*?[\\" else char for char in path)


def _day(seconds: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
