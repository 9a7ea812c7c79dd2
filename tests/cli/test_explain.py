"""`cncb explain`: the declaration and the pattern behind what was generated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cncb_compiler.cli.main import cli
from cncb_compiler.explain.known import Known
from cncb_compiler.explain.patterns import PATTERNS
from cncb_compiler.explain.permissions import permissions
from cncb_compiler.passes import analyse
from cncb_compiler.source.discover import systems

TOPOLOGIES = Path(__file__).parents[2] / "topologies"

SYSTEM = """\
system: shop
tags: {team: blue}
defaults: {logRetention: 7d, memory: 512}
types:
  Order: {id: uuid, sku: string}
events:
  order-submitted: {entity: order, with: {order: Order}}
"""
ORDERS = """\
service: orders
api: {auth: iam}
stores:
  orders: {of: Order}
commands:
  submit:
    route: POST /orders
    input: Order
    write: orders
  slow:
    input: Order
    write: orders
    function: {timeout: 90s, environment: {COLOR: red}}
changes:
  orders: {insert: order-submitted}
function: {logLevel: DEBUG}
overrides:
  CommandSlowFunction: {Properties: {MemorySize: 2048}}
resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/aws/sns}}
"""
SEARCH = """\
service: search
api: {auth: none}
views:
  orders: {on: order-submitted, processing: {batchSize: 7}}
queries:
  order: {route: "GET /orders/{id}", from: orders}
