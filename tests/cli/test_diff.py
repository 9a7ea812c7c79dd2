"""`cncb diff` in its formats, of a part, against what a compile left; and its use by `cncb compile --check`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cncb_compiler.cli.main import cli

BEFORE = (Path(__file__).parents[2] / "cncb_compiler" / "docs" / "revisions" / "before.yaml").read_text()
AFTER = (Path(__file__).parents[2] / "cncb_compiler" / "docs" / "revisions" / "after.yaml").read_text()

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `cncb` in a folder with the revision after in `now` and the one before in `was`."""
    for folder, text in (("now", AFTER), ("was", BEFORE)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "system.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(cli, list(arguments), catch_exceptions=False)


def test_every_format_has_every_change(run: Run) -> None:
    shown = {name: run("diff", "now", "--against", "was", "--format", name) for name in ("text", "markdown", "html")}
    document = json.loads(run("diff", "now", "--against", "was", "--format", "json").stdout)
    codes = [change["code"] for change in document["systems"][0]["changes"]]
    assert set(codes) == {"DIFF103", "DIFF401", "DIFF304"}
    for result in shown.values():
        assert result.exit_code == 0
        assert all(code in result.stdout for code in codes)


def test_a_folder_of_output_and_a_manifest_say_as_much_as_the_system(run: Run) -> None:
    assert run("compile", "was", "--out", "made").exit_code == 0
    by_system = run("diff", "now", "--against", "was", "--format", "json").stdout
    for against in ("made/shop/manifest.json", "made/shop", "./made"):
        by_manifest = run("diff", "now", "--against", against, "--format", "json").stdout
        assert _said(by_manifest) == _said(by_system)


def _said(document: str) -> list[tuple[str, str, str]]:
    changes = json.loads(document)["systems"][0]["changes"]
    return [(change["code"], change["subject"], change["message"]) for change in changes]


@pytest.mark.parametrize(
    ("content", "why"),
    [("{", "is no JSON"), ("[]", "is no manifest of cncb"), ('{"version": 1, "system": "shop"}', "an older cncb")],
)
def test_a_file_that_is_no_manifest(run: Run, content: str, why: str) -> None:
    Path("other.json").write_text(content)
    result = run("diff", "now", "--against", "other.json")
    assert (result.exit_code, why in result.output) == (2, True)
    assert run("diff", "now", "--against", "nowhere.json").output == "cncb: `nowhere.json` does not exist.\n"


def test_a_selector_shows_what_it_is_about_and_what_affects_it(run: Run) -> None:
    def shown(*selectors: str) -> set[str]:
        result = run("diff", "now", "--against", "was", "--format", "json", *selectors)
        return {change["code"] for change in json.loads(result.stdout)["systems"][0]["changes"]}

    assert shown("--select", "view:storefront.orders") == {"DIFF103"}
    assert shown("--select", "query:storefront.order") == {"DIFF103", "DIFF401"}
    assert shown("--select", "changed", "--exclude", "event:*") >= {"DIFF401"}
    assert shown("--select", "command:orders.submit") == set()
    assert run("diff", "now", "--against", "was", "--select", "nobody").exit_code == 2


def test_errors_are_said_and_fail_where_anything_may(run: Run) -> None:
    Path("now/system.yaml").write_text(BEFORE.replace("id: uuid, sku: string,", "id: uuid,"))
    result = run("diff", "now", "--against", "was")
    assert result.exit_code == 0
    assert "DIFF101 field-removed: event order-submitted: `order.sku` (string) is gone" in result.stdout
    assert "affects view:storefront.orders: keeps it as `item`" in result.stdout
    assert "note: the working tree has" in result.stdout
    assert run("diff", "now", "--against", "was", "--fail-on", "breaking").exit_code == 1


def test_compile_check_says_what_the_difference_means(run: Run) -> None:
    run("compile", "was", "--out", "made")
    result = run("compile", "now", "--out", "made", "--check")
    assert result.exit_code == 1
    assert "shop: the topology against made/shop/manifest.json" in result.stdout
    assert "DIFF401 auth-weakened: query storefront.order: everybody may call GET /orders/{id}" in result.stdout
    assert result.stdout.endswith("shop: differs from its topology; run `cncb compile`\n")
    assert "against" not in run("compile", "was", "--out", "made", "--check").stdout


def test_the_day_decides_over_an_acceptance(run: Run) -> None:
    accept = "accept: [{change: auth-weakened, of: 'query:*', reason: Public by now., until: 2026-06-30}]\n"
    Path("now/system.yaml").write_text(AFTER.replace("types:", f"{accept}types:"))
    before = run("diff", "now", "--against", "was", "--today", "2026-06-30").stdout
    assert "breaking, but accepted: Public by now. (until 2026-06-30)" in before
    after = run("diff", "now", "--against", "was", "--today", "2026-07-01").stdout
    assert "was over on 2026-06-30" in after
    assert "accepted:" not in after
