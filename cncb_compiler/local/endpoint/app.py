"""The endpoint as one WSGI application: who answers which request."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from http.client import responses
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, unquote
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from cncb_compiler.local.cloudformation.app import CloudFormation
from cncb_compiler.local.cloudformation.errors import RefusedError
from cncb_compiler.local.cloudformation.resource import Clients
from cncb_compiler.local.endpoint import machines
from cncb_compiler.local.endpoint.calls import Calls
from cncb_compiler.local.endpoint.control import READY
from cncb_compiler.local.endpoint.counter import ChangeCounter
from cncb_compiler.local.endpoint.inprocess import HOST, clients
from cncb_compiler.local.endpoint.requests import Request, body_of, request_of
from cncb_compiler.local.endpoint.switches import Switches
from cncb_compiler.local.search.domains import Domains, of_the_mock

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

ACCOUNT = "123456789012"
"""The account that the endpoint says it is."""
LONGEST_INVOCATION_SECONDS = 910.0
INVOKE_PREFIX, INVOKE_SUFFIX = "/2015-03-31/functions/", "/invocations"
JSON = [("Content-Type", "application/json")]


class Serialized:
    """An application that handles one request at a time: the mock's services were not made for several threads.

    Every request that changed data is counted once it is finished.
    """

    def __init__(self, services: Wsgi, counter: ChangeCounter) -> None:
        self._services = services
        self._counter = counter
        self._lock = threading.RLock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Answer one request."""
        request = request_of(environ)
        touched = request.resources if request.changes_data else frozenset()
        with self._lock:
            answer = list(self._services(environ, start_response))
        if request.changes_data:
            self._counter.count(request.service, touched)
        return answer


class Application:
    """Sends each request to whom it is for: the control API, a machine, CloudFormation, or the mock's services."""

    def __init__(self, services: Wsgi) -> None:
        """Answers for `services`; `url` is where, once that is known."""
        self.counter = ChangeCounter()
        self.switches = Switches()
        self._domains = Domains(of_the_mock(ACCOUNT))
        self.calls = Calls()
        self._services = Serialized(services, self.counter)
        self._stacks: dict[str, CloudFormation] = {}
        self.url = HOST
        self._clients_by_region: dict[str, Clients] = {}
        self._lock = threading.RLock()

    def warm(self, region: str) -> None:
        """Load the services that every system uses, so that the first deployment does not wait for that."""
        client = self._clients(region)
        client("iam").list_roles()
        client("logs").describe_log_groups()
        client("ssm").describe_parameters()
        client("lambda").list_functions()
        client("s3").list_buckets()
        client("dynamodb").list_tables()
        client("kinesis").list_streams()
        client("sqs").list_queues()
        client("apigatewayv2").get_apis()
        self.stacks(region)

    def stacks(self, region: str) -> CloudFormation:
        """The CloudFormation of a region."""
        with self._lock:
            if region not in self._stacks:
                self._stacks[region] = CloudFormation(self._clients(region), ACCOUNT, region)
            return self._stacks[region]

    def _clients(self, region: str) -> Clients:
        with self._lock:
            if region not in self._clients_by_region:
                self._clients_by_region[region] = clients(self._services, region, self.url)
            return self._clients_by_region[region]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if "CONTENT_LENGTH" in environ:
            # What is left unread of a request would be taken for the next one of its connection.
            body_of(environ)
        request = request_of(environ)
        if request.path.startswith("/_cncb/"):
            return self._controlled(request, start_response)
        if request.path.startswith(INVOKE_PREFIX) and request.path.endswith(INVOKE_SUFFIX):
            return _invoked(request, start_response)
        if Domains.is_for(request.host):
            return self._searched(request, start_response)
        if request.service == "cloudformation":
            return self.stacks(request.region)(environ, start_response)
        self.calls.count(request)
        if self.switches.refuses(request):
            return _throttled(start_response)
        answer = self._services(environ, start_response)
        doomed = self.switches.dooms(request)
        if doomed is not None:
            _kill(doomed)
        return answer

    def _searched(self, request: Request, start_response: Any) -> Iterable[bytes]:
        target = (request.path, request.environ.get("QUERY_STRING", ""))
        if self.switches.refuses(request):
            start_response("429 Too Many Requests", JSON)
            error = {"type": "es_rejected_execution_exception", "reason": "throttled, as a test has asked for"}
            return [json.dumps({"error": error, "status": 429}).encode()]
        status, content = self._domains.answer(request.host, request.method, target, body_of(request.environ))
        start_response(f"{status} {responses.get(status, '')}", JSON)
        doomed = self.switches.dooms(request)
        if doomed is not None:
            _kill(doomed)
        return [] if content is None or request.method == "HEAD" else [json.dumps(content).encode()]

    def _controlled(self, request: Request, start_response: Any) -> Iterable[bytes]:
        query = {name: values[-1] for name, values in parse_qs(request.environ.get("QUERY_STRING", "")).items()}
        content = json.loads(body_of(request.environ) or b"{}")
        parts = request.path.removeprefix("/_cncb/").split("/")
        match request.method, parts:
            case "GET", ["ready"]:
                found: Any = READY
            case "GET", ["changes"]:
                found = self.counter.wait(int(query["since"]), float(query["timeout"]))
            case "PUT", ["machines"]:
                machines.register(content["url"], content["functions"])
                found = {}
            case "PUT", ["switches", "throttle"]:
                self.switches.throttle(content["resource"], content["times"])
                found = {}
            case "PUT", ["switches", "kill"]:
                self.switches.kill(content["function"], content["after_calls"])
                found = {}
            case "GET", ["switches"]:
                found = self.switches.effects()
            case "DELETE", ["switches"]:
                self.switches.clear()
                found = {}
            case "GET", ["calls"]:
                found = self.calls.made()
            case "DELETE", ["calls"]:
                self.calls.clear()
                found = {}
            case "GET", ["stacks", name, ("differences" | "template-only") as what]:
                stacks = self.stacks(query["region"])
                try:
                    found = stacks.differences(name) if what == "differences" else stacks.template_only(name)
                except RefusedError as error:
                    start_response("404 Not Found", JSON)
                    return [json.dumps({"message": str(error)}).encode()]
            case _:
                start_response("404 Not Found", JSON)
                return [b'{"message": "the control API has no such call"}']
        start_response("200 OK", JSON)
        return [json.dumps(found, default=str).encode()]


