"""Requests to the service's OpenSearch domain: signed by the function's role, cut off and tried again as any call.

The environment names the domain's host by SEARCH_DOMAIN. Where AWS_ENDPOINT_URL leads to a stand-in for AWS, requests
go there, addressed to that host.
"""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any, NamedTuple

from . import aws, deadline
from .bulk import pause_before
from .errors import LATER, TransientError

DOMAIN = "SEARCH_DOMAIN"
JSON, LINES = "application/json", "application/x-ndjson"


class Answer(NamedTuple):
    """What the domain has answered: the HTTP status and the JSON value (None: no body)."""

    status: int
    content: Any

    @property
    def reason(self) -> str:
        """Why it refused, in its own words."""
        error = self.content.get("error") if isinstance(self.content, dict) else None
        return f"{error.get('type')}: {error.get('reason')}" if isinstance(error, dict) else str(self.content)[:500]


class SearchRefusedError(Exception):
    """The domain says that this request is wrong, so that it will never be right."""


def ask(method: str, path: str, body: Any = None, *, lines: bytes | None = None) -> Answer:
    """One request; `lines` is a body of several JSON values, one a line.

    Raises TransientError where the domain does not answer, is busy, or does not let the function in.
    """
    kind, data = (LINES, lines) if lines is not None else (JSON, json.dumps(body).encode() if body else b"")
    last = "no answer"
    for attempt in range(aws.attempts()):
        if attempt:
            pause_before(attempt)
        deadline.ensure(aws.timeout())
        try:
            answer = send(method, path, data, kind)
        except OSError as error:
            last = str(error)
            continue
        if not is_busy(answer.status):
            if answer.status in (401, 403):
                break
            return answer
        last = f"{answer.status} {answer.reason}"
    else:
        raise TransientError(f"{method} {path}: {last}")
    raise TransientError(f"{method} {path} is forbidden: {answer.reason}")


def is_busy(status: int) -> bool:
    """Whether a request of this outcome may be right at another time."""
    return status in LATER or status >= 500


def send(method: str, path: str, data: bytes, kind: str) -> Answer:
    """Send one signed request. Raises OSError where nobody answers."""
    domain = Domain(os.environ[DOMAIN], os.environ["AWS_REGION"], os.environ.get("AWS_ENDPOINT_URL"))
    return exchange(domain, _credentials(), (method, path, data, kind))


class Domain(NamedTuple):
    """A search domain: its host and region, and what stands in for AWS, if anything does."""

    host: str
    region: str
    endpoint: str | None = None


def exchange(domain: Domain, credentials: Any, said: tuple[str, str, bytes, str]) -> Answer:
    """Send a request (method, path, body and its type) in the name of somebody. Raises OSError where nobody answers."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import HTTPClientError

    method, path, data, kind = said
    headers = {"Content-Type": kind, "Host": domain.host}
    if "AWS_SDK_UA_APP_ID" in os.environ:
        headers["User-Agent"] = f"app/{os.environ['AWS_SDK_UA_APP_ID']}"
    request = AWSRequest(method, f"{domain.endpoint or f'https://{domain.host}'}{path}", headers, data)
    SigV4Auth(credentials.get_frozen_credentials(), "es", domain.region).add_auth(request)
    try:
        answer = _session().send(request.prepare())
    except HTTPClientError as error:
        raise OSError(str(error)) from error
    content = answer.content
    try:
        return Answer(answer.status_code, json.loads(content) if content else None)
    except ValueError:
        return Answer(answer.status_code, content.decode("utf-8", "replace"))


@cache
def _session() -> Any:
    from botocore.httpsession import URLLib3Session

    connect = min(aws.LONGEST_CONNECT_SECONDS, aws.timeout() / 2)
    return URLLib3Session(timeout=(connect, aws.timeout() - connect))


@cache
def _credentials() -> Any:
    import boto3

    return boto3.Session().get_credentials()
