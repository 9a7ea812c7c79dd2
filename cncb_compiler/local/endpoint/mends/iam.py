"""IAM: the managed policies of AWS are there, each read only when it is attached (the mock has none, or reads all)."""

from __future__ import annotations

import json
from functools import cache
from importlib import import_module
from typing import Any


def mend() -> None:
    """Let roles have AWS's managed policies."""
    backend = import_module("moto.iam.models").IAMBackend
    attach_role_policy = backend.attach_role_policy

    def attached(self: Any, policy_arn: str, role_name: str) -> None:
        if policy_arn not in self.managed_policies:
            found = _managed(self, policy_arn)
            if found is not None:
                self.managed_policies[policy_arn] = found
        attach_role_policy(self, policy_arn, role_name)

    backend.attach_role_policy = attached


def _managed(backend: Any, arn: str) -> Any:
    name = arn.rsplit("/", 1)[-1]
    content = _all_managed().get(name)
    if content is None:
        return None
    managed = import_module("moto.iam.models").AWSManagedPolicy
    policy = managed.from_data(name, backend.account_id, backend.region_name, content)
    return policy if policy.arn == arn else None


@cache
def _all_managed() -> dict[str, Any]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    found: dict[str, Any] = json.loads(aws_managed_policies_data)
    return found
