"""`cncb import`: what is written, what is refused, and that nothing is written over."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cncb_compiler.cli.main import cli

DOCUMENT = """
asyncapi: 3.0.0
info: {title: Orders, version: 1.0.0}
channels:
  orders:
    messages:
      OrderPlaced: {payload: {type: object, required: [order], properties: {order: {type: object, required: [id], properties: {id: {type: string, format: uuid}}}}}}
operations:
  place: {action: send, channel: {$ref: "#/channels/orders"}, reply: {}}
"""


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.yaml").write_text(DOCUMENT)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_document_becomes_a_system_that_is_clean_and_laid_out(folder: Path) -> None:
    result = run("import", "asyncapi", "orders.yaml")
    assert (result.exit_code, result.output) == (
        0,
        "note: orders.yaml:9: a reply is not imported: services answer by events of their own.\n"
        "wrote orders: 1 service, 1 function, 1 event; 1 note\n"
        "next: cncb check orders, which shows 2 warnings\n",
    )
    assert names(folder / "orders") == {"system.yaml", "events.yaml", "services/orders.yaml", "cncb.schema.json"}
    assert (folder / "orders" / "events.yaml").read_text() == (
        "# yaml-language-server: $schema=cncb.schema.json\n"
        "events:\n"
        "  # Message `OrderPlaced` on channel `orders`.\n"
        "  order-placed: {entity: order, with: {order: {id: uuid}}}\n"
    )
    checked = run("check", "orders")
    assert (checked.exit_code, checked.output.splitlines()[-1]) == (1, "2 warnings in 3 files")
    assert run("fmt", "--check", "orders").exit_code == 0


def test_the_name_and_the_folder_can_be_said(folder: Path) -> None:
    assert run("import", "asyncapi", "orders.yaml", "--name", "shop", "-o", "deep/er").exit_code == 0
    assert "system: shop\n" in (folder / "deep" / "er" / "system.yaml").read_text()
    assert "is no name" in run("import", "asyncapi", "orders.yaml", "--name", "No Name").stderr


def test_nothing_is_written_over_or_into_a_system(folder: Path) -> None:
    (folder / "orders").mkdir()
    (folder / "orders" / "mine.txt").write_text("mine")
    result = run("import", "asyncapi", "orders.yaml")
    assert (result.exit_code, names(folder / "orders")) == (2, {"mine.txt"})
    assert "`orders` exists already" in result.stderr
    assert run("import", "asyncapi", "orders.yaml", "-o", "made").exit_code == 0
    result = run("import", "asyncapi", "orders.yaml", "-o", "made/more")
    assert (result.exit_code, "systems do not nest" in result.stderr) == (2, True)
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("a: [", 1, "bad.yaml:1:5 error CNCB001"),
        ("", 1, "`bad.yaml` is empty"),
        ("a: &x [*x]", 1, "CNCB005"),
        ("openapi: 3.0.0", 2, "bad.yaml: this has no key `asyncapi`"),
        ("5", 2, "bad.yaml: this has no key `asyncapi`"),
        ("asyncapi: 3.0.0\ncomponents: {messages: {m: {payload: {$ref: '#/a0'}}}}\n"
         + "".join(f"a{n}: {{allOf: [{{$ref: '#/a{n + 1}'}}]}}\n" for n in range(3000)), 0, "types are more than"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_told_and_nothing_is_written(folder: Path, text: str, code: int, said: str) -> None:
    (folder / "bad.yaml").write_text(text)
    result = run("import", "asyncapi", "bad.yaml", "-o", "made")
    assert (result.exit_code, said in result.output) == (code, True), result.output
    assert (folder / "made").exists() == (code == 0)


def test_a_file_that_is_not_there_or_not_text_is_told(folder: Path) -> None:
    (folder / "bad.yaml").write_bytes(b"a: \xff")
    assert "CNCB014" in run("import", "asyncapi", "bad.yaml").stderr
    assert "CNCB015" in run("import", "asyncapi", "none.yaml").stderr


TEMPLATE = """
Resources:
  OrdersTable: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}}
  SubmitFunction: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn, VpcConfig: {}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies: [{PolicyDocument: {Statement: {Effect: Allow, Action: "dynamodb:PutItem", Resource: !GetAtt OrdersTable.Arn}}}]
"""
SERVERLESS = """
service: orders
functions:
  submit: {handler: submit.handler, timeout: 1, events: [{http: POST /orders}, {mystery: 1}]}
"""


def test_a_template_becomes_a_service(folder: Path) -> None:
    (folder / "billing.yaml").write_text(TEMPLATE)
    result = run("import", "cloudformation", "billing.yaml", "-o", "made", "--name", "shop")
    assert (result.exit_code, result.output) == (
        0,
        "note: billing.yaml:3: cncb derives its own instead of: 1 IAM::Role.\n"
        "note: billing.yaml:4: `VpcConfig` of functions is left out.\n"
        "wrote made: 1 service, 1 function, 1 store; 2 notes\n"
        "next: cncb check made, which shows 1 warning\n",
    )
    assert (folder / "made" / "services" / "billing.yaml").read_text().splitlines()[2:] == [
        "service: billing",
        "stores:",
        "  # From the table `OrdersTable`; only its keys are known.",
        "  orders: {of: {id: string}, key: id}",
        "functions:",
        "  # From the function `SubmitFunction`.",
        "  submit: {handler: submit.handle, writes: orders}",
    ]
    assert "OrdersTable" not in run("graph", "made").stdout
    assert "orders" in run("graph", "made").stdout


def test_what_the_language_refuses_is_taken_out_and_told(folder: Path) -> None:
    (folder / "serverless.yml").write_text(SERVERLESS)
    result = run("import", "serverless", "serverless.yml")
    assert result.exit_code == 0, result.output
    assert "note: serverless.yml:4: a trigger of the kind `mystery` is left out.\n" in result.output
    assert "note: serverless.yml:4: `function.timeout` of `submit` is left out: a call and its retries" in result.output
    assert "route: POST /orders" in (folder / "orders/services/orders.yaml").read_text().replace('"', "")


@pytest.mark.parametrize("kind", ["cloudformation", "serverless"])
@pytest.mark.parametrize("text", ["a: [", "", "5", "Resources: []", "service: x", "a: &a [*a]", "[" * 300])
def test_what_is_no_template_is_told_and_nothing_is_written(folder: Path, kind: str, text: str) -> None:
    (folder / "bad.yaml").write_text(text)
    result = run("import", kind, "bad.yaml", "-o", "made")
    assert result.exit_code in (1, 2)
    assert result.stderr.startswith(("cncb: bad.yaml", "bad.yaml:"))
    assert not (folder / "made").exists()
