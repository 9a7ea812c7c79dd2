"""`cncb review` in real repositories: findings of a change, what of the revision is judged by what, and how it ends."""

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
  order-paid: {entity: order, with: {order: Order}, external: true}
services:
  storefront:
    views:
      orders: {on: order-submitted, key: order.id, fields: {id: order.id, sku: {hook: names.upper}}}
"""
HOOK = "def upper(order):\n    return order.upper()\n"
FILE = "topologies/shop/system.yaml"

Review = Callable[..., Result]


@pytest.fixture
def review(tmp_path, git, monkeypatch) -> Review:
    """A repository with one commit of the system; runs `cncb review` at its top."""
    top = tmp_path / "repository"
    (top / "topologies/shop/hooks/storefront").mkdir(parents=True)
    (top / FILE).write_text(SYSTEM)
    (top / "topologies/shop/hooks/storefront/names.py").write_text(HOOK)
    git("init", "--quiet", "--initial-branch=main", cwd=top)
    git("add", "--all", cwd=top)
    git("commit", "--quiet", "-m", "first", cwd=top)
    monkeypatch.chdir(top)
    for name in ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        monkeypatch.delenv(name, raising=False)
    return lambda *arguments: CliRunner().invoke(cli, ["review", *arguments], catch_exceptions=False)


def edit(old: str, new: str) -> None:
    text = Path(FILE).read_text()
    assert old in text
    Path(FILE).write_text(text.replace(old, new))


def test_what_was_there_is_not_new_wherever_it_moved(review) -> None:
    assert "CNCB216" in CliRunner().invoke(cli, ["check"]).stdout
    assert review().stdout == "<!-- cncb-review: shop -->\nNothing changed in `shop`.\n"
    edit("system: shop\n", "system: shop\n# a comment\n\n")
    assert review().stdout.endswith("\nNothing changed in `shop`.\n")
    Path("topologies/shop").rename("topologies/store")
    assert review("topologies").stdout == "<!-- cncb-review: shop -->\nNothing changed in `shop`.\n"


def test_new_findings_have_their_place_and_those_mended_are_counted(review) -> None:
    edit("fields: {id: order.id,", "fields: {id: order.ident,")
    edit("  order-paid: {entity: order, with: {order: Order}, external: true}\n", "")
    text = review("--against", "HEAD").stdout
    assert "### Findings: 1 new error, 1 mended\n\n- 🔴 **CNCB304 unknown-field** `order.ident` is" in text
    assert "(`topologies/shop/system.yaml:9`)\n" in text
    assert "> the working tree has 1 error: " in text


def test_hooks_and_settings_are_those_of_each_revision(review, git) -> None:
    Path("topologies/shop/hooks/storefront/names.py").write_text("")
    assert "1 new error" in review().stdout and "CNCB922" in review().stdout
    Path("topologies/shop/hooks/storefront/names.py").unlink()
    assert "### Findings: 1 new warning\n" in review().stdout
    Path("cncb.toml").write_text("[rules]\nCNCB921 = 'off'\n")
    assert "### Findings" not in review().stdout
    git("add", "--all", cwd=Path.cwd())
    git("commit", "--quiet", "-m", "settings", cwd=Path.cwd())
    Path("cncb.toml").unlink()
    assert "### Findings: 1 new warning\n" in review("--against", "HEAD").stdout
    Path("cncb.toml").write_text("[rules]\nnone = 'off'\n")
    assert "(`cncb.toml:2`)\n" in review("--against", "HEAD").stdout


def test_against_a_folder_or_a_manifest(review, tmp_path) -> None:
    assert CliRunner().invoke(cli, ["compile", "topologies/shop", "--out", str(tmp_path / "made")]).exit_code == 0
    against = ["--against", str(tmp_path / "made/shop/manifest.json")]
    assert review(*against).stdout.endswith("\nNothing changed in `shop`.\n")
    edit("fields: {id: order.id,", "fields: {id: order.ident,")
    assert "### Findings: 1 new error\n" in review(*against).stdout
    assert "### Findings: 1 new error\n" in review("--against", "HEAD").stdout
    (tmp_path / "was").mkdir()
    (tmp_path / "was/system.yaml").write_text(SYSTEM)
    assert "### Findings: 1 new error, 1 mended\n" in review("--against", str(tmp_path / "was")).stdout, (
        "it has no hook"
    )


def test_a_system_that_is_new_and_one_that_is_gone(review) -> None:
    Path("topologies/depot").mkdir()
    Path("topologies/depot/system.yaml").write_text(SYSTEM.replace("system: shop", "system: depot"))
    Path(FILE).unlink()
    text = review("topologies", "--against", "HEAD").stdout
    assert text.startswith("<!-- cncb-review: depot -->\n<!-- cncb-review: shop -->\n## 🟢 depot: ")
    assert "### Findings: 2 new warnings\n" in text
    assert "## 🔴 shop: " in text


@pytest.mark.parametrize(
    ("new", "level", "code"),
    [
        ("sku: integer}", "breaking", 1),
        ("sku: string, note: string?}", "risky", 0),
        ("sku: string, note: string?}", "any", 1),
    ],
)
def test_fail_on_writes_the_comment_first(review, new: str, level: str, code: int) -> None:
    edit("sku: string}", new)
    done = review("--fail-on", level, "-o", "comment.md")
    assert (done.exit_code, done.output) == (code, "")
    assert Path("comment.md").read_text().startswith("<!-- cncb-review: shop -->\n## ")


def test_wrong_usage(review) -> None:
    assert review("--against", "nowhere").exit_code == 2
    assert "neither an address" in review("--html", "javascript:alert(1)").stderr
    assert (
        review("-o", "no/such/folder.md").stderr
        == "cncb: `no/such/folder.md` cannot be written: No such file or directory.\n"
    )
    assert review("--html", "build/diff.html").exit_code == 0
