from __future__ import annotations

from typing import Any

import aws_plans as plans
import orjson
import pytest
from msgspec.structs import replace

from cncb_compiler.aws import naming
from cncb_compiler.aws.environment import environment
from cncb_compiler.aws.iam import statements
from cncb_compiler.aws.stack import stack_of
from cncb_compiler.aws.template import build
from cncb_compiler.aws.triggers import FILTER_LIMIT, operation_filters, type_filters
from cncb_compiler.aws.values import filled, literal, shortened
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import FunctionPlan, Grant, StreamTrigger


def allowed(function: FunctionPlan, **changes: Any) -> list[tuple[list[str], Any]]:
    """What a function may do beside writing logs and traces."""
    made = statements(stack_of(plans.service(**changes)), function)
    return [(statement["Action"], statement["Resource"]) for statement in made[2:]]


def test_a_role_holds_what_the_grants_say_and_nothing_else() -> None:
    function = plans.function(
        "f",
        grants=(
            Grant("query", plans.ORDERS, "by-customer"),
            Grant("put", plans.ORDERS),
            Grant("get", plans.ORDERS),
            Grant("get", plans.PAGES),
        ),
    )
    assert allowed(function) == [
        (["s3:ListBucket"], {"Fn::GetAtt": ["PagesBucket", "Arn"]}),
        (["s3:GetObject"], {"Fn::Sub": "${PagesBucket.Arn}/*"}),
        (["dynamodb:GetItem", "dynamodb:PutItem"], {"Fn::GetAtt": ["OrdersTable", "Arn"]}),
        (["dynamodb:Query"], {"Fn::Sub": "${OrdersTable.Arn}/index/by-customer"}),
    ]


def test_a_trigger_brings_what_it_needs_to_read() -> None:
    function = plans.function("f", StreamTrigger(plans.MAIN, ("a",), plans.READ))
    actions = [action for statement, _ in allowed(function) for action in statement]
    assert "kinesis:GetRecords" in actions
    assert "kinesis:PutRecords" not in actions
    assert actions[-1] == "sqs:SendMessage"


def test_faults_are_published_to_their_stream() -> None:
    function = plans.function("f", faults_to=plans.MAIN)
    plan = plans.event_hub()
    assert allowed(function, streams=plan.streams) == [
        (["kinesis:PutRecord", "kinesis:PutRecords"], {"Fn::GetAtt": ["MainStream", "Arn"]})
    ]
    assert environment(stack_of(plan), function)["MAIN_STREAM"] == {"Ref": "MainStream"}


