"""What calls a function beside its API: streams, changes of tables, the clock."""

from __future__ import annotations

from typing import Any

import orjson

from cncb_compiler.aws import naming
from cncb_compiler.aws.notifications import word_resources
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Resource, Value, get_att, ref, resource
from cncb_compiler.plan.function import (
    BucketTrigger,
    FunctionPlan,
    ReadSettings,
    ScheduleTrigger,
    StreamTrigger,
    TableTrigger,
)

FILTERS_LIMIT = 5
"""The most filters of one mapping (AWS Lambda: Control which events Lambda sends to your function)."""
FILTER_LIMIT = 4096
"""The longest pattern of a filter, in characters."""

_ALL_OPERATIONS = {"INSERT", "MODIFY", "REMOVE"}


def trigger_resources(stack: Stack, function: FunctionPlan) -> dict[str, Resource]:
    """The event source mappings and schedules of a function, by logical id."""
    made: dict[str, Resource] = {}
    for trigger in function.triggers:
        if isinstance(trigger, StreamTrigger):
            made[naming.mapping_id(function.name, trigger.stream)] = _mapping(
                stack, function, stack.stream_arn(trigger.stream), type_filters(trigger.types), trigger.read
            )
        elif isinstance(trigger, TableTrigger):
            made[naming.mapping_id(function.name, trigger.table)] = _mapping(
                stack,
                function,
                get_att(naming.asset_id(trigger.table), "StreamArn"),
                operation_filters(trigger.operations),
                trigger.read,
            )
        elif isinstance(trigger, BucketTrigger):
            made |= word_resources(stack, function, trigger)
    for stem, schedule in naming.schedules_of(function):
        made |= _schedule(stack, function, stem, schedule)
    return {logical_id: made[logical_id] for logical_id in sorted(made)}


def type_filters(types: tuple[str, ...]) -> list[str]:
    """Filter patterns that let through only these types of events; none where the limits are exceeded.

    Without a filter the function is called with every event and passes over what it does not know.
    """
    names = sorted(set(types))
    patterns: list[str] = []
    start = 0
    room = FILTER_LIMIT - len(_pattern([])) + 1
    used = 0
    for index, name in enumerate(names):
        # Quotes and the comma; names are ASCII without anything to escape.
        if used + len(name) + 3 > room:
            patterns.append(_pattern(names[start:index]))
            start, used = index, 0
        used += len(name) + 3
    patterns.append(_pattern(names[start:]))
    return patterns if names and len(patterns) <= FILTERS_LIMIT else []


def operation_filters(operations: tuple[str, ...]) -> list[str]:
    """The filter pattern that lets through only these operations on a table; none where all are wanted."""
    if set(operations) == _ALL_OPERATIONS:
        return []
    return [orjson.dumps({"eventName": sorted(operations)}).decode()]


def _pattern(types: list[str]) -> str:
    return orjson.dumps({"data": {"type": types}}).decode()


def _mapping(stack: Stack, function: FunctionPlan, source: Value, filters: list[str], read: ReadSettings) -> Resource:
    properties: dict[str, Any] = {
        "EventSourceArn": source,
        "FunctionName": ref(naming.function_id(function.name)),
        "StartingPosition": read.starting_position,
        "BatchSize": read.batch_size,
        "MaximumBatchingWindowInSeconds": read.window,
        "ParallelizationFactor": read.parallelization,
        "MaximumRetryAttempts": read.attempts,
        "MaximumRecordAgeInSeconds": read.max_age,
        "BisectBatchOnFunctionError": True,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "DestinationConfig": {"OnFailure": {"Destination": get_att(naming.FAILURE_QUEUE, "Arn")}},
    }
    if filters:
        properties["FilterCriteria"] = {"Filters": [{"Pattern": pattern} for pattern in filters]}
    properties["Tags"] = stack.tags
    return resource("AWS::Lambda::EventSourceMapping", properties, function.at, function.pattern)


def _schedule(stack: Stack, function: FunctionPlan, stem: str, trigger: ScheduleTrigger) -> dict[str, Resource]:
    logical_id = f"{stem}Schedule"
    function_id = naming.function_id(function.name)
    declaration = str(function.at)
    return {
        logical_id: resource(
            "AWS::Events::Rule",
            {
                "ScheduleExpression": trigger.expression,
                "State": "ENABLED",
                "Targets": [{"Id": "function", "Arn": get_att(function_id, "Arn")}],
                "Tags": stack.tags,
            },
            declaration,
            function.pattern,
        ),
        f"{logical_id}Permission": resource(
            "AWS::Lambda::Permission",
            {
                "FunctionName": ref(function_id),
                "Action": "lambda:InvokeFunction",
                "Principal": "events.amazonaws.com",
                "SourceArn": get_att(logical_id, "Arn"),
            },
            declaration,
            function.pattern,
        ),
    }
