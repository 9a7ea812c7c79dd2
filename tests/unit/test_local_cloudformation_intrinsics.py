"""Functions, dynamic references and the text of templates, each by itself."""

from __future__ import annotations

from typing import Any

import pytest
from local_cloudformation_fakes import Memory

from cncb_compiler.local.cloudformation.dynamic_references import lookup_in, substituted
from cncb_compiler.local.cloudformation.errors import RefusedError, invalid
from cncb_compiler.local.cloudformation.intrinsics import NO_VALUE, UNKNOWN, Scope, holds, resolve
from cncb_compiler.local.cloudformation.template_text import parsed

REFS = {"Stage": "dev", "Count": 3, "On": True, "List": ["a", "b"], "New": UNKNOWN, "None": NO_VALUE}


def ref(name: str) -> Any:
    if name not in REFS:
        raise invalid(f"unresolved {name}")
    return REFS[name]


SCOPE = Scope(
    ref=ref,
    attribute=lambda name, attribute: UNKNOWN if name == "New" else f"{name}|{attribute}",
    imported=lambda name: f"imported {name}",
    condition=lambda name: name == "Yes",
    mappings={"M": {"dev": {"size": "1", "many": ["x"]}}},
    region="eu-west-1",
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ({"Ref": "Stage"}, "dev"),
        ({"a": [{"Ref": "Stage"}, 1]}, {"a": ["dev", 1]}),
        ({"a": {"Ref": "None"}, "b": 1}, {"b": 1}),
        ([{"Ref": "None"}, 1], [1]),
        ({"Fn::GetAtt": ["Table", "Arn"]}, "Table|Arn"),
        ({"Fn::GetAtt": "Table.Stream.Arn"}, "Table|Stream.Arn"),
        ({"Fn::Sub": "a-${Stage}-${Table.Arn}-${!Left}"}, "a-dev-Table|Arn-${Left}"),
        ({"Fn::Sub": ["${x}/${Stage}", {"x": {"Ref": "Count"}}]}, "3/dev"),
        ({"Fn::Sub": "${On}"}, "true"),
        ({"Fn::Join": ["/", ["a", {"Ref": "Stage"}, {"Ref": "None"}, 1]]}, "a/dev/1"),
        ({"Fn::Join": [",", {"Ref": "List"}]}, "a,b"),
        ({"Fn::Select": ["1", {"Ref": "List"}]}, "b"),
        ({"Fn::Select": [0, {"Fn::Split": [":", "x:y"]}]}, "x"),
        ({"Fn::Split": ["-", {"Fn::Sub": "a-${Stage}"}]}, ["a", "dev"]),
        ({"Fn::FindInMap": ["M", {"Ref": "Stage"}, "size"]}, "1"),
        ({"Fn::FindInMap": ["M", "dev", "many"]}, ["x"]),
        ({"Fn::Base64": "abc"}, "YWJj"),
        ({"Fn::If": ["Yes", {"Ref": "Stage"}, "no"]}, "dev"),
        ({"Fn::If": ["Never", {"Ref": "Absent"}, "no"]}, "no"),
        ({"x": {"Fn::If": ["Never", 1, {"Ref": "None"}]}}, {}),
        ({"Fn::ImportValue": {"Fn::Sub": "x-${Stage}"}}, "imported x-dev"),
        ({"Fn::GetAZs": ""}, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
        ({"Fn::Sub": "a-${New}"}, UNKNOWN),
        ({"Fn::Join": ["", ["a", {"Fn::GetAtt": ["New", "Arn"]}]]}, UNKNOWN),
        ({"Fn::Select": [0, {"Fn::Split": ["/", {"Ref": "New"}]}]}, UNKNOWN),
        (
            {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
            {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        ),
    ],
)
def test_functions_give(value: Any, expected: Any) -> None:
    assert resolve(value, SCOPE) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Ref": "Absent"}, "unresolved Absent"),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, "Fn::Cidr"),
        ({"Fn::Transform": {}}, "Fn::Transform"),
        ({"Fn::Select": [2, {"Ref": "List"}]}, "nonexistent value at index 2"),
        ({"Fn::Join": ["", "text"]}, "Fn::Join"),
        ({"Fn::Join": ["", [["nested"]]]}, "Fn::Join"),
        ({"Fn::Sub": ["only one"]}, "Fn::Sub"),
        ({"Fn::Sub": "${List}"}, "Fn::Sub"),
        ({"Fn::FindInMap": ["M", "prd", "size"]}, "M::prd::size"),
        ({"Fn::GetAtt": "Table"}, "Fn::GetAtt"),
        ({"Fn::If": ["Yes", 1]}, "Fn::If"),
    ],
)
def test_what_cannot_be_resolved_is_refused(value: Any, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        resolve(value, SCOPE)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"Fn::Equals": [{"Ref": "Stage"}, "dev"]}, True),
        ({"Fn::Equals": [{"Ref": "Count"}, "3"]}, True),
        ({"Fn::Equals": [{"Ref": "On"}, "true"]}, True),
        ({"Fn::Not": [{"Condition": "Yes"}]}, False),
        ({"Fn::And": [{"Condition": "Yes"}, {"Condition": "Never"}]}, False),
        ({"Fn::Or": [{"Condition": "Yes"}, {"Condition": "Never"}]}, True),
    ],
)
def test_conditions_hold(condition: Any, expected: bool) -> None:
    assert holds(condition, SCOPE) is expected


