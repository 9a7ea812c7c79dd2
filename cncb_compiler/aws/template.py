"""From a service's plan to its CloudFormation template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.aws.autoscaling import scaling_resources
from cncb_compiler.aws.cloudwatch import alarm_resources
from cncb_compiler.aws.dynamodb import table_resources
from cncb_compiler.aws.events import bus_resources
from cncb_compiler.aws.firehose import delivery_resources
from cncb_compiler.aws.http_api import http_api_resources
from cncb_compiler.aws.kinesis import stream_resources
from cncb_compiler.aws.lambda_ import function_resources
from cncb_compiler.aws.merge import with_overrides, with_raw_resources
from cncb_compiler.aws.opensearch import domain_resources, endpoint
from cncb_compiler.aws.rest_api import rest_api_resources, with_deployment_id
from cncb_compiler.aws.s3 import bucket_resources
from cncb_compiler.aws.sqs import failure_queue_resources, needs_failure_queue, queue_resources
from cncb_compiler.aws.stack import Stack, stack_of
from cncb_compiler.aws.triggers import trigger_resources
from cncb_compiler.aws.values import Resource, Value, get_att, ref, resource, shortened, sub
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.plan.assets import Bucket, EventStream, Table
from cncb_compiler.plan.service import ServicePlan

Template = dict[str, Any]

DESCRIPTION_LIMIT = 1024
"""The longest description of a template, in bytes (AWS CloudFormation: quotas)."""

ARTIFACT_BUCKET_PARAMETER = "/cncb/artifact-bucket"
"""The SSM parameter that holds the name of the bucket with the functions' packages."""


def build(plan: ServicePlan, packages: Mapping[str, str]) -> tuple[Template, list[Diagnostic]]:
    """The template of a service, and what is wrong with its raw `resources` and `overrides`.

    `packages` gives, by function, the content hash (hex) of its folder. The same plan gives the same template
    in any order of its tuples. Parts of the result are shared with each other and with the plan: do not
    change it in place.
    """
    stack = stack_of(plan)
    derived = _derived(stack, packages)
    merged, collisions = with_raw_resources(plan, derived)
    patched, mismatches = with_overrides(plan, merged)
    resources = with_deployment_id(patched) or _placeholder(plan)
    template: Template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": _description(plan),
    }
    parameters = _parameters(plan, derived, resources)
    if parameters:
        template["Parameters"] = parameters
    template["Resources"] = resources
    outputs = _outputs(plan, derived)
    if outputs:
        template["Outputs"] = outputs
    return template, [*collisions, *mismatches]


def _description(plan: ServicePlan) -> str:
    """A template's description can hold no intrinsic function, and cfn-lint takes `${` in it for a forgotten one."""
    text = f"{plan.system}/{plan.service}: {plan.description}".rstrip(": ")
    return shortened(text.replace("${", "$ {"), DESCRIPTION_LIMIT)


def _derived(stack: Stack, packages: Mapping[str, str]) -> dict[str, Resource]:
    plan = stack.plan
    made: dict[str, Resource] = {}
    for stream in _by_name(plan.streams):
        made |= stream_resources(stack, stream)
    for table in _by_name(plan.tables):
        made |= table_resources(stack, table)
        made |= scaling_resources(stack, table)
    for bucket in _by_name(plan.buckets):
        made |= bucket_resources(stack, bucket)
    for queue in _by_name(plan.queues):
        made |= queue_resources(stack, queue)
    for bus in _by_name(plan.buses):
        made |= bus_resources(stack, bus)
    functions = sorted(plan.functions, key=lambda function: function.name)
    made |= domain_resources(stack, functions)
    if any(needs_failure_queue(function) for function in functions):
        made |= failure_queue_resources(stack)
    for function in functions:
        made |= function_resources(stack, function, packages[function.name])
        made |= trigger_resources(stack, function)
    for delivery in sorted(plan.deliveries, key=lambda delivery: delivery.name):
        made |= delivery_resources(stack, delivery)
    for alarm in sorted(plan.alarms, key=lambda alarm: alarm.service):
        made |= alarm_resources(stack, alarm)
    routed = [(function, stem, route) for function in functions for stem, route in naming.routes_of(function)]
    if plan.api is not None and routed:
        build_api = http_api_resources if plan.api.kind == "http" else rest_api_resources
        made |= build_api(stack, plan.api, routed)
    return made


