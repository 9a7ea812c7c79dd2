from __future__ import annotations

import random
from typing import Any

import aws_plans as plans
import orjson
import pytest
import yaml
from msgspec.structs import replace
from pydantic import ValidationError

from cncb_compiler.aws.checks import check_template
from cncb_compiler.aws.serialize import to_json, to_yaml
from cncb_compiler.aws.template import build
from cncb_compiler.model.function import Cors
from cncb_compiler.plan.function import BucketTrigger
from cncb_compiler.plan.service import ServicePlan

EVERYTHING = plans.everything()


def built(plan: ServicePlan) -> dict[str, Any]:
    template, diagnostics = build(plan, plans.packages(plan))
    assert diagnostics == []
    return template


def properties(template: dict[str, Any], logical_id: str) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"][logical_id]["Properties"]
    return found


@pytest.mark.parametrize("name", EVERYTHING)
def test_cfn_lint_finds_nothing_of_any_level(name: str) -> None:
    from cfnlint.api import lint
    from cfnlint.config import ManualArgs

    text = to_json(built(EVERYTHING[name])).decode()
    found = lint(text, config=ManualArgs(include_checks=["I"], regions=["us-east-1"]))
    assert [f"{match.rule.id} {match.message} {match.path}" for match in found] == []


@pytest.mark.parametrize("name", EVERYTHING)
def test_the_validator_of_aws_finds_nothing_to_do(name: str) -> None:
    validate = pytest.importorskip("cloudformation_validate")
    content = validate.TemplateContent(to_json(built(EVERYTHING[name])).decode(), "template.json")
    found = validate.CompositeEngine().validate_template(content).diagnostics
    assert [f"{each.rule_id} {each.message}" for each in found if each.severity.name != "INFO"] == []


@pytest.mark.parametrize("name", EVERYTHING)
def test_its_own_checks_find_nothing(name: str) -> None:
    assert list(check_template(EVERYTHING[name], built(EVERYTHING[name]))) == []