@pytest.mark.parametrize(
    ("key", "resource", "alias"),
    [
        ("arn:aws:kms:us-east-1:111111111111:key/abc", "arn:aws:kms:us-east-1:111111111111:key/abc", None),
        (
            "arn:aws:kms:us-east-1:111111111111:alias/shop",
            "arn:aws:kms:us-east-1:111111111111:key/*",
            "alias/shop",
        ),
        (
            "alias/shop",
            {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"},
            "alias/shop",
        ),
    ],
)
def test_a_customer_key_is_used_through_kinesis_only(key: str, resource: Any, alias: str | None) -> None:
    function = plans.function("f", grants=(Grant("publish", plans.MAIN),))
    made = statements(stack_of(plans.service(stream_keys={"main": key})), function)[-1]
    assert (made["Action"], made["Resource"]) == (["kms:GenerateDataKey"], resource)
    assert "kms:ViaService" in made["Condition"]["StringEquals"]
    assert made["Condition"].get("ForAnyValue:StringEquals") == (alias and {"kms:ResourceAliases": alias})


def test_the_key_that_aws_manages_needs_no_permission() -> None:
    function = plans.function("f", grants=(Grant("publish", plans.MAIN),))
    keys = {"main": "alias/aws/kinesis"}
    assert not [action for action, _ in allowed(function, stream_keys=keys) if "kms" in action[0]]


def test_environment() -> None:
    template, _ = build(plans.order_bff(), plans.packages(plans.order_bff()))
    function = template["Resources"]["CommandSubmitFunction"]["Properties"]
    variables = function["Environment"]["Variables"]
    assert variables["ORDERS_TABLE"] == {"Ref": "OrdersTable"}
    assert variables["STAGE"] == {"Ref": "Stage"}
    assert variables["CALL_TIMEOUT_SECONDS"] == "2"
    assert variables["URL"] == {"Fn::Sub": "https://${Stage}.x/${AWS::Region}"}
    assert variables["RAW"] == {"Fn::Sub": ["${Dollar}{x} $y {{z}}", {"Dollar": "$"}]}
    assert function["Code"]["S3Key"] == f"shop/order-bff/command-submit/{'0123456789abcdef' * 4}.zip"
    assert function["ReservedConcurrentExecutions"] == 5


@pytest.mark.parametrize("text", ["${Stage}", "${!x}", "a ${ b", "${}", "${${stage}}", "${AWS::Region}", "$ {x}"])
def test_user_text_is_never_read_as_a_reference(text: str) -> None:
    def substituted(value: Any) -> str:
        # What Fn::Sub does, in one pass, with the only variable that a literal may have.
        if isinstance(value, str):
            return value
        template, variables = value["Fn::Sub"]
        assert template.count("${") == template.count("${Dollar}")
        return str(template.replace("${Dollar}", variables["Dollar"]))

    assert substituted(literal(text)) == text
    if "${stage}" not in text:
        assert substituted(filled(text)) == text


def test_descriptions_are_cut_and_resolve_nothing() -> None:
    assert shortened("a\n  b", 10) == "a b"
    assert len(shortened("ü" * 300, 256).encode()) <= 256
    assert "{{" not in shortened("{{resolve:ssm:/x}}", 100)


def test_filters_fit_into_the_limits() -> None:
    assert type_filters(("b", "a")) == ['{"data":{"type":["a","b"]}}']
    many = tuple(f"event-{number:03}-{'x' * 50}" for number in range(250))
    patterns = type_filters(many)
    assert 1 < len(patterns) <= 5
    assert max(map(len, patterns)) <= FILTER_LIMIT
    assert [name for pattern in patterns for name in orjson.loads(pattern)["data"]["type"]] == sorted(many)
    too_many = tuple(f"event-{number:03}-{'x' * 50}" for number in range(400))
    assert type_filters(too_many) == []
    assert operation_filters(("MODIFY", "INSERT")) == ['{"eventName":["INSERT","MODIFY"]}']
    assert operation_filters(("INSERT", "MODIFY", "REMOVE")) == []


def test_collisions_after_normalisation() -> None:
    plan = plans.service(
        functions=(plans.function("a-b"), plans.function("aB"), plans.function("ab")),
        tables=(plans.table(Asset("table", "x-1")), plans.table(Asset("table", "x1"))),
    )
    assert [(found.logical_id, len(found.claims)) for found in naming.collisions(plan)] == [
        ("ABFunction", 2),
        ("X1Table", 2),
    ]
    assert naming.collisions(plans.order_bff("rest")) == ()
    routes = (
        plans.function("p", plans.route("GET", "/a/{b}")),
        plans.function("q", plans.route("GET", "/a/by-b")),
    )
    rest = replace(plans.order_bff("rest"), functions=routes)
    assert [found.logical_id for found in naming.collisions(rest)] == ["AByBPath"]


def test_several_mappings_of_one_id_collide() -> None:
    first = plans.function("a", StreamTrigger(Asset("stream", "b-c"), ("x",), plans.READ))
    second = plans.function("a-b", StreamTrigger(Asset("stream", "c"), ("x",), plans.READ))
    assert [found.logical_id for found in naming.collisions(plans.service(functions=(first, second)))] == ["ABCMapping"]
