"""`cncb docs`: what it writes and removes, what it leaves alone, and the history that git tells it."""

from __future__ import annotations

import os
import subprocess
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
RETYPED = WIDER.replace("sku: string,", "sku: integer,")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with a system in `shop/`, which is the working folder; git finds no repository above it."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "system.yaml").write_text(SYSTEM)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["docs", *arguments], catch_exceptions=False)


def content(site: Path) -> dict[str, bytes]:
    return {str(path.relative_to(site)): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


def test_it_writes_a_site_and_then_only_what_differs(folder: Path) -> None:
    first = run("shop")
    assert first.exit_code == 0
    assert first.output == "site/index.html: 16 files, 16 written\n"
    before = content(folder / "site")
    assert run("shop").output == "site/index.html: 16 files, 0 written\n"
    assert content(folder / "site") == before
    assert run("shop", "-o", "other").exit_code == 0
    assert content(folder / "other") == before, "the same system gives the same bytes"
    assert not (folder / ".cncb").exists()


def test_pages_of_what_is_gone_go_and_nothing_else(folder: Path) -> None:
    run("shop")
    (folder / "site" / "notes.txt").write_text("mine")
    (folder / "shop" / "system.yaml").write_text(SYSTEM.replace("Order", "Purchase"))
    assert run("shop").output.endswith("1 removed\n")
    assert not (folder / "site" / "type" / "Order.html").exists()
    assert (folder / "site" / "type" / "Purchase.html").exists()
    assert (folder / "site" / "notes.txt").read_text() == "mine"


def test_an_edited_page_is_not_overwritten(folder: Path) -> None:
    run("shop")
    page = folder / "site" / "index.html"
    page.write_text("edited")
    (folder / "shop" / "system.yaml").write_text(SYSTEM.replace("system: shop", "system: shop\ndescription: Sells."))
    result = run("shop")
    assert result.exit_code == 1
    assert result.stderr.startswith("site/index.html:1:1 error CNCB951 edited-output")
    assert page.read_text() == "edited"


@pytest.mark.parametrize("name", ["docs", "generated/shop"])
def test_a_folder_of_something_else_is_refused(folder: Path, name: str) -> None:
    if name == "docs":
        (folder / "docs").mkdir()
        (folder / "docs" / "guide.md").write_text("By hand.")
    else:
        CliRunner().invoke(cli, ["compile", "shop"], catch_exceptions=False)
    before = content(folder / name)
    assert before
    result = run("shop", "-o", name)
    assert result.exit_code == 2
    assert "A site needs a folder of its own" in result.stderr
    assert content(folder / name) == before


def test_several_systems_have_a_folder_each(folder: Path) -> None:
    (folder / "shop" / "system.yaml").rename(folder / "system.yaml")
    for name in ("one", "two"):
        (folder / "all" / name).mkdir(parents=True)
        (folder / "all" / name / "system.yaml").write_text(SYSTEM.replace("system: shop", f"system: {name}"))
    assert run("all").exit_code == 0
    site = content(folder / "site")
    assert {"index.html", "assets/index.js", "one/index.html", "two/event/order-submitted.html"} <= set(site)
    assert b'href="one/index.html"' in site["index.html"]
    assert b'href="../index.html"' in site["one/index.html"]
    assert b'"two/event/order-submitted.html"' in site["assets/index.js"]


def test_errors_are_told_and_the_rest_is_written(folder: Path) -> None:
    (folder / "shop" / "system.yaml").write_text(SYSTEM.replace("on: order-submitted", "on: order-submited"))
    result = run("shop")
    assert result.exit_code == 1
    assert "`shop` has errors" in result.stderr
    assert (folder / "site" / "event" / "order-submitted.html").exists()


@pytest.fixture
def git(folder: Path) -> Callable[..., None]:
    """Run git in the folder, by an author and at a time of its own."""

    def command(*arguments: str) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_NAME": "a" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "a@example.com" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_DATE": "2026-01-31T12:00:00Z" for who in ("AUTHOR", "COMMITTER")},
        }
        subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)

    return command


def page(folder: Path, path: str = "event/order-submitted.html") -> str:
    history = (folder / "site" / path).read_text().partition('id="history"')[2]
    from catalogue_sites import seen

    return seen(f"<p {history}").text


def test_without_git_and_without_tags_the_history_says_so(folder: Path, git: Callable[..., None]) -> None:
    run("shop")
    assert "in no git repository" in page(folder)
    git("init", "--quiet", "-b", "main")
    run("shop")
    assert "has no commit yet" in page(folder)
    git("add", ".")
    git("commit", "--quiet", "-m", "one")
    run("shop")
    assert "No git tag holds the system yet." in page(folder)


def test_the_history_is_told_tag_by_tag_newest_first(folder: Path, git: Callable[..., None]) -> None:
    git("init", "--quiet", "-b", "main")
    system = folder / "shop" / "system.yaml"
    for tag, text in (("v1", SYSTEM), ("v2", WIDER), ("docs-only", WIDER), ("v3", RETYPED)):
        system.write_text(text)
        (folder / "note").write_text(tag)
        git("add", ".")
        git("commit", "--quiet", "-m", tag)
        git("tag", "-a", "-m", tag, tag) if tag == "v2" else git("tag", tag)
    git("tag", "latest")
    system.write_text(RETYPED.replace("with: {order: Order}", "with: {order: Order, at: timestamp?}"))
    run("shop")
    told = page(folder)
    places = [told.index(name) for name in ("not in a tag yet", "latest, v3 2026-01-31", "v2 2026-01-31")]
    assert places == sorted(places)
    assert "order.note" in told[places[2] :] and "order.sku" in told[places[1] : places[2]]
    assert "docs-only" not in told, "a tag in which the system does not differ is passed over"
    assert "breaking" in told[places[1] : places[2]]
    assert "order.sku" in page(folder, "type/Order.html"), "a type has the history of its fields"
    run("shop", "--tags", "1")
    assert "Older tags are left out" in page(folder)
    run("shop", "--tags", "0")
    assert "Not asked for" in page(folder)