_Owned = EventStream | Table | Bucket


def _by_name(owned: Iterable[Any]) -> list[Any]:
    return sorted(owned, key=lambda thing: (thing.asset.name, thing.asset.generation))


def _placeholder(plan: ServicePlan) -> dict[str, Resource]:
    """CloudFormation refuses a template without resources; this one costs nothing and does nothing."""
    kind = "AWS::CloudFormation::WaitConditionHandle"
    made = resource(kind, {}, plan.at, "placeholder")
    del made["Properties"]
    return {naming.PLACEHOLDER: made}


def _parameters(plan: ServicePlan, derived: dict[str, Resource], resources: dict[str, Resource]) -> Template:
    """The parameters that the template uses. Without raw parts that follows from what was derived."""
    if plan.resources or plan.overrides:
        used = _names_used(resources)
    else:
        used = {naming.STAGE} if derived else set()
        if plan.functions:
            used.add(naming.ARTIFACT_BUCKET)
    parameters: Template = {}
    if naming.STAGE in used:
        parameters[naming.STAGE] = {
            "Type": "String",
            "Description": "The stage of the system that this stack belongs to",
            "AllowedPattern": "^[a-z][A-Za-z0-9-]{0,63}$",
        }
    if naming.ARTIFACT_BUCKET in used:
        parameters[naming.ARTIFACT_BUCKET] = {
            "Type": "AWS::SSM::Parameter::Value<String>",
            "Default": ARTIFACT_BUCKET_PARAMETER,
            "Description": "The SSM parameter that names the bucket with the functions' packages",
        }
    return parameters


def _names_used(value: Value) -> set[str]:
    """Which of the template's parameters are referred to anywhere inside a value."""
    used: set[str] = set()
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            for key, inner in item.items():
                if key == "Ref" and isinstance(inner, str):
                    used.add(inner)
                elif key == "Fn::Sub":
                    text = inner[0] if isinstance(inner, list) and inner else inner
                    if isinstance(text, str):
                        used.update(name for name in (naming.STAGE, naming.ARTIFACT_BUCKET) if f"${{{name}}}" in text)
                waiting.append(inner)
        elif isinstance(item, list):
            waiting.extend(item)
    return used


def _outputs(plan: ServicePlan, derived: dict[str, Resource]) -> Template:
    """Physical names for people and tools. Nothing is exported: an export would lock stacks together."""
    outputs: Template = {}
    for api_id in (naming.HTTP_API, naming.REST_API):
        if api_id in derived:
            outputs["ApiUrl"] = {"Description": "Where the API answers", "Value": _api_url(api_id)}
    for kind, owned in (
        ("table", plan.tables),
        ("bucket", plan.buckets),
        ("stream", plan.streams),
        ("bus", plan.buses),
    ):
        for thing in _by_name(owned):
            logical_id = naming.asset_id(thing.asset)
            outputs[f"{logical_id}Name"] = {
                "Description": f"Name of the {kind} {thing.asset.name}",
                "Value": ref(logical_id),
            }
    if naming.SEARCH_DOMAIN in derived:
        outputs["SearchDomainEndpoint"] = {"Description": "Host name of the search domain", "Value": endpoint()}
    for queue in _by_name(plan.queues):
        logical_id = naming.asset_id(queue.asset)
        for what, value in (("Url", ref(logical_id)), ("Arn", get_att(logical_id, "Arn"))):
            outputs[f"{logical_id}{what}"] = {
                "Description": f"{what.upper()} of the queue {queue.asset.name}",
                "Value": value,
            }
    if naming.FAILURE_QUEUE in derived:
        outputs["FailureQueueUrl"] = {
            "Description": "Where records go that could not be worked on",
            "Value": ref(naming.FAILURE_QUEUE),
        }
    return outputs


def _api_url(api_id: str) -> Value:
    if api_id == naming.HTTP_API:
        return get_att(naming.HTTP_API, "ApiEndpoint")
    host = f"https://${{{naming.REST_API}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}"
    return sub(f"{host}/${{{naming.REST_API_STAGE}}}")
