"""AWS::SNS::Topic, Subscription and TopicPolicy (AWS CloudFormation Template Reference Guide: same titles)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import (
    Clients,
    Held,
    NotHeldError,
    Place,
    Properties,
    ResourceType,
)
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.names import generated
from cncb_compiler.local.cloudformation.resources.words import document, picked, text

_FIFO_SUFFIX = ".fifo"
_TOPIC_DEFAULTS: Mapping[str, Any] = {"ContentBasedDeduplication": "false", "DisplayName": "", "KmsMasterKeyId": ""}
_DELIVERED_TO = frozenset({"lambda", "sqs"})
_SUBSCRIPTION_DEFAULTS: Mapping[str, Any] = {"FilterPolicyScope": "MessageAttributes", "RawMessageDelivery": "false"}
_SUBSCRIPTION_ATTRIBUTES = ("FilterPolicyScope", "FilterPolicy", "RawMessageDelivery")
_GONE = ("NotFound", "NotFoundException")


def _create_topic(clients: Clients, place: Place, properties: Properties) -> Held:
    client = clients("sns")
    fifo = str(properties.get("FifoTopic")).lower() == "true"
    name = properties.get("TopicName") or generated(place) + (_FIFO_SUFFIX if fifo else "")
    attributes = {key: properties[key] for key in [*_TOPIC_DEFAULTS, "FifoTopic"] if key in properties}
    labels = tags.as_list(properties.get("Tags"))
    arn = call(client, "create_topic", Name=name, Attributes=attributes, Tags=labels)["TopicArn"]
    for subscription in properties.get("Subscription", ()):
        _subscribed(client, arn, subscription)
    return Held(arn, {"TopicArn": arn, "TopicName": name})


def _read_topic(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    client, arn = clients("sns"), held.physical_id
    found = client.get_topic_attributes(TopicArn=arn)["Attributes"]
    kept = picked(properties, found, [*_TOPIC_DEFAULTS, "FifoTopic"])
    if "TopicName" in properties:
        kept["TopicName"] = found["TopicArn"].rsplit(":", 1)[-1]
    if "Tags" in properties:
        kept["Tags"] = tags.as_list(client.list_tags_for_resource(ResourceArn=arn)["Tags"])
    if "Subscription" in properties:
        subscribed = client.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]
        pairs = [{key: each[key] for key in ("Endpoint", "Protocol")} for each in subscribed]
        kept["Subscription"] = [each for each in properties["Subscription"] if each in pairs]
    return kept


def _update_topic(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client, arn = clients("sns"), held.physical_id
    for key, default in _TOPIC_DEFAULTS.items():
        if old.get(key) != new.get(key):
            value = new.get(key, default)
            call(client, "set_topic_attributes", TopicArn=arn, AttributeName=key, AttributeValue=value)
    put, gone = tags.changes(old.get("Tags"), new.get("Tags"))
    if put:
        client.tag_resource(ResourceArn=arn, Tags=tags.as_list(put))
    if gone:
        client.untag_resource(ResourceArn=arn, TagKeys=gone)
    before, after = old.get("Subscription", []), new.get("Subscription", [])
    for subscription in after:
        if subscription not in before:
            _subscribed(client, arn, subscription)
    left = [each for each in before if each not in after]
    for subscription in client.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"] if left else ():
        if {key: subscription[key] for key in ("Endpoint", "Protocol")} in left:
            client.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
    return held


def _delete_topic(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted(*_GONE):
        clients("sns").delete_topic(TopicArn=held.physical_id)


def _subscribed(client: Any, topic: str, properties: Properties) -> str:
    protocol = properties["Protocol"]
    if protocol not in _DELIVERED_TO:
        raise NotHeldError(
            f"A subscription of protocol {protocol} is not held: only {', '.join(sorted(_DELIVERED_TO))}"
        )
    given = {key: text(properties[key]) for key in _SUBSCRIPTION_ATTRIBUTES if key in properties}
    arn: str = call(
        client,
        "subscribe",
        TopicArn=topic,
        Protocol=protocol,
        Endpoint=properties["Endpoint"],
        Attributes=given,
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    return arn


def _create_subscription(clients: Clients, _place: Place, properties: Properties) -> Held:
    arn = _subscribed(clients("sns"), properties["TopicArn"], properties)
    return Held(arn, {"Arn": arn})


def _read_subscription(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    found = clients("sns").get_subscription_attributes(SubscriptionArn=held.physical_id)["Attributes"]
    kept = picked(properties, found, SUBSCRIPTION.properties - {"FilterPolicy"})
    if "FilterPolicy" in properties:
        kept["FilterPolicy"] = document(properties["FilterPolicy"], found.get("FilterPolicy"))
    return kept


def _update_subscription(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    for key in _SUBSCRIPTION_ATTRIBUTES:
        if old.get(key) != new.get(key):
            value = text(new[key]) if key in new else _SUBSCRIPTION_DEFAULTS.get(key, "")
            client = clients("sns")
            subscription = held.physical_id
            call(
                client,
                "set_subscription_attributes",
                SubscriptionArn=subscription,
                AttributeName=key,
                AttributeValue=value,
            )
    return held


def _delete_subscription(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted(*_GONE):
        clients("sns").unsubscribe(SubscriptionArn=held.physical_id)


def _create_policy(clients: Clients, place: Place, properties: Properties) -> Held:
    name = generated(place)
    return _update_policy(clients, Held(name, {"Id": name}), {}, properties)


def _read_policy(clients: Clients, _held: Held, properties: Properties) -> Mapping[str, Any]:
    declared = properties["PolicyDocument"]
    policies = {
        topic: document(declared, clients("sns").get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"])
        for topic in properties["Topics"]
    }
    other = next((policy for policy in policies.values() if policy != declared), declared)
    return {"PolicyDocument": other, "Topics": list(policies)}


def _update_policy(clients: Clients, held: Held, _old: Properties, new: Properties) -> Held:
    policy = text(new["PolicyDocument"])
    for topic in new["Topics"]:
        clients("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    return held


def _delete_policy(_clients: Clients, _held: Held, _properties: Properties) -> None:
    """A topic always has a policy: CloudFormation leaves the last one."""


SUBSCRIPTION = ResourceType(
    name="AWS::SNS::Subscription",
    properties=frozenset({*_SUBSCRIPTION_ATTRIBUTES, "Endpoint", "Protocol", "TopicArn"}),
    create=_create_subscription,
    read=_read_subscription,
    update=_update_subscription,
    delete=_delete_subscription,
    create_only=frozenset({"Endpoint", "Protocol", "TopicArn"}),
)
TYPES = (
    ResourceType(
        name="AWS::SNS::Topic",
        properties=frozenset(_TOPIC_DEFAULTS) | {"FifoTopic", "Subscription", "Tags", "TopicName"},
        create=_create_topic,
        read=_read_topic,
        update=_update_topic,
        delete=_delete_topic,
        create_only=frozenset({"FifoTopic", "TopicName"}),
    ),
    SUBSCRIPTION,
    ResourceType(
        name="AWS::SNS::TopicPolicy",
        properties=frozenset({"PolicyDocument", "Topics"}),
        create=_create_policy,
        read=_read_policy,
        update=_update_policy,
        delete=_delete_policy,
    ),
)
