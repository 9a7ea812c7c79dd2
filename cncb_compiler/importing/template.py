"""CloudFormation templates, with SAM's functions in them, as stacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from cncb_compiler.importing import policies, sam
from cncb_compiler.importing.functions import function_name, settle
from cncb_compiler.importing.intrinsics import logical_ids, properties, reference, text_of
from cncb_compiler.importing.names import LONGEST_SERVICE, name_of
from cncb_compiler.importing.policies import listed
from cncb_compiler.importing.read import UnfitError
from cncb_compiler.importing.schemas import one_line
from cncb_compiler.importing.stack import Lambda, Output, Reference, Stack, Trigger
from cncb_compiler.importing.triggers import mapped, ruled
from cncb_compiler.importing.values import Map, Notes, as_items, as_map, as_text

LAMBDA = "AWS::Lambda::Function"
_COMMON = re.compile(r"template|packaged|stack|cloudformation.*|sam|serverless.*|main|index", re.IGNORECASE)
_LONGEST_FOLDER = 28
_SECTIONS = frozenset({
    "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Mappings", "Conditions", "Rules", "Transform",
    "Resources", "Outputs", "Globals", "Hooks",
})  # fmt: skip


def stack(file: str, value: Any, notes: Notes) -> Stack:
    """The stack of a template. Raises UnfitError where it is none."""
    root = as_map(value)
    found = root.get("Resources")
    if not isinstance(found, Map):
        raise UnfitError(f"{file}: this has no map `Resources`, as a CloudFormation template has.")
    made = Stack(stack_name(file), file, one_line(as_text(root.get("Description"))))
    for key in root:
        if key not in _SECTIONS:
            notes.add(root, key, f"`{key}` is no section of a template, and is left out.")
    for transform in listed(root.get("Transform")):
        if transform != sam.TRANSFORM:
            notes.add(root, "Transform", f"the macro `{one_line(text_of(transform))}` is not run.")
    add_resources(made, found, notes)
    add_outputs(made, as_map(root.get("Outputs")))
    sam.add_functions(made, as_map(root.get("Globals")), notes)
    add_triggers(made, notes)
    return made


def stack_name(file: str) -> str:
    """What a stack is called after its file, or the folder of a file that is called what they all are."""
    path = PurePath(file)
    parents = [one for one in path.parts[:-1] if one not in ("/", "..", ".", ".serverless", ".aws-sam", "build")]
    stem = path.name.partition(".")[0]
    called = parents[-1] if _COMMON.fullmatch(stem) and parents else stem
    return name_of(called, "service", LONGEST_SERVICE if called == stem else _LONGEST_FOLDER)


def add_resources(made: Stack, found: Map, notes: Notes) -> None:
    """Take the resources of a template, and its functions."""
    for logical_id, resource in found.items():
        if not isinstance(resource, Map) or not isinstance(resource.get("Type"), str):
            notes.add(found, logical_id, f"`{logical_id}` is no resource: it has no `Type`.")
            continue
        if "Condition" in resource:
            notes.count(resource, "Condition", "is taken to hold.")
        made.resources[logical_id] = resource
    for logical_id, resource in made.of_type(LAMBDA):
        said = properties(resource)
        function = Lambda(logical_id, function_name(logical_id), resource)
        settle(function, said)
        function.grants += policies.of_role(said.get("Role"), made.resources)
        made.functions[logical_id] = function
    _share(made)


def add_outputs(made: Stack, outputs: Map) -> None:
    """Take what a stack tells others of its resources."""
    for key, value in outputs.items():
        said = as_map(value)
        for logical_id in list(logical_ids(said.get("Value")))[:1]:
            export = text_of(as_map(said.get("Export")).get("Name"))
            made.outputs[key] = Output(logical_id, export)


def _share(made: Stack) -> None:
    """Mark the functions whose role is that of others too."""
    roles: dict[str, list[Lambda]] = {}
    for logical_id, function in made.functions.items():
        for role in list(logical_ids(properties(made.resources[logical_id]).get("Role")))[:1]:
            roles.setdefault(role, []).append(function)
    for functions in roles.values():
        for function in functions if len(functions) > 1 else ():
            function.shared = True


def add_triggers(made: Stack, notes: Notes) -> None:
    """What invokes the functions, as resources of their own say."""
    for _, resource in made.of_type("AWS::Lambda::EventSourceMapping"):
        said = properties(resource)
        source = said.get("EventSourceArn")
        for function in _functions(made, said.get("FunctionName"), resource, notes):
            function.triggers.append(mapped(made, source, as_map(said.get("FilterCriteria")), resource, notes))
    for _, resource in made.of_type("AWS::Events::Rule"):
        said = properties(resource)
        for target in as_items(said.get("Targets")):
            for function in _functions(made, as_map(target).get("Arn"), resource, notes):
                function.triggers += ruled(made, said, resource, notes)
    for _, resource in made.of_type("AWS::Scheduler::Schedule"):
        said = properties(resource)
        for function in _functions(made, as_map(said.get("Target")).get("Arn"), resource, notes):
            function.triggers += ruled(made, said, resource, notes)
    for _, resource in made.of_type("AWS::SNS::Subscription"):
        said = properties(resource)
        if said.get("Protocol") == "lambda":
            for function in _functions(made, said.get("Endpoint"), resource, notes):
                topic = reference(said.get("TopicArn"), made.resources)
                function.triggers.append(Trigger("topic", topic, at=resource))
    for logical_id, resource in made.of_type("AWS::S3::Bucket"):
        told = as_map(properties(resource).get("NotificationConfiguration"))
        for one in as_items(told.get("LambdaConfigurations")):
            for function in _functions(made, as_map(one).get("Function"), resource, notes):
                function.triggers.append(Trigger("bucket", Reference(logical_id), at=resource))
    for function, trigger in _routes(made):
        function.triggers.append(trigger)


def _functions(made: Stack, value: Any, at: Map, notes: Notes) -> Iterator[Lambda]:
    found = [made.functions[name] for name in logical_ids(value) if name in made.functions]
    if not found and text_of(value):
        notes.add(at, None, f"`{one_line(text_of(value))}` is no function of this stack; what invokes it is left out.")
    yield from found[:1]


def _routes(made: Stack) -> Iterator[tuple[Lambda, Trigger]]:
    for _, resource in made.of_type("AWS::ApiGatewayV2::Route"):
        said = properties(resource)
        for integration in (name for name in logical_ids(said.get("Target")) if name in made.resources):
            for name in logical_ids(properties(made.resources[integration]).get("IntegrationUri")):
                if name in made.functions:
                    auth = _auth(said)
                    yield (
                        made.functions[name],
                        Trigger("route", said=text_of(said.get("RouteKey")), auth=auth, at=resource),
                    )
    for _, resource in made.of_type("AWS::ApiGateway::Method"):
        said = properties(resource)
        route = f"{text_of(said.get('HttpMethod'))} {_path(made, said.get('ResourceId'))}"
        for name in logical_ids(as_map(said.get("Integration")).get("Uri")):
            if name in made.functions:
                yield made.functions[name], Trigger("route", said=route, auth=_auth(said), at=resource)


def _auth(said: Map) -> str:
    known = {"": "none", "NONE": "none", "AWS_IAM": "iam"}
    return known.get(text_of(said.get("AuthorizationType")), "authorizer")


def _path(made: Stack, resource: Any) -> str:
    """The path of a REST API's resource, from its parents'."""
    parts: list[str] = []
    for _ in range(30):
        name = next((one for one in logical_ids(resource) if made.type_of(one) == "AWS::ApiGateway::Resource"), "")
        if not name:
            break
        said = properties(made.resources[name])
        parts.insert(0, text_of(said.get("PathPart")))
        resource = said.get("ParentId")
    return "/" + "/".join(parts)
