"""Trace context: to which trace an event belongs, in the form of the W3C (Trace Context, `traceparent`).

A request begins a trace, as X-Ray has named it. From there on the context goes from trigger to effect as it is, in
`tags.traceparent`: what a retry publishes is the very same event, so no step puts its own span into it.
"""

from __future__ import annotations

import os
import re
from typing import Any

_X_RAY = re.compile(r"Root=1-([0-9a-f]{8})-([0-9a-f]{24})(?:;|$)")
_PARENT = re.compile(r"Parent=([0-9a-f]{16})(?:;|$)")
_LENGTH = 55
"""Of a context in characters."""
_CONTEXT = re.compile(r"00-([0-9a-f]{8})([0-9a-f]{24})-([0-9a-f]{16})-0([01])")


def begun() -> str | None:
    """The context of this invocation, from X-Ray's header (AWS X-Ray: Tracing header); None where there is none."""
    header = os.environ.get("_X_AMZN_TRACE_ID", "")
    root = _X_RAY.search(header)
    if root is None:
        return None
    parent = _PARENT.search(header)
    # Before X-Ray has a segment there is no parent; the W3C wants one that is not zero.
    span = parent.group(1) if parent else root.group(2)[-16:]
    return f"00-{root.group(1)}{root.group(2)}-{span}-{'01' if 'Sampled=1' in header else '00'}"


def of(event: Any) -> str | None:
    """The context that an event carries, if it is one."""
    tags = event.get("tags")
    carried = tags.get("traceparent") if type(tags) is dict else None
    return carried if type(carried) is str and len(carried) == _LENGTH else None


def header(traceparent: str | None) -> str | None:
    """The context as AWS's own services hand it on, in X-Ray's header; None where there is none."""
    found = None if traceparent is None else _CONTEXT.fullmatch(traceparent)
    return None if found is None else f"Root=1-{found[1]}-{found[2]};Parent={found[3]};Sampled={found[4]}"


def logged(traceparent: str | None) -> dict[str, str]:
    """What a log line says of the context."""
    return {} if traceparent is None else {"traceparent": traceparent}
