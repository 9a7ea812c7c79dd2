"""`cncb new`: what it scaffolds compiles, and nothing is ever written over."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cncb_compiler.cli.main import cli
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.fmt.layout import format_text
from cncb_compiler.model.json_schema import language_schema
from cncb_compiler.passes import analyse, has_errors
from cncb_compiler.scaffold.change import ScaffoldError, create
from cncb_compiler.source.discover import systems

TOPOLOGIES = Path(__file__).parents[2] / "topologies"


@pytest.fixture
def new(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(cli, ["new", *map(str, arguments)])


def findings(root: Path) -> list[Diagnostic]:
    return analyse(systems(root)[0]).shown()


def codes(root: Path) -> set[str]:
    return {found.code for found in findings(root)}


def contents(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_a_new_system_is_clean_laid_out_and_known_to_editors(new, tmp_path: Path) -> None:
    result: Result = new("system", "demo")
    assert result.exit_code == 0
    assert "wrote demo/services/items.yaml\n" in result.output
    assert result.output.endswith("next: cncb check demo\n")
    assert findings(tmp_path / "demo") == []
    texts = contents(tmp_path / "demo")
    assert json.loads(texts.pop("cncb.schema.json")) == language_schema()
    for name, text in texts.items():
        assert format_text(text, name) == (text, [])
        target = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
        assert (tmp_path / "demo" / name).parent.joinpath(target).resolve() == tmp_path / "demo" / "cncb.schema.json"


def test_a_new_system_goes_below_topologies_if_there_is_such_a_folder(new, tmp_path: Path) -> None:
    (tmp_path / "topologies").mkdir()
    assert new("system", "demo").exit_code == 0
    assert (tmp_path / "topologies/demo/system.yaml").exists()
    assert new("system", "other", "--in", "elsewhere/deep").exit_code == 0
    assert (tmp_path / "elsewhere/deep/other/system.yaml").exists()


def test_a_system_is_neither_written_over_nor_nested(new, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    assert "exists already" in new("system", "demo").output
    assert list((tmp_path / "demo").iterdir()) == []
    new("system", "shop")
    inside = new("system", "inner", "--in", "shop/services")
    assert inside.exit_code == 2
    assert "systems do not nest" in inside.output
    assert new("system", "awsome").exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo", "shop"]


@pytest.mark.parametrize(
    "steps",
    [
        [["service", "search"]],
        [["view", "latest", "--service", "items"]],
        [["transition", "item-approved", "--service", "items"], ["view", "approved", "--service", "items"]],
        [["command", "rename", "--service", "items"]],
        [["service", "null"], ["view", "true", "--service", "null"]],
    ],
)
def test_what_is_added_to_a_clean_system_leaves_no_error(new, tmp_path: Path, steps: list[list[str]]) -> None:
    new("system", "demo")
    for step in steps:
        result: Result = new(*step, "--in", "demo")
        assert result.exit_code == 0, result.output
        assert f"new {step[0]} `{step[1]}`" in result.output or step[0] == "transition"
    assert codes(tmp_path / "demo") <= {"CNCB402", "CNCB605"}
    for name, text in contents(tmp_path / "demo").items():
        if name.endswith(".yaml"):
            assert format_text(text, name) == (text, [])


def test_a_new_event_is_added_where_most_events_are_and_comments_stay(new, tmp_path: Path) -> None:
    new("system", "demo")
    file = tmp_path / "demo/events.yaml"
    before = file.read_text()
    result: Result = new("event", "item-removed", "--in", "demo")
    assert result.exit_code == 0
    assert file.read_text().startswith(before)
    assert "  item-removed:\n" in file.read_text()
    assert "with: {item: Item}" in file.read_text().removeprefix(before)
    assert codes(tmp_path / "demo") == {"CNCB216"}


def test_a_service_of_a_system_without_events_has_a_store(new, tmp_path: Path, write) -> None:
    root = write({"demo/system.yaml": "system: demo\n"})
    assert new("service", "notes", "--in", "demo").exit_code == 0
    text = (root / "demo/services/notes.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=../cncb.schema.json\n")
    assert (root / "demo/cncb.schema.json").exists()
    assert findings(root / "demo") == []


def test_an_event_that_is_asked_for_is_used(new, tmp_path: Path, write) -> None:
    events = (
        "{a-made: {entity: a, with: {a: {id: uuid}}, external: true}, b-made: {with: {n: integer}, external: true}}"
    )
    root = write({"demo/system.yaml": f"system: demo\nevents: {events}\nservices: {{s: {{}}}}\n"})
    assert new("view", "bs", "--on", "b-made", "--in", "demo").exit_code == 0
    assert new("transition", "c-made", "--on", "b-made", "--in", "demo").exit_code == 0
    assert new("transition", "Later", "--on", "a-made", "--emit", "c-made", "--in", "demo").exit_code == 2
    assert new("transition", "later", "--on", "a-made", "--emit", "c-made", "--in", "demo").exit_code == 0
    assert not has_errors(findings(root / "demo"))
    declared = analyse(systems(root / "demo")[0]).linked
    assert [(one.events, one.emission.event) for one in declared.services["s"].transitions] == [
        (("b-made",), "c-made"),
        (("a-made",), "c-made"),
    ]
    assert set(declared.services["s"].decl.views["bs"].on) == {"b-made"}


def test_a_command_that_publishes(new, tmp_path: Path) -> None:
    new("system", "demo")
    new("event", "item-rated", "--in", "demo")
    assert new("command", "rate", "--emit", "item-rated", "--in", "demo").exit_code == 0
    linked = analyse(systems(tmp_path / "demo")[0]).linked
    assert [one.construct.name for one in linked.emissions["item-rated"]] == ["rate"]


@pytest.mark.parametrize("kind", ["event", "view", "transition", "command", "service"])
def test_what_exists_is_never_written_over(new, tmp_path: Path, kind: str) -> None:
    new("system", "demo")
    service = [] if kind in ("event", "service") else ["--service", "items"]
    first: Result = new(kind, "item-again", *service, "--in", "demo")
    assert first.exit_code == 0, first.output
    before = contents(tmp_path)
    again: Result = new(kind, "item-again", *service, "--in", "demo")
    assert again.exit_code == 2
    assert "exists already" in again.output
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["event", "Item"], "is no name"),
        (["event", "../up"], "is no name"),
        (["event", "a" * 65], "longer than 64"),
        (["view", "v", "--on", "item-submited"], "Did you mean `item-submitted`?"),
        (["view", "v", "--service", "itms"], "Did you mean `items`?"),
        (["view", "v", "--emit", "item-submitted"], "`--emit` means nothing for a new view"),
        (["event", "e", "--service", "items"], "`--service` means nothing for a new event"),
        (["command", "c", "--emit", "nothing"], "`nothing` is not an event"),
        (["transition", "item-submitted", "--on", "item-submitted"], "would not compile"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_written(
    new, tmp_path: Path, arguments: list[str], message: str
) -> None:
    new("system", "demo")
    before = contents(tmp_path)
    result: Result = new(*arguments, "--in", "demo")
    assert result.exit_code == 2, result.output
    assert message in result.output
    assert contents(tmp_path) == before


def test_an_event_that_is_referred_to_already_can_be_declared(new, write) -> None:
    root = write({"demo/system.yaml": "system: demo\nservices:\n  s:\n    views:\n      v: {on: order-made}\n"})
    assert "CNCB201" in codes(root / "demo")
    assert new("event", "order-made", "--in", "demo").exit_code == 0
    assert codes(root / "demo") == {"CNCB401"}


@pytest.mark.parametrize("text", ["service: other\n", "", "events:\n  search-done: {external: true}\n"])
def test_a_file_of_another_content_is_never_written_over(new, write, text: str) -> None:
    root = write({"demo/system.yaml": "system: demo\n", "demo/services/search.yaml": text})
    result: Result = new("service", "search", "--in", "demo")
    assert result.exit_code == 2
    assert "`services/search.yaml` exists already" in result.output
    assert (root / "demo/services/search.yaml").read_text() == text


def test_a_file_that_appears_meanwhile_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("mine\n")
    with pytest.raises(ScaffoldError, match="exists already"):
        create(tmp_path / "a.yaml", "yours\n")
    assert (tmp_path / "a.yaml").read_text() == "mine\n"


def test_a_declaration_that_is_written_as_an_alias_is_left_to_the_user(new, write) -> None:
    text = "system: demo\nservices:\n  a: &a {stores: {s: {of: {id: uuid}}}}\n  b: *a\n"
    root = write({"demo/system.yaml": text})
    result: Result = new("command", "put", "--service", "b", "--in", "demo")
    assert result.exit_code == 2
    assert "Put this under `services.b.commands` yourself:\n  put:\n" in result.output
    assert (root / "demo/system.yaml").read_text() == text


def test_several_systems_need_one_to_be_named(new, tmp_path: Path) -> None:
    new("system", "one")
    new("system", "two")
    result: Result = new("event", "e", "--in", ".")
    assert result.exit_code == 2
    assert "Name one of them with `--in`" in result.output


@pytest.mark.parametrize("name", ["shop", *sorted(path.name for path in (TOPOLOGIES / "cookbook").iterdir())])
def test_every_example_can_be_added_to(new, tmp_path: Path, name: str) -> None:
    found = TOPOLOGIES / name if name == "shop" else TOPOLOGIES / "cookbook" / name
    root = tmp_path / "copy"
    shutil.copytree(found, root)
    linked = analyse(systems(root)[0]).linked
    service = next(
        (one.name for one in linked.services.values() if not one.implied and one.decl.kind != "event-hub"), None
    )
    assert new("event", "zebra-seen", "--in", "copy").exit_code == 0
    assert new("service", "zebras", "--in", "copy").exit_code == 0
    into = "zebras" if service is None or "*" in (root / "system.yaml").read_text() else service
    assert new("command", "zebra-feed", "--service", into, "--in", "copy").exit_code == 0
    if any(event.decl.external or linked.emissions.get(event.name) for event in linked.events.values()):
        for kind, made in (("view", "zebra-view"), ("transition", "zebra-moved")):
            result: Result = new(kind, made, "--service", into, "--in", "copy")
            assert result.exit_code == 0, result.output
    assert not has_errors(findings(root))