"""


@pytest.fixture
def explain(write, monkeypatch):
    root = write({"shop/system.yaml": SYSTEM, "shop/services/orders.yaml": ORDERS, "shop/services/search.yaml": SEARCH})
    monkeypatch.chdir(root)

    def run(target: str, *options: str) -> Result:
        return CliRunner().invoke(cli, ["explain", target, "--system", "shop", *options])

    return run


def test_a_resource_names_its_pattern_and_shows_its_declaration(explain) -> None:
    result = explain("CommandSubmitFunction")
    assert result.exit_code == 0
    assert result.output.startswith(
        "orders/CommandSubmitFunction: AWS::Lambda::Function\n  pattern: database-first command"
    )
    assert "  shop/services/orders.yaml:6:3 (services/orders.yaml#/commands/submit)\n    6 |   submit:" in result.output
    assert "orders/CommandSubmitRole: AWS::IAM::Role" in result.output


@pytest.mark.parametrize(
    ("target", "value", "why", "place"),
    [
        (
            "CommandSubmitFunction.Timeout",
            "29",
            "behind the route `POST /orders` it is at most 29s",
            "orders.yaml:7:12",
        ),
        ("CommandSubmitFunction.Properties.Timeout", "29", "behind the route", "orders.yaml:7:12"),
        ("CommandSlowFunction.Timeout", "90", "the construct's own `function: timeout`", "orders.yaml:13:25"),
        ("CommandSubmitFunction.MemorySize", "512", "the system's `defaults: memory`", "system.yaml:3:38"),
        ("CommandSlowFunction.MemorySize", "2048", "`overrides: CommandSlowFunction`", "orders.yaml:18:50"),
        (
            "CommandSubmitFunction.LoggingConfig.ApplicationLogLevel",
            "DEBUG",
            "the service's `function:",
            "orders.yaml:16:22",
        ),
        ("CommandSlowFunction.Environment.Variables.COLOR", "red", "own `function: environment`", "orders.yaml:13:51"),
        ("CommandSubmitLogGroup.RetentionInDays", "7", "the system's `defaults: logRetention`", "system.yaml:3:26"),
        ("ViewOrdersMainMapping.BatchSize", "7", "`processing: batchSize`", "search.yaml:4:57"),
        ("orders.OrdersTable.StreamSpecification", "{", "`changes` of the service", "orders.yaml:15:3"),
        ("search/QueryOrderRoute.AuthorizationType", "NONE", "`auth` of the service's `api`", "search.yaml:2:13"),
        ("orders/OrdersTable.DeletionPolicy", "Retain", "cannot be rebuilt", "orders.yaml:4:3"),
        ("Topic.KmsMasterKeyId", "alias/aws/sns", "raw CloudFormation", "orders.yaml:20:63"),
    ],
)
def test_a_setting_says_its_value_and_who_gave_it(explain, target: str, value: str, why: str, place: str) -> None:
    result = explain(target)
    assert result.exit_code == 0, result.output
    assert f" = {value}" in result.output.splitlines()[0]
    assert why in result.output
    assert place in result.output


def test_a_setting_that_nobody_gave_is_a_built_in_default(explain) -> None:
    output = explain("CommandSubmitFunction.Environment.Variables.CALL_ATTEMPTS").output
    assert output.startswith("orders/CommandSubmitFunction.Environment.Variables.CALL_ATTEMPTS")
    assert "the built-in default; no `function: retry.attempts` says otherwise" in output


def test_a_role_has_a_line_for_each_permission(explain) -> None:
    output = explain("CommandSubmitRole").output
    assert "    dynamodb:PutItem on OrdersTable: writes whole rows of the table `orders`\n" in output
    assert "      shop/services/orders.yaml:9:12: write: orders\n" in output
    assert "logs:PutLogEvents on CommandSubmitLogGroup: every function writes its log" in output
    one = explain("ChangesOrdersRole.kinesis:PutRecord").output
    assert "kinesis:PutRecord on stream main: publishes `order-submitted`" in one
    assert "for what it cannot handle" in one


def test_every_permission_and_resource_of_the_examples_has_its_reason() -> None:
    for source in systems(TOPOLOGIES):
        known = Known(analyse(source))
        for resource in known.all_resources():
            assert resource.pattern in PATTERNS, f"{source.root}: {resource.name} has the pattern {resource.pattern}"
            assert known.place_of(resource.declaration) is not None
            if resource.type == "AWS::IAM::Role":
                lines = list(permissions(known, resource))
                assert lines
                for line in lines:
                    assert not line.reason.says.startswith("derived"), f"{source.root}: {resource.name} {line}"


@pytest.mark.parametrize(
    "target",
    [
        "generated/shop/orders/functions/command-submit/handler.py",
        "services/orders.yaml#/commands/submit",
        "services/orders.yaml:6",
        "shop/services/orders.yaml:6:3",
        "./shop/services/orders.yaml:8",
    ],
)
def test_files_and_declarations_lead_to_what_was_made(explain, target: str) -> None:
    result = explain(target)
    assert result.exit_code == 0, result.output
    assert "orders/CommandSubmitFunction" in result.output
    assert "services/orders.yaml#/commands/submit" in result.output


def test_the_template_lists_its_resources_with_their_declarations(explain) -> None:
    output = explain("generated/shop/orders/template.json").output
    assert "OrdersTable = AWS::DynamoDB::Table: services/orders.yaml#/stores/orders" in output


def test_an_event_says_who_publishes_and_consumes_it(explain) -> None:
    output = explain("system.yaml#/events/order-submitted").output
    assert "is published by:\n    orders.changes.orders" in output
    assert "is consumed by:\n    search.views.orders" in output


def test_a_default_says_what_it_settles(explain) -> None:
    output = explain("system.yaml#/defaults/memory").output
    assert "orders/CommandSubmitFunction.MemorySize = 512" in output
    assert "CommandSlowFunction.MemorySize" not in output


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("CommandSubmitFunctio", "Did you mean `orders/CommandSubmitFunction`"),
        ("OrdersTable", "could be: `orders/OrdersTable`, `search/OrdersTable`"),
        ("CommandSubmitFunction.Timeoot", "Did you mean `Timeout`?"),
        ("CommandSubmitRole.dynamodb:PutItm", "Did you mean `dynamodb:PutItem`?"),
        ("services/orders.yaml#/comands/submit", "Did you mean `commands`?"),
        ("services/orders.yaml:900", "has 21 lines"),
        ("shop/orders/functions/comand-submit/handler.py", "Did you mean `command-submit`?"),
        ("nonsense", "Name a logical id"),
        ("", "Name a logical id"),
        (".", "Name a logical id"),
        ("shop/", "Name a logical id"),
        ("Topic.Properties.KmsMasterKeyId.0", "has no `0`"),
    ],
)
def test_what_is_unknown_or_unclear_says_what_it_could_be(explain, target: str, message: str) -> None:
    result = explain(target)
    assert result.exit_code == 2
    assert message in result.output


def test_json(explain) -> None:
    answer = json.loads(explain("CommandSubmitFunction.Timeout", "--output-format", "json").output)
    assert answer["value"] == 29
    assert answer["pattern"] == "database-first command"
    reason = answer["reasons"][0]
    assert (reason["file"], reason["line"], reason["column"]) == ("shop/services/orders.yaml", 7, 12)
    assert reason["declaration"] == "services/orders.yaml#/commands/submit/route"
