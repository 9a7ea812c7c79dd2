"""From an analysed system to the stacks of a stage, in the order in which they are deployed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from graphlib import TopologicalSorter
from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.aws.serialize import to_json
from cncb_compiler.aws.template import ARTIFACT_BUCKET_PARAMETER
from cncb_compiler.compilation import emit_service
from cncb_compiler.deploy.artifacts import artifacts_of
from cncb_compiler.deploy.changeset import Wanted
from cncb_compiler.deploy.stack import Stack, stack_name
from cncb_compiler.passes import Analysis
from cncb_compiler.plan.assets import CLAIMS

_PUBLISHED = re.compile(rb'(streams/[^/"{}]+|claims)/(name|arn)\}\}')
"""The end of a dynamic reference to what the stack of a stream, or of the claims, published (`aws.stack`)."""


def stacks_of(analysis: Analysis, stage: str, services: Collection[str] = ()) -> tuple[Stack, ...]:
    """The stacks of these services (of all, where none is named), needed ones first, with the templates as compiled.

    What is wrong in the templates is added to `analysis.found`; only errors stop a deployment, so ask for them after.
    """
    deployer = {f"streams/{stream.asset.name}": plan.service for plan in analysis.plans for stream in plan.streams}
    for plan in analysis.plans:
        if any(bucket.asset == CLAIMS for bucket in plan.buckets):
            deployer["claims"] = plan.service
    # A lake begins with what comes after it is there: it is deployed before those who publish.
    lakes = {plan.service: {f"streams/{one.stream.name}" for one in plan.deliveries} for plan in analysis.plans}
    made: dict[str, Stack] = {}
    for plan in analysis.plans:
        if services and plan.service not in services:
            continue
        emitted = emit_service(analysis, plan)
        analysis.found += emitted.diagnostics
        used = {one for one, _ in _published(emitted.template) if one in deployer}
        needs = {deployer[one] for one in used} - {plan.service}
        if not plan.deliveries:
            needs |= {lake for lake, kept in lakes.items() if kept & used}
        made[plan.service] = Stack(
            stack_name(plan.system, plan.service, stage),
            plan,
            emitted.template,
            artifacts_of(plan, emitted.template, emitted.files),
            tuple(sorted(needs)),
        )
    order = TopologicalSorter({name: [need for need in made[name].needs if need in made] for name in sorted(made)})
    return tuple(made[name] for name in order.static_order())


def body_of(template: Mapping[str, Any]) -> bytes:
    """A template as it is sent: the bytes that `cncb compile` writes."""
    return to_json(dict(template))


def wanted_of(stack: Stack, stage: str) -> Wanted:
    """A stack as it is to be deployed. Parameters that have a default keep it."""
    parameters = {naming.STAGE: stage} if naming.STAGE in stack.template.get("Parameters", {}) else {}
    key = f"{stack.plan.system}/{stack.service}/templates"
    return Wanted(stack.name, body_of(stack.template), parameters, key)


def looked_up(stack: Stack, stage: str) -> tuple[str, ...]:
    """The SSM parameters that CloudFormation reads for a template: without them it refuses even a change set."""
    names = {f"/{stack.plan.system}/{stage}/{one}/{what}" for one, what in _published(stack.template)}
    if naming.ARTIFACT_BUCKET in stack.template.get("Parameters", {}):
        names.add(ARTIFACT_BUCKET_PARAMETER)
    return tuple(sorted(names))


def _published(template: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The streams and claims of other stacks that a template refers to, each with what of it: `name` or `arn`.

    Raw resources are looked into as well: they may hold such a reference too.
    """
    return sorted({(name.decode(), what.decode()) for name, what in _PUBLISHED.findall(body_of(template))})
