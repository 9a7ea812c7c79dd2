"""Templates and parameters that CloudFormation refuses, in its words; and its limits."""

from __future__ import annotations

from typing import Any

import pytest
from local_cloudformation_fakes import THING, body, things

from cncb_compiler.local.cloudformation.dynamic_references import parameter
from cncb_compiler.local.cloudformation.errors import RefusedError, invalid
from cncb_compiler.local.cloudformation.parameters import Value, values
from cncb_compiler.local.cloudformation.template import MAX_RESOURCES, template_of

GOOD = things(A={"Size": 1})


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ({}, "At least one Resources member must be defined"),
        (GOOD | {"Stuff": {}}, r"Invalid template property or properties \[Stuff\]"),
        (GOOD | {"Transform": "AWS::Serverless-2016-10-31"}, "Transform is not held by the local endpoint"),
        (GOOD | {"AWSTemplateFormatVersion": "2009-01-01"}, "AWSTemplateFormatVersion"),
        ({"Resources": {"A": {"Properties": {}}}}, "must contain a Type member"),
        ({"Resources": {"a_b": {"Type": THING}}}, "Resource name a_b is non alphanumeric"),
        (things(A={"_Color": 1}), "Invalid template resource property 'Color'"),
        (things(A={"Link": {"Ref": "B"}}), r"Unresolved resource dependencies \[B\] in the Resources block"),
        (things(A={"Link": {"Fn::Sub": "${B}"}}), r"Unresolved resource dependencies \[B\]"),
        (things(A={"Link": {"Fn::Sub": "${B.Arn}"}}), "Fn::GetAtt references undefined resource B"),
        (things(A={"_DependsOn": ["B"]}), r"Unresolved resource dependencies \[B\]"),
        (GOOD | {"Outputs": {"X": {"Value": {"Ref": "B"}}}}, r"\[B\] in the Outputs block"),
        (GOOD | {"Outputs": {"X": {"Description": "d"}}}, "Output X is malformed"),
        (GOOD | {"Conditions": {"X": {"Fn::Equals": [{"Ref": "A"}, "b"]}}}, r"\[A\] in the Conditions block"),
        (things(A={"_Condition": "X"}), "Unresolved condition dependency X"),
        (things(A={"Link": {"Fn::If": ["X", 1, 2]}}), "Unresolved condition dependency X"),
        (things(A={"Link": {"Ref": "A"}}), r"Circular dependency between resources: \[A\]"),
        (things(A={"Link": {"Ref": "B"}}, B={"_DependsOn": "A"}), r"Circular dependency between resources: \[A, B\]"),
        (things(A={"Link": [{"x": None}]}), r"\[/Resources/A/Properties/Link/0/x\] 'null' values are not allowed"),
        (things(A={"_DeletionPolicy": "Keep"}), "Invalid DeletionPolicy attribute specified for resource A"),
        (things(A={"_UpdateReplacePolicy": "RetainExceptOnCreate"}), "Invalid UpdateReplacePolicy"),
        (things(A={"_DeletionPolicy": "Snapshot"}), "does not support deletion policy Snapshot"),
        ({"Resources": {f"R{n}": {"Type": THING} for n in range(MAX_RESOURCES + 1)}}, "Number of resources, 501"),
    ],
)
def test_wrong_templates_are_refused(template: Any, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        template_of(body(template))


def test_a_good_template_is_read_in_the_order_of_needs() -> None:
    template = template_of(
        body(things(A={"Link": {"Fn::Sub": ["${x} ${!Ref} ${AWS::Region}", {"x": {"Ref": "B"}}]}}, B={}))
    )
    assert list(template.resources) == ["B", "A"]
    assert template.resources["A"].needs == {"B"}


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        ("AWS::IAM::Role", {}, ("CAPABILITY_IAM",)),
        ("AWS::IAM::Role", {"RoleName": "r"}, ("CAPABILITY_NAMED_IAM",)),
        ("AWS::IAM::Policy", {"PolicyName": "p"}, ("CAPABILITY_IAM",)),
        (THING, {}, ()),
    ],
)
def test_capabilities(kind: str, properties: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert template_of(body({"Resources": {"A": {"Type": kind, "Properties": properties}}})).capabilities() == expected


def value_of(declared: dict[str, Any], given: str | None, previous: dict[str, Value] | None = None) -> Value:
    asked = [] if given is None else [{"ParameterKey": "P", "ParameterValue": given}]
    return values({"P": declared}, asked, previous or {}, lambda name: f"value of {name}")["P"]


@pytest.mark.parametrize(
    ("declared", "given", "expected"),
    [
        ({"Type": "String"}, "a", "a"),
        ({"Type": "String", "Default": "d"}, None, "d"),
        ({"Type": "String", "AllowedValues": ["a", True]}, "true", "true"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "abc", "abc"),
        ({"Type": "Number", "MinValue": 1, "MaxValue": "3"}, "3", "3"),
        ({"Type": "CommaDelimitedList"}, "a, b", ["a", "b"]),
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]}, "b,a", ["b", "a"]),
        ({"Type": "List<Number>"}, "1,2", ["1", "2"]),
        ({"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/x"}, None, "value of /x"),
        ({"Type": "AWS::SSM::Parameter::Value<List<String>>"}, "/x,y", ["value of /x", "y"]),
        ({"Type": "AWS::EC2::VPC::Id"}, "vpc-1", "vpc-1"),
    ],
)
def test_parameters(declared: dict[str, Any], given: str | None, expected: Any) -> None:
    assert value_of(declared, given).ref == expected


