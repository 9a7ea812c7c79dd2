"""What a request to the endpoint is about: its service, its action, the resources whose data it touches."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from typing import Any

_SCOPE = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_PRESIGNED = re.compile(r"X-Amz-Credential=[^&]+?%2F\d+%2F(?P<region>[^%]+)%2F(?P<service>[^%]+)%2Faws4_request")
_APP = re.compile(r"(?:^| )app/(?P<app>\S+)")

_CHANGING = {
    "kinesis": frozenset({"PutRecord", "PutRecords"}),
    "dynamodb": frozenset(
        {
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            "BatchWriteItem",
            "TransactWriteItems",
            "ExecuteStatement",
            "ExecuteTransaction",
            "BatchExecuteStatement",
        }
    ),
    "sqs": frozenset({"SendMessage", "SendMessageBatch", "ChangeMessageVisibility", "PurgeQueue"}),
    "sns": frozenset({"Publish", "PublishBatch"}),
    "events": frozenset({"PutEvents"}),
}
SEARCH_HOSTS = ".es.amazonaws.com"
"""How the hosts of search domains end."""
_DATA = {
    "kinesis": _CHANGING["kinesis"] | {"GetRecords"},
    "dynamodb": _CHANGING["dynamodb"] | {"GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"},
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the control API sees it. `host` is whom it is addressed to.

    `app` is the application id in its user agent: a function's name.
    """

    service: str
    region: str
    action: str
    method: str
    path: str
    host: str
    app: str | None
    environ: dict[str, Any]

    @property
    def changes_data(self) -> bool:
        """Whether it may change what streams, tables, queues or buckets hold."""
        if self.service == "s3":
            return self.method in ("PUT", "POST", "DELETE")
        return self.action in _CHANGING.get(self.service, ())

    @property
    def resources(self) -> frozenset[str]:
        """The tables, streams or search indexes whose data it reads or writes, by name."""
        if self.host.split(":")[0].endswith(SEARCH_HOSTS):
            return frozenset(self.path.split("/")[1:2])
        if self.action not in _DATA.get(self.service, ()):
            return frozenset()
        try:
            content = json.loads(body_of(self.environ) or b"{}")
        except ValueError:
            return frozenset()
        return frozenset(name.rsplit("/", 1)[-1] for name in _names(content))


def request_of(environ: dict[str, Any]) -> Request:
    """Read a request from its WSGI environment."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", "")) or _PRESIGNED.search(environ.get("QUERY_STRING", ""))
    app = _APP.search(environ.get("HTTP_USER_AGENT", ""))
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    return Request(
        service=scope["service"] if scope else "",
        region=scope["region"] if scope else "",
        action=target.rsplit(".", 1)[-1],
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", ""),
        host=environ.get("HTTP_HOST", ""),
        app=app["app"] if app else None,
        environ=environ,
    )


def body_of(environ: dict[str, Any]) -> bytes:
    """The body of a request, which stays readable for whoever comes next."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    content: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(content)
    return content


def _names(content: dict[str, Any]) -> set[str]:
    names = {str(content[key]) for key in ("TableName", "StreamName") if content.get(key)}
    if content.get("StreamARN"):
        names.add(str(content["StreamARN"]))
    items = content.get("RequestItems")
    if isinstance(items, dict):
        names.update(items)
    for item in content.get("TransactItems") or ():
        names.update(str(part["TableName"]) for part in item.values() if "TableName" in part)
    return names
