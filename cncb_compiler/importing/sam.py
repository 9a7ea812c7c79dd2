"""Functions of AWS SAM, whose triggers and policies are their own properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.importing import policies
from cncb_compiler.importing.functions import function_name, settle
from cncb_compiler.importing.intrinsics import properties, reference, text_of
from cncb_compiler.importing.stack import Lambda, Stack, Trigger
from cncb_compiler.importing.triggers import mapped, ruled
from cncb_compiler.importing.values import Map, Notes, as_map

TRANSFORM = "AWS::Serverless-2016-10-31"
FUNCTION = "AWS::Serverless::Function"
_AUTH = {"": "none", "NONE": "none", "AWS_IAM": "iam"}


def add_functions(made: Stack, global_: Map, notes: Notes) -> None:
    """Take the functions of SAM in a stack; `global_` is the section `Globals`."""
    common = as_map(global_.get("Function"))
    for logical_id, resource in made.of_type(FUNCTION):
        said = properties(resource)
        function = Lambda(logical_id, function_name(logical_id), resource)
        settle(function, _over(common, said))
        function.grants += policies.of_role(said.get("Role"), made.resources)
        function.grants += policies.of_policies(said.get("Policies"), made.resources, notes)
        for name, event in as_map(said.get("Events")).items():
            found = list(_triggers(made, as_map(event), notes))
            if not found:
                kind = text_of(as_map(event).get("Type"))
                notes.add(said.get("Events"), name, f"a trigger of the kind `{kind}` is left out.")
            function.triggers += found
        made.functions[logical_id] = function


def _over(common: Map, said: Map) -> Map:
    """The properties of a function over those of all."""
    merged = Map(said.file, said.line)
    merged.update(common)
    merged.update(said)
    variables = Map(said.file, said.line)
    for one in (common, said):
        variables.update(as_map(as_map(one.get("Environment")).get("Variables")))
    if variables:
        merged["Environment"] = Map(said.file, said.line)
        merged["Environment"]["Variables"] = variables
    return merged


def _triggers(made: Stack, event: Map, notes: Notes) -> Iterator[Trigger]:
    said: Map = as_map(event.get("Properties"))
    kind: Any = event.get("Type")
    filters = as_map(said.get("FilterCriteria"))
    if kind in ("Kinesis", "DynamoDB"):
        yield mapped(made, said.get("Stream"), filters, event, notes)
    elif kind == "SQS":
        yield Trigger("queue", reference(said.get("Queue"), made.resources), at=event)
    elif kind == "SNS":
        yield Trigger("topic", reference(said.get("Topic"), made.resources), at=event)
    elif kind == "S3":
        yield Trigger("bucket", reference(said.get("Bucket"), made.resources), at=event)
    elif kind in ("Api", "HttpApi"):
        method, path = text_of(said.get("Method")) or "ANY", text_of(said.get("Path")) or "/{proxy+}"
        auth = _AUTH.get(text_of(as_map(said.get("Auth")).get("Authorizer")), "authorizer")
        yield Trigger("route", said=f"{method.upper()} {path}", auth=auth, at=event)
    elif kind in ("Schedule", "ScheduleV2"):
        yield Trigger("schedule", said=text_of(said.get("Schedule", said.get("ScheduleExpression"))), at=event)
    elif kind in ("EventBridgeRule", "CloudWatchEvent"):
        renamed = Map(said.file, said.line)
        renamed.update({"EventPattern": said.get("Pattern"), "EventBusName": said.get("EventBusName")})
        yield from ruled(made, renamed, event, notes)
