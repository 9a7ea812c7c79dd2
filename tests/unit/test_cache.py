"""Where a check keeps what it remembers, and what it does not trust."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cncb_compiler import passes
from cncb_compiler.cache import checking
from cncb_compiler.cache.store import Store
from cncb_compiler.graph import linking
from cncb_compiler.rules import registry
from cncb_compiler.source.discover import read_whole


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CNCB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_remembers_for_the_same_folder_and_compiler(cache: Path, tmp_path: Path) -> None:
    Store(tmp_path, "compiler").save({"a": [1, None, "ü"]})
    assert Store(tmp_path, "compiler").load() == {"a": [1, None, "ü"]}
    assert Store(tmp_path, "another").load() == {}
    assert Store(tmp_path / "cache", "compiler").load() == {}


def test_the_users_own_eyes_only(cache: Path, tmp_path: Path) -> None:
    Store(tmp_path, "compiler").save({})
    (file,) = cache.iterdir()
    assert (cache.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)


def test_of_two_writers_the_last_is_remembered(cache: Path, tmp_path: Path) -> None:
    one, other = Store(tmp_path, "compiler"), Store(tmp_path, "compiler")
    assert one.load() == other.load() == {}
    one.save({"by": "one"})
    other.save({"by": "other"})
    assert one.load() == {"by": "other"}
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"\n{}", b"\xff\n{}", b"0" * 64 + b'\n{"a": 1}'])
def test_what_is_not_sealed_is_not_believed(cache: Path, tmp_path: Path, content: bytes) -> None:
    Store(tmp_path, "compiler").save({"a": 1})
    (file,) = cache.iterdir()
    file.write_bytes(content)
    assert Store(tmp_path, "compiler").load() == {}


def test_a_place_that_cannot_be_written_is_no_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    for place in (str(tmp_path / "file" / "cache"), str(tmp_path / "file"), "/proc/nowhere", ""):
        monkeypatch.setenv("CNCB_CACHE", place)
        store = Store(tmp_path, "compiler")
        store.save({"a": 1})
        assert store.load() == {}


def test_what_nobody_wrote_for_a_month_is_removed(cache: Path, tmp_path: Path) -> None:
    cache.mkdir()
    for name, days in (("gone.json", 31), ("kept.json", 29)):
        (cache / name).touch()
        os.utime(cache / name, (time.time() - days * 86400,) * 2)
    Store(tmp_path, "compiler").save({})
    assert {file.name for file in cache.iterdir()} & {"gone.json", "kept.json"} == {"kept.json"}


def test_nothing_changed_needs_no_compiler(cncb, write, tmp_path: Path) -> None:
    folder = write({"shop/system.yaml": "system: shop\nevents: {a: {with: {id: uuid}, partitionKey: id}}\n"})
    environment = {"CNCB_CACHE": str(tmp_path / "cache"), "CNCB_TRACEBACK": "1"}
    first = cncb("check", "shop", cwd=folder, **environment)
    asked = subprocess.run(
        [
            sys.executable,
            "-c",
            "import atexit, sys\n"
            "atexit.register(lambda: print(sorted({'pydantic', 'cncb_compiler.passes'} & set(sys.modules)), file=sys.stderr))\n"
            "from cncb_compiler.cli.main import main; sys.argv[1:] = ['check', 'shop']; main()",
        ],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
    )
    assert "CNCB216" in first.stdout
    assert (asked.stdout, asked.returncode, asked.stderr) == (first.stdout, first.returncode, "[]\n")


def test_what_is_edited_while_it_is_read_is_not_remembered(cache: Path, write, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "system: shop\nevents: {a: {with: {ref: uuid}, partitionKey: ref}}\nservices: {one: {commands: {c: {input: {ref: uuid}, publish: a}}}}\n"
    root = write({"shop/system.yaml": text}) / "shop"
    load_config = passes.load_config

    def edited(folder: Path, rules: Any) -> Any:
        (folder / "cncb.toml").write_text('[rules]\nCNCB402 = "off"\n')
        return load_config(folder, rules)

    with monkeypatch.context() as patched:
        patched.setattr(passes, "load_config", edited)
        assert checking.findings(read_whole(root)) == []
    (root / "cncb.toml").unlink()
    assert [one.code for one in checking.findings(read_whole(root))] == ["CNCB402"]


def test_two_checks_at_once_say_the_same(write, tmp_path: Path) -> None:
    folder = write({"shop/system.yaml": "system: shop\nevents: {a: {with: {id: uuid}, partitionKey: id}}\n"})
    command = [sys.executable, "-c", "from cncb_compiler.cli.main import main; main()", "check", "shop"]
    environment = {**os.environ, "NO_COLOR": "1", "CNCB_CACHE": str(tmp_path / "cache")}
    both = [subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = {process.communicate()[0] for process in both}
    said.add(subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True).stdout)
    assert len(said) == 1


def test_of_services_that_nobody_edited_only_what_is_asked_for_is_checked(
    cache: Path, write, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "service: {0}\napi: {{auth: none}}\nstores: {{a: {{of: {{id: uuid}}}}}}\ncommands:\n  c: {{input: {{id: uuid}}, write: a, set: {{id: input.id}}}}\n"
    root = write({"system.yaml": "system: shop\n", **{f"services/{one}.yaml": text.format(one) for one in ("a", "b")}})
    checked: list[str] = []
    ran: list[str] = []
    check, run_services = linking.check, registry.run_services

    def counted_check(tree: Any, scope: Any, target: Any, table: Any, at: Any, **more: Any) -> Any:
        checked.append(at.file)
        return check(tree, scope, target, table, at, **more)

    def counted_run(system: Any, services: Any) -> Any:
        ran.extend(service.name for service in services)
        return run_services(system, services)

    monkeypatch.setattr(linking, "check", counted_check)
    monkeypatch.setattr(registry, "run_services", counted_run)
    assert checking.findings(read_whole(root)) == []
    assert (sorted(set(checked)), ran) == (["services/a.yaml", "services/b.yaml"], ["a", "b"])
    for edited, codes in (("input.idd", ["CNCB304"]), ("input.id", [])):
        checked.clear()
        ran.clear()
        (root / "services" / "a.yaml").write_text(text.format("a").replace("input.id}", edited + "}"))
        assert [one.code for one in checking.findings(read_whole(root))] == codes
        assert (set(checked), ran) == ({"services/a.yaml"}, ["a"])