@pytest.mark.parametrize(
    ("declared", "given", "message"),
    [
        ({"Type": "String"}, None, r"Parameters: \[P\] must have values"),
        ({"Type": "Text"}, "a", "Unrecognized parameter type: Text"),
        ({"Type": "String", "AllowedValues": ["dev"]}, "prd", "Parameter 'P' must be one of AllowedValues"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "abc1", "Parameter 'P' must match pattern"),
        (
            {"Type": "String", "AllowedPattern": "[a-z]+", "ConstraintDescription": "only letters"},
            "1",
            "Parameter 'P' failed to satisfy constraint: only letters",
        ),
        ({"Type": "String", "MinLength": 2}, "a", "must contain at least 2 characters"),
        ({"Type": "String", "MaxLength": "2"}, "abc", "must contain at most 2 characters"),
        ({"Type": "Number"}, "x", "must be a number"),
        ({"Type": "Number", "MinValue": 2}, "1", "a number not less than 2"),
        ({"Type": "Number", "MaxValue": 2}, "3", "a number not greater than 2"),
    ],
)
def test_wrong_parameters_are_refused(declared: dict[str, Any], given: str | None, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        value_of(declared, given)


def test_parameters_that_are_not_declared_are_refused() -> None:
    with pytest.raises(RefusedError, match=r"Parameters: \[Q\] do not exist in the template"):
        values({}, [{"ParameterKey": "Q", "ParameterValue": "x"}], {}, str)


def test_previous_values_and_hidden_ones() -> None:
    declared = {"P": {"Type": "String", "NoEcho": True}}
    asked = [{"ParameterKey": "P", "UsePreviousValue": True}]
    found = values(declared, asked, {"P": Value("P", "secret", "secret")}, str)["P"]
    assert (found.ref, found.shown()["ParameterValue"]) == ("secret", "****")
    with pytest.raises(RefusedError, match="usePreviousValue"):
        values(declared, asked, {}, str)


def test_an_error_that_nobody_expects_from_the_parameter_store_is_told() -> None:
    def broken(_service: str) -> Any:
        raise invalid("no way")

    with pytest.raises(RefusedError, match="no way"):
        parameter(broken, "/x")