def test_a_condition_that_is_no_condition_is_refused() -> None:
    with pytest.raises(RefusedError, match="condition function"):
        holds({"Ref": "Stage"}, SCOPE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{resolve:ssm:/bucket}}", "artifacts"),
        ("a-{{resolve:ssm:/bucket}}-{{resolve:ssm:/list}}", "a-artifacts-a, b"),
        ("{{resolve:ssm-secure:/bucket}}", "artifacts"),
        ("{{resolve:secretsmanager:login:SecretString:user}}", "ada"),
        ("{{resolve:secretsmanager:login}}", '{"user": "ada"}'),
        ("{{other}}", "{{other}}"),
    ],
)
def test_dynamic_references_are_put_in(text: str, expected: str) -> None:
    memory = Memory()
    assert substituted({"a": [text, 1]}, lookup_in(lambda _service: memory)) == {"a": [expected, 1]}


def test_each_reference_is_fetched_once_for_an_operation() -> None:
    memory = Memory()
    lookup = lookup_in(lambda _service: memory)
    substituted(["{{resolve:ssm:/bucket}}", "{{resolve:ssm:/bucket}}", "{{resolve:ssm:/list}}"], lookup)
    assert memory.asked == ["/bucket", "/list"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{resolve:ssm:/absent}}", r"Unable to fetch parameters \[/absent\] from parameter store"),
        ("{{resolve:secretsmanager:absent}}", "can't find the specified secret"),
        ("{{resolve:secretsmanager:login:SecretString:password}}", "JSONKey in SecretString: password"),
        ("{{resolve:vault:x}}", "vault"),
    ],
)
def test_dynamic_references_to_nothing_are_refused(text: str, message: str) -> None:
    memory = Memory()
    with pytest.raises(RefusedError, match=message):
        substituted(text, lookup_in(lambda _service: memory))


def test_short_forms_of_yaml_are_functions() -> None:
    template = parsed(
        """
        AWSTemplateFormatVersion: 2010-09-09
        Resources:
          A:
            Arn: !GetAtt Table.Stream.Arn
            Name: !Sub ["${x}", {x: !Ref Stage}]
            List: !Join ["", [!Select [0, !GetAZs ""], b]]
            When: !And [!Condition Yes, !Equals [a, b]]
            Version: 2012-10-17
            12: account
        """
    )
    assert template["AWSTemplateFormatVersion"] == "2010-09-09"
    assert template["Resources"]["A"] == {
        "Arn": {"Fn::GetAtt": ["Table", "Stream.Arn"]},
        "Name": {"Fn::Sub": ["${x}", {"x": {"Ref": "Stage"}}]},
        "List": {"Fn::Join": ["", [{"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "b"]]},
        "When": {"Fn::And": [{"Condition": "Yes"}, {"Fn::Equals": ["a", "b"]}]},
        "Version": "2012-10-17",
        "12": "account",
    }


@pytest.mark.parametrize(
    ("body", "message"), [("{", "not well-formed"), ("a: [", "YAML not well-formed"), ("- a", "unsupported")]
)
def test_what_is_no_template_is_refused(body: str, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        parsed(body)
