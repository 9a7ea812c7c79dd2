"""Logical ids: what each resource is called inside its stack.

This module is a compatibility promise. CloudFormation replaces a resource whose logical id changes, so an
id is made from declared names and nothing else: never from an order, a count, a hash of content or a
position. It stays the same when declarations are reordered, or others are added or removed. `overrides` are
written against these ids.

| declared | logical ids |
|---|---|
| function `command-submit` | `CommandSubmitFunction`, `CommandSubmitRole`, `CommandSubmitLogGroup` |
| ... listening to stream `main` | `CommandSubmitMainMapping` |
| ... reading changes of table `orders` | `CommandSubmitOrdersTableMapping` |
| ... with a route (HTTP API) | `CommandSubmitRoute`, `...Integration`, `...ApiPermission` |
| ... with a route (REST API) | `CommandSubmitMethod`, `...ApiPermission` |
| ... with a schedule | `CommandSubmitSchedule`, `CommandSubmitSchedulePermission` |
| table `orders` | `OrdersTable` |
| ... with scaled capacity | `OrdersTableReadScaling`, `...WriteScaling`, each with `...Policy` |
| ... of its index `by-customer` | `OrdersTableByCustomerIndexReadScaling`, ... |
| ... of a view's generation 2 | `OrdersTable2`; so of its bucket, with all that belongs to it |
| bucket `pages` | `PagesBucket`, `PagesBucketPolicy` |
| ... with a search index | `PagesBucketWordQueue`, `PagesBucketWordQueuePolicy`, `IndexPagesPagesBucketMapping` |
| search indexes, all of a service | `SearchDomain` |
| queue `outbox` | `OutboxQueue`, `OutboxQueuePolicy`, `OutboxQueueDeadLetters`, `OutboxQueueDeadLettersPolicy` |
| bus `partners` | `PartnersBus` |
| stream `main` | `MainStream`, `MainStreamNameParameter`, `MainStreamArnParameter` |
| delivery `lake-main` | `LakeMainDeliveryStream`, `LakeMainDeliveryRole`, `LakeMainDeliveryLogGroup`, `...LogStream` |
| alarm on the faults of service `orders` | `OrdersFaultsAlarm` |
| the claim-check bucket | `EventClaims`, `EventClaimsPolicy`, `EventClaimsNameParameter`, `EventClaimsArnParameter` |
| path `/orders/{id}` of a REST API | `OrdersByIdPath`, `OrdersByIdOptions` |

A function with several routes or schedules (the language gives it one at most) has each told apart by what
it declares: `CommandSubmitPostOrdersRoute`. The one id with a hash, `RestApiDeployment<hash>`, is meant to
be replaced; overrides address it as `RestApiDeployment`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from cncb_compiler.plan.assets import Asset, Bucket, Bus, EventStream, Queue, Table
from cncb_compiler.plan.function import (
    BucketTrigger,
    FunctionPlan,
    RouteTrigger,
    ScheduleTrigger,
    StreamTrigger,
    TableTrigger,
)
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.source.location import Location

STAGE = "Stage"
ARTIFACT_BUCKET = "ArtifactBucket"
FAILURE_QUEUE = "FailureQueue"
FAILURE_QUEUE_POLICY = "FailureQueuePolicy"
PLACEHOLDER = "Placeholder"
SEARCH_DOMAIN = "SearchDomain"
HTTP_API = "HttpApi"
HTTP_API_STAGE = "HttpApiStage"
HTTP_API_ACCESS_LOGS = "HttpApiAccessLogs"
REST_API = "RestApi"
REST_API_STAGE = "RestApiStage"
REST_API_DEPLOYMENT = "RestApiDeployment"
REST_API_ACCESS_LOGS = "RestApiAccessLogs"
REST_API_CLIENT_ERRORS = "RestApiClientErrors"
REST_API_SERVER_ERRORS = "RestApiServerErrors"

_WORDS = re.compile(r"[A-Za-z0-9]+|\{")


@lru_cache(maxsize=4096)
def pascal(name: str) -> str:
    """A declared name as a part of a logical id: `command-submit` is `CommandSubmit`, `aB` is `AB`."""
    return "".join([word[0].upper() + word[1:] for word in name.split("-") if word])


def function_id(function: str) -> str:
    """The Lambda function."""
    return f"{pascal(function)}Function"


def role_id(function: str) -> str:
    """The role that only this function has."""
    return f"{pascal(function)}Role"


def log_group_id(function: str) -> str:
    """The function's log group."""
    return f"{pascal(function)}LogGroup"


