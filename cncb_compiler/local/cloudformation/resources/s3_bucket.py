"""`AWS::S3::Bucket` and `BucketPolicy` (AWS CloudFormation Template Reference: Amazon S3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import s3_words, tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.declared import only_declared
from cncb_compiler.local.cloudformation.resources.names import generated
from cncb_compiler.local.cloudformation.resources.words import document, text

LONGEST_NAME = 63


def _same(words: Any) -> Any:
    return words


@dataclass(frozen=True, slots=True)
class _Part:
    """One property of a bucket, which has its own API calls.

    `put` and `parameter` set it, `get` reads it (under `parameter`, or as the whole answer), `remove` takes it away:
    None where it is put as `nothing` instead.
    """

    put: str
    parameter: str
    get: str
    remove: str | None
    to_api: Callable[[Any], Any] = _same
    to_words: Callable[[Any], Any] = _same
    whole_answer: bool = False
    nothing: Mapping[str, str] | None = None


_PARTS = {
    "BucketEncryption": _Part(
        "put_bucket_encryption",
        "ServerSideEncryptionConfiguration",
        "get_bucket_encryption",
        "delete_bucket_encryption",
        s3_words.encryption,
        s3_words.encryption_words,
    ),
    "CorsConfiguration": _Part(
        "put_bucket_cors",
        "CORSConfiguration",
        "get_bucket_cors",
        "delete_bucket_cors",
        s3_words.cors,
        s3_words.cors_words,
        whole_answer=True,
    ),
    "LifecycleConfiguration": _Part(
        "put_bucket_lifecycle_configuration",
        "LifecycleConfiguration",
        "get_bucket_lifecycle_configuration",
        "delete_bucket_lifecycle",
        s3_words.lifecycle,
        s3_words.lifecycle_words,
        whole_answer=True,
    ),
    "NotificationConfiguration": _Part(
        "put_bucket_notification_configuration",
        "NotificationConfiguration",
        "get_bucket_notification_configuration",
        None,
        s3_words.notification,
        s3_words.notification_words,
        whole_answer=True,
        nothing={},
    ),
    "OwnershipControls": _Part(
        "put_bucket_ownership_controls",
        "OwnershipControls",
        "get_bucket_ownership_controls",
        "delete_bucket_ownership_controls",
    ),
    "PublicAccessBlockConfiguration": _Part(
        "put_public_access_block",
        "PublicAccessBlockConfiguration",
        "get_public_access_block",
        "delete_public_access_block",
    ),
    "Tags": _Part(
        "put_bucket_tagging",
        "Tagging",
        "get_bucket_tagging",
        "delete_bucket_tagging",
        lambda words: {"TagSet": tags.as_list(words)},
        lambda held: [{"Key": tag["Key"], "Value": tag.get("Value", "")} for tag in held["TagSet"]],
        whole_answer=True,
    ),
    "VersioningConfiguration": _Part(
        "put_bucket_versioning",
        "VersioningConfiguration",
        "get_bucket_versioning",
        None,
        whole_answer=True,
        nothing={"Status": "Suspended"},
    ),
    "WebsiteConfiguration": _Part(
        "put_bucket_website",
        "WebsiteConfiguration",
        "get_bucket_website",
        "delete_bucket_website",
        s3_words.website,
        s3_words.website_words,
        whole_answer=True,
    ),
}


def _create(clients: Clients, place: Place, properties: Properties) -> Held:
    client = clients("s3")
    name = properties.get("BucketName") or generated(place, LONGEST_NAME).lower()
    elsewhere = place.region != "us-east-1"
    where = {"CreateBucketConfiguration": {"LocationConstraint": place.region}} if elsewhere else {}
    client.create_bucket(Bucket=name, **where)
    _set_parts(client, name, {}, properties)
    host = f"s3.{place.region}.amazonaws.com"
    attributes = {
        "Arn": f"arn:aws:s3:::{name}",
        "DomainName": f"{name}.s3.amazonaws.com",
        "DualStackDomainName": f"{name}.s3.dualstack.{place.region}.amazonaws.com",
        "RegionalDomainName": f"{name}.{host}",
        "WebsiteURL": f"http://{name}.s3-website-{place.region}.amazonaws.com",
    }
    return Held(name, attributes)


def _read(clients: Clients, held: Held, declared: Properties) -> dict[str, Any]:
    client = clients("s3")
    client.head_bucket(Bucket=held.physical_id)
    found: dict[str, Any] = {"BucketName": held.physical_id}
    for name in declared:
        if name in _PARTS:
            found[name] = _part(client, held.physical_id, _PARTS[name])
    return only_declared(found, declared)


def _update(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    _set_parts(clients("s3"), held.physical_id, old, new)
    return held


def _delete(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted("NoSuchBucket"):
        clients("s3").delete_bucket(Bucket=held.physical_id)


def _set_parts(client: Any, bucket: str, old: Properties, new: Properties) -> None:
    for name, part in _PARTS.items():
        if old.get(name) == new.get(name):
            continue
        if name in new:
            call(client, part.put, Bucket=bucket, **{part.parameter: part.to_api(new[name])})
        elif part.remove is None:
            call(client, part.put, Bucket=bucket, **{part.parameter: part.nothing})
        else:
            getattr(client, part.remove)(Bucket=bucket)


def _part(client: Any, bucket: str, part: _Part) -> Any:
    """What S3 holds of one property; None where it holds nothing of it."""
    from botocore.exceptions import ClientError

    try:
        answer = getattr(client, part.get)(Bucket=bucket)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise
        return None
    return part.to_words(answer if part.whole_answer else answer[part.parameter])


def _put_policy(clients: Clients, _place: Place, properties: Properties) -> Held:
    clients("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=text(properties["PolicyDocument"]))
    return Held(properties["Bucket"])


def _read_policy(clients: Clients, held: Held, declared: Properties) -> dict[str, Any]:
    policy = clients("s3").get_bucket_policy(Bucket=held.physical_id)["Policy"]
    return {"Bucket": held.physical_id, "PolicyDocument": document(declared["PolicyDocument"], policy)}


def _update_policy(clients: Clients, held: Held, _old: Properties, new: Properties) -> Held:
    clients("s3").put_bucket_policy(Bucket=held.physical_id, Policy=text(new["PolicyDocument"]))
    return held


def _delete_policy(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted("NoSuchBucket", "NoSuchBucketPolicy"):
        clients("s3").delete_bucket_policy(Bucket=held.physical_id)


_REPORTS = "It only reports or moves objects on S3's side."

TYPES = (
    ResourceType(
        "AWS::S3::Bucket",
        frozenset({"BucketName", *_PARTS}),
        _create,
        _read,
        _update,
        _delete,
        create_only=frozenset({"BucketName"}),
        template_only={
            "AccelerateConfiguration": "Nothing is far away on this machine.",
            "AccessControl": "Nothing on this machine is refused because of access control lists.",
            "AnalyticsConfigurations": _REPORTS,
            "IntelligentTieringConfigurations": _REPORTS,
            "InventoryConfigurations": _REPORTS,
            "LoggingConfiguration": "The endpoint writes no access logs.",
            "MetricsConfigurations": _REPORTS,
            "ReplicationConfiguration": "There is no other region or account here to replicate to.",
        },
    ),
    ResourceType(
        "AWS::S3::BucketPolicy",
        frozenset({"Bucket", "PolicyDocument"}),
        _put_policy,
        _read_policy,
        _update_policy,
        _delete_policy,
        create_only=frozenset({"Bucket"}),
    ),
)
"""The resource types of this module."""
