"""From what the user said to a target: the endpoint and the region that the environment names."""

from __future__ import annotations

import os

from cncb_compiler.target.problems import AccessProblem, translated
from cncb_compiler.target.target import Target


def open_target(stage: str, region: str | None = None, profile: str | None = None) -> Target:
    """The target of a stage. AWS_ENDPOINT_URL says whether it is AWS itself.

    Without `region` it is AWS_REGION, AWS_DEFAULT_REGION, or the profile's. Raises Problem where there is none.
    """
    found = region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or _of_profile(profile)
    if not found:
        raise AccessProblem("No region is known.", "Name one with --region, or set AWS_REGION.")
    return Target(stage, found, os.environ.get("AWS_ENDPOINT_URL") or None, profile)


def _of_profile(profile: str | None) -> str | None:
    with translated():
        import boto3

        region: str | None = boto3.Session(profile_name=profile).region_name
        return region


def account_of(target: Target) -> str:
    """The account that the target's credentials belong to (AWS STS: GetCallerIdentity)."""
    with translated("asking whose the credentials are"):
        account: str = target.client("sts").get_caller_identity()["Account"]
        return account
