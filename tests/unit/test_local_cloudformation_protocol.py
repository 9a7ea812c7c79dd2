"""The API as a real boto3 client sees it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_cloudformation_fakes import ACCOUNT, REGION, THING, Cloud, FakeError, body, things

TEMPLATE = things(A={"Size": 1, "_Metadata": {"cncb": {"declaration": "x.yaml#/a"}}}, B={"Link": {"Ref": "A"}}) | {
    "Description": "two things",
    "Parameters": {
        "Stage": {"Type": "String", "Default": "dev", "AllowedValues": ["dev", "prd"]},
        "Bucket": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/bucket"},
        "Secret": {"Type": "String", "Default": "x", "NoEcho": True},
    },
    "Outputs": {"Bucket": {"Value": {"Ref": "Bucket"}, "Description": "where"}},
}


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


def test_waiters_see_a_stack_come_and_go(cloud: Cloud) -> None:
    quick = {"Delay": 0, "MaxAttempts": 10_000}
    api = cloud.api
    api.create_change_set(StackName="s", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=body(TEMPLATE))
    api.get_waiter("change_set_create_complete").wait(StackName="s", ChangeSetName="c", WaiterConfig=quick)
    api.execute_change_set(StackName="s", ChangeSetName="c")
    api.get_waiter("stack_create_complete").wait(StackName="s", WaiterConfig=quick)
    api.get_waiter("stack_exists").wait(StackName="s", WaiterConfig=quick)
    api.update_stack(StackName="s", TemplateBody=body(things(A={"Size": 2})))
    api.get_waiter("stack_update_complete").wait(StackName="s", WaiterConfig=quick)
    api.delete_stack(StackName="s")
    api.get_waiter("stack_delete_complete").wait(StackName="s", WaiterConfig=quick)


def test_a_stack_is_described(cloud: Cloud) -> None:
    cloud.create(TEMPLATE, Tags=[{"Key": "k", "Value": "<v> & \u00fc"}])
    [stack] = cloud.api.describe_stacks()["Stacks"]
    assert stack["StackId"].startswith(f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/s/")
    assert (stack["StackStatus"], stack["Description"]) == ("CREATE_COMPLETE", "two things")
    assert stack["Outputs"] == [{"OutputKey": "Bucket", "OutputValue": "artifacts", "Description": "where"}]
    assert stack["Tags"] == [{"Key": "k", "Value": "<v> & \u00fc"}]
    assert stack["Parameters"] == [
        {"ParameterKey": "Stage", "ParameterValue": "dev"},
        {"ParameterKey": "Bucket", "ParameterValue": "/bucket", "ResolvedValue": "artifacts"},
        {"ParameterKey": "Secret", "ParameterValue": "****"},
    ]
    assert stack["CreationTime"].tzinfo is not None
    assert cloud.api.describe_stacks(StackName=stack["StackId"])["Stacks"] == [stack]


def test_lists_keep_their_order(cloud: Cloud) -> None:
    tags = [{"Key": f"k{number}", "Value": "v"} for number in range(12)]
    cloud.create(TEMPLATE, Tags=tags)
    assert cloud.api.describe_stacks(StackName="s")["Stacks"][0]["Tags"] == tags


def test_resources_are_described(cloud: Cloud) -> None:
    cloud.create(TEMPLATE)
    [a, b] = cloud.api.describe_stack_resources(StackName="s")["StackResources"]
    assert (a["LogicalResourceId"], a["ResourceType"], a["ResourceStatus"]) == ("A", THING, "CREATE_COMPLETE")
    assert a["PhysicalResourceId"].startswith("s-A-")
    by_physical = cloud.api.describe_stack_resources(PhysicalResourceId=b["PhysicalResourceId"])
    assert len(by_physical["StackResources"]) == 2
    detail = cloud.api.describe_stack_resource(StackName="s", LogicalResourceId="A")["StackResourceDetail"]
    assert detail["Metadata"] == '{"cncb": {"declaration": "x.yaml#/a"}}'
    with pytest.raises(ClientError, match="Resource C does not exist for stack s"):
        cloud.api.describe_stack_resource(StackName="s", LogicalResourceId="C")


def test_long_answers_come_in_pages(cloud: Cloud) -> None:
    cloud.create({"Resources": {f"R{number}": {"Type": THING} for number in range(130)}})
    pages = list(cloud.api.get_paginator("list_stack_resources").paginate(StackName="s"))
    assert [len(page["StackResourceSummaries"]) for page in pages] == [100, 30]
    events = [
        event
        for page in cloud.api.get_paginator("describe_stack_events").paginate(StackName="s")
        for event in page["StackEvents"]
    ]
    assert len(events) == len({event["EventId"] for event in events}) == 130 * 3 + 2
    assert (events[0]["ResourceStatus"], events[-1]["ResourceStatus"]) == ("CREATE_COMPLETE", "CREATE_IN_PROGRESS")
    assert [event["Timestamp"] for event in events] == sorted((event["Timestamp"] for event in events), reverse=True)


def test_events_tell_why(cloud: Cloud) -> None:
    cloud.memory.fails["create", "B"] = FakeError("Refuses", "it will not")
    cloud.create(TEMPLATE, ClientRequestToken="mine")
    events = cloud.api.describe_stack_events(StackName="s")["StackEvents"]
    [failed] = [event for event in events if event["ResourceStatus"] == "CREATE_FAILED"]
    assert (failed["LogicalResourceId"], failed["ClientRequestToken"]) == ("B", "mine")
    assert "it will not" in failed["ResourceStatusReason"]
    made = next(
        event for event in events if event["LogicalResourceId"] == "A" and "COMPLETE" in event["ResourceStatus"]
    )
    assert made["ResourceProperties"] == '{"Size":1}'


def test_templates_are_given_back(cloud: Cloud) -> None:
    text = "Resources:\n  A:\n    Type: Test::Memory::Thing # a comment\n"
    cloud.create(text)
    assert cloud.api.get_template(StackName="s")["TemplateBody"] == text
    other = body(things(A={"Size": 7}))
    cloud.api.create_change_set(StackName="s", ChangeSetName="c", TemplateBody=other)
    assert cloud.api.get_template(StackName="s", ChangeSetName="c")["TemplateBody"] == things(A={"Size": 7})


def test_a_template_may_lie_in_s3(cloud: Cloud) -> None:
    cloud.memory.objects["bucket", "folder/t.json"] = body(TEMPLATE).encode()
    for number, host in enumerate(
        ("localhost:4566/bucket", "bucket.s3.amazonaws.com", "bucket.s3.eu-west-1.amazonaws.com")
    ):
        cloud.api.create_stack(StackName=f"s{number}", TemplateURL=f"http://{host}/folder/t.json")
        assert cloud.engine.wait(f"s{number}", 10) == "CREATE_COMPLETE"


def test_templates_are_summed_up(cloud: Cloud) -> None:
    role = {"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "r"}}}}
    found = cloud.api.get_template_summary(TemplateBody=body(TEMPLATE | role))
    assert found["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
    assert found["ResourceTypes"] == ["AWS::IAM::Role"]
    [stage, _, secret] = found["Parameters"]
    assert stage["ParameterConstraints"] == {"AllowedValues": ["dev", "prd"]}
    assert (stage["DefaultValue"], secret["NoEcho"]) == ("dev", True)
    assert cloud.api.validate_template(TemplateBody=body(TEMPLATE))["Description"] == "two things"


def test_capabilities_are_asked_for(cloud: Cloud) -> None:
    role = {"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "r"}}}}
    for given in ([], ["CAPABILITY_IAM"]):
        with pytest.raises(cloud.api.exceptions.InsufficientCapabilitiesException, match="CAPABILITY_NAMED_IAM"):
            cloud.create(role, Capabilities=given)
    assert cloud.engine.find("s") is None
    assert cloud.create(role, Capabilities=["CAPABILITY_NAMED_IAM"]) == "ROLLBACK_COMPLETE"


@pytest.mark.parametrize(
    ("call", "parameters", "code", "message"),
    [
        ("describe_stacks", {"StackName": "x"}, "ValidationError", "Stack with id x does not exist"),
        ("describe_stack_events", {"StackName": "x"}, "ValidationError", r"Stack \[x\] does not exist"),
        ("get_template", {"StackName": "x"}, "ValidationError", "Stack with id x does not exist"),
        ("create_stack", {"StackName": "1x", "TemplateBody": "{}"}, "ValidationError", "stackName"),
        (
            "create_stack",
            {"StackName": "x", "TemplateBody": "x" * 51_201},
            "ValidationError",
            "less than or equal to 51200",
        ),
        ("create_stack", {"StackName": "x", "TemplateURL": "ftp://x"}, "ValidationError", "supported URL"),
        ("create_stack", {"StackName": "x"}, "ValidationError", "Template URL or Template Body"),
        ("describe_change_set", {"ChangeSetName": "arn:none"}, "ChangeSetNotFound", "does not exist"),
        ("list_types", {}, "InvalidAction", "ListTypes is not held by the local endpoint"),
    ],
)
def test_refusals(cloud: Cloud, call: str, parameters: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(ClientError, match=message) as caught:
        getattr(cloud.api, call)(**parameters)
    assert caught.value.response["Error"]["Code"] == code


def test_parameters_are_checked_before_anything_is_made(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="Parameter 'Stage' must be one of AllowedValues"):
        cloud.create(TEMPLATE, Parameters=[{"ParameterKey": "Stage", "ParameterValue": "tst"}])
    assert cloud.engine.find("s") is None


def test_deleted_stacks_are_still_listed(cloud: Cloud) -> None:
    cloud.create(TEMPLATE)
    cloud.delete()
    cloud.api.delete_stack(StackName="s")
    [summary] = cloud.api.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
    assert summary["StackName"] == "s"
    assert "DeletionTime" in summary
    assert cloud.api.list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"] == []
    found = cloud.api.describe_stack_resources(StackName=summary["StackId"])["StackResources"]
    assert {one["ResourceStatus"] for one in found} == {"DELETE_COMPLETE"}
    assert all(one["PhysicalResourceId"] for one in found)
