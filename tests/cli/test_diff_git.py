"""`cncb diff` against git: real repositories, made on the spot, and every way in which they can be in the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cncb_compiler.cli.main import cli

SYSTEM = """\
system: shop
types:
  Order: {id: uuid, sku: string}
events:
  order-submitted: {entity: order, with: {order: Order}, external: true}
services:
  storefront:
    views:
      orders: {on: order-submitted}
"""
WIDER = SYSTEM.replace("sku: string}", "sku: string, note: string?}")

Git = Callable[..., str]


@pytest.fixture
def diff(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `cncb diff` in a folder; what git is told by the environment is only what a test says."""

    def run(*arguments: str, cwd: Path, **environment: str) -> Result:
        with monkeypatch.context() as patched:
            patched.chdir(cwd)
            for name in ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
                patched.delenv(name, raising=False)
            return CliRunner().invoke(cli, ["diff", *arguments], env=environment, catch_exceptions=False)

    return run


@pytest.fixture
def repository(tmp_path: Path, git: Git) -> Path:
    """A repository with one commit on `main`: the system in `topologies/shop`."""
    top = tmp_path / "repository"
    (top / "topologies" / "shop").mkdir(parents=True)
    (top / "topologies" / "shop" / "system.yaml").write_text(SYSTEM)
    git("init", "--quiet", "--initial-branch=main", cwd=top)
    commit(git, top, "first")
    return top


def commit(git: Git, top: Path, message: str) -> str:
    git("add", "--all", cwd=top)
    git("commit", "--quiet", "--allow-empty", "-m", message, cwd=top)
    return git("rev-parse", "HEAD", cwd=top)


def change(top: Path, text: str = WIDER) -> None:
    (top / "topologies" / "shop" / "system.yaml").write_text(text)


def test_a_dirty_tree_is_compared_with_the_merge_base(repository, git, diff) -> None:
    git("checkout", "--quiet", "-b", "work", cwd=repository)
    change(repository)
    done = diff(cwd=repository)
    assert done.exit_code == 0, done.stderr
    assert "the merge base with main" in done.stdout
    assert "DIFF102 field-added: event order-submitted: `order.note` (string?) is new" in done.stdout


def test_what_others_did_on_the_default_branch_since_is_none_of_the_difference(repository, git, diff) -> None:
    git("checkout", "--quiet", "-b", "work", cwd=repository)
    change(repository)
    commit(git, repository, "wider")
    git("checkout", "--quiet", "main", cwd=repository)
    change(repository, SYSTEM.replace("sku: string", "product: string"))
    commit(git, repository, "meanwhile")
    git("checkout", "--quiet", "work", cwd=repository)
    assert "shop: 2 safe" in diff(cwd=repository).stdout


def test_a_revision_by_any_name(repository, git, diff) -> None:
    git("tag", "v1", cwd=repository)
    change(repository)
    wider = commit(git, repository, "wider")
    assert diff("--against", "v1", cwd=repository).stdout.startswith("shop: the working tree against v1 (")
    assert "shop: 2 safe" in diff("--against", "HEAD~1", cwd=repository / "topologies" / "shop").stdout
    assert "no differences" in diff("--against", wider[:12], cwd=repository).stdout


def test_a_revision_that_is_none(repository, git, diff) -> None:
    git("branch", "release", cwd=repository)
    done = diff("--against", "relaese", cwd=repository)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "cncb: `relaese` is no revision, folder or manifest. Did you mean `release`?\n"
    assert (
        "`git fetch origin feature`, then `--against FETCH_HEAD`" in diff("--against", "feature", cwd=repository).stderr
    )
    assert "git fetch" not in diff("--against", "main~7", cwd=repository).stderr


@pytest.mark.parametrize("hostile", ["--output=pwned", "-p", "HEAD:", "a b", "\x01", "HEAD^{tree}"])
def test_a_hostile_revision_is_no_option(repository, diff, hostile: str) -> None:
    done = diff(f"--against={hostile}", cwd=repository)
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in repository.iterdir()) == [".git", "topologies"]


def test_a_shallow_clone_is_told_how_to_get_the_rest(repository, git, diff, tmp_path) -> None:
    git("checkout", "--quiet", "-b", "work", cwd=repository)
    commit(git, repository, "work")
    git("checkout", "--quiet", "main", cwd=repository)
    commit(git, repository, "meanwhile")
    clone = tmp_path / "clone"
    git("clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{repository}", clone, cwd=tmp_path)
    git("checkout", "--quiet", "work", cwd=clone)
    done = diff(cwd=clone)
    assert done.exit_code == 2
    assert "the clone is shallow. Run `git fetch --unshallow`" in done.stderr
    assert "fetch-depth: 0" in done.stderr
    git("fetch", "--quiet", "--unshallow", cwd=clone)
    assert "no differences" in diff(cwd=clone).stdout


