"""The output tree: only what changed, all or nothing, never over somebody's work."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path

import orjson
import pytest

from cncb_compiler.write.comparison import DIFF_LINES, Comparison
from cncb_compiler.write.staging import Staging, Written

OLD = {
    "manifest.json": b"{1}\n",
    "order-bff/template.json": b"{old}\n",
    "order-bff/submit/handler.py": b"pass\n",
    "retired/template.json": b"{}\n",
    "retired/gone/handler.py": b"gone\n",
    "retired/README.md": b"old\n",
}
NEW = {
    "manifest.json": b"{2}\n",
    "order-bff/template.json": b"{new}\n",
    "order-bff/submit/handler.py": b"pass\n",
    "order-bff/cancel/handler.py": b"cancel\n",
    "storefront/template.json": b"{}\n",
    "storefront/view/handler.py": b"view\n",
}


def put(out: Path, files: Mapping[str, bytes], **options: object) -> Written:
    with Staging(out, "shop", wait=0, **options) as stage:  # type: ignore[arg-type]
        for path, content in files.items():
            stage.add(path, content)
        return stage.commit()


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def codes(written: Written) -> list[tuple[str, str]]:
    return [(found.code, found.at.file) for found in written.refused]


def files_of(out: Path) -> dict[str, bytes]:
    return {path: content for path, content in tree(out / "shop").items() if path != ".cncb-files.json"}


def test_first_commit_makes_everything(tmp_path: Path) -> None:
    written = put(tmp_path / "out", OLD)
    assert written.created == tuple(sorted(OLD))
    assert (written.changed, written.removed, written.unchanged, written.refused) == ((), (), 0, ())
    assert files_of(tmp_path / "out") == OLD
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["shop"]


def test_second_commit_touches_nothing(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    before = {path: path.stat() for path in tmp_path.rglob("*")}
    written = put(tmp_path, OLD)
    assert written == Written(unchanged=len(OLD), seen=written.seen)
    after = {path: path.stat() for path in tmp_path.rglob("*")}
    assert {path: (found.st_ino, found.st_mtime_ns) for path, found in after.items()} == {
        path: (found.st_ino, found.st_mtime_ns) for path, found in before.items()
    }


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    inode = (tmp_path / "shop/order-bff/submit/handler.py").stat().st_ino
    written = put(tmp_path, NEW)
    assert written.created == (
        "order-bff/cancel/handler.py",
        "storefront/template.json",
        "storefront/view/handler.py",
    )
    assert written.changed == ("manifest.json", "order-bff/template.json")
    assert written.removed == ("retired/README.md", "retired/gone/handler.py", "retired/template.json")
    assert written.unchanged == 1
    assert files_of(tmp_path) == NEW
    assert not (tmp_path / "shop/retired").exists()
    assert (tmp_path / "shop/order-bff/submit/handler.py").stat().st_ino == inode


def test_list_is_sorted_and_the_same_in_any_order(tmp_path: Path) -> None:
    put(tmp_path / "a", NEW)
    put(tmp_path / "b", dict(reversed(NEW.items())))
    text = (tmp_path / "a/shop/.cncb-files.json").read_bytes()
    assert text == (tmp_path / "b/shop/.cncb-files.json").read_bytes()
    assert text.endswith(b"}\n")
    value = orjson.loads(text)
    assert value["version"] == 1
    assert list(value["files"]) == sorted(NEW)


def test_nothing_wanted_removes_everything(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    assert put(tmp_path, {}).removed == tuple(sorted(OLD))
    assert list(tmp_path.iterdir()) == []
    assert put(tmp_path, {}) == Written()
    assert list(tmp_path.iterdir()) == []


def test_foreign_files_beside_the_output_stay(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    (tmp_path / "shop/retired/gone/notes.txt").write_text("mine")
    assert put(tmp_path, NEW).refused == ()
    assert tree(tmp_path / "shop/retired") == {"gone/notes.txt": b"mine"}


@pytest.mark.parametrize("path", ["order-bff/template.json", "retired/README.md"])
def test_edited_file_stops_everything(tmp_path: Path, path: str) -> None:
    put(tmp_path, OLD)
    (tmp_path / "shop" / path).write_bytes(b"edited\n")
    before = tree(tmp_path)
    written = put(tmp_path, NEW)
    assert codes(written) == [("CNCB951", f"shop/{path}")]
    assert (written.created, written.changed, written.removed) == ((), (), ())
    assert tree(tmp_path) == before
    (tmp_path / "shop" / path).unlink()
    assert put(tmp_path, NEW).refused == ()
    assert files_of(tmp_path) == NEW


def test_edit_to_what_is_wanted_is_no_conflict(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    (tmp_path / "shop/order-bff/template.json").write_bytes(NEW["order-bff/template.json"])
    assert put(tmp_path, NEW).refused == ()
    assert files_of(tmp_path) == NEW


def test_foreign_file_in_the_way_stops_everything(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    (tmp_path / "shop/storefront").mkdir()
    (tmp_path / "shop/storefront/template.json").write_bytes(b"mine")
    before = tree(tmp_path)
    assert codes(put(tmp_path, NEW)) == [("CNCB952", "shop/storefront/template.json")]
    assert tree(tmp_path) == before


def test_foreign_folder_and_file_in_each_others_place(tmp_path: Path) -> None:
    (tmp_path / "shop/manifest.json").mkdir(parents=True)
    (tmp_path / "shop/storefront").write_bytes(b"mine")
    assert set(codes(put(tmp_path, NEW))) == {
        ("CNCB952", "shop/manifest.json"),
        ("CNCB952", "shop/storefront"),
    }


def test_foreign_file_with_the_wanted_content_is_taken_over(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    (tmp_path / "shop/.cncb-files.json").unlink()
    assert put(tmp_path, OLD).unchanged == len(OLD)
    assert put(tmp_path, NEW).refused == ()
    assert files_of(tmp_path) == NEW


def test_many_findings_are_counted(tmp_path: Path) -> None:
    files = {f"s/{number:03}": b"x" for number in range(100)}
    put(tmp_path, files)
    for path in files:
        (tmp_path / "shop" / path).write_bytes(b"edited")
    refused = put(tmp_path, dict.fromkeys(files, b"y")).refused
    assert len(refused) == 21
    assert "79 more" in refused[-1].message


@pytest.mark.parametrize(
    "path",
    [
        *(
            "../x",
            "/etc/passwd",
            "a/../../x",
            "",
            "a//b",
            "a/",
            "./a",
            "a\\b",
            "a\0b",
            "c:x",
            "a\nb",
            "a\ud800b",
        ),
        *(".cncb-files.json", "x" * 256, "a\n"),
    ],
)
def test_unsafe_paths_are_refused(tmp_path: Path, path: str) -> None:
    written = put(tmp_path / "out", {**NEW, path: b"x"})
    assert [found.code for found in written.refused] == ["CNCB953"]
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("system", ["..", "a/b", "", ".", "/tmp"])
def test_unsafe_system_is_refused(tmp_path: Path, system: str) -> None:
    stage = Staging(tmp_path / "out", system, wait=0)
    stage.add("a", b"")
    assert [found.code for found in stage.commit().refused] == ["CNCB953"]
    assert tree(tmp_path) == {}


def test_names_that_collide_are_refused(tmp_path: Path) -> None:
    written = put(tmp_path, {"a/B": b"1", "a/b": b"2", "f": b"", "f/g": b""})
    assert {found.code for found in written.refused} == {"CNCB953"}
    assert {found.at.file for found in written.refused} == {"shop/a/b", "shop/f/g"}
    with Staging(tmp_path, "shop", wait=0) as stage:
        stage.add("a", b"1")
        stage.add("a", b"1")
        assert codes(stage.commit()) == [("CNCB953", "shop/a")]
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("link", ["shop", "shop/order-bff", "shop/order-bff/template.json", ".cncb"])
def test_symbolic_links_are_refused(tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "out" / link).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "out" / link).symlink_to(elsewhere)
    refused = put(tmp_path / "out", NEW).refused
    assert {found.code for found in refused} == {"CNCB953"}
    assert list(elsewhere.iterdir()) == []


def test_orphan_behind_a_symbolic_link_is_not_removed(tmp_path: Path) -> None:
    put(tmp_path / "out", OLD)
    (tmp_path / "out/shop/retired").rename(tmp_path / "elsewhere")
    (tmp_path / "out/shop/retired").symlink_to(tmp_path / "elsewhere")
    assert {found.code for found in put(tmp_path / "out", NEW).refused} == {"CNCB953"}
    assert (tmp_path / "elsewhere/template.json").exists()


@pytest.mark.parametrize(
    "text", [b"", b"<<<<<<< HEAD", b'{"version":2,"files":{}}', b'{"version":1,"files":{"../x":""}}']
)
def test_damaged_list_stops_everything(tmp_path: Path, text: bytes) -> None:
    put(tmp_path, OLD)
    (tmp_path / "shop/.cncb-files.json").write_bytes(text)
    before = tree(tmp_path)
    assert codes(put(tmp_path, NEW)) == [("CNCB954", "shop/.cncb-files.json")]
    assert tree(tmp_path) == before


def test_only_a_part_leaves_the_rest(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    written = put(tmp_path, {"order-bff/template.json": b"{new}\n"}, only={"order-bff"})
    assert written.changed == ("order-bff/template.json",)
    assert written.removed == ("order-bff/submit/handler.py",)
    assert "retired/template.json" in files_of(tmp_path)
    assert put(tmp_path, OLD).refused == ()


def test_second_run_is_told(tmp_path: Path) -> None:
    with Staging(tmp_path, "shop", wait=0) as first:
        first.add("a", b"1")
        assert codes(put(tmp_path, NEW)) == [("CNCB954", "shop")]
        assert put(tmp_path / "other", NEW).refused == ()
        assert first.commit().created == ("a",)
    assert put(tmp_path, NEW).refused == ()


def test_abort_leaves_nothing(tmp_path: Path) -> None:
    with Staging(tmp_path, "shop", wait=0) as stage:
        stage.add("a", b"1")
    assert list(tmp_path.iterdir()) == []


def test_workers_add_from_forked_processes(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    with Staging(tmp_path, "shop", wait=0) as stage:
        receiving, sending = os.pipe()
        child = os.fork()
        if child == 0:
            import pickle

            batch = stage.worker()
            for path, content in NEW.items():
                if path != "manifest.json":
                    batch.add(path, content)
            os.write(sending, pickle.dumps(batch.results()))
            os._exit(0)
        os.close(sending)
        import pickle

        with os.fdopen(receiving, "rb") as stream:
            stage.merge(pickle.loads(stream.read()))
        os.waitpid(child, 0)
        stage.add("manifest.json", NEW["manifest.json"])
        assert stage.commit().unchanged == 1
    assert files_of(tmp_path) == NEW


def killed_at(step: int, out: Path, files: Mapping[str, bytes]) -> bool:
    """Run a compile in a child that is killed after its step number `step`. False if it ended before."""
    child = os.fork()
    if child == 0:
        left = step

        def after(name: str) -> None:
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

        put(out, files, after=after)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.parametrize(
    ("old", "new"),
    [({}, NEW), (OLD, NEW), (OLD, {}), ({"a/b": b"1"}, {"a/c": b"1"})],
    ids=["cold", "change", "empty", "swap"],
)
def test_killed_at_any_step(tmp_path: Path, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> None:
    step = 0
    seen = set()
    while True:
        out = tmp_path / str(step)
        put(out, old)
        if not killed_at(step, out, new):
            break
        half = files_of(out)
        assert all(content in (old.get(path), new.get(path)) for path, content in half.items())
        Staging(out, "shop", wait=0).abort()
        recovered = files_of(out)
        assert recovered in (old, new)
        seen.add(recovered == new)
        assert not (out / ".cncb").exists()
        assert put(out, new).refused == ()
        assert files_of(out) == new
        assert put(out, new).unchanged == len(new)
        step += 1
    assert step > 5
    assert seen == {True, False}


def test_edit_between_kill_and_recovery_is_kept(tmp_path: Path) -> None:
    step = 0
    stopped = 0
    while True:
        out = tmp_path / str(step)
        put(out, OLD)
        if not killed_at(step, out, NEW):
            break
        (out / "shop/order-bff/template.json").write_bytes(b"edited\n")
        before = tree(out / "shop")
        written = put(out, NEW)
        assert codes(written) == [("CNCB951", "shop/order-bff/template.json")]
        assert (out / "shop/order-bff/template.json").read_bytes() == b"edited\n"
        stopped += tree(out / "shop") == before
        (out / "shop/order-bff/template.json").unlink()
        assert put(out, NEW).refused == ()
        assert files_of(out) == NEW
        step += 1
    assert stopped > 5


def test_damaged_journal_is_told(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    (tmp_path / ".cncb/shop.staging").mkdir(parents=True)
    journal = tmp_path / ".cncb/shop.staging/journal.json"
    for text in (b"{", b"[]", b'{"version":1,"removes":{"../x":""},"folders":[],"files":{},"empty":false}'):
        journal.write_bytes(text)
        assert codes(put(tmp_path, NEW)) == [("CNCB954", "shop")]
        assert files_of(tmp_path) == OLD


def test_error_of_the_system_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, OLD)
    rename = os.rename
    count = 0

    def full(source: str, target: str) -> None:
        nonlocal count
        count += 1
        if count == 3:
            raise OSError(28, "No space left on device", target)
        rename(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", full)
        written = put(tmp_path, NEW)
    assert [found.code for found in written.refused] == ["CNCB954"]
    assert put(tmp_path, NEW).refused == ()
    assert files_of(tmp_path) == NEW


def compared(out: Path, files: Mapping[str, bytes]) -> Comparison:
    comparison = Comparison(out, "shop")
    for path, content in files.items():
        comparison.add(path, content)
    return comparison


def test_check_tells_all_and_writes_nothing(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    before = tree(tmp_path)
    found = compared(tmp_path, NEW).differences()
    assert tree(tmp_path) == before
    assert not found.same
    assert found.missing == (
        "order-bff/cancel/handler.py",
        "storefront/template.json",
        "storefront/view/handler.py",
    )
    assert found.orphaned == ("retired/README.md", "retired/gone/handler.py", "retired/template.json")
    assert found.changed[1] == (
        "order-bff/template.json",
        "--- a/shop/order-bff/template.json\n+++ b/shop/order-bff/template.json\n@@ -1 +1 @@\n-{old}\n+{new}\n",
    )
    assert (found.edited, found.diagnostics) == ((), ())
    assert compared(tmp_path, OLD).differences().same


def test_check_tells_edited_files_and_the_list(tmp_path: Path) -> None:
    put(tmp_path, OLD)
    (tmp_path / "shop/manifest.json").write_bytes(b"edited\n")
    found = compared(tmp_path, OLD).differences()
    assert found.edited == ("manifest.json",)
    assert [path for path, _ in found.changed] == ["manifest.json"]
    put(tmp_path / "b", OLD)
    (tmp_path / "b/shop/.cncb-files.json").unlink()
    found = compared(tmp_path / "b", OLD).differences()
    assert [path for path, _ in found.changed] == [".cncb-files.json"]


def test_check_bounds_its_diffs(tmp_path: Path) -> None:
    put(tmp_path, {"a": b"x\n" * 5000, "b": b"\xff", "c": b"1"})
    found = compared(tmp_path, {"a": b"y\n" * 5000, "b": b"\xfe", "c": b"2\n"}).differences()
    diffs = dict(found.changed)
    assert diffs["a"].count("\n") == DIFF_LINES + 1
    assert "not text" in diffs["b"]
    assert "\\ No newline at end of file" in diffs["c"]


def test_check_of_no_output_at_all(tmp_path: Path) -> None:
    assert compared(tmp_path / "none", NEW).differences().missing == tuple(sorted(NEW))
    assert compared(tmp_path / "none", {}).differences().same
