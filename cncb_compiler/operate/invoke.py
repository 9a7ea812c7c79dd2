"""Invoking a function and waiting for its answer (AWS Lambda API: Invoke)."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from cncb_compiler.runtime import jsons
from cncb_compiler.target.problems import Problem, translated
from cncb_compiler.target.target import Target

LONGEST_SECONDS = 910
"""Longer than any function may take (AWS Lambda: Lambda quotas)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function answered. `failed`: the payload is the error. `log` is the last 4 KB of what it logged."""

    payload: Any
    failed: bool
    log: str


def invoke(target: Target, name: str, payload: Any) -> Answer:
    """Invoke a function once, by its physical name. Raises Problem where there is none."""
    with translated(f"invoking {name}"):
        client = _client(target)
        try:
            answer = client.invoke(FunctionName=name, LogType="Tail", Payload=jsons.dumps(payload).encode())
        except client.exceptions.ResourceNotFoundException:
            raise Problem(
                f"There is no function {name} ({target.region}).", "Deploy it with `cncb deploy`, or look at --stage."
            ) from None
        content = answer["Payload"].read()
    log = b64decode(answer.get("LogResult") or b"").decode("utf-8", "replace")
    return Answer(_decoded(content), "FunctionError" in answer, log)


def _client(target: Target) -> Any:
    """A client that waits as long as a function may take, and never asks again: each time would be an invocation."""
    from botocore.config import Config

    config = Config(read_timeout=LONGEST_SECONDS, tcp_keepalive=True, retries={"total_max_attempts": 1})
    return target.session().client("lambda", endpoint_url=target.endpoint, config=config)


def _decoded(content: bytes) -> Any:
    if not content:
        return None
    try:
        return jsons.without_decimals(jsons.loads(content))
    except ValueError:
        return content.decode("utf-8", "replace")
