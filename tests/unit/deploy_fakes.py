"""A small AWS in memory, as far as deploying needs it: CloudFormation with change sets and events, S3, SSM, STS.

It answers in AWS's words, and refuses what AWS refuses: a change set of a stack that is busy or was born dead, a
template whose parameters are not there, a full bucket that is to go.
"""

# ruff: noqa: N803 - the arguments of boto3 begin with capitals.
from __future__ import annotations

import json
import re
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from cncb_compiler.target.target import Target

PAGE = 2
"""Items on a page of whatever is paged: few, so that who forgets the second page is found out."""


def error(operation: str, code: str, message: str, status: int = 400, **more: str) -> ClientError:
    told = {"Code": code, "Message": message, **more}
    return ClientError({"Error": told, "ResponseMetadata": {"HTTPStatusCode": status}}, operation)


@dataclass
class FakeStack:
    name: str
    id: str
    status: str = "REVIEW_IN_PROGRESS"
    template: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    physical: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    hidden: int = 0


class FakeAws:
    """`fails` gives, by logical id, the reason for which its creation or change fails. `replacing` gives CloudFormation's
    `Replacement` of a change. `raises` gives, by operation, an error."""

    def __init__(self, account: str = "111111111111") -> None:
        self.account = account
        self.stacks: dict[str, FakeStack] = {}
        self.gone: dict[str, FakeStack] = {}
        self.change_sets: dict[str, dict[str, Any]] = {}
        self.parameters: dict[str, str] = {}
        self.buckets: dict[str, dict[tuple[str, str], bytes]] = {}
        self.fails: dict[str, str] = {}
        self.replacing: dict[str, str] = {}
        self.raises: dict[str, Exception] = {}
        self.calls: list[tuple[str, str]] = []
        self.lock = threading.RLock()
        self._numbers: dict[str, int] = defaultdict(int)

    def target(self, stage: str = "dev", region: str = "us-east-1", profile: str | None = None) -> Target:
        made = Target(stage, region, "http://fake.local", profile)
        made._clients.update({name: self.client(name) for name in ("cloudformation", "s3", "ssm", "sts")})
        return made

    def client(self, service: str) -> Any:
        return {"cloudformation": _CloudFormation, "s3": _S3, "ssm": _Ssm, "sts": _Sts}[service](self)

    def ran(self, operation: str) -> list[str]:
        """On what an operation was called, in order."""
        return [subject for name, subject in self.calls if name == operation]

    def number(self, kind: str) -> int:
        self._numbers[kind] += 1
        return self._numbers[kind]

    def called(self, operation: str, subject: str) -> None:
        self.calls.append((operation, subject))
        if operation in self.raises:
            raise self.raises[operation]


class _Paginator:
    def __init__(self, operation: Any, token_in: str, token_out: str) -> None:
        self.operation, self.token_in, self.token_out = operation, token_in, token_out

    def paginate(self, **arguments: Any) -> Any:
        page = self.operation(**arguments)
        yield page
        while token := page.get(self.token_out):
            page = self.operation(**arguments, **{self.token_in: token})
            yield page


def _page(items: list[Any], token: str | None) -> tuple[list[Any], dict[str, str]]:
    start = int(token or 0)
    more = {"NextToken": str(start + PAGE)} if start + PAGE < len(items) else {}
    return items[start : start + PAGE], more


