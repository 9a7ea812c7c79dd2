"""A service's template together with everything that is found wrong in it."""

from __future__ import annotations

from collections.abc import Mapping

from cncb_compiler.aws.checks import check_template
from cncb_compiler.aws.template import Template, build
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.plan.service import ServicePlan


def checked_template(plan: ServicePlan, hashes: Mapping[str, str] | None = None) -> tuple[Template, list[Diagnostic]]:
    """A service's template, and what is wrong with it. Without `hashes` the code is not referenced by its content."""
    template, found = build(plan, hashes or {function.name: "0" * 16 for function in plan.functions})
    return template, [*found, *check_template(plan, template)]
