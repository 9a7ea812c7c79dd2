"""`cncb export`: where files go, what is never written over, and what a hostile system does to them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from cncb_compiler.cli.main import cli

SYSTEM = """
system: shop
owner: platform
types:
  Order: {id: uuid, email: {type: email, sensitive: true}}
events:
  order-submitted: {entity: order, with: {order: Order}, description: "A {customer} <b>ordered</b>."}
  order-taken: {entity: order, with: {order: {id: uuid}}, external: true}
services:
  orders:
    owner: checkout
    stores: {orders: {of: Order}}
    commands: {submit: {input: Order, write: orders}}
    changes: {orders: {insert: order-submitted}}
  history:
    views:
      orders: {on: [order-submitted, order-taken], key: order.id, fields: {id: order.id}}
"""


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / "system.yaml").write_text(SYSTEM)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["export", *arguments], catch_exceptions=False)


def export(format_: str, *arguments: str) -> str:
    result = run(format_, "system", *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {".cncb-files.json"}


def test_one_document_of_the_system_or_of_one_service() -> None:
    whole = yaml.safe_load(export("asyncapi"))
    assert (whole["info"]["title"], set(whole["components"]["messages"])) == (
        "shop",
        {"order-submitted", "order-taken", "fault"},
    )
    alone = yaml.safe_load(export("asyncapi", "--select", "orders", "--doc-version", "3.2.1"))
    assert alone["info"] == {
        "title": "orders",
        "version": "3.2.1",
        "tags": [{"name": "checkout"}],
        "x-cncb": {"system": "shop", "service": "orders", "kind": "bff"},
    }
    assert set(alone["operations"]) == {"orders.send.order-submitted", "orders.send.main.fault"}


def test_a_folder_has_a_document_for_each_service_and_goes_with_the_system(folder: Path) -> None:
    assert export("asyncapi", "-o", "api") == "api: 2 created, 0 unchanged\n"
    assert names(folder / "api") == {"orders.asyncapi.yaml", "history.asyncapi.yaml"}
    assert export("asyncapi", "-o", "api") == "api: 2 unchanged\n"
    # Another format in the same folder, or a part of the system, leaves the rest alone.
    assert "created" in export("json-schema", "-o", "api")
    assert "orders.asyncapi.yaml" in names(folder / "api")
    assert export("asyncapi", "--select", "orders", "-o", "api") == "api: 1 unchanged\n"
    text = (folder / "system" / "system.yaml").read_text()
    (folder / "system" / "system.yaml").write_text(text.partition("  history:")[0])
    assert export("asyncapi", "-o", "api") == "api: 1 removed, 1 unchanged\n"
    assert names(folder / "api") == {
        "orders.asyncapi.yaml",
        "events/order-submitted.schema.json",
        "events/order-taken.schema.json",
        "types/Order.schema.json",
    }


def test_what_cncb_did_not_make_is_not_written_over(folder: Path) -> None:
    (folder / "mine.yaml").write_text("mine\n")
    result = run("asyncapi", "system", "-o", "mine.yaml")
    assert (result.exit_code, (folder / "mine.yaml").read_text()) == (2, "mine\n")
    assert "was not made by `cncb export`" in result.stderr
    (folder / "api").mkdir()
    (folder / "api" / "orders.asyncapi.yaml").write_text("mine\n")
    result = run("asyncapi", "system", "-o", "api")
    assert (result.exit_code, names(folder / "api")) == (1, {"orders.asyncapi.yaml"})
    assert "api/orders.asyncapi.yaml" in result.stderr
    assert "CNCB952" in result.stderr


@pytest.mark.parametrize("file", ["one.yaml", "one.json"])
def test_a_file_is_written_again_once_the_system_changes(folder: Path, file: str) -> None:
    assert export("asyncapi", "-o", file) == f"{file}: created\n"
    assert export("asyncapi", "-o", file) == f"{file}: unchanged\n"
    assert export("asyncapi", "-o", file, "--doc-version", "2.0.0") == f"{file}: changed\n"
    assert yaml.safe_load((folder / file).read_text())["info"]["version"] == "2.0.0"
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_json_schema_of_one_event_is_printed_and_of_several_wants_a_folder() -> None:
    made = json.loads(export("json-schema", "--select", "event:order-submitted"))
    assert made["$id"] == "urn:cncb:shop:events:order-submitted"
    assert made["$defs"]["Order"]["properties"]["email"] == {"type": "string", "format": "email", "x-sensitive": True}
    result = run("json-schema", "system")
    assert result.exit_code == 2
    assert "2 events have as many schemas" in result.stderr


def test_a_system_with_errors_is_not_exported(folder: Path) -> None:
    path = folder / "system" / "system.yaml"
    path.write_text(path.read_text().replace("insert: order-submitted", "insert: order-submited"))
    result = run("asyncapi", "system", "-o", "api")
    assert (result.exit_code, (folder / "api").exists()) == (1, False)
    assert "CNCB201" in result.stderr


def test_what_is_selected_must_be_there() -> None:
    result = run("asyncapi", "system", "--select", "order")
    assert (result.exit_code, "Did you mean" in result.stderr) == (2, True)


def test_a_catalogue_has_pages_of_the_domain_and_of_teams_that_others_share(folder: Path) -> None:
    (folder / "catalog" / "teams").mkdir(parents=True)
    (folder / "catalog" / "teams" / "mine.mdx").write_text("mine\n")
    assert "catalog/teams: 2 created, 0 unchanged" in export("eventcatalog", "-o", "catalog")
    assert names(folder / "catalog" / "teams") == {"checkout.mdx", "platform.mdx", "mine.mdx"}
    page = (folder / "catalog/domains/shop/events/order-submitted/index.mdx").read_text()
    assert page.splitlines()[:9] == [
        "---",
        "id: order-submitted",
        "name: order-submitted",
        "version: 1.0.0",
        "summary: A {customer} <b>ordered</b>.",
        "owners:",
        "- checkout",
        "schemaPath: schema.json",
        "---",
    ]
    assert "A &#123;customer&#125; &lt;b>ordered&lt;/b>." in page
    assert "{" not in page.split("---\n")[2]


def test_entities_are_one_file_in_a_namespace() -> None:
    made = list(yaml.safe_load_all(export("backstage", "--namespace", "retail", "--lifecycle", "experimental")))
    assert {(entity["kind"], entity["metadata"]["name"]) for entity in made} == {
        ("System", "shop"),
        ("Component", "orders"),
        ("Component", "history"),
        ("Component", "event-hub"),
        ("API", "orders-events"),
        ("Resource", "shop-main"),
        ("Resource", "orders-orders"),
        ("Resource", "history-orders"),
    }
    assert {entity["metadata"]["namespace"] for entity in made} == {"retail"}
    (history,) = [one for one in made if one["kind"] == "Component" and one["metadata"]["name"] == "history"]
    assert history["spec"] == {
        "type": "service",
        "lifecycle": "experimental",
        "owner": "group:default/platform",
        "system": "shop",
        "consumesApis": ["orders-events"],
        "dependsOn": ["resource:shop-main"],
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--namespace", "A_b"), "is no namespace"),
        (("--lifecycle", " "), "a lifecycle is a word"),
        (("-o", "entities"), "does not end in .yaml"),
    ],
)
def test_what_backstage_would_refuse_is_refused(arguments: tuple[str, ...], said: str) -> None:
    result = run("backstage", "system", *arguments)
    assert (result.exit_code, said in result.stderr) == (2, True)
