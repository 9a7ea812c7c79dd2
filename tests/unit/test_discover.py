"""Which systems a PATH means, which files belong to them, and what cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cncb_compiler.source.discover import NoSystemError, systems


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two systems below topologies/."""
    write(tmp_path, ".git/HEAD", "")
    write(tmp_path, "topologies/shop/system.yaml", "system: shop\n")
    write(tmp_path, "topologies/shop/services/b.yaml", "service: b\n")
    write(tmp_path, "topologies/shop/services/a.yml", "service: a\n")
    write(tmp_path, "topologies/cookbook/saga/saga.yaml", "# saga\nsystem: saga\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(root: Path, name: str, text: str | bytes) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def names(path: Path | None) -> list[list[str]]:
    return [[file.name for file in source.files] for source in systems(path)]


SHOP = ["services/a.yml", "services/b.yaml", "system.yaml"]


def test_a_system_folder(tree: Path) -> None:
    (source,) = systems(Path("topologies/shop"))
    assert source.root == Path("topologies/shop")
    assert [file.name for file in source.files] == SHOP
    assert source.files[0].text == "service: a\n"
    assert source.diagnostics == ()
    assert source.only_file is None


def test_a_folder_with_systems_below_it(tree: Path) -> None:
    assert names(Path("topologies")) == [["saga.yaml"], SHOP]


def test_a_folder_inside_a_system(tree: Path) -> None:
    assert names(Path("topologies/shop/services")) == [SHOP]


def test_a_file_that_declares_its_system_stands_alone(tree: Path) -> None:
    write(tree, "topologies/shop/other.yaml", "system: other\n")
    (source,) = systems(Path("topologies/shop/other.yaml"))
    assert [file.name for file in source.files] == ["other.yaml"]
    assert source.only_file is None


def test_any_other_file_means_its_whole_system(tree: Path) -> None:
    (source,) = systems(Path("topologies/shop/services/b.yaml"))
    assert [file.name for file in source.files] == SHOP
    assert source.only_file == "services/b.yaml"


def test_default_is_the_system_one_stands_in(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree / "topologies/shop/services")
    assert names(None) == [SHOP]


def test_default_is_else_topologies(tree: Path) -> None:
    assert names(None) == [["saga.yaml"], SHOP]


def test_a_system_outside_the_repository_is_not_looked_for(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tree, "system.yaml", "system: outer\n")
    (tree / "inner/.git").mkdir(parents=True)
    monkeypatch.chdir(tree / "inner")
    with pytest.raises(NoSystemError):
        systems(None)


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("nowhere", "does not exist"),
        ("empty", "no system"),
        ("empty/a.txt", "not a YAML file"),
        ("empty/a.yaml", "belongs to no system"),
        ("topologies/shop/hooks/h.yaml", "not read as a part"),
    ],
)
def test_no_system_is_a_mistake_of_usage(tree: Path, path: str, part: str) -> None:
    write(tree, "empty/a.txt", "")
    write(tree, "empty/a.yaml", "service: a\n")
    write(tree, "topologies/shop/hooks/h.yaml", "x: 1\n")
    with pytest.raises(NoSystemError, match=part):
        systems(Path(path))


@pytest.mark.parametrize(
    "name",
    [
        "scenarios/x.yaml",
        "hooks/x.yaml",
        "generated/x.yaml",
        "node_modules/x.yaml",
        ".a/x.yaml",
        ".x.yaml",
        "x.json",
    ],
)
def test_left_out(tree: Path, name: str) -> None:
    write(tree, f"topologies/shop/{name}", "\xff")
    write(tree, f"topologies/shop/services/{name}", "\xff")
    (source,) = systems(Path("topologies/shop"))
    assert [file.name for file in source.files] == SHOP
    assert source.diagnostics == ()


@pytest.mark.parametrize(
    "text", ["system : x\n", "'system': x\n", '"system": x\n', "a: 1\r\nsystem: x\r\n", "\ufeffsystem: x\n"]
)
def test_ways_to_write_the_key(tmp_path: Path, text: str) -> None:
    write(tmp_path, "s.yaml", text)
    assert names(tmp_path) == [["s.yaml"]]


@pytest.mark.parametrize("text", ["a:\n  system: x\n", "# system: x\n", "systems: x\n", "system:x\n", "x: system\n"])
def test_what_is_not_the_key(tmp_path: Path, text: str) -> None:
    write(tmp_path, "s.yaml", text)
    with pytest.raises(NoSystemError):
        systems(tmp_path)


def found(path: Path) -> list[tuple[str, str]]:
    (source,) = systems(path)
    return [(one.code, one.at.file) for one in source.diagnostics]


def test_files_that_cannot_be_read(tree: Path) -> None:
    shop = tree / "topologies/shop"
    write(shop, "latin.yaml", b"a: \xe9\n")
    write(shop, "large.yaml", b"a: " + b"x" * 1024 * 1024)
    (shop / "gone.yaml").symlink_to("missing.yaml")
    os.mkfifo(shop / "pipe.yaml")
    assert sorted(found(shop)) == [
        ("CNCB011", "large.yaml"),
        ("CNCB014", "latin.yaml"),
        ("CNCB015", "gone.yaml"),
        ("CNCB015", "pipe.yaml"),
    ]
    assert names(shop) == [SHOP]


def test_a_file_name_that_is_not_utf8(tree: Path) -> None:
    shop = tree / "topologies/shop"
    Path(os.fsdecode(os.fsencode(shop) + b"/\xff.yaml")).write_text("a: 1\n")
    assert found(shop) == [("CNCB015", "\\udcff.yaml")]


def test_links_out_of_the_folder(tree: Path) -> None:
    shop = tree / "topologies/shop"
    outside = write(tree, "outside/x.yaml", "service: x\n")
    (shop / "x.yaml").symlink_to(outside)
    (shop / "more").symlink_to(outside.parent)
    assert found(shop) == [("CNCB016", "more"), ("CNCB016", "x.yaml")]
    assert names(shop) == [SHOP]


def test_links_inside_the_folder_are_read_once(tree: Path) -> None:
    shop = tree / "topologies/shop"
    write(shop, ".data/c.yaml", "service: c\n")
    (shop / "c.yaml").symlink_to(".data/c.yaml")
    (shop / "same.yaml").symlink_to("services/b.yaml")
    (shop / "services/loop").symlink_to(shop)
    (source,) = systems(shop)
    assert [file.name for file in source.files] == ["c.yaml", *SHOP]
    assert source.diagnostics == ()


def test_a_system_inside_a_system(tree: Path) -> None:
    shop = tree / "topologies/shop"
    write(shop, "inner/deep/system.yaml", "system: inner\n")
    write(shop, "inner/deep/services/x.yaml", "service: x\n")
    assert found(shop) == [("CNCB017", "inner/deep/system.yaml")]
    assert names(shop) == [SHOP]
