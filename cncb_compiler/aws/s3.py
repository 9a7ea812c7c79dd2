"""Buckets: private, encrypted, reached by TLS only, owned by the account that holds them."""

from __future__ import annotations

from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.aws.notifications import is_told_of, notifications
from cncb_compiler.aws.stack import Stack, claims_parameter
from cncb_compiler.aws.values import Resource, get_att, ref, resource, sub
from cncb_compiler.plan.assets import CLAIMS, Bucket

DELETION_MARKS = ".deleted/"
"""Where a view remembers what was deleted (`runtime/object_view.py`)."""
MARK_DAYS = 30
"""Days after which a deletion is forgotten: an older event cannot come any more."""
ARCHIVE_CLASS = "GLACIER_IR"
"""The cheapest storage class whose objects can be read at once (Amazon S3: "Understanding S3 storage classes")."""
UPLOAD_DAYS = 7
"""Days after which the parts of an upload that was never finished are removed."""

_NO_ACCESS_LOG = ("CKV_AWS_18", "Only the functions of this stack have access, and they log what they do.")
_NO_VERSIONS = ("CKV_AWS_21", "A view: a replay of events brings every object back.")


def bucket_resources(stack: Stack, bucket: Bucket) -> dict[str, Resource]:
    """The bucket and its policy, by logical id."""
    logical_id = naming.asset_id(bucket.asset)
    properties: dict[str, Any] = {
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
        "LifecycleConfiguration": {"Rules": _lifecycle(bucket)},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    }
    if not bucket.rebuildable:
        properties["VersioningConfiguration"] = {"Status": "Enabled"}
    told = is_told_of(stack.plan, bucket.asset)
    if told:
        properties["NotificationConfiguration"] = notifications(bucket.asset)
    properties["Tags"] = stack.tags
    skips = (_NO_ACCESS_LOG, _NO_VERSIONS) if bucket.rebuildable else (_NO_ACCESS_LOG,)
    declaration = str(bucket.at)
    published = _published(stack, logical_id, declaration) if bucket.asset == CLAIMS else {}
    made = resource("AWS::S3::Bucket", properties, declaration, bucket.purpose, skips, retain=not bucket.rebuildable)
    if told:
        # S3 sends the queue a first message to see whether it may.
        made["DependsOn"] = [naming.queue_policy_id(naming.word_queue_id(bucket.asset))]
    return published | {
        logical_id: made,
        naming.bucket_policy_id(bucket.asset): resource(
            "AWS::S3::BucketPolicy",
            {"Bucket": ref(logical_id), "PolicyDocument": _tls_only(logical_id)},
            declaration,
            bucket.purpose,
        ),
    }


def _published(stack: Stack, logical_id: str, declaration: str) -> dict[str, Resource]:
    """The parameters by which other stacks find the claim-check bucket."""
    values = {"Name": ref(logical_id), "Arn": get_att(logical_id, "Arn")}
    return {
        naming.stream_parameter_id(CLAIMS, what): resource(
            "AWS::SSM::Parameter",
            {
                "Name": sub(claims_parameter(stack.plan.system, what.lower())),
                "Type": "String",
                "Value": value,
                "Description": f"{what} of the claim-check bucket of {stack.plan.system}",
                "Tags": stack.tag_map,
            },
            declaration,
            CLAIMS.kind,
        )
        for what, value in values.items()
    }


def _lifecycle(bucket: Bucket) -> list[dict[str, Any]]:
    upload = {"DaysAfterInitiation": UPLOAD_DAYS}
    rules: list[dict[str, Any]] = [
        {"Id": "unfinished-uploads", "Status": "Enabled", "AbortIncompleteMultipartUpload": upload}
    ]
    if bucket.purpose == "view":
        rules.append(
            {"Id": "deletion-marks", "Status": "Enabled", "Prefix": DELETION_MARKS, "ExpirationInDays": MARK_DAYS}
        )
    if bucket.keep_days is not None:
        kept: dict[str, Any] = {"Id": "kept", "Status": "Enabled", "ExpirationInDays": bucket.keep_days}
        if not bucket.rebuildable:
            kept["NoncurrentVersionExpiration"] = {"NoncurrentDays": MARK_DAYS}
        rules.append(kept)
    if bucket.archive_days is not None:
        move = {"StorageClass": ARCHIVE_CLASS, "TransitionInDays": bucket.archive_days}
        rules.append({"Id": "archive", "Status": "Enabled", "Transitions": [move]})
    return rules


def _tls_only(logical_id: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [get_att(logical_id, "Arn"), sub(f"${{{logical_id}.Arn}}/*")],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
