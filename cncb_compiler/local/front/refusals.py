"""What a deployed API may ask for that is not played on this machine: a Problem, when the API is adopted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cncb_compiler.target.problems import Problem

_FUNCTION = re.compile(r":lambda:[\w-]+:\d+:function:(?P<name>[\w-]+)")


def function_name(uri: str | None, route: str) -> str:
    """The function of an integration's URI: of its ARN, or of the ARN within API Gateway's invocation path."""
    found = _FUNCTION.search(uri or "")
    if found is None:
        raise unsupported(route, f"the integration {uri or 'without a URI'}, which is no Lambda function")
    return found["name"]


def unsupported(route: str, what: str) -> Problem:
    """The Problem of a route that asks for what is not played on this machine."""
    return Problem(f"{route} has {what}.", "The local front has no such part: deploy to AWS to see it work.")


def signature_asked(authorization: str | None, route: str) -> bool:
    """Whether a route's authorization type asks for a signature. Raises Problem for what is not played here."""
    if authorization in (None, "NONE"):
        return False
    if authorization == "AWS_IAM":
        return True
    raise unsupported(route, f"authorization {authorization}")


def declared(properties: Mapping[str, Any], names: tuple[str, ...], route: str) -> None:
    """Raise Problem where one of the properties is there: ignoring it would make another API of this one."""
    for name in names:
        if properties.get(name):
            raise unsupported(route, name)