def _invoked(request: Request, start_response: Any) -> Iterable[bytes]:
    name = machines.name_of(unquote(request.path[len(INVOKE_PREFIX) : -len(INVOKE_SUFFIX)]))
    machine = machines.url_of(name)
    if machine is None:
        start_response("404 Not Found", [*JSON, ("x-amzn-ErrorType", "ResourceNotFoundException")])
        return [json.dumps({"Type": "User", "Message": f"No machine runs the function {name}."}).encode()]
    headers = {
        key[5:].replace("_", "-"): value for key, value in request.environ.items() if key.startswith("HTTP_X_AMZ")
    }
    forwarded = HttpRequest(f"{machine}{INVOKE_PREFIX}{name}{INVOKE_SUFFIX}", body_of(request.environ), headers)
    try:
        with urlopen(forwarded, timeout=LONGEST_INVOCATION_SECONDS) as answer:
            status, received, content = f"{answer.status} OK", answer.headers, answer.read()
    except HTTPError as error:
        status, received, content = f"{error.code} {error.reason}", error.headers, error.read()
    except URLError as error:
        start_response("502 Bad Gateway", JSON)
        return [json.dumps({"Message": f"the machine that runs {name} does not answer: {error.reason}"}).encode()]
    kept = [(key, value) for key, value in received.items() if key.lower().startswith(("x-amz", "content-type"))]
    start_response(status, kept)
    return [content]


def _throttled(start_response: Any) -> Iterable[bytes]:
    code = "ProvisionedThroughputExceededException"
    start_response("400 Bad Request", [("Content-Type", "application/x-amz-json-1.0"), ("x-amzn-ErrorType", code)])
    return [json.dumps({"__type": code, "message": "throttled, as a test has asked for"}).encode()]


def _kill(function: str) -> None:
    machine = machines.url_of(function)
    if machine is not None:
        with urlopen(HttpRequest(f"{machine}/_cncb/kill/{function}", b"", method="POST"), timeout=10):
            pass