def mapping_id(function: str, source: Asset) -> str:
    """The event source mapping by which a function reads a stream or the changes of a table."""
    suffix = "" if source.kind == "stream" else f"{pascal(source.kind)}{_generation(source)}"
    return f"{pascal(function)}{pascal(source.name)}{suffix}Mapping"


def asset_id(asset: Asset) -> str:
    """A table, bucket, stream, queue or bus of this stack."""
    return f"{pascal(asset.name)}{pascal(asset.kind)}{_generation(asset)}"


def _generation(asset: Asset) -> str:
    # At the end, where no name of another table or bucket has a digit.
    return str(asset.generation) if asset.generation > 1 else ""


def scaling_id(table: Asset, index: str | None, what: str) -> str:
    """The scalable target of a table's, or its index's, `Read` or `Write` capacity."""
    return f"{asset_id(table)}{f'{pascal(index)}Index' if index else ''}{what}Scaling"


def bucket_policy_id(asset: Asset) -> str:
    """The resource policy of a bucket."""
    return f"{asset_id(asset)}Policy"


def word_queue_id(bucket: Asset) -> str:
    """The queue that S3 tells of a bucket's objects."""
    return f"{asset_id(bucket)}WordQueue"


def dead_letters_id(queue: Asset) -> str:
    """The queue of the messages that the receivers of a queue have given up."""
    return f"{asset_id(queue)}DeadLetters"


def queue_policy_id(queue: str) -> str:
    """The resource policy of the queue of that logical id."""
    return f"{queue}Policy"


def stream_parameter_id(stream: Asset, what: str) -> str:
    """The SSM parameter that publishes the `Name` or `Arn` of a stream, or of the claim-check bucket."""
    return f"{asset_id(stream)}{what}Parameter"


def delivery_id(delivery: str, what: str) -> str:
    """A part of a delivery: its `Stream`, `Role`, `LogGroup` or `LogStream`."""
    return f"{pascal(delivery)}Delivery{what}"


def faults_alarm_id(service: str) -> str:
    """The alarm on the faults of a service."""
    return f"{pascal(service)}FaultsAlarm"


def path_id(path: str) -> str:
    """The resource for a path of a REST API: `/orders/{id}` is `OrdersByIdPath`."""
    return f"{_path_stem(path)}Path"


def options_id(path: str) -> str:
    """The CORS preflight of a path of a REST API."""
    return f"{_path_stem(path)}Options"


def _path_stem(path: str) -> str:
    words = _WORDS.findall(path)
    return "".join(["By" if word == "{" else word[0].upper() + word[1:] for word in words]) or "Root"


def routes_of(function: FunctionPlan) -> list[tuple[str, RouteTrigger]]:
    """The routes of a function, in order, each with the stem of the logical ids that belong to it."""
    routes = sorted(
        [trigger for trigger in function.triggers if isinstance(trigger, RouteTrigger)],
        key=lambda route: (route.path, route.method),
    )
    stem = pascal(function.name)
    if len(routes) == 1:
        return [(stem, routes[0])]
    return [(f"{stem}{route.method.capitalize()}{_path_stem(route.path)}", route) for route in routes]


