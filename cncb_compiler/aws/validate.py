"""AWS's own offline validator over a template, its findings shown at the YAML that asked for the resource.

Source: cloudformation-validate (the extra `validate`). Its advice (severity INFO) is left out: what it would advise
of tables, keys and tags is decided by the patterns.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from cncb_compiler.aws.places import Path, place
from cncb_compiler.aws.serialize import to_json
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.rules.cncb931_invalid_template import RULE as INVALID
from cncb_compiler.rules.cncb932_doubtful_template import RULE as DOUBTFUL
from cncb_compiler.source.location import Location

_STEP = re.compile(r"[^.\[\]]+")


class ValidatorMissingError(Exception):
    """The extra `validate` is not installed, or has no wheel for this platform."""


@cache
def _engine() -> Any:
    """Rules and resource schemas are compiled once."""
    try:
        from cloudformation_validate import CelEngine
    except (ImportError, OSError) as error:
        raise ValidatorMissingError(str(error)) from None
    return CelEngine()


def validate(plan: ServicePlan, template: dict[str, Any]) -> list[Diagnostic]:
    """What AWS's validator finds wrong with a template. Raises ValidatorMissingError where it is not there."""
    engine = _engine()
    from cloudformation_validate import Severity, TemplateContent, ValidateConfig

    content = TemplateContent(to_json(template).decode(), f"{plan.service}/template.json")
    report = engine.validate_template(content, ValidateConfig(severity_level=Severity.WARN))
    found = []
    for one in report.diagnostics:
        logical_id = one.entity.logical_id if one.entity else None
        rule = DOUBTFUL if one.severity == Severity.WARN else INVALID
        subject = f"`{logical_id}`" if logical_id else "the template"
        inside = f" at `{one.property_path}`" if one.property_path else ""
        message = f"AWS's validator says of {subject}{inside}: {one.message} ({one.rule_id})"
        path: Path = tuple(int(step) if step.isdigit() else step for step in _STEP.findall(one.property_path or ""))
        at = declared_place(plan, template, logical_id, path) if logical_id else plan.at
        found.append(rule(at, message, mend=one.suggested_fix))
    return found


def declared_place(plan: ServicePlan, template: dict[str, Any], logical_id: str, path: Path) -> Location:
    """The YAML that asked for a part of a resource: what was written by hand, else the declaration it derives from."""
    if logical_id in plan.resources or logical_id in plan.overrides:
        return place(plan, logical_id, path)
    metadata = template.get("Resources", {}).get(logical_id, {}).get("Metadata", {}).get("cncb", {})
    return parsed_location(metadata["declaration"]) if "declaration" in metadata else plan.at


def parsed_location(text: str) -> Location:
    """The location that `str(Location)` wrote."""
    file, _, path = text.partition("#/")
    steps = [step for step in path.split("/") if step]
    return Location(file, tuple(int(step) if step.isdigit() else step for step in steps))
