"""The parts of a bucket between the template's words and those of Amazon S3's API.

Sources: AWS CloudFormation Template Reference, AWS::S3::Bucket; Amazon S3 API Reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import NotHeldError

Words = Mapping[str, Any]

_CORS = {"ExposedHeaders": "ExposeHeaders", "Id": "ID", "MaxAge": "MaxAgeSeconds"} | {
    name: name for name in ("AllowedHeaders", "AllowedMethods", "AllowedOrigins")
}
_RULE = {"Id": "ID"} | {
    name: name for name in ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration", "Prefix", "Status")
}
_EXPIRATION = {
    "ExpirationInDays": "Days",
    "ExpirationDate": "Date",
    "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
}
_TRANSITION = {"TransitionInDays": "Days", "TransitionDate": "Date", "StorageClass": "StorageClass"}
_LATER_TRANSITION = {
    "TransitionInDays": "NoncurrentDays",
    "NewerNoncurrentVersions": "NewerNoncurrentVersions",
    "StorageClass": "StorageClass",
}
_DESTINATIONS = (
    ("LambdaConfigurations", "LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
    ("QueueConfigurations", "QueueConfigurations", "Queue", "QueueArn"),
    ("TopicConfigurations", "TopicConfigurations", "Topic", "TopicArn"),
)


def encryption(words: Words) -> dict[str, Any]:
    """Server-side encryption as the API takes it."""
    names = {
        "ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault",
        "BucketKeyEnabled": "BucketKeyEnabled",
    }
    return {"Rules": [_renamed(rule, names) for rule in words["ServerSideEncryptionConfiguration"]]}


def encryption_words(held: Words) -> dict[str, Any]:
    """Server-side encryption as the template says it."""
    names = {
        "ApplyServerSideEncryptionByDefault": "ServerSideEncryptionByDefault",
        "BucketKeyEnabled": "BucketKeyEnabled",
    }
    return {"ServerSideEncryptionConfiguration": [_known(rule, names) for rule in held["Rules"]]}


def cors(words: Words) -> dict[str, Any]:
    """Cross-origin rules as the API takes them."""
    return {"CORSRules": [_renamed(rule, _CORS) for rule in words["CorsRules"]]}


def cors_words(held: Words) -> dict[str, Any]:
    """Cross-origin rules as the template says them."""
    return {"CorsRules": [_known(rule, _turned(_CORS)) for rule in held["CORSRules"]]}


def website(words: Words) -> dict[str, Any]:
    """A website as the API takes it."""
    made = _renamed(words, {name: name for name in ("IndexDocument", "ErrorDocument", "RedirectAllRequestsTo")})
    for name, key in (("IndexDocument", "Suffix"), ("ErrorDocument", "Key")):
        if name in made:
            made[name] = {key: made[name]}
    return made


def website_words(held: Words) -> dict[str, Any]:
    """A website as the template says it."""
    found = dict(held)
    for name, key in (("IndexDocument", "Suffix"), ("ErrorDocument", "Key")):
        if name in found:
            found[name] = found[name][key]
    return found


def lifecycle(words: Words) -> dict[str, Any]:
    """Lifecycle rules as the API takes them: a rule for all objects has a filter with an empty prefix."""
    return {"Rules": [_rule(rule) for rule in words["Rules"]]}


def lifecycle_words(held: Words) -> dict[str, Any]:
    """Lifecycle rules as the template says them."""
    return {"Rules": [_rule_words(rule) for rule in held["Rules"]]}


def notification(words: Words) -> dict[str, Any]:
    """Notifications as the API takes them. One of the template has one event; one of the API may have several.

    Raises NotHeldError for notifications to EventBridge.
    """
    made: dict[str, Any] = {}
    for name, api_name, target, arn in _DESTINATIONS:
        if name in words:
            made[api_name] = [
                {arn: one[target], "Events": [one["Event"]]} | _filter(one.get("Filter")) for one in words[name]
            ]
    if "EventBridgeConfiguration" in words:
        raise NotHeldError("Notifications of a bucket to EventBridge are not held")
    return made


def notification_words(held: Words) -> dict[str, Any]:
    """Notifications as the template says them."""
    found: dict[str, Any] = {}
    for name, api_name, target, arn in _DESTINATIONS:
        if held.get(api_name):
            found[name] = [
                {"Event": event, target: one[arn]} | _filter_words(one.get("Filter"))
                for one in held[api_name]
                for event in one["Events"]
            ]
    return found


def _rule(words: Words) -> dict[str, Any]:
    rest = dict(words)
    expiration = {api: rest.pop(name) for name, api in _EXPIRATION.items() if name in rest}
    transitions = rest.pop("Transitions", None)
    later = rest.pop("NoncurrentVersionTransitions", None)
    days = rest.pop("NoncurrentVersionExpirationInDays", None)
    made = _renamed(rest, _RULE)
    if "Prefix" not in made:
        made["Filter"] = {"Prefix": ""}
    if expiration:
        made["Expiration"] = expiration
    if transitions:
        made["Transitions"] = [_renamed(one, _TRANSITION) for one in transitions]
    if later:
        made["NoncurrentVersionTransitions"] = [_renamed(one, _LATER_TRANSITION) for one in later]
    if days:
        made["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
    return made


def _rule_words(held: Words) -> dict[str, Any]:
    found = _known(held, _turned(_RULE)) | _known(held.get("Expiration", {}), _turned(_EXPIRATION))
    if "Transitions" in held:
        found["Transitions"] = [_known(one, _turned(_TRANSITION)) for one in held["Transitions"]]
    if "NoncurrentVersionTransitions" in held:
        later = held["NoncurrentVersionTransitions"]
        found["NoncurrentVersionTransitions"] = [_known(one, _turned(_LATER_TRANSITION)) for one in later]
    if "NoncurrentVersionExpiration" in held:
        found["NoncurrentVersionExpirationInDays"] = held["NoncurrentVersionExpiration"]["NoncurrentDays"]
    return found


def _filter(words: Words | None) -> dict[str, Any]:
    return {"Filter": {"Key": {"FilterRules": list(words["S3Key"]["Rules"])}}} if words else {}


def _filter_words(held: Words | None) -> dict[str, Any]:
    return {"Filter": {"S3Key": {"Rules": held["Key"]["FilterRules"]}}} if held else {}


def _renamed(words: Words, names: Mapping[str, str]) -> dict[str, Any]:
    """Settings under the API's names. Raises NotHeldError for one that has none."""
    for name in words:
        if name not in names:
            raise NotHeldError(f"Setting {name} of a bucket is not held")
    return {names[name]: value for name, value in words.items()}


def _known(held: Words, names: Mapping[str, str]) -> dict[str, Any]:
    return {names[name]: value for name, value in held.items() if name in names}


def _turned(names: Mapping[str, str]) -> dict[str, str]:
    return {api: name for name, api in names.items()}