def schedules_of(function: FunctionPlan) -> list[tuple[str, ScheduleTrigger]]:
    """The schedules of a function, in order, each with the stem of the logical ids that belong to it."""
    schedules = sorted(
        [trigger for trigger in function.triggers if isinstance(trigger, ScheduleTrigger)],
        key=lambda schedule: schedule.expression,
    )
    stem = pascal(function.name)
    if len(schedules) == 1:
        return [(stem, schedules[0])]
    return [(stem + hashlib.sha256(schedule.expression.encode()).hexdigest()[:8], schedule) for schedule in schedules]


def bus_name(system: str, service: str, bus: str, stage: str) -> str:
    """The physical name of an event bus, given the stage (or a reference to it)."""
    return f"{system}-{service}-{stage}-{bus}"


def function_name(system: str, service: str, function: str, stage: str) -> str:
    """The physical name of a Lambda function, given the stage (or a reference to it)."""
    return f"{system}-{service}-{stage}-{function}"


class Collision(Struct, frozen=True):
    """Several declarations that ask for one logical id: where each stands and what it is, by place."""

    logical_id: str
    claims: tuple[tuple[Location, str], ...]


def collisions(plan: ServicePlan) -> tuple[Collision, ...]:
    """The logical ids that several declarations of a service ask for, and so cannot both have.

    Raw `resources` are not looked at here; `aws.merge` reports them (CNCB901).
    """
    claims: dict[str, set[tuple[Location, str]]] = {}
    for logical_id, at, what in _claims(plan):
        claims.setdefault(logical_id, set()).add((at, what))
    return tuple(
        Collision(logical_id, tuple(sorted(claims[logical_id])))
        for logical_id in sorted(claims)
        if len(claims[logical_id]) > 1
    )


def _claims(plan: ServicePlan) -> Iterator[tuple[str, Location, str]]:
    owned_by_service: tuple[Table | Bucket | EventStream | Queue | Bus, ...] = (
        *plan.tables,
        *plan.buckets,
        *plan.streams,
        *plan.queues,
        *plan.buses,
    )
    yield FAILURE_QUEUE, plan.at, "the service's failure queue"
    for owned in owned_by_service:
        yield asset_id(owned.asset), owned.at, f"{owned.asset.kind} `{owned.asset.name}`"
    for function in plan.functions:
        what = f"function `{function.name}`"
        yield function_id(function.name), function.at, what
        for trigger in function.triggers:
            if isinstance(trigger, StreamTrigger):
                yield (
                    mapping_id(function.name, trigger.stream),
                    function.at,
                    f"{what} on `{trigger.stream.name}`",
                )
            elif isinstance(trigger, TableTrigger):
                yield (
                    mapping_id(function.name, trigger.table),
                    function.at,
                    f"{what} on `{trigger.table.name}`",
                )
            elif isinstance(trigger, BucketTrigger):
                yield (
                    mapping_id(function.name, trigger.bucket),
                    function.at,
                    f"{what} on `{trigger.bucket.name}`",
                )
        for stem, route in routes_of(function):
            yield f"{stem}Route", route.at, f"route `{route.method} {route.path}`"
    for delivery in plan.deliveries:
        yield delivery_id(delivery.name, "Stream"), delivery.at, f"delivery of stream `{delivery.stream.name}`"
    for alarm in plan.alarms:
        yield faults_alarm_id(alarm.service), alarm.at, f"alarm on the faults of `{alarm.service}`"
    if plan.indexes:
        yield SEARCH_DOMAIN, plan.at, "the search domain"
    if plan.api is not None and plan.api.kind == "rest":
        places: dict[str, Location] = {}
        for function in plan.functions:
            for _, route in routes_of(function):
                for path in prefixes(route.path):
                    places[path] = min(places.get(path, route.at), route.at)
        for path, at in places.items():
            yield path_id(path), at, f"path `{path}`"


def prefixes(path: str) -> list[str]:
    """A path and all above it, the shortest first, without the root: `/a/{b}` gives `/a` and `/a/{b}`."""
    segments = [segment for segment in path.split("/") if segment]
    return ["/" + "/".join(segments[: end + 1]) for end in range(len(segments))]
