"""`cncb graph`: what each level, selection and comparison draws, and that nothing is left out unsaid."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cncb_compiler.cli.main import cli

ROOT = Path(__file__).parents[2]
SHOP = str(ROOT / "topologies" / "shop")
REVISIONS = ROOT / "cncb_compiler" / "docs" / "revisions"

BEFORE = """
system: shop
types: {Order: {id: uuid, total: integer}}
events:
  order-submitted: {entity: order, with: {order: Order}}
  order-counted: {entity: order, external: true, with: {order: Order}}
services:
  orders:
    owner: checkout
    api: {auth: iam}
    stores: {orders: {of: Order}}
    commands: {submit: {input: {total: integer}, write: orders, set: {id: uuid(), total: input.total}}}
    changes: {orders: {insert: order-submitted}}
  history:
    api: {auth: iam}
    views: {orders: {on: order-submitted, key: {id: order.id}, fields: {total: order.total}}}
    queries: {order: {route: "GET /orders/{id}", from: orders}}
  counters:
    stores: {counts: {of: Order}}
    reactions: {count: {on: order-counted, write: counts}}
"""
AFTER = BEFORE.replace(", fields: {total: order.total}", ", fields: {sum: order.total}").replace(
    "  counters:\n    stores: {counts: {of: Order}}\n    reactions: {count: {on: order-counted, write: counts}}\n",
    "  mails:\n    stores: {sent: {of: Order}}\n    reactions: {send: {on: order-submitted, write: sent}}\n",
)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name, text in (("now", AFTER), ("was", BEFORE)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "system.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["graph", *arguments], catch_exceptions=False)


def drawn(*arguments: str) -> dict:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def boxes(picture: dict) -> dict[str, str]:
    return {box["id"]: box.get("mark", "") for box in picture["boxes"]}


def arrows(picture: dict) -> set[tuple[str, str]]:
    return {(arrow["source"], arrow["target"]) for arrow in picture["arrows"]}


def test_the_levels_of_one_system(folder: Path) -> None:
    assert arrows(drawn("was", "--level", "system")) == {
        ("service:orders", "event:order-submitted"),
        ("event:order-submitted", "service:history"),
        ("event:order-counted", "service:counters"),
    }
    assert {
        ("command:orders.submit", "store:orders.orders"),
        ("store:orders.orders", "change:orders.orders"),
        ("change:orders.orders", "event:order-submitted"),
        ("event:order-submitted", "view:history.orders"),
        ("view:history.orders", "query:history.order"),
    } <= arrows(drawn("was"))
    assert {
        ("command:orders.submit#input.total", "store:orders.orders#total"),
        ("store:orders.orders#total", "event:order-submitted#order.total"),
        ("event:order-submitted#order.total", "view:history.orders#total"),
        ("view:history.orders#total", "response:history.order#total"),
    } <= arrows(drawn("was", "--level", "field"))


def test_a_selection_is_drawn_with_the_arrows_between_and_says_what_is_not(folder: Path) -> None:
    picture = drawn("was", "--select", "event:order-submitted+", "--exclude", "query:*")
    assert set(boxes(picture)) == {"event:order-submitted", "view:history.orders"}
    assert arrows(picture) == {("event:order-submitted", "view:history.orders")}
    assert picture["notes"] == [
        "A picture of `event:order-submitted+` without `query:*`. Left out: 7 of 9 boxes and 6 of 7 arrows; "
        "`cncb graph --format html -o graph.html` shows all."
    ]
    fields = drawn("was", "--select", "event:order-submitted view:history.orders", "--level", "field")
    assert {box["group"] for box in fields["boxes"]} == {"event:order-submitted", "view:history.orders"}


def test_a_step_that_waits_for_several_events_is_behind_what_keeps_them() -> None:
    found = arrows(drawn(SHOP, "--select", "order-process"))
    assert ("collected:order-process.ship-order-events", "transition:order-process.ship-order") in found
    whole = arrows(drawn(SHOP))
    assert ("event:payment-taken", "collected:order-process.ship-order-events") in whole
    assert ("event:payment-taken", "transition:order-process.ship-order") not in whole


def test_what_differs_is_marked_and_drawn_with_its_neighbours(folder: Path) -> None:
    picture = drawn("now", "--against", "./was")
    assert boxes(picture) == {
        "event:order-submitted": "",
        "event:order-counted": "",
        "view:history.orders": "changed",
        "query:history.order": "changed",
        "reaction:mails.send": "added",
        "store:mails.sent": "added",
        "reaction:counters.count": "removed",
        "store:counters.counts": "removed",
    }
    marks = {(arrow["source"], arrow["target"]): arrow.get("mark", "") for arrow in picture["arrows"]}
    assert marks["event:order-submitted", "reaction:mails.send"] == "added"
    assert marks["event:order-counted", "reaction:counters.count"] == "removed"
    assert marks["event:order-submitted", "view:history.orders"] == ""
    system = boxes(drawn("now", "--against", "./was", "--level", "system"))
    assert (system["service:mails"], system["service:counters"], system["service:history"]) == (
        "added",
        "removed",
        "changed",
    )
    field = boxes(drawn("now", "--against", "./was", "--level", "field"))
    assert {field[f"{name}:history.{own}"] for name, own in (("view", "orders#sum"), ("response", "order#sum"))} <= {
        "added",
        "changed",
    }


def test_nothing_differs(folder: Path) -> None:
    picture = drawn("now", "--against", "./now")
    assert (picture["boxes"], picture["notes"]) == ([], ["Nothing that this picture shows differs from ./now."])


def test_a_selection_of_what_differs(folder: Path) -> None:
    picture = boxes(drawn("now", "--against", "./was", "--select", "changed", "--exclude", "kind:bff,history"))
    assert picture == {
        "reaction:mails.send": "added",
        "store:mails.sent": "added",
        "reaction:counters.count": "removed",
        "store:counters.counts": "removed",
    }
    assert run("now", "--select", "changed").exit_code == 2


def test_the_mark_is_in_the_label_and_the_line_not_in_colour_alone(folder: Path) -> None:
    text = run("now", "--against", "./was").stdout
    assert '["added: send"]' in text
    assert '[("removed: counts")]' in text
    assert re.search(r"n\d+ ==> n\d+", text)
    assert re.search(r"n\d+ -\.-> n\d+", text)
    dot = run("now", "--against", "./was", "--format", "dot").stdout
    assert 'label="removed: counts"' in dot
    assert 'style="filled,dashed"' in dot


def test_a_file_and_its_ending(folder: Path) -> None:
    for ending, start in (
        ("dot", "digraph"),
        ("json", "{"),
        ("svg", "<svg"),
        ("mmd", "flowchart LR"),
        ("html", "<!doctype html>"),
    ):
        result = run("was", "-o", f"made.{ending}")
        assert (result.exit_code, result.output) == (0, "")
        assert Path(f"made.{ending}").read_text().startswith(start)
    result = run("was", "-o", "there/is/no/folder.json")
    assert (result.exit_code, "cannot be written" in result.output) == (2, True)


def test_a_selector_that_names_nothing(folder: Path) -> None:
    result = run("was", "--select", "event:order-submited")
    assert (result.exit_code, "Did you mean `event:order-submitted`?" in result.output) == (2, True)


def test_a_system_with_errors_is_drawn_as_far_as_it_is_understood(folder: Path) -> None:
    Path("was/system.yaml").write_text(BEFORE.replace("order.total}}", "order.totl}}"))
    result = run("was")
    assert result.exit_code == 1
    assert "CNCB304" in result.stderr
    assert "order-submitted" in result.stdout
    result = run("was", "--format", "html")
    assert (result.exit_code, "order-submitted" in result.stdout) == (1, True)


def test_the_page_is_true(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "graph.md").read_text()
    examples = re.findall(r"```console\n\$ cncb ([^\n]*)\n```\n\n```\w+\n(.*?)```", page, re.DOTALL)
    assert len(examples) >= 3
    for name, source in (("now", "after"), ("was", "before")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "system.yaml").write_text((REVISIONS / f"{source}.yaml").read_text())
    (tmp_path / "topologies").symlink_to(ROOT / "topologies")
    monkeypatch.chdir(tmp_path)
    for arguments, text in examples:
        words = [word.strip("'") for word in re.findall(r"'[^']*'|\S+", arguments)]
        assert CliRunner().invoke(cli, words).stdout == text, "run: python -m cncb_compiler.docs"
