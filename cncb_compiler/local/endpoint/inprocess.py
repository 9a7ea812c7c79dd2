"""boto3 clients whose requests go straight into a WSGI application of this process, without a socket."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from cncb_compiler.local.cloudformation.resource import Clients
from cncb_compiler.target.target import LOCAL_CREDENTIAL

HOST = "http://endpoint.local"


def clients(application: Any, region: str, url: str = HOST) -> Clients:
    """Clients of every service for one region, each made when first asked for.

    `url` is where the application says that it answers: it is in the URLs of queues. Requests are not signed, which
    nobody here would check, but they say for which service and region they are.
    """
    import boto3
    from botocore import UNSIGNED
    from botocore.config import Config

    session = boto3.Session(LOCAL_CREDENTIAL, LOCAL_CREDENTIAL, region_name=region)
    config = Config(
        retries={"total_max_attempts": 1},
        s3={"addressing_style": "path"},
        parameter_validation=False,
        signature_version=UNSIGNED,
        user_agent="cncb",
    )

    made: dict[str, Any] = {}
    lock = threading.Lock()

    def client(service: str) -> Any:
        with lock:
            if service not in made:
                made[service] = session.client(service, endpoint_url=url, config=config)
                scope = f"{made[service].meta.service_model.signing_name}/aws4_request"
                header = f"AWS4-HMAC-SHA256 Credential={LOCAL_CREDENTIAL}/20000101/{region}/{scope}, SignedHeaders=host"
                made[service].meta.events.register("before-send", _answering(application, header))
            return made[service]

    return client


class _Raw(io.BytesIO):
    """A body as botocore reads it from urllib3."""

    def stream(self, size: int = 65536, decode_content: bool = True) -> Iterator[bytes]:
        while chunk := self.read(size):
            yield chunk


def _answering(application: Any, authorization: str) -> Callable[..., Any]:
    def answer(request: Any, **_: Any) -> Any:
        request.headers["Authorization"] = authorization
        return _answered(application, request)

    return answer


def _answered(application: Any, request: Any) -> Any:
    from botocore.awsrequest import AWSResponse

    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
        started[:] = [int(status.split(" ", 1)[0]), dict(headers)]
        return None

    body: Iterable[bytes] = application(_environ(request), start_response)
    content = b"".join(body)
    status, headers = started
    return AWSResponse(request.url, status, headers, _Raw(content))


def _environ(request: Any) -> dict[str, Any]:
    url = urlsplit(request.url)
    body = request.body if request.body is not None else b""
    if hasattr(body, "read"):
        body = body.read()
    path = urlunsplit(("", "", url.path, url.query, ""))
    content = body.encode() if isinstance(body, str) else bytes(body)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(url.path, "latin-1") or "/",
        "RAW_URI": path,
        "REQUEST_URI": path,
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": url.netloc,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(content)),
    }
    for name, value in request.headers.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = text
    environ.pop("HTTP_CONTENT_LENGTH", None)
    return environ
