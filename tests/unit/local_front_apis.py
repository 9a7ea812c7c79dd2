"""Deployed APIs for the tests of the local front, in moto, and functions that are played by the test."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from moto import mock_aws

from cncb_compiler.target.target import Target

REGION = "us-east-1"
ACCOUNT = "123456789012"


@dataclass
class Invoked:
    payload: bytes
    error: str | None = None


@dataclass
class Functions:
    """Plays all functions: remembers their events and gives `result`, or what `play` makes of the event."""

    result: Any = field(default_factory=lambda: {"statusCode": 200, "body": "ok"})
    error: str | None = None
    play: Callable[[dict[str, Any]], Any] | None = None
    invoked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, name: str, payload: bytes) -> Invoked:
        event = json.loads(payload)
        self.invoked.append((name, event))
        result = self.play(event) if self.play else self.result
        return Invoked(result if isinstance(result, bytes) else json.dumps(result).encode(), self.error)

    @property
    def event(self) -> dict[str, Any]:
        (_, event) = self.invoked[-1]
        return event


@dataclass
class Got:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ",".join(found) if found else None

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@contextmanager
def local_target() -> Iterator[Target]:
    """moto in this process, as the AWS of the credentials `local`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "local")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "local")
        patch.delenv("AWS_SESSION_TOKEN", raising=False)
        with mock_aws(config={"core": {"mock_credentials": False}}):
            yield Target("dev", REGION)


def ask(
    url: str, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | list[tuple[str, str]] = ()
) -> Got:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        connection.putrequest(method, parts.path + (f"?{parts.query}" if parts.query else ""))
        for name, value in headers.items() if isinstance(headers, Mapping) else headers:
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return Got(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


def function_arn(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def http_api(
    target: Target,
    *keys: str,
    signed: bool = False,
    payload: str = "2.0",
    stage: str = "$default",
    authorization: str | None = None,
    **settings: Any,
) -> str:
    """Deploy an HTTP API whose routes invoke functions that are named after them: `GET /a/{b}` invokes `get-a-b`."""
    client = target.client("apigatewayv2")
    variables = settings.pop("StageVariables", {})
    api = client.create_api(Name="orders", ProtocolType="HTTP", **settings)["ApiId"]
    for key in keys:
        name = "-".join(key.replace("{", "").replace("}", "").replace("+", "").replace("$", "").split("/"))
        integration = client.create_integration(
            ApiId=api,
            IntegrationType="AWS_PROXY",
            IntegrationUri=function_arn(name.lower().replace(" ", "").rstrip("-")),
            PayloadFormatVersion=payload,
        )["IntegrationId"]
        client.create_route(
            ApiId=api,
            RouteKey=key,
            Target=f"integrations/{integration}",
            AuthorizationType=authorization or ("AWS_IAM" if signed else "NONE"),
        )
    client.create_stage(ApiId=api, StageName=stage, AutoDeploy=True, StageVariables=variables)
    return str(api)


def rest_api(target: Target, *keys: str, authorization: str = "NONE", **settings: Any) -> RestApi:
    """Make a REST API, as http_api does; it is deployed by its `deploy`."""
    client = target.client("apigateway")
    api = RestApi(client, client.create_rest_api(name="orders", **settings)["id"])
    for key in keys:
        method, path = key.split(" ")
        name = "-".join(path.replace("{", "").replace("}", "").replace("+", "").split("/")).rstrip("-")
        arn = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function_arn(method.lower() + name)}"
        api.method(
            method, path, authorization, type="AWS_PROXY", integrationHttpMethod="POST", uri=f"{arn}/invocations"
        )
    return api


@dataclass
class RestApi:
    client: Any
    id: str

    def resource(self, path: str) -> str:
        known = {found["path"]: found["id"] for found in self.client.get_resources(restApiId=self.id)["items"]}
        if path in known:
            return str(known[path])
        above, _, part = path.rpartition("/")
        made = self.client.create_resource(restApiId=self.id, parentId=self.resource(above or "/"), pathPart=part)
        return str(made["id"])

    def method(self, method: str, path: str, authorization: str = "NONE", **integration: Any) -> dict[str, str]:
        at = {"restApiId": self.id, "resourceId": self.resource(path), "httpMethod": method}
        self.client.put_method(**at, authorizationType=authorization)
        self.client.put_integration(**at, **integration)
        return at

    def deploy(self, stage: str = "dev", **variables: str) -> str:
        self.client.create_deployment(restApiId=self.id, stageName=stage, variables=variables)
        return self.id
