"""What change sets show, and when they fail."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_cloudformation_fakes import OTHER, THING, Cloud, body, things


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


def by_name(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    assert answer["Status"] == "CREATE_COMPLETE", answer.get("StatusReason")
    changes = [one["ResourceChange"] for one in answer["Changes"]]
    return {one["LogicalResourceId"]: one for one in changes}


def test_a_stack_to_be_made_is_in_review_until_the_change_set_is_executed(cloud: Cloud) -> None:
    answer = cloud.changes(things(A={"Size": 1}), ChangeSetType="CREATE")
    assert (answer["Status"], answer["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert [
        (one["ResourceChange"]["Action"], one["ResourceChange"]["LogicalResourceId"]) for one in answer["Changes"]
    ] == [("Add", "A")]
    assert cloud.api.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"] == "REVIEW_IN_PROGRESS"
    assert not cloud.memory.calls
    cloud.api.execute_change_set(StackName="s", ChangeSetName="c0")
    assert cloud.engine.wait("s", 10) == "CREATE_COMPLETE"
    assert cloud.api.describe_change_set(StackName="s", ChangeSetName="c0")["ExecutionStatus"] == "EXECUTE_COMPLETE"
    with pytest.raises(cloud.api.exceptions.InvalidChangeSetStatusException):
        cloud.api.execute_change_set(StackName="s", ChangeSetName="c0")


def test_add_modify_and_remove(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}, B={"Size": 1}))
    found = by_name(cloud.changes(things(A={"Size": 2}, C={"Size": 1})))
    assert {name: one["Action"] for name, one in found.items()} == {"A": "Modify", "B": "Remove", "C": "Add"}
    assert found["A"]["Replacement"] == "False"
    assert found["A"]["PhysicalResourceId"] == cloud.physical("A")
    assert found["A"]["Scope"] == ["Properties"]
    assert found["A"]["Details"] == [
        {
            "Target": {"Attribute": "Properties", "Name": "Size", "RequiresRecreation": "Never"},
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
    ]
    assert found["B"]["PolicyAction"] == "Delete"
    assert "PhysicalResourceId" not in found["C"]


def test_a_create_only_property_is_a_replacement_and_who_refers_to_it_may_be_one(cloud: Cloud) -> None:
    def template(fixed: str) -> dict[str, Any]:
        return things(A={"Fixed": fixed}, B={"Link": {"Ref": "A"}}, C={"Fixed": {"Fn::GetAtt": ["A", "Arn"]}})

    cloud.create(template("x"))
    found = by_name(cloud.changes(template("y")))
    assert {name: one["Replacement"] for name, one in found.items()} == {"A": "True", "B": "False", "C": "Conditional"}
    assert found["A"]["PolicyAction"] == "ReplaceAndDelete"
    assert found["B"]["Details"][0]["ChangeSource"] == "ResourceReference"
    assert found["B"]["Details"][0]["CausingEntity"] == "A"
    assert found["C"]["Details"] == [
        {
            "Target": {"Attribute": "Properties", "Name": "Fixed", "RequiresRecreation": "Always"},
            "Evaluation": "Dynamic",
            "ChangeSource": "ResourceAttribute",
            "CausingEntity": "A.Arn",
        }
    ]


def test_what_refers_to_a_resource_by_name_only_stays_when_that_is_changed_in_place(cloud: Cloud) -> None:
    def template(size: int) -> dict[str, Any]:
        return things(A={"Size": size}, B={"Link": {"Ref": "A"}}, C={"Link": {"Fn::GetAtt": ["A", "Size"]}})

    cloud.create(template(1))
    assert by_name(cloud.changes(template(2))).keys() == {"A", "C"}
    cloud.memory.calls.clear()
    assert cloud.update(template(2)) == "UPDATE_COMPLETE"
    assert cloud.memory.calls == [("update", "A"), ("update", "C")]


def test_a_parameter_is_named_as_the_cause(cloud: Cloud) -> None:
    template = things(A={"Link": {"Fn::Sub": "x-${Stage}"}}) | {
        "Parameters": {"Stage": {"Type": "String", "Default": "dev"}}
    }
    cloud.create(template)
    [found] = by_name(cloud.changes(template, Parameters=[{"ParameterKey": "Stage", "ParameterValue": "prd"}])).values()
    [detail] = found["Details"]
    assert (detail["ChangeSource"], detail["CausingEntity"]) == ("ParameterReference", "Stage")


def test_metadata_and_policies_are_changes_that_touch_nothing(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}))
    template = things(A={"Size": 1, "_Metadata": {"cncb": 1}, "_DeletionPolicy": "Retain"})
    assert by_name(cloud.changes(template))["A"]["Scope"] == ["DeletionPolicy", "Metadata"]
    cloud.memory.calls.clear()
    assert cloud.update(template) == "UPDATE_COMPLETE"
    assert not cloud.memory.calls
    cloud.delete()
    assert len(cloud.memory.things) == 1


def test_no_changes_make_a_change_set_that_failed(cloud: Cloud) -> None:
    template = things(A={"Size": 1})
    cloud.create(template)
    answer = cloud.changes(template)
    assert (answer["Status"], answer["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert answer["StatusReason"].startswith("The submitted information didn't contain changes.")
    with pytest.raises(ClientError, match="No updates are to be performed"):
        cloud.update(template)


def test_an_output_is_a_change(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}))
    answer = cloud.changes(things(A={"Size": 1}) | {"Outputs": {"A": {"Value": {"Ref": "A"}}}})
    assert (answer["Status"], answer["Changes"]) == ("CREATE_COMPLETE", [])


def test_a_dynamic_reference_to_nothing_makes_a_change_set_that_failed(cloud: Cloud) -> None:
    answer = cloud.changes(things(A={"Link": "{{resolve:ssm:/absent}}"}), ChangeSetType="CREATE")
    assert answer["Status"] == "FAILED"
    assert answer["StatusReason"] == "Unable to fetch parameters [/absent] from parameter store for this account."


def test_the_type_of_a_resource_cannot_change(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}))
    answer = cloud.changes({"Resources": {"A": {"Type": OTHER}}})
    assert "Update of resource type is not permitted" in answer["StatusReason"]


def test_other_change_sets_are_gone_after_one_was_executed(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}))
    cloud.changes(things(A={"Size": 2}))
    cloud.changes(things(A={"Size": 3}))
    listed = cloud.api.list_change_sets(StackName="s")["Summaries"]
    assert [one["ChangeSetName"] for one in listed] == ["c0", "c1"]
    cloud.api.execute_change_set(ChangeSetName=listed[0]["ChangeSetId"])
    assert cloud.engine.wait("s", 10) == "UPDATE_COMPLETE"
    with pytest.raises(cloud.api.exceptions.ChangeSetNotFoundException):
        cloud.api.describe_change_set(StackName="s", ChangeSetName="c1")


def test_change_sets_are_deleted_and_their_names_free_again(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}))
    for _ in range(2):
        assert cloud.changes(things(A={"Size": 2}))["ChangeSetName"] == "c0"
        cloud.api.delete_change_set(StackName="s", ChangeSetName="c0")
    cloud.api.delete_change_set(StackName="s", ChangeSetName="c0")


def test_long_change_sets_come_in_pages(cloud: Cloud) -> None:
    template = {"Resources": {f"R{number:03}": {"Type": THING} for number in range(250)}}
    cloud.api.create_change_set(StackName="s", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=body(template))
    pages = cloud.api.get_paginator("describe_change_set").paginate(StackName="s", ChangeSetName="c")
    found = [one["ResourceChange"]["LogicalResourceId"] for page in pages for one in page["Changes"]]
    assert found == sorted(template["Resources"])


@pytest.mark.parametrize(
    ("kind", "message"), [("UPDATE", r"Stack \[s\] does not exist"), ("IMPORT", "IMPORT are not held")]
)
def test_change_sets_that_cannot_be(cloud: Cloud, kind: str, message: str) -> None:
    with pytest.raises(ClientError, match=message):
        cloud.changes(things(A={"Size": 1}), ChangeSetType=kind)


def test_a_stack_that_stands_cannot_be_created_again(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}))
    with pytest.raises(ClientError, match="already exists and cannot be created again"):
        cloud.changes(things(A={"Size": 1}), ChangeSetType="CREATE")
    with pytest.raises(cloud.api.exceptions.AlreadyExistsException):
        cloud.create(things(A={"Size": 1}))


def test_a_stack_that_was_rolled_back_can_only_be_deleted(cloud: Cloud) -> None:
    cloud.create({"Resources": {"A": {"Type": "AWS::Moon::Base"}}})
    with pytest.raises(ClientError, match="is in ROLLBACK_COMPLETE state and can not be updated"):
        cloud.changes(things(A={"Size": 1}))
    assert cloud.delete() == "DELETE_COMPLETE"
    assert cloud.create(things(A={"Size": 1})) == "CREATE_COMPLETE"