@pytest.mark.parametrize("name", EVERYTHING)
def test_same_bytes_in_any_order(name: str) -> None:
    plan = EVERYTHING[name]
    expected = to_json(built(plan))
    shuffle = random.Random(7)

    def mixed(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(shuffle.sample(items, len(items)))

    for _ in range(5):
        functions = tuple(
            replace(each, grants=mixed(each.grants), assets=mixed(each.assets), triggers=mixed(each.triggers))
            for each in plan.functions
        )
        other = replace(
            plan,
            stages=mixed(plan.stages),
            tags=dict(reversed(plan.tags.items())),
            streams=mixed(plan.streams),
            tables=mixed(plan.tables),
            buckets=mixed(plan.buckets),
            functions=mixed(functions),
        )
        assert to_json(built(other)) == expected


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_resource_names_its_declaration_and_is_tagged(name: str) -> None:
    untagged = {
        "BucketPolicy",
        "Deployment",
        "GatewayResponse",
        "Integration",
        "Method",
        "Permission",
        "QueuePolicy",
        "Resource",
        "Route",
        "WaitConditionHandle",
    }
    for logical_id, made in built(EVERYTHING[name])["Resources"].items():
        assert made["Metadata"]["cncb"]["declaration"].startswith("services/order-bff.yaml#/"), logical_id
        assert made["Metadata"]["cncb"]["pattern"], logical_id
        if made["Type"].split("::")[-1] not in untagged:
            tags = made["Properties"]["Tags"]
            keys = [tag["Key"] for tag in tags] if isinstance(tags, list) else list(tags)
            assert keys == ["system", "service", "owner", "stage", "cost-center"], logical_id


def test_yaml_says_the_same_as_json() -> None:
    template = built(EVERYTHING["http"])
    text = to_yaml(template)
    assert yaml.safe_load(text) == orjson.loads(to_json(template))
    assert b"&id" not in text


def test_a_service_without_anything_is_a_valid_empty_stack() -> None:
    template = built(plans.service())
    assert list(template) == ["AWSTemplateFormatVersion", "Description", "Resources"]
    assert list(template["Resources"]) == ["Placeholder"]


@pytest.mark.parametrize("kind", ["http", "rest"])
def test_an_api_without_routes_is_left_out(kind: str) -> None:
    plan = plans.service(api=replace(plans.order_bff(kind, Cors(origins=("*",))).api, kind=kind))
    assert list(built(plan)["Resources"]) == ["Placeholder"]


def test_only_used_parameters() -> None:
    assert sorted(built(plans.service(tables=(plans.table(plans.ORDERS),)))["Parameters"]) == ["Stage"]
    assert sorted(built(EVERYTHING["http"])["Parameters"]) == ["ArtifactBucket", "Stage"]
    assert "AllowedValues" not in built(EVERYTHING["http"])["Parameters"]["Stage"], "a laptop is a stage too"
    raw = plans.service(resources={"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "x"}}})
    assert "Parameters" not in built(raw)
    named = {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::Sub": "x-${Stage}"}}}}
    assert sorted(built(plans.service(resources=named))["Parameters"]) == ["Stage"]


def test_streams_of_other_stacks_come_from_ssm_and_own_ones_by_reference() -> None:
    consumer = built(EVERYTHING["http"])
    arn = {"Fn::Join": ["/", ["{{resolve:ssm:/shop", {"Ref": "Stage"}, "streams/main/arn}}"]]}
    assert properties(consumer, "ViewProductsMainMapping")["EventSourceArn"] == arn
    variables = properties(consumer, "ChangeOrdersFunction")["Environment"]["Variables"]
    name = {"Fn::Join": ["/", ["{{resolve:ssm:/shop", {"Ref": "Stage"}, "streams/main/name}}"]]}
    assert variables["MAIN_STREAM"] == name
    hub = built(EVERYTHING["hub"])
    assert properties(hub, "CopyMainMapping")["EventSourceArn"] == {"Fn::GetAtt": ["MainStream", "Arn"]}
    assert properties(hub, "MainStreamArnParameter")["Name"] == {"Fn::Sub": "/shop/${Stage}/streams/main/arn"}
    assert "Fn::ImportValue" not in to_json(consumer).decode()


def test_data_that_cannot_be_rebuilt_is_kept() -> None:
    resources = built(EVERYTHING["http"])["Resources"]
    kept = {key: made.get("UpdateReplacePolicy") for key, made in resources.items()}
    assert (kept["OrdersTable"], kept["UploadsBucket"]) == ("Retain", "Retain")
    assert (kept["ProductsTable"], kept["PagesBucket"]) == ("Delete", "Delete")
    assert "StreamSpecification" in resources["OrdersTable"]["Properties"]
    assert "StreamSpecification" not in resources["ProductsTable"]["Properties"]


def test_declared_properties_of_assets() -> None:
    template = built(EVERYTHING["http"])
    products, orders = properties(template, "ProductsTable"), properties(template, "OrdersTable")
    assert products["TimeToLiveSpecification"] == {"AttributeName": "expiresAt", "Enabled": True}
    assert products["ProvisionedThroughput"] == {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}
    assert orders["BillingMode"] == "PAY_PER_REQUEST"
    assert [each["AttributeName"] for each in orders["AttributeDefinitions"]] == ["at", "customerId", "id"]
    assert properties(template, "UploadsBucket")["VersioningConfiguration"] == {"Status": "Enabled"}
    assert "VersioningConfiguration" not in properties(template, "PagesBucket")
    hub = built(EVERYTHING["hub"])
    assert properties(hub, "AuditStream")["ShardCount"] == 2
    assert "ShardCount" not in properties(hub, "MainStream")


@pytest.mark.parametrize("name", EVERYTHING)
def test_no_star_but_those_that_aws_forces(name: str) -> None:
    for logical_id, made in built(EVERYTHING[name])["Resources"].items():
        for policy in made["Properties"].get("Policies", ()) if made["Type"] == "AWS::IAM::Role" else ():
            for statement in policy["PolicyDocument"]["Statement"]:
                actions = statement["Action"]
                assert actions == sorted(actions), logical_id
                assert not any("*" in action for action in actions), logical_id
                forced = all(action.startswith("xray:") for action in actions)
                assert forced or statement["Resource"] != "*", logical_id


def test_failure_queue_only_where_a_trigger_needs_it() -> None:
    route_only = plans.service(functions=(plans.function("command-a", plans.route("GET", "/a")),))
    assert "FailureQueue" not in built(route_only)["Resources"]
    assert "FailureQueue" in built(EVERYTHING["hub"])["Resources"]


def test_http_permission_is_scoped_to_its_route() -> None:
    source = properties(built(EVERYTHING["http"]), "QueryOrderApiPermission")["SourceArn"]["Fn::Sub"]
    assert source.endswith(":${HttpApi}/*/GET/orders/*")


def test_rest_deployment_changes_with_routes_and_with_nothing_else() -> None:
    def deployment(plan: ServicePlan) -> str:
        (found,) = (key for key in built(plan)["Resources"] if key.startswith("RestApiDeployment"))
        assert properties(built(plan), "RestApiStage")["DeploymentId"] == {"Ref": found}
        return found

    plan = plans.order_bff("rest")
    first = deployment(plan)
    renamed = tuple(replace(each, description="Says it differently") for each in plan.functions)
    assert deployment(replace(plan, functions=renamed, tags={})) == first
    more = plans.function("query-more", plans.route("GET", "/more"))
    assert deployment(replace(plan, functions=(*plan.functions, more))) != first
    assert deployment(plans.order_bff("rest", Cors(origins=("*",)))) != first
    override: dict[str, Any] = {"QueryOrderMethod": {"Properties": {"ApiKeyRequired": True}}}
    assert deployment(replace(plan, overrides=override)) != first


def test_rest_preflight_answers_listed_origins_only() -> None:
    one = properties(built(EVERYTHING["rest"]), "OrdersOptions")["Integration"]["IntegrationResponses"][0]
    origin = one["ResponseParameters"]["method.response.header.Access-Control-Allow-Origin"]
    assert origin == "'https://shop.example.com'"
    several = built(EVERYTHING["rest-origins"])
    response = properties(several, "OrdersOptions")["Integration"]["IntegrationResponses"][0]
    assert '$origin == "https://a.example.com"' in response["ResponseTemplates"]["application/json"]


@pytest.mark.parametrize("hostile", ["https://a'", '") #end $context.x ${Stage}'])
def test_an_origin_that_is_none_is_refused(hostile: str) -> None:
    with pytest.raises(ValidationError):
        Cors(origins=(hostile,))


def test_s3_tells_a_queue_that_one_function_reads() -> None:
    pages = plans.Bucket(plans.PAGES, plans.AT / "views" / "pages", "view", rebuildable=True)
    listener = plans.function(
        "index-pages", BucketTrigger(plans.PAGES, "publish"), grants=(plans.Grant("get", plans.PAGES),)
    )
    template = built(plans.service(buckets=(pages,), functions=(listener,)))
    assert template["Resources"]["PagesBucket"]["DependsOn"] == ["PagesBucketWordQueuePolicy"]
    queue = {"Fn::GetAtt": ["PagesBucketWordQueue", "Arn"]}
    told = properties(template, "PagesBucket")["NotificationConfiguration"]["QueueConfigurations"]
    assert {str(one["Queue"]) for one in told} == {str(queue)}
    assert properties(template, "PagesBucketWordQueue")["VisibilityTimeout"] == 180
    statements = properties(template, "IndexPagesRole")["Policies"][0]["PolicyDocument"]["Statement"]
    assert {
        "Effect": "Allow",
        "Action": ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
        "Resource": queue,
    } in statements
    assert list(check_template(plans.service(buckets=(pages,), functions=(listener,)), template)) == []
