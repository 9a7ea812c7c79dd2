"""The templates of queues and buses: the recipe `esg-send`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aws_plans import AT, service

from cncb_compiler.aws.naming import collisions
from cncb_compiler.aws.template import build
from cncb_compiler.plan.assets import Asset, Bus, Queue

GENERATED = Path(__file__).resolve().parents[2] / "generated" / "esg-send" / "carrier-gateway" / "template.json"
DAY = 24 * 3600


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(GENERATED.read_text())["Resources"]
    return found


def queues(fifo: bool) -> dict[str, Any]:
    plan = service(queues=(Queue(Asset("queue", "outbox"), AT / "queues" / "outbox", fifo),))
    template, found = build(plan, {})
    assert found == []
    made: dict[str, Any] = template["Resources"]
    return made


@pytest.mark.parametrize("fifo", [False, True])
def test_a_queue_is_encrypted_and_hands_on_what_is_given_up(fifo: bool) -> None:
    made = queues(fifo)
    queue, dead = made["OutboxQueue"]["Properties"], made["OutboxQueueDeadLetters"]["Properties"]
    assert queue["SqsManagedSseEnabled"] is dead["SqsManagedSseEnabled"] is True
    arn = {"Fn::GetAtt": ["OutboxQueueDeadLetters", "Arn"]}
    assert queue["RedrivePolicy"] == {"deadLetterTargetArn": arn, "maxReceiveCount": 5}
    # What is given up counts from its sending: it must be kept for longer than it may wait.
    assert queue["MessageRetentionPeriod"] < dead["MessageRetentionPeriod"] == 14 * DAY
    # The dead letters of a FIFO queue are FIFO themselves.
    assert [one.get("FifoQueue", False) for one in (queue, dead)] == [fifo, fifo]


@pytest.mark.parametrize("queue", ["OutboxQueue", "OutboxQueueDeadLetters"])
def test_a_queue_is_reached_by_tls_only_and_outlives_its_stack(queue: str) -> None:
    made = queues(False)
    policy = made[f"{queue}Policy"]["Properties"]
    assert policy["Queues"] == [{"Ref": queue}]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert made[queue]["DeletionPolicy"] == "RetainExceptOnCreate"


def test_a_bus_is_named_by_system_service_and_stage() -> None:
    template, found = build(service(buses=(Bus(Asset("bus", "partners"), AT / "buses" / "partners"),)), {})
    assert found == []
    assert template["Resources"]["PartnersBus"]["Properties"]["Name"] == {"Fn::Sub": "shop-order-bff-${Stage}-partners"}
    assert template["Outputs"]["PartnersBusName"]["Value"] == {"Ref": "PartnersBus"}


@pytest.mark.parametrize(
    ("role", "action", "resource"),
    [
        ("ReactionPickUpRole", "sqs:SendMessage", "PickupsQueue"),
        ("ReactionAnnounceRole", "events:PutEvents", "PartnersBus"),
    ],
)
def test_a_reaction_may_send_there_and_nowhere_else(
    resources: dict[str, Any], role: str, action: str, resource: str
) -> None:
    (policy,) = resources[role]["Properties"]["Policies"]
    sends = ("sqs:SendMessage", "events:PutEvents")
    allowed = [
        (one["Action"], one["Resource"])
        for one in policy["PolicyDocument"]["Statement"]
        if set(one["Action"]) & set(sends) and one["Resource"] != {"Fn::GetAtt": ["FailureQueue", "Arn"]}
    ]
    assert allowed == [([action], {"Fn::GetAtt": [resource, "Arn"]})]


def test_a_queue_does_not_take_the_place_of_the_failure_queue() -> None:
    plan = service(queues=(Queue(Asset("queue", "failure"), AT / "queues" / "failure", False),))
    (collision,) = collisions(plan)
    assert collision.logical_id == "FailureQueue"