class _CloudFormation:
    def __init__(self, aws: FakeAws) -> None:
        self.aws = aws

    def get_paginator(self, name: str) -> _Paginator:
        return _Paginator(getattr(self, name), "NextToken", "NextToken")

    def _stack(self, operation: str, name: str) -> FakeStack:
        with self.aws.lock:
            for stack in (*self.aws.stacks.values(), *self.aws.gone.values()):
                if stack.id == name or (stack.name == name and stack.id not in self.aws.gone):
                    return stack
        raise error(operation, "ValidationError", f"Stack with id {name} does not exist")

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        self.aws.called("DescribeStacks", StackName)
        stack = self._stack("DescribeStacks", StackName)
        outputs = [
            {"OutputKey": key, "OutputValue": f"{stack.name}/{key}"} for key in stack.template.get("Outputs", {})
        ]
        return {
            "Stacks": [{"StackName": stack.name, "StackId": stack.id, "StackStatus": stack.status, "Outputs": outputs}]
        }

    def get_template(self, StackName: str, TemplateStage: str) -> dict[str, Any]:
        return {"TemplateBody": self._stack("GetTemplate", StackName).template}

    def list_stack_resources(self, StackName: str, NextToken: str | None = None) -> dict[str, Any]:
        stack = self._stack("ListStackResources", StackName)
        items = [
            {"LogicalResourceId": key, "PhysicalResourceId": value, "ResourceStatus": "CREATE_COMPLETE"}
            for key, value in stack.physical.items()
        ]
        shown, more = _page(items, NextToken)
        return {"StackResourceSummaries": shown, **more}

    def describe_stack_events(self, StackName: str, NextToken: str | None = None) -> dict[str, Any]:
        stack = self._stack("DescribeStackEvents", StackName)
        visible = stack.events[: len(stack.events) - 1] if stack.hidden else stack.events
        if NextToken is None and stack.hidden:
            stack.hidden -= 1
        shown, more = _page(visible[::-1], NextToken)
        return {"StackEvents": shown, **more}

    def create_change_set(self, **asked: Any) -> dict[str, Any]:
        name = asked["StackName"]
        self.aws.called("CreateChangeSet", name)
        with self.aws.lock:
            stack = self.aws.stacks.get(name)
            if asked["ChangeSetType"] == "CREATE":
                if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
                    raise error(
                        "CreateChangeSet",
                        "ValidationError",
                        f"Stack [{name}] already exists and cannot be created again",
                    )
                if stack is None:
                    stack = self.aws.stacks[name] = FakeStack(name, f"arn:stack/{name}/{self.aws.number(name)}")
                    self._event(stack, None, "REVIEW_IN_PROGRESS")
            elif stack is None or not re.fullmatch("(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE", stack.status):
                status = stack.status if stack else "no"
                raise error(
                    "CreateChangeSet",
                    "ValidationError",
                    f"Stack:arn:stack/{name}/1 is in {status} state and can not be updated.",
                )
        body = asked.get("TemplateBody") or self._from_url(asked["TemplateURL"])
        assert len(asked.get("TemplateBody", "")) <= 51_200
        template = json.loads(body)
        made = {
            "Id": f"arn:change-set/{asked['ChangeSetName']}",
            "stack": stack,
            "template": template,
            "parameters": {one["ParameterKey"]: one["ParameterValue"] for one in asked["Parameters"]},
            "polls": 1,
        }
        made["changes"] = self._changes(stack, template)
        missing = self._missing(template, made["parameters"])
        if missing:
            made["failed"] = f"Parameters: [{missing}] cannot be found."
        elif not made["changes"] and stack.template.get("Outputs") == template.get("Outputs"):
            made["failed"] = (
                "The submitted information didn't contain changes. Submit different information to create a change set."
            )
        self.aws.change_sets[made["Id"]] = made
        return {"Id": made["Id"], "StackId": stack.id}

    def _from_url(self, url: str) -> str:
        bucket, key = url.removeprefix("http://fake.local/").split("/", 1)
        return self.aws.buckets[bucket][key, "1"].decode()

    def _missing(self, template: dict[str, Any], parameters: dict[str, str]) -> str:
        names = [one["Default"] for one in template.get("Parameters", {}).values() if "SSM" in one["Type"]]
        system = re.findall(r"resolve:ssm:/([^/\"]+)\"", json.dumps(template))
        names += [
            f"/{system[0]}/{parameters['Stage']}/{path}"
            for path in re.findall(r"(streams/[a-z-]+/[a-z]+)\}\}", json.dumps(template))
        ]
        return next((f"ssm:{name}" for name in names if name not in self.aws.parameters), "")

    def _changes(self, stack: FakeStack, template: dict[str, Any]) -> list[dict[str, Any]]:
        old, new = stack.template.get("Resources", {}), template["Resources"]
        changes = []
        for logical_id in {**old, **new}:
            change = {
                "LogicalResourceId": logical_id,
                "ResourceType": (new.get(logical_id) or old[logical_id])["Type"],
                "Action": "Add" if logical_id not in old else "Remove" if logical_id not in new else "Modify",
            }
            if logical_id in old:
                change["PhysicalResourceId"] = stack.physical.get(logical_id, "")
            if change["Action"] == "Modify":
                if old[logical_id] == new[logical_id]:
                    continue
                before, after = old[logical_id].get("Properties", {}), new[logical_id].get("Properties", {})
                change["Replacement"] = self.aws.replacing.get(logical_id, "False")
                change["Details"] = [
                    {"Target": {"Attribute": "Properties", "Name": name}}
                    for name in {**before, **after}
                    if before.get(name) != after.get(name)
                ]
            changes.append({"Type": "Resource", "ResourceChange": change})
        return changes

    def describe_change_set(self, ChangeSetName: str, StackName: str, NextToken: str | None = None) -> dict[str, Any]:
        made = self.aws.change_sets[ChangeSetName]
        if made["polls"]:
            made["polls"] -= 1
            return {"Status": "CREATE_IN_PROGRESS"}
        if "failed" in made:
            return {"Status": "FAILED", "StatusReason": made["failed"]}
        shown, more = _page(made["changes"], NextToken)
        return {"Status": "CREATE_COMPLETE", "Changes": shown, **more}

    def list_change_sets(self, StackName: str) -> dict[str, Any]:
        return {
            "Summaries": [
                {"ChangeSetId": key} for key, one in self.aws.change_sets.items() if one["stack"].name == StackName
            ]
        }

    def delete_change_set(self, ChangeSetName: str, StackName: str) -> None:
        del self.aws.change_sets[ChangeSetName]

    def execute_change_set(self, ChangeSetName: str, StackName: str) -> None:
        self.aws.called("ExecuteChangeSet", StackName)
        with self.aws.lock:
            made = self.aws.change_sets.pop(ChangeSetName)
            stack = made["stack"]
            verb = "CREATE" if stack.status == "REVIEW_IN_PROGRESS" else "UPDATE"
            self._event(stack, None, f"{verb}_IN_PROGRESS", "User Initiated")
            failed = False
            for one in (change["ResourceChange"] for change in made["changes"]):
                logical_id = one["LogicalResourceId"]
                if logical_id in self.aws.fails:
                    self._event(stack, logical_id, f"{verb}_FAILED", self.aws.fails[logical_id], one["ResourceType"])
                    failed = True
                elif failed:
                    self._event(stack, logical_id, f"{verb}_FAILED", "Resource creation cancelled", one["ResourceType"])
                else:
                    self._event(stack, logical_id, f"{verb}_COMPLETE", "", one["ResourceType"])
            if failed:
                stack.status = "ROLLBACK_COMPLETE" if verb == "CREATE" else "UPDATE_ROLLBACK_COMPLETE"
            else:
                stack.status = f"{verb}_COMPLETE"
                stack.template, stack.parameters = made["template"], made["parameters"]
                self._made(stack)
            self._event(stack, None, stack.status)
            stack.hidden = 1

    def _made(self, stack: FakeStack) -> None:
        resources = stack.template["Resources"]
        stack.physical = {key: f"{stack.name}-{key}".lower() for key in resources}
        for logical_id, resource in resources.items():
            if resource["Type"] == "AWS::S3::Bucket":
                self.aws.buckets.setdefault(stack.physical[logical_id], {})
            if resource["Type"] == "AWS::SSM::Parameter":
                name = resource["Properties"]["Name"]
                name = name if isinstance(name, str) else name["Fn::Sub"].replace("${Stage}", stack.parameters["Stage"])
                value = resource["Properties"]["Value"]
                self.aws.parameters[name] = stack.physical[value.get("Ref") or value["Fn::GetAtt"][0]]

    def delete_stack(self, StackName: str) -> None:
        self.aws.called("DeleteStack", StackName)
        with self.aws.lock:
            stack = self.aws.stacks[StackName]
            self._event(stack, None, "DELETE_IN_PROGRESS", "User Initiated")
            for logical_id, resource in stack.template.get("Resources", {}).items():
                full = (
                    self.aws.buckets.get(stack.physical.get(logical_id, ""))
                    and resource.get("DeletionPolicy") == "Delete"
                )
                reason = self.aws.fails.get(logical_id) or (
                    "The bucket you tried to delete is not empty" if full else ""
                )
                if reason:
                    self._event(stack, logical_id, "DELETE_FAILED", reason, resource["Type"])
                    stack.status = "DELETE_FAILED"
            if stack.status != "DELETE_FAILED":
                stack.status = "DELETE_COMPLETE"
                self.aws.gone[stack.id] = self.aws.stacks.pop(StackName)
            self._event(stack, None, stack.status)

    def _event(self, stack: FakeStack, logical_id: str | None, status: str, reason: str = "", kind: str = "") -> None:
        stack.events.append(
            {
                "EventId": f"{stack.name}-{len(stack.events)}",
                "StackId": stack.id,
                "LogicalResourceId": logical_id or stack.name,
                "PhysicalResourceId": "" if logical_id else stack.id,
                "ResourceType": kind or "AWS::CloudFormation::Stack",
                "ResourceStatus": status,
                "ResourceStatusReason": reason,
            }
        )