def test_the_target_branch_of_a_pull_request(repository, git, diff) -> None:
    git("branch", "release", cwd=repository)
    change(repository)
    commit(git, repository, "wider")
    done = diff(cwd=repository, GITHUB_BASE_REF="release")
    assert "the merge base with release" in done.stdout
    assert "2 safe" in done.stdout
    assert (
        "git fetch origin nowhere:refs/remotes/origin/nowhere" in diff(cwd=repository, GITHUB_BASE_REF="nowhere").stderr
    )


def test_before_the_first_commit(tmp_path, git, diff) -> None:
    change_at = tmp_path / "topologies" / "shop"
    change_at.mkdir(parents=True)
    (change_at / "system.yaml").write_text(SYSTEM)
    git("init", "--quiet", cwd=tmp_path)
    done = diff(cwd=tmp_path)
    assert done.exit_code == 2
    assert "no commit yet" in done.stderr


def test_a_system_that_is_new(repository, git, diff) -> None:
    other = repository / "topologies" / "depot"
    other.mkdir()
    (other / "system.yaml").write_text(SYSTEM.replace("system: shop", "system: depot"))
    done = diff(cwd=repository)
    assert "depot: the working tree against" in done.stdout
    assert "which has no depot yet" in done.stdout
    assert "DIFF202 event-added: event order-submitted is new" in done.stdout
    assert "shop: no differences" in done.stdout


def test_a_system_that_is_gone(repository, git, diff) -> None:
    other = repository / "topologies" / "depot"
    other.mkdir()
    (other / "system.yaml").write_text(SYSTEM.replace("system: shop", "system: depot"))
    commit(git, repository, "depot")
    git("rm", "--quiet", "-r", "topologies/depot", cwd=repository)
    done = diff("--against", "HEAD", cwd=repository)
    assert done.stdout == diff("topologies", "--against", "HEAD", cwd=repository).stdout
    assert "depot: the working tree, which has no depot any more" in done.stdout
    assert "DIFF201 event-removed: event order-submitted is gone" in done.stdout
    assert "shop: no differences" in done.stdout
    git("mv", "topologies/shop", "topologies/store", cwd=repository)
    assert "no shop any more" not in diff("topologies", "--against", "HEAD", cwd=repository).stdout


def test_a_folder_that_was_renamed(repository, git, diff) -> None:
    git("mv", "topologies/shop", "topologies/store", cwd=repository)
    (repository / "topologies" / "store" / "system.yaml").write_text(WIDER)
    done = diff(cwd=repository)
    assert "shop: 2 safe" in done.stdout, done.stdout + done.stderr


def test_no_repository_and_no_git(write, diff, tmp_path) -> None:
    write({"topologies/shop/system.yaml": SYSTEM})
    environment = {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    done = diff(cwd=tmp_path, **environment)
    assert done.exit_code == 2
    assert "is in no git repository" in done.stderr
    assert "--against DIR" in done.stderr
    done = diff(cwd=tmp_path, PATH="/nonexistent")
    assert "git is not installed" in done.stderr
    assert "no differences" in diff("--against", "topologies", cwd=tmp_path, PATH="/nonexistent").stdout


def test_files_of_a_revision_are_found_as_on_disk(repository, git, diff) -> None:
    shop = repository / "topologies" / "shop"
    (shop / "scenarios").mkdir()
    (shop / "scenarios" / "one.yaml").write_text("name: not a part\n")
    (shop / ".hidden.yaml").write_text("also: not\n")
    (shop / "more").mkdir()
    (shop / "more" / "events ü.yaml").write_text("events: {order-paid: {entity: order, external: true}}\n")
    (shop / "parts").mkdir()
    (shop / "parts" / "types.txt").write_text("types: {Paid: {at: timestamp}}\n")
    (shop / "types.yaml").symlink_to("parts/types.txt")
    commit(git, repository, "more")
    assert "no differences" in diff("--against", "HEAD", cwd=repository).stdout
    git("rm", "--quiet", "-r", "topologies/shop/more", cwd=repository)
    assert "event order-paid is gone" in diff("--against", "HEAD", cwd=repository).stdout


def test_fail_on(repository, diff) -> None:
    change(repository, SYSTEM.replace("sku: string}", "sku: integer}"))
    assert diff(cwd=repository).exit_code == 0
    assert diff("--fail-on", "breaking", cwd=repository).exit_code == 1
    change(repository)
    assert diff("--fail-on", "risky", cwd=repository).exit_code == 0
    assert diff("--fail-on", "any", cwd=repository).exit_code == 1
    change(repository, SYSTEM)
    assert diff("--fail-on", "any", cwd=repository).exit_code == 0
