"""Why a role may do what it may: each action with the grant behind it, and the declaration that needs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws import iam, naming
from cncb_compiler.aws.notifications import READ_ACTIONS
from cncb_compiler.explain.answer import Line, Reason
from cncb_compiler.explain.known import Known, Resource
from cncb_compiler.graph.system import Emission, LinkedService
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import BucketTrigger, FunctionPlan, Grant, StreamTrigger, TableTrigger
from cncb_compiler.plan.handlers import ChangesHandler, TransitionsHandler
from cncb_compiler.plan.service import Delivery
from cncb_compiler.source.location import Location

_KEYS = {
    "get": ("from", "reads"),
    "batch": ("batch", "processing", "collect", "on"),
    "put": ("write", "writes", "collect", "join", "on"),
    "update": ("update", "delete", "writes", "fields", "evaluate", "on"),
    "delete": ("delete", "writes"),
    "query": ("index", "from", "reads", "collect", "join"),
    "scan": ("from",),
    "publish": ("publish", "publishes", "emit"),
    "send": ("send",),
}
"""The keys of a construct that ask for a verb, the most telling first."""

_SAYS = {
    "get": "reads single {things} of {asset}",
    "batch": "writes whole {things} of {asset}, several a request",
    "put": "writes whole {things} of {asset}",
    "update": "updates {things} of {asset}",
    "delete": "removes {things} of {asset}",
    "query": "reads the {things} of one key of {asset}",
    "scan": "reads all {things} of {asset}",
    "publish": "publishes to {asset}",
    "send": "sends messages to {asset}",
}


def permissions(known: Known, role: Resource) -> Iterator[Line]:
    """One line for each action of the role of a function or delivery stream; none where the resource is none."""
    function = known.function_of(role)
    delivery = next(
        (one for one in role.plan.deliveries if naming.delivery_id(one.name, "Role") == role.logical_id), None
    )
    if delivery is not None:
        yield from _of_delivery(known, role, delivery)
    if function is None:
        return
    reasons: dict[tuple[str, str], list[Reason]] = {}
    for action, target, reason in _reasons(known, role, function):
        reasons.setdefault((action, target), []).append(reason)
    for policy in role.body["Properties"].get("Policies", ()):
        for statement in policy["PolicyDocument"]["Statement"]:
            target = target_shown(statement["Resource"])
            for action in statement["Action"]:
                for reason in reasons.get((action, target)) or [_unknown(known, role)]:
                    yield Line(action, reason, target)


def target_shown(value: Any) -> str:
    """What a statement is about, in short: a logical id with the part that is meant, `stream NAME`, `claims/...`."""
    if isinstance(value, dict):
        if "Fn::GetAtt" in value:
            logical_id, attribute = value["Fn::GetAtt"]
            return logical_id if attribute == "Arn" else f"{logical_id}.{attribute}"
        if "Fn::Sub" in value:
            return str(value["Fn::Sub"]).replace("${", "").replace(".Arn}", "").replace("}", "")
        if "Fn::Join" in value:
            what, *rest = value["Fn::Join"][1][-1].split("/")
            if what == "claims":
                return "/".join(["claims", *rest[1:]])
            return f"stream {rest[0]}" if what == "streams" else value["Fn::Join"][1][-1]
    if isinstance(value, list):
        return ", ".join(map(target_shown, value))
    return str(value)


def _of_delivery(known: Known, role: Resource, delivery: Delivery) -> Iterator[Line]:
    says = {
        "kinesis": f"reads the stream `{delivery.stream.name}`",
        "kms": "uses the key of the stream",
        "lambda": f"has `{delivery.function}` make lines of records",
        "logs": "tells what it could not deliver",
        "s3": "writes the objects of the lake",
    }
    for statement in role.body["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]:
        for action in statement["Action"]:
            reason = Reason(f"Firehose {says[action.partition(':')[0]]}", known.head(delivery.at))
            yield Line(action, reason, target_shown(statement["Resource"]))


def _reasons(known: Known, role: Resource, function: FunctionPlan) -> Iterator[tuple[str, str, Reason]]:
    log_group = naming.log_group_id(function.name)
    for action in iam.LOG_ACTIONS:
        yield action, log_group, Reason("every function writes its log")
    for action in iam.TRACE_ACTIONS:
        yield action, "*", Reason("every function is traced by X-Ray, whose actions know no resource")
    for grant in function.grants:
        for action, target in _actions(role, grant):
            for reason in _needs(known, role, function, grant):
                yield action, target, reason
    if function.faults_to is not None:
        says = f"publishes a `fault` event to the stream `{function.faults_to.name}` for what it cannot handle"
        for action in iam.PUBLISH_ACTIONS:
            yield action, _stream(role, function.faults_to), Reason(says, known.head(function.at))
    yield from _of_triggers(known, role, function)
    says = "records that it could not work on go to the failure queue"
    yield "sqs:SendMessage", naming.FAILURE_QUEUE, Reason(says, known.head(function.at))
    for statement in role.body["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]:
        for action in statement["Action"]:
            if action.startswith("kms:"):
                yield (
                    action,
                    target_shown(statement["Resource"]),
                    Reason("the stream has a key of its own", _key(known)),
                )


def _of_triggers(known: Known, role: Resource, function: FunctionPlan) -> Iterator[tuple[str, str, Reason]]:
    at = known.first_said(function.at / "on", function.at / "collect" / "on", function.at / "join")
    for trigger in function.triggers:
        if isinstance(trigger, StreamTrigger):
            types = ", ".join(f"`{name}`" for name in trigger.types) or "every event"
            reason = Reason(f"listens to {types}", at or known.head(function.at))
            for action in iam.STREAM_READ_ACTIONS:
                yield action, _stream(role, trigger.stream), reason
        elif isinstance(trigger, TableTrigger):
            reason = Reason(f"reads the changes of the table `{trigger.table.name}`", known.head(function.at))
            for action in iam.CHANGE_READ_ACTIONS:
                yield action, f"{naming.asset_id(trigger.table)}.StreamArn", reason
        elif isinstance(trigger, BucketTrigger):
            says = f"reads what S3 tells of the objects of the bucket `{trigger.bucket.name}`"
            for action in READ_ACTIONS:
                yield action, naming.word_queue_id(trigger.bucket), Reason(says, known.head(function.at))


def _actions(role: Resource, grant: Grant) -> Iterator[tuple[str, str]]:
    asset = grant.asset
    if asset.kind == "stream":
        yield from ((action, _stream(role, asset)) for action in iam.PUBLISH_ACTIONS)
    elif asset.kind in iam.SEND_ACTIONS:
        yield iam.SEND_ACTIONS[asset.kind], naming.asset_id(asset)
    elif asset.kind == "claims":
        own = any(bucket.asset == asset for bucket in role.plan.buckets)
        yield iam.OBJECT_ACTIONS[grant.verb], f"{naming.asset_id(asset) if own else 'claims'}/{grant.prefix}/*"
    elif asset.kind == "bucket":
        yield iam.OBJECT_ACTIONS[grant.verb], f"{naming.asset_id(asset)}/*"
        if grant.verb == "get":
            yield "s3:ListBucket", naming.asset_id(asset)
    elif asset.kind == "table":
        index = f"/index/{grant.index}" if grant.index else ""
        yield iam.TABLE_ACTIONS[grant.verb], naming.asset_id(asset) + index


def _stream(role: Resource, stream: Asset) -> str:
    own = any(deployed.asset.name == stream.name for deployed in role.plan.streams)
    return naming.asset_id(stream) if own else f"stream {stream.name}"


def _says(grant: Grant) -> str:
    if grant.asset.kind == "claims":
        return f"{grant.verb}s what is under `{grant.prefix}` of the claim-check bucket"
    things = "objects" if grant.asset.kind == "bucket" else "rows"
    through = f", through the index `{grant.index}`" if grant.index else ""
    return _SAYS[grant.verb].format(things=things, asset=f"the {grant.asset.kind} `{grant.asset.name}`") + through


def _needs(known: Known, role: Resource, function: FunctionPlan, grant: Grant) -> Iterator[Reason]:
    """What asks for a grant: each publication of a function that has several, else the key of the construct."""
    if grant.verb == "publish" and isinstance(function.handler, (TransitionsHandler, ChangesHandler)):
        for emission in _emissions(known.linked.services[role.plan.service], function):
            if known.linked.events[emission.event].stream == grant.asset.name:
                at = known.first_said(emission.at / "emit", emission.at / "event", emission.at)
                yield Reason(f"publishes `{emission.event}`", at)
        return
    at = known.first_said(*(function.at / key for key in _KEYS[grant.verb])) or known.head(function.at)
    yield Reason(_says(grant), at)


def _emissions(service: LinkedService, function: FunctionPlan) -> Iterator[Emission]:
    if isinstance(function.handler, TransitionsHandler):
        yield from (step.emission for step in service.transitions if step.collect is None)
    for change in service.changes:
        if change.construct.at == function.at:
            yield from (emission for _, emission in change.captured)


def _key(known: Known) -> Location | None:
    return known.system_key("streams")


def _unknown(known: Known, role: Resource) -> Reason:
    if role.logical_id in role.plan.overrides:
        return Reason("`overrides` of the service", role.plan.at / "overrides" / role.logical_id)
    return Reason(f"derived by the pattern `{role.pattern}`", known.place_of(role.declaration))