class _S3:
    meta = SimpleNamespace(endpoint_url="http://fake.local")

    def __init__(self, aws: FakeAws) -> None:
        self.aws = aws

    def get_paginator(self, name: str) -> _Paginator:
        return _Paginator(getattr(self, name), "NextToken", "NextToken")

    def head_object(self, Bucket: str, Key: str) -> None:
        if (Key, "1") not in self.aws.buckets.get(Bucket, {}):
            raise error("HeadObject", "404", "Not Found", 404)

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:
        self.aws.called("PutObject", Key)
        if Bucket not in self.aws.buckets:
            raise error("PutObject", "NoSuchBucket", "The specified bucket does not exist", 404, BucketName=Bucket)
        self.aws.buckets[Bucket][Key, "1"] = Body

    def list_object_versions(self, Bucket: str, NextToken: str | None = None) -> dict[str, Any]:
        if Bucket not in self.aws.buckets:
            raise error("ListObjectVersions", "NoSuchBucket", "The specified bucket does not exist", 404)
        items = [{"Key": key, "VersionId": version} for key, version in self.aws.buckets[Bucket]][:PAGE]
        more = {"NextToken": "on"} if len(self.aws.buckets[Bucket]) > PAGE else {}
        half = len(items) // 2
        return {"Versions": items[:half], "DeleteMarkers": items[half:], **more}

    def delete_objects(self, Bucket: str, Delete: dict[str, Any]) -> dict[str, Any]:
        for one in Delete["Objects"]:
            del self.aws.buckets[Bucket][one["Key"], one["VersionId"]]
        return {}


class _Ssm:
    def __init__(self, aws: FakeAws) -> None:
        self.aws = aws

    def get_parameters(self, Names: list[str]) -> dict[str, Any]:
        self.aws.called("GetParameters", ",".join(Names))
        assert len(Names) <= 10
        return {
            "Parameters": [
                {"Name": name, "Value": self.aws.parameters[name]} for name in Names if name in self.aws.parameters
            ]
        }


class _Sts:
    def __init__(self, aws: FakeAws) -> None:
        self.aws = aws

    def get_caller_identity(self) -> dict[str, str]:
        self.aws.called("GetCallerIdentity", "")
        return {"Account": self.aws.account}
