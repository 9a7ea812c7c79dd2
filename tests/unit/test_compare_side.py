"""Two revisions of a system share what is the same in both."""

from __future__ import annotations

from pathlib import Path

from cncb_compiler.compare import side
from cncb_compiler.compare.side import side_of
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.files import SourceFile

SYSTEM = SourceFile("system.yaml", "system: shop\nevents: {a: {with: {ref: uuid}, partitionKey: ref}}\n")
ONE = SourceFile("one.yaml", "service: one\nviews: {v: {on: a, key: ref, fields: {ref: ref}}}\n")
WRONG = SourceFile("two.yaml", "service: two\nviews: {v: {on: b, key: ref, fields: {ref: ref}, id: 1, id: 2}}\n")


def source(*files: SourceFile, root: str = "shop") -> SystemSource:
    return SystemSource(Path(root), files)


def test_the_same_files_are_understood_once():
    after = side_of("after", source(ONE, SYSTEM))
    before = side_of("before", source(ONE, SYSTEM), like=after)
    assert (before.label, before.system, before.plans) == ("before", after.system, after.plans)


def test_a_folder_of_another_name_may_be_another_system():
    unnamed = SourceFile("system.yaml", SYSTEM.text.replace("system: shop\n", ""))
    after = side_of("after", source(ONE, unnamed))
    assert side_of("before", source(ONE, unnamed, root="store"), like=after).system.name == "store"


def test_of_other_files_what_was_wrong_is_read_again(monkeypatch):
    read = []
    monkeypatch.setattr(
        side, "load_file", lambda text, name, load=side.load_file: read.append(name) or load(text, name)
    )
    after = side_of("after", source(ONE, SYSTEM, WRONG))
    edited = SourceFile("one.yaml", ONE.text.replace("fields: {ref: ref}", "fields: {key: ref}"))
    before = side_of("before", source(edited, SYSTEM, WRONG), like=after)
    assert read == ["one.yaml", "system.yaml", "two.yaml", "one.yaml", "two.yaml"]
    alone = side_of("before", source(edited, SYSTEM, WRONG))
    assert (before.values, before.found) == (alone.values, alone.found)
    assert repr(before.plans) == repr(alone.plans)
