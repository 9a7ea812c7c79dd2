"""`cncb fmt`: in place, or only shown; which files a PATH means."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from cncb_compiler.cli.main import cli

UGLY = "system:   shop\nowner: 'me'   # who\n"
NICE = "system: shop\nowner: me # who\n"


@pytest.fixture
def fmt(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(cli, ["fmt", *map(str, arguments)])


def test_lays_out_a_system_in_place_and_keeps_its_permissions(fmt, write) -> None:
    root = write({"system.yaml": UGLY, "services/a.yaml": "service: a\n"})
    (root / "system.yaml").chmod(0o640)
    result: Result = fmt(".")
    assert result.exit_code == 0
    assert result.output == "laid out system.yaml\n1 of 2 files changed\n"
    assert (root / "system.yaml").read_text() == NICE
    assert (root / "system.yaml").stat().st_mode & 0o777 == 0o640
    assert fmt("--check").exit_code == 0


def test_check_writes_nothing_and_shows_the_difference(fmt, write) -> None:
    root = write({"shop/system.yaml": UGLY})
    result: Result = fmt("shop", "--check")
    assert result.exit_code == 1
    assert "--- shop/system.yaml\n+++ shop/system.yaml (laid out)\n" in result.output
    assert "-system:   shop\n" in result.output
    assert "+owner: me # who\n" in result.output
    assert (root / "shop/system.yaml").read_text() == UGLY


def test_a_file_needs_no_system_and_is_laid_out_alone(fmt, write) -> None:
    root = write({"one.yaml": "events:   {}\n", "two.yaml": "events:   {}\n"})
    assert fmt("one.yaml").exit_code == 0
    assert (root / "one.yaml").read_text() == "events: {}\n"
    assert (root / "two.yaml").read_text() == "events:   {}\n"


def test_all_systems_below_a_folder(fmt, write) -> None:
    root = write({"a/system.yaml": UGLY, "b/system.yaml": UGLY})
    assert "2 of 2 files changed" in fmt(".").output
    assert (root / "b/system.yaml").read_text() == NICE


@pytest.mark.parametrize("options", [[], ["--check"]])
def test_broken_yaml_is_reported_and_left_and_the_rest_done(fmt, write, options: list[str]) -> None:
    root = write({"system.yaml": "system: shop\n", "broken.yaml": "a: [\n"})
    result: Result = fmt(".", *options)
    assert result.exit_code == 1
    assert "CNCB001" in result.output
    assert "broken.yaml:" in result.output
    assert (root / "broken.yaml").read_text() == "a: [\n"


def test_a_link_stays_a_link(fmt, write) -> None:
    root = write({"system.yaml": "system: shop\n", "parts/a.txt": "events:   {}\n"})
    (root / "linked.yaml").symlink_to("parts/a.txt")
    assert fmt(".").exit_code == 0
    assert (root / "linked.yaml").is_symlink()
    assert (root / "parts/a.txt").read_text() == "events: {}\n"
    assert sorted(path.name for path in root.iterdir()) == ["linked.yaml", "parts", "system.yaml"]


def test_what_is_no_yaml_file_is_wrong_usage(fmt, write) -> None:
    write({"notes.txt": "x"})
    assert fmt("notes.txt").exit_code == 2
    assert fmt("missing").exit_code == 2
