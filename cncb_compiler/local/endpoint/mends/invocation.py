"""How the mock's services reach functions: the machine that runs them is told, and takes it from there."""

from __future__ import annotations

import logging
from urllib.error import URLError
from urllib.request import Request, urlopen

from cncb_compiler.local.endpoint import machines

ACCEPTED_WITHIN_SECONDS = 5.0
"""A machine accepts an asynchronous invocation at once; it does not wait for the function, nor for this endpoint."""


def invoke_later(function: str, payload: str) -> None:
    """Invoke a function asynchronously. An invocation that nobody accepts is dropped, and logged.

    Lambda API Reference, Invoke: `InvocationType` `Event`.
    """
    machine = machines.url_of(function)
    log = logging.getLogger(__name__)
    if machine is None:
        log.warning("no machine runs %s: its invocation is dropped", function)
        return
    url = f"{machine}/2015-03-31/functions/{machines.name_of(function)}/invocations"
    headers = {"Content-Type": "application/json", "X-Amz-Invocation-Type": "Event"}
    try:
        with urlopen(Request(url, payload.encode(), headers), timeout=ACCEPTED_WITHIN_SECONDS):
            return
    except (URLError, TimeoutError) as error:
        log.warning("the machine of %s did not accept its invocation: %s", function, error)
