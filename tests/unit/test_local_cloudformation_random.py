"""Any update, with any failure on the way, ends with exactly what was asked for, or exactly what was before."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from local_cloudformation_fakes import Cloud, FakeError, body, things

NAMES = "ABCDE"


@st.composite
def templates(draw: st.DrawFn) -> dict[str, Any]:
    chosen = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    declared: dict[str, Any] = {}
    for name in sorted(chosen):
        properties: dict[str, Any] = {"Size": draw(st.integers(1, 2)), "Fixed": draw(st.sampled_from("xy"))}
        if declared:
            other = draw(st.sampled_from(sorted(declared)))
            match draw(st.sampled_from(["none", "ref", "attribute", "fixed", "depends"])):
                case "ref":
                    properties["Link"] = {"Ref": other}
                case "attribute":
                    properties["Link"] = {"Fn::GetAtt": [other, "Size"]}
                case "fixed":
                    properties["Fixed"] = {"Fn::Sub": f"${{{other}.Arn}}"}
                case "depends":
                    properties["_DependsOn"] = other
        declared[name] = properties
    return things(**declared)


def without_needs(template: dict[str, Any]) -> dict[str, Any]:
    """What of a template is compared: CloudFormation takes another DependsOn alone for no change."""
    return {name: one["Properties"] for name, one in template["Resources"].items()}


@settings(max_examples=60, deadline=None)
@given(
    old=templates(),
    new=templates(),
    failure=st.none() | st.tuples(st.sampled_from(["create", "update"]), st.sampled_from(NAMES)),
    late=st.booleans(),
)
def test_all_or_nothing(old: dict[str, Any], new: dict[str, Any], failure: tuple[str, str] | None, late: bool) -> None:
    cloud = Cloud()
    engine, memory = cloud.engine, cloud.memory
    engine.create_stack({"StackName": "s", "TemplateBody": body(old)})
    assert engine.wait("s", 10) == "CREATE_COMPLETE"
    before = copy.deepcopy(memory.things)
    memory.once, memory.late = True, late
    if failure is not None:
        memory.fails[failure] = FakeError("Refuses", "it will not")
    made = engine.create_change_set({"StackName": "s", "ChangeSetName": "c", "TemplateBody": body(new)})
    if made.status == "FAILED":
        assert without_needs(old) == without_needs(new)
        return
    stood = {one.logical_id: cloud.physical(one.logical_id) for one in made.changes if one.action == "Modify"}
    engine.execute_change_set({"StackName": "s", "ChangeSetName": "c"})
    status = engine.wait("s", 10)
    stack = engine.stack("s")
    if status == "UPDATE_ROLLBACK_COMPLETE":
        assert memory.things == before
        assert set(stack.resources) == set(old["Resources"])
    else:
        assert status == "UPDATE_COMPLETE"
        assert set(stack.resources) == set(new["Resources"])
        assert set(memory.things) == {cloud.physical(name) for name in stack.resources}
        for change in made.changes:
            if change.replacement == "True":
                assert cloud.physical(change.logical_id) != stood[change.logical_id]
            elif change.replacement == "False":
                assert cloud.physical(change.logical_id) == stood[change.logical_id]
    assert cloud.app.differences("s") == []
    template = body(new if status == "UPDATE_COMPLETE" else old)
    again = engine.create_change_set({"StackName": "s", "ChangeSetName": "again", "TemplateBody": template})
    assert again.status == "FAILED"
    memory.fails.clear()
    engine.delete_stack({"StackName": "s"})
    assert engine.wait(stack.id, 10) == "DELETE_COMPLETE"
    assert memory.things == {}
