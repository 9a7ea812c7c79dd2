"""The bootstrap stack: the bucket that packages go to, and the parameter that names it. One per account and region."""

from __future__ import annotations

from typing import Any

from cncb_compiler.aws.template import ARTIFACT_BUCKET_PARAMETER
from cncb_compiler.deploy.changeset import Wanted
from cncb_compiler.deploy.stack import Stack
from cncb_compiler.deploy.stacks import body_of, looked_up
from cncb_compiler.deploy.standing import published
from cncb_compiler.target.target import Target

NAME = "cncb-bootstrap"
"""The name of the stack."""

NONCURRENT_DAYS = 30
"""Days after which a package that was overwritten or deleted is gone for good."""
UPLOAD_DAYS = 7
"""Days after which the parts of an upload that was never finished are removed."""


def bootstrap_template() -> dict[str, Any]:
    """The template: a private, encrypted, versioned bucket that is reached by TLS only, and its name in the SSM."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "cncb: the bucket with the functions' packages, and the parameter that names it",
        "Resources": {
            "ArtifactBucket": _BUCKET,
            "ArtifactBucketPolicy": _POLICY,
            "ArtifactBucketParameter": {
                "Type": "AWS::SSM::Parameter",
                "Properties": {
                    "Name": ARTIFACT_BUCKET_PARAMETER,
                    "Type": "String",
                    "Value": {"Ref": "ArtifactBucket"},
                    "Description": "The bucket with the packages of functions that cncb deploys",
                },
            },
        },
        "Outputs": {
            "ArtifactBucketName": {"Description": "Where packages are uploaded to", "Value": {"Ref": "ArtifactBucket"}}
        },
    }


def bootstrap_wanted() -> Wanted:
    """The stack as it is to be deployed."""
    return Wanted(NAME, body_of(bootstrap_template()), {})


def artifact_bucket(target: Target) -> str | None:
    """The name of the artifact bucket; None where the bootstrap stack is still to be made."""
    return published(target, (ARTIFACT_BUCKET_PARAMETER,)).get(ARTIFACT_BUCKET_PARAMETER)


def needs_bucket(stacks: tuple[Stack, ...], stage: str) -> bool:
    """Whether any of the stacks has a package, or a template too large to be sent without a bucket."""
    return any(
        stack.artifacts
        or ARTIFACT_BUCKET_PARAMETER in looked_up(stack, stage)
        or Wanted(stack.name, body_of(stack.template), {}).large
        for stack in stacks
    )


_BUCKET: dict[str, Any] = {
    "Type": "AWS::S3::Bucket",
    "Metadata": {
        "checkov": {
            "skip": [{"id": "CKV_AWS_18", "comment": "Only deployments read and write it, and CloudTrail has them."}]
        }
    },
    "DeletionPolicy": "RetainExceptOnCreate",
    "UpdateReplacePolicy": "Retain",
    "Properties": {
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
        "LifecycleConfiguration": {
            "Rules": [
                {
                    "Id": "old-versions",
                    "Status": "Enabled",
                    "NoncurrentVersionExpiration": {"NoncurrentDays": NONCURRENT_DAYS},
                },
                {
                    "Id": "unfinished-uploads",
                    "Status": "Enabled",
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UPLOAD_DAYS},
                },
            ]
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
        "VersioningConfiguration": {"Status": "Enabled"},
    },
}

_POLICY: dict[str, Any] = {
    "Type": "AWS::S3::BucketPolicy",
    "Properties": {
        "Bucket": {"Ref": "ArtifactBucket"},
        "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "TlsOnly",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [
                        {"Fn::GetAtt": ["ArtifactBucket", "Arn"]},
                        {"Fn::Sub": "${ArtifactBucket.Arn}/*"},
                    ],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ],
        },
    },
}
