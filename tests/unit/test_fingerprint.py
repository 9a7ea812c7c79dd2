"""The short cut may save work; it may never change a result."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cncb_compiler.digests import digest
from cncb_compiler.write import fingerprint
from cncb_compiler.write.staging import Staging, Written

FILES = {
    "manifest.json": b"{}\n",
    "a/template.json": b"{}\n",
    "a/f/handler.py": b"pass\n",
    "b/template.json": b"{}\n",
}
KEY = digest(["topology", b"template", "1.0"])


def compiled(out: Path) -> Written:
    with Staging(out, "shop", wait=0) as stage:
        for path, content in FILES.items():
            stage.add(path, content)
        return stage.commit()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    seen = compiled(tmp_path / "out").seen
    assert fingerprint.remember(tmp_path / "cache", tmp_path / "out", "shop", KEY, b"warnings", seen)
    return tmp_path


def ask(base: Path, key: str = KEY, system: str = "shop") -> bytes | None:
    return fingerprint.unchanged(base / "cache", base / "out", system, key)


def test_remembers_until_something_differs(base: Path) -> None:
    assert ask(base) == b"warnings"
    assert ask(base, digest(["other"])) is None
    assert ask(base, system="other") is None
    assert ask(base) == b"warnings"
    names = sorted(path.name for path in (base / "out/shop").iterdir())
    assert names == [".cncb-files.json", "a", "b", "manifest.json"]


def test_digest_keeps_inputs_apart() -> None:
    assert digest(["ab", "c"]) != digest(["a", "bc"])
    assert digest(["a"]) == digest([b"a"])


def test_cache_is_ignored_by_git(base: Path) -> None:
    assert (base / "cache/.gitignore").read_text() == "*\n"


def test_cache_may_be_deleted(base: Path) -> None:
    shutil.rmtree(base / "cache")
    assert ask(base) is None


def test_damaged_cache_is_a_miss(base: Path) -> None:
    (file,) = (base / "cache").glob("*.fingerprint")
    whole = file.read_bytes()
    for cut in (0, 1, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:cut])
        assert ask(base) is None
    file.write_bytes(whole[:-1] + b"?")
    assert ask(base) is None
    file.write_bytes(whole)
    assert ask(base) == b"warnings"


def test_waiting_commit_is_a_miss(base: Path) -> None:
    (base / "out/.cncb/shop.staging").mkdir(parents=True)
    assert ask(base) is None


def test_edit_during_the_compile_is_not_remembered(tmp_path: Path) -> None:
    seen = compiled(tmp_path / "out").seen
    (tmp_path / "out/shop/manifest.json").write_bytes(b"[]\n")
    os.utime(tmp_path / "out/shop/manifest.json", ns=(0, seen["manifest.json"][1] + 1))
    assert not fingerprint.remember(tmp_path / "cache", tmp_path / "out", "shop", KEY, b"", seen)


def test_coarse_clock_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = compiled(tmp_path / "out").seen
    monkeypatch.setattr(fingerprint, "_now", lambda folder: 1)
    monkeypatch.setattr(fingerprint, "_TICK", 0.0)
    assert not fingerprint.remember(tmp_path / "cache", tmp_path / "out", "shop", KEY, b"", seen)


def test_unchanged_compile_is_remembered_too(tmp_path: Path) -> None:
    compiled(tmp_path / "out")
    seen = compiled(tmp_path / "out").seen
    assert fingerprint.remember(tmp_path / "cache", tmp_path / "out", "shop", KEY, b"", seen)
    assert ask(tmp_path) == b""


def test_copied_output_is_a_miss(base: Path) -> None:
    shutil.copytree(base / "out", base / "copy")
    assert fingerprint.unchanged(base / "cache", base / "copy", "shop", KEY) is None


def same_size(path: Path) -> None:
    before = path.stat()
    path.write_bytes(b"?" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes())
    other.replace(path)


def linked(path: Path) -> None:
    moved = path.with_suffix(".moved")
    path.rename(moved)
    path.symlink_to(moved)


def folder_linked(path: Path) -> None:
    moved = path.parent.with_name(f"{path.parent.name}-moved")
    path.parent.rename(moved)
    path.parent.symlink_to(moved)


def appended(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


EDITS: dict[str, Callable[[Path], None]] = {
    "same size and time": same_size,
    "append": appended,
    "replace by its copy": replaced,
    "link": linked,
    "link the folder": folder_linked,
    "remove": Path.unlink,
    "touch": Path.touch,
    "read": lambda path: None,
    "stranger beside": lambda path: path.with_suffix(".txt").write_bytes(b"mine") and None,
}


HARMLESS = ("read", "stranger beside")


@pytest.mark.parametrize("edit", sorted(EDITS))
def test_each_edit_shows(base: Path, edit: str) -> None:
    EDITS[edit](base / "out/shop/a/f/handler.py")
    assert (ask(base) is None) is (edit not in HARMLESS)


@settings(max_examples=60, deadline=None)
@given(edits=st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.sampled_from(sorted(FILES))), max_size=3))
def test_hit_means_the_same_result(edits: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        base = Path(folder)
        seen = compiled(base / "out").seen
        assert fingerprint.remember(base / "cache", base / "out", "shop", KEY, b"warnings", seen)
        for edit, path in edits:
            try:
                EDITS[edit](base / "out/shop" / path)
            except OSError:
                continue
        if ask(base) is None:
            assert any(edit not in HARMLESS for edit, _ in edits)
        else:
            written = compiled(base / "out")
            assert (written.unchanged, written.refused) == (len(FILES), ())
