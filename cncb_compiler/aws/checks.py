"""The checks of a finished template: CloudFormation's limits, and what was written by hand in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.rules import (
    cncb720_too_many_resources,
    cncb721_too_many_parameters,
    cncb722_too_many_outputs,
    cncb723_template_too_large,
    cncb724_environment_too_large,
    cncb725_role_policy_too_large,
    cncb726_too_many_dynamic_references,
    cncb727_sibling_path_parameters,
    cncb830_wildcard_action,
    cncb831_wildcard_resource,
    cncb832_unencrypted_store,
    cncb904_logical_id_collision,
    cncb910_table_without_stream,
    cncb911_bad_stream_view_type,
    cncb912_mapping_without_starting_position,
    cncb913_provisioned_without_throughput,
    cncb914_bad_queue_name,
    cncb915_reference_instead_of_arn,
    cncb916_role_is_not_a_role,
)

Check = Callable[[ServicePlan, dict[str, Any]], Iterator[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    cncb720_too_many_resources.check_template,
    cncb721_too_many_parameters.check_template,
    cncb722_too_many_outputs.check_template,
    cncb723_template_too_large.check_template,
    cncb724_environment_too_large.check_template,
    cncb725_role_policy_too_large.check_template,
    cncb726_too_many_dynamic_references.check_template,
    cncb727_sibling_path_parameters.check_template,
    cncb830_wildcard_action.check_template,
    cncb831_wildcard_resource.check_template,
    cncb832_unencrypted_store.check_template,
    cncb904_logical_id_collision.check_template,
    cncb910_table_without_stream.check_template,
    cncb911_bad_stream_view_type.check_template,
    cncb912_mapping_without_starting_position.check_template,
    cncb913_provisioned_without_throughput.check_template,
    cncb914_bad_queue_name.check_template,
    cncb915_reference_instead_of_arn.check_template,
    cncb916_role_is_not_a_role.check_template,
)
"""Every check of a template, by code."""


def check_template(plan: ServicePlan, template: dict[str, Any]) -> Iterator[Diagnostic]:
    """Everything that is wrong with the template that `aws.template.build` made of a plan."""
    for check in CHECKS:
        yield from check(plan, template)
