"""The functions of a system by the names that people use."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from cncb_compiler.aws import naming
from cncb_compiler.operate.names import Names
from cncb_compiler.passes import Analysis
from cncb_compiler.plan.function import FunctionPlan


class UnknownNameError(Exception):
    """A name means nothing in the system, or several things; the message says what was probably meant."""


def any_function(plan: FunctionPlan) -> bool:
    """Whatever function it is."""
    return True


def find(analysis: Analysis, service: str, function: str, fits: Callable[[FunctionPlan], bool] = any_function) -> str:
    """The planned name of a function, which may also be named as it is declared. Raises UnknownNameError.

    Where a declared name could be several (a view and a query), one that alone `fits` is meant.
    """
    planned = functions_of(analysis, service)
    names = Names(analysis.linked, analysis.plans)
    found = names.functions.get(f"{service}.{function}", ())
    fitting = tuple(one for one in found if fits(names.planned(one)))
    if len(fitting) == 1:
        found = fitting
    if len(found) > 1:
        listed = ", ".join(f"`{one.function}`" for one in found)
        raise UnknownNameError(f"`{function}` of {service} could be {listed}. Name one of them.")
    if not found:
        raise UnknownNameError(f"{service} has no function `{function}`. {_hint(function, planned, 'Its functions')}")
    return found[0].function


def functions_of(analysis: Analysis, service: str) -> list[str]:
    """The planned names of a service's functions. Raises UnknownNameError where there is no such service."""
    for plan in analysis.plans:
        if plan.service == service:
            return [function.name for function in plan.functions]
    known = [plan.service for plan in analysis.plans]
    raise UnknownNameError(
        f"{analysis.linked.name} has no service `{service}`. {_hint(service, known, 'Its services')}"
    )


def physical_name(analysis: Analysis, service: str, function: str, stage: str) -> str:
    """What Lambda calls a function."""
    return naming.function_name(analysis.linked.name, service, function, stage)


def log_group(analysis: Analysis, service: str, function: str, stage: str) -> str:
    """The log group of a function."""
    return f"/aws/lambda/{physical_name(analysis, service, function, stage)}"


def _hint(name: str, known: list[str], listed: str) -> str:
    close = get_close_matches(name, known, 1, 0.5)
    if not close:
        close = [one for one in known if one.endswith(f"-{name}")][:1]
    if close:
        return f"Did you mean `{close[0]}`?"
    return f"{listed}: {', '.join(known)}." if known else "It has none."
