"""Stacks over resource types in memory: every way through the states, and every way back."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_cloudformation_fakes import OTHER, THING, Cloud, FakeError, body, things

REFUSES = FakeError("Refuses", "it will not")


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


def chain(**first: Any) -> dict[str, Any]:
    """C needs B (by DependsOn), B needs A (by GetAtt)."""
    return things(C={"Size": 3, "_DependsOn": "B"}, B={"Link": {"Fn::GetAtt": ["A", "Arn"]}}, A={"Size": 1, **first})


def test_resources_are_made_in_the_order_of_their_needs(cloud: Cloud) -> None:
    assert cloud.create(chain()) == "CREATE_COMPLETE"
    assert cloud.memory.calls == [("create", "A"), ("create", "B"), ("create", "C")]
    assert cloud.memory.things[cloud.physical("B")]["Link"] == f"arn:{cloud.physical('A')}"
    assert cloud.events()[:5] == [
        ("s", "CREATE_IN_PROGRESS"),
        ("A", "CREATE_IN_PROGRESS"),
        ("A", "CREATE_IN_PROGRESS"),
        ("A", "CREATE_COMPLETE"),
        ("B", "CREATE_IN_PROGRESS"),
    ]
    assert cloud.events()[-1] == ("s", "CREATE_COMPLETE")


def test_a_stack_is_deleted_in_the_reverse_order(cloud: Cloud) -> None:
    cloud.create(chain())
    cloud.memory.calls.clear()
    assert cloud.delete() == "DELETE_COMPLETE"
    assert cloud.memory.calls == [("delete", "C"), ("delete", "B"), ("delete", "A")]
    assert not cloud.memory.things
    with pytest.raises(ClientError, match="Stack with id s does not exist"):
        cloud.api.describe_stacks(StackName="s")


def test_what_cannot_be_made_is_told_and_all_is_taken_back(cloud: Cloud) -> None:
    cloud.memory.fails["create", "C"] = REFUSES
    assert cloud.create(chain()) == "ROLLBACK_COMPLETE"
    assert not cloud.memory.things
    assert ("C", "CREATE_FAILED") in cloud.events()
    assert any("it will not" in reason for reason in cloud.reasons())
    assert "The following resource(s) failed to create: [C]. Rollback requested by user." in cloud.reasons()
    assert cloud.memory.calls[-2:] == [("delete", "B"), ("delete", "A")]


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ({"Resources": {"A": {"Type": "AWS::Moon::Base"}}}, "AWS::Moon::Base is not held by the local endpoint"),
        (things(A={"Colour": "red"}), "Property Colour of Test::Memory::Thing is not held by the local endpoint"),
        (
            things(A={"Size": 1}, B={"Link": {"Fn::GetAtt": ["A", "Absent"]}}),
            "Template error: resource A does not support attribute type Absent in Fn::GetAtt",
        ),
    ],
)
def test_what_is_not_held_fails(cloud: Cloud, template: Any, reason: str) -> None:
    assert cloud.create(template) == "ROLLBACK_COMPLETE"
    assert reason in cloud.reasons()


def test_a_failed_creation_may_be_left_as_it_is_and_mended(cloud: Cloud) -> None:
    cloud.memory.fails["create", "C"] = REFUSES
    assert cloud.create(chain(), OnFailure="DO_NOTHING") == "CREATE_FAILED"
    assert len(cloud.memory.things) == 2
    cloud.memory.fails.clear()
    assert cloud.update(chain()) == "UPDATE_COMPLETE"
    assert len(cloud.memory.things) == 3


def test_a_failed_creation_may_delete_the_stack(cloud: Cloud) -> None:
    cloud.memory.fails["create", "B"] = REFUSES
    cloud.api.create_stack(StackName="s", TemplateBody=body(chain()), OnFailure="DELETE")
    stack = cloud.engine.stacks()[0]
    assert cloud.engine.wait(stack.id, 10) == "DELETE_COMPLETE"
    assert not cloud.memory.things


def test_an_update_changes_in_place(cloud: Cloud) -> None:
    cloud.create(chain())
    physical = cloud.physical("A")
    cloud.memory.calls.clear()
    assert cloud.update(chain(Size=2)) == "UPDATE_COMPLETE"
    assert cloud.memory.calls == [("update", "A")]
    assert cloud.physical("A") == physical
    assert cloud.memory.things[physical]["Size"] == 2


def test_a_create_only_property_replaces_and_the_old_one_goes_last(cloud: Cloud) -> None:
    cloud.create(chain(Fixed="x"))
    old = cloud.physical("A")
    cloud.memory.calls.clear()
    assert cloud.update(chain(Fixed="y")) == "UPDATE_COMPLETE"
    assert cloud.memory.calls == [("create", "A"), ("update", "B"), ("delete", "A")]
    assert old not in cloud.memory.things
    assert cloud.memory.things[cloud.physical("B")]["Link"] == f"arn:{cloud.physical('A')}"
    statuses = [status for name, status in cloud.events() if name == "s"]
    assert statuses[-2:] == ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"]


def test_a_replaced_resource_may_be_retained(cloud: Cloud) -> None:
    cloud.create(chain(Fixed="x"))
    old = cloud.physical("A")
    cloud.update(chain(Fixed="y", _UpdateReplacePolicy="Retain"))
    assert old in cloud.memory.things
    assert ("A", "DELETE_SKIPPED") in cloud.events()


def test_a_resource_of_the_same_name_cannot_replace(cloud: Cloud) -> None:
    cloud.create(things(A={"Name": "mine", "Fixed": "x"}))
    assert cloud.update(things(A={"Name": "mine", "Fixed": "y"})) == "UPDATE_ROLLBACK_COMPLETE"
    assert any("Rename mine and update the stack again" in reason for reason in cloud.reasons())
    assert cloud.memory.things == {"mine": {"Name": "mine", "Fixed": "x"}}


def test_a_service_that_takes_the_new_one_for_the_old_one_loses_neither(cloud: Cloud) -> None:
    cloud.memory.only_one = True
    cloud.create(things(A={"Fixed": "x"}))
    assert cloud.update(things(A={"Fixed": "y"})) == "UPDATE_COMPLETE"
    assert cloud.memory.things == {"the-only": {"Fixed": "y"}}
    cloud.memory.fails["create", "B"] = REFUSES
    assert cloud.update(things(A={"Fixed": "z"}, B={"Size": 1, "_DependsOn": "A"})) == "UPDATE_ROLLBACK_COMPLETE"
    assert cloud.memory.things == {"the-only": {"Fixed": "y"}}


def test_a_failed_update_goes_back_to_the_old_properties(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}, B={"Fixed": "x", "_DependsOn": "A"}, C={"Size": 1, "_DependsOn": "B"}))
    before = {name: dict(thing) for name, thing in cloud.memory.things.items()}
    cloud.memory.fails["create", "D"] = REFUSES
    template = things(A={"Size": 2}, B={"Fixed": "y", "_DependsOn": "A"}, D={"_DependsOn": "B"}, E={"_DependsOn": "D"})
    assert cloud.update(template) == "UPDATE_ROLLBACK_COMPLETE"
    assert cloud.memory.things == before
    assert "The following resource(s) failed to create: [D]." in cloud.reasons()
    assert sorted(cloud.engine.stack("s").resources) == ["A", "B", "C"]
    assert cloud.changes(template)["Status"] == "CREATE_COMPLETE"


def test_an_update_without_rollback_stays_and_goes_on(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}))
    cloud.memory.fails["create", "B"] = REFUSES
    template = things(A={"Size": 2}, B={"_DependsOn": "A"})
    assert cloud.update(template, DisableRollback=True) == "UPDATE_FAILED"
    assert cloud.memory.things[cloud.physical("A")]["Size"] == 2
    cloud.memory.fails.clear()
    assert cloud.update(template) == "UPDATE_COMPLETE"


def test_a_rollback_that_fails_can_be_continued(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}))
    cloud.memory.fails["update", "A"] = REFUSES
    cloud.memory.late = True
    assert cloud.update(things(A={"Size": 2})) == "UPDATE_ROLLBACK_FAILED"
    cloud.memory.things[cloud.physical("A")]["Size"] = 9
    with pytest.raises(ClientError, match="is in UPDATE_ROLLBACK_FAILED state and can not be updated"):
        cloud.update(things(A={"Size": 3}))
    cloud.memory.fails.clear()
    cloud.api.continue_update_rollback(StackName="s")
    assert cloud.engine.wait("s", 10) == "UPDATE_ROLLBACK_COMPLETE"
    assert cloud.memory.things[cloud.physical("A")] == {"Size": 1}


def test_an_update_that_was_refused_leaves_nothing_to_take_back(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}))
    cloud.memory.fails["update", "A"] = REFUSES
    assert cloud.update(things(A={"Size": 2})) == "UPDATE_ROLLBACK_COMPLETE"
    assert cloud.memory.calls == [("create", "A"), ("update", "A")]


def test_what_is_removed_from_the_template_is_deleted_unless_retained(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}, B={"Size": 1}, C={"Size": 1, "_DeletionPolicy": "Retain"}))
    kept = cloud.physical("C")
    assert cloud.update(things(A={"Size": 1})) == "UPDATE_COMPLETE"
    assert set(cloud.memory.things) == {cloud.physical("A"), kept}


@pytest.mark.parametrize(
    ("policy", "after_rollback", "after_delete"),
    [("Delete", 0, 0), ("Retain", 1, 1), ("RetainExceptOnCreate", 0, 1)],
)
def test_deletion_policies(policy: str, after_rollback: int, after_delete: int) -> None:
    template = things(A={"Size": 1, "_DeletionPolicy": policy}, B={"_DependsOn": "A"})
    failing = Cloud()
    failing.memory.fails["create", "B"] = REFUSES
    assert failing.create(template) == "ROLLBACK_COMPLETE"
    assert len(failing.memory.things) == after_rollback
    whole = Cloud()
    whole.create(template)
    assert whole.delete() == "DELETE_COMPLETE"
    assert len(whole.memory.things) == after_delete


def test_a_deletion_that_fails_keeps_what_is_needed_and_may_be_repeated(cloud: Cloud) -> None:
    cloud.create(chain())
    cloud.memory.fails["delete", "B"] = REFUSES
    assert cloud.delete() == "DELETE_FAILED"
    assert cloud.status("B") == "DELETE_FAILED"
    assert ("delete", "A") not in cloud.memory.calls
    assert cloud.delete(RetainResources=["B"]) == "DELETE_COMPLETE"
    assert len(cloud.memory.things) == 1


def test_what_is_gone_already_counts_as_deleted(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}))
    cloud.memory.things.clear()
    assert cloud.delete() == "DELETE_COMPLETE"


def test_a_protected_stack_stays(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}), EnableTerminationProtection=True)
    with pytest.raises(ClientError, match="TerminationProtection is enabled"):
        cloud.delete()
    cloud.api.update_termination_protection(StackName="s", EnableTerminationProtection=False)
    assert cloud.delete() == "DELETE_COMPLETE"


def test_dynamic_references_are_fetched_when_the_resource_is_made(cloud: Cloud) -> None:
    reference = {"Fn::Join": ["/", ["{{resolve:ssm:", "bucket}}"]]}
    cloud.create(things(A={"Link": reference}))
    assert cloud.memory.things[cloud.physical("A")] == {"Link": "artifacts"}
    # CloudFormation compares the text: another value alone is no change.
    cloud.memory.parameters["/bucket"] = "others"
    assert cloud.changes(things(A={"Link": reference}))["Status"] == "FAILED"
    assert cloud.update(things(A={"Link": reference, "Size": 1})) == "UPDATE_COMPLETE"
    assert cloud.memory.things[cloud.physical("A")]["Link"] == "others"


def test_outputs_exports_and_imports(cloud: Cloud) -> None:
    exporting = things(A={"Size": 1}) | {
        "Outputs": {
            "Arn": {"Value": {"Fn::GetAtt": ["A", "Arn"]}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-a"}}}
        }
    }
    cloud.create(exporting)
    importing = things(A={"Link": {"Fn::ImportValue": "s-a"}})
    cloud.api.create_stack(StackName="t", TemplateBody=body(importing))
    assert cloud.engine.wait("t", 10) == "CREATE_COMPLETE"
    assert f"arn:{cloud.physical('A')}" in [thing.get("Link") for thing in cloud.memory.things.values()]
    assert [one["Name"] for one in cloud.api.list_exports()["Exports"]] == ["s-a"]
    with pytest.raises(ClientError, match="Export s-a cannot be deleted as it is in use by t"):
        cloud.delete()


def test_conditions_choose_resources_and_outputs(cloud: Cloud) -> None:
    def template(stage: str) -> dict[str, Any]:
        return things(A={"Size": 1}, B={"Size": 1, "_Condition": "Prd"}) | {
            "Parameters": {"Stage": {"Type": "String", "Default": stage}},
            "Conditions": {"Prd": {"Fn::Equals": [{"Ref": "Stage"}, "prd"]}},
            "Outputs": {"B": {"Condition": "Prd", "Value": {"Ref": "B"}}},
        }

    cloud.create(template("dev"))
    assert len(cloud.memory.things) == 1
    cloud.update(template("prd"), Parameters=[{"ParameterKey": "Stage", "ParameterValue": "prd"}])
    assert len(cloud.memory.things) == 2
    assert len(cloud.engine.stack("s").outputs) == 1


def test_stacks_that_are_busy_are_left_alone(cloud: Cloud) -> None:
    cloud.create(things(A={"Size": 1}))
    stack = cloud.engine.stack("s")
    stack.status = "UPDATE_IN_PROGRESS"
    with pytest.raises(ClientError, match=f"Stack:{stack.id} is in UPDATE_IN_PROGRESS state and can not be updated"):
        cloud.update(things(A={"Size": 2}))
    with pytest.raises(ClientError, match="cannot be deleted while in status UPDATE_IN_PROGRESS"):
        cloud.delete()


def test_a_handler_that_breaks_is_a_failure_like_another(cloud: Cloud) -> None:
    cloud.memory.fails["create", "A"] = RuntimeError("surprise")  # type: ignore[assignment]
    assert cloud.create(things(A={"Size": 1})) == "ROLLBACK_COMPLETE"
    assert "Internal Failure: RuntimeError: surprise" in cloud.reasons()


def test_types_of_the_template_only_list_are_accepted_and_named() -> None:
    from cncb_compiler.local.cloudformation.registry import resource_types

    cloud = Cloud()
    object.__setattr__(cloud.engine.region, "types", {**resource_types(), THING: cloud.memory.type(THING)})
    template = things(A={"Decor": "tall", "Link": {"Fn::GetAtt": ["Site", "DomainName"]}})
    template["Resources"]["Site"] = {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": {}}}
    assert cloud.create(template) == "CREATE_COMPLETE"
    assert cloud.memory.things[cloud.physical("A")]["Link"].endswith(".cloudfront.net")
    named = [(one["logical_id"], one["path"]) for one in cloud.app.template_only("s")]
    assert named == [("A", "Decor"), ("Site", None)]
    assert cloud.app.differences("s") == []


def test_each_resource_module_is_found() -> None:
    from cncb_compiler.local.cloudformation.registry import resource_types

    assert {"AWS::DynamoDB::Table", "AWS::Lambda::Function", "AWS::CloudFront::Distribution"} <= resource_types().keys()
    assert OTHER not in resource_types()
