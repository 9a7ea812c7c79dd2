"""Stand-ins for external systems: they answer what a scenario says, and remember what they were asked."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from cncb_compiler.local.front.server import HOST, METHODS, Request, Server
from cncb_compiler.local.front.server import Answer as Sent
from cncb_compiler.target.problems import Problem

_PARAMETER = re.compile(r"\{[^{}/]+\}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a stand-in answers to the requests that fit.

    `on` is a method and path, as in `POST /charges/{id}`. `body` is sent as JSON, except text and bytes. With `when`,
    only requests fit whose JSON body holds that: objects may hold more, all else is equal. `times` is how many
    requests it answers before the next one that fits does; None is all. `delay` is in seconds.
    """

    on: str
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    when: Any = None
    times: int | None = None
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that came to a stand-in.

    `answer` is the one that fitted, and `on` its `on`; where none did, `on` is the request's own method and path.
    `query` holds the last value of each parameter, `headers` have names in lower case. `body` is what its JSON says;
    text where it is no JSON, None where it is empty.
    """

    variable: str
    on: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    answer: Answer | None = None

    @property
    def answered(self) -> bool:
        """Whether an answer fitted."""
        return self.answer is not None


@dataclass(slots=True)
class _Prepared:
    """An answer with what is left of its times."""

    answer: Answer
    pattern: re.Pattern[str]
    method: str
    left: int | None

    def fits(self, method: str, path: str, body: Any) -> bool:
        return (
            self.left != 0
            and self.method == method
            and self.pattern.fullmatch(path) is not None
            and (self.answer.when is None or _holds(body, self.answer.when))
        )


class Stubs:
    """A server of this machine that stands in for external systems, each named by the variable with its address."""

    def __init__(self, port: int = 0) -> None:
        self._server = Server(self._answer, port)
        self._prepared: dict[str, list[_Prepared]] = {}
        self._requests: list[Seen] = []
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to answer. Raises Problem where the port is taken."""
        try:
            self._server.start()
        except OSError as error:
            raise Problem(
                f"Port {self._server.port} cannot be listened on: {error.strerror}.", "Take another."
            ) from None

    def stop(self) -> None:
        """Answer no more, and close all connections."""
        self._server.stop()

    def url(self, variable: str) -> str:
        """The address that a function finds in its environment variable."""
        return f"http://{HOST}:{self._server.port}/{quote(variable, safe='')}"

    def answers(self, variable: str, answers: Sequence[Answer]) -> None:
        """Say what the stand-in of a variable answers from now on: the first answer that fits.

        Raises Problem where an `on` is not a method and a path.
        """
        prepared = [_prepared(answer) for answer in answers]
        with self._lock:
            self._prepared[variable] = prepared

    def reset(self) -> None:
        """Forget all answers and requests."""
        with self._lock:
            self._prepared = {}
            self._requests = []

    @property
    def requests(self) -> list[Seen]:
        """All requests since the last reset, in the order in which they came."""
        with self._lock:
            return list(self._requests)

    def _answer(self, request: Request) -> Sent:
        variable, _, rest = request.path[1:].partition("/")
        variable, path = unquote(variable), "/" + rest
        body = _read(request.body)
        with self._lock:
            found = next((known for known in self._of(variable) if known.fits(request.method, path, body)), None)
            if found is not None and found.left is not None:
                found.left -= 1
            seen = Seen(
                variable=variable,
                on=found.answer.on if found else f"{request.method} {path}",
                path=path,
                query=dict(request.parameters()),
                headers={name.lower(): request.header(name) or "" for name, _ in request.headers},
                body=body,
                answer=found.answer if found else None,
            )
            self._requests.append(seen)
            known = [prepared.answer.on for prepared in self._of(variable)]
        if found is None:
            prepared_ones = f"Its answers are for: {', '.join(known)}." if known else "It has no answers."
            message = f"The stand-in for {variable} has no answer for {request.method} {path}. {prepared_ones}"
            return _sent(501, {"message": message}, {})
        if found.answer.delay:
            time.sleep(found.answer.delay)
        return _sent(found.answer.status, found.answer.body, found.answer.headers)

    def _of(self, variable: str) -> list[_Prepared]:
        return self._prepared.get(variable, [])


def _prepared(answer: Answer) -> _Prepared:
    method, _, path = answer.on.partition(" ")
    if method not in METHODS or not path.startswith("/"):
        raise Problem(
            f"`{answer.on}` does not say which request is answered.", "Write a method and a path: POST /charges/{id}."
        )
    literals = [re.escape(literal) for literal in _PARAMETER.split(path)]
    return _Prepared(answer, re.compile("[^/]+".join(literals)), method, answer.times)


def _holds(given: Any, wanted: Any) -> bool:
    """Whether a body has all that is wanted, in objects of any depth."""
    if isinstance(wanted, Mapping):
        return isinstance(given, Mapping) and all(
            name in given and _holds(given[name], value) for name, value in wanted.items()
        )
    return bool(given == wanted) and isinstance(given, bool) == isinstance(wanted, bool)


def _read(body: bytes) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _sent(status: int, body: Any, headers: Mapping[str, str]) -> Sent:
    given = tuple((name, str(value)) for name, value in headers.items())
    typed = any(name.lower() == "content-type" for name, _ in given)
    if body is None:
        return Sent(status, given)
    if isinstance(body, bytes):
        return Sent(status, given, body)
    text, kind = (
        (body, "text/plain; charset=utf-8") if isinstance(body, str) else (json.dumps(body), "application/json")
    )
    return Sent(status, given if typed else (*given, ("content-type", kind)), text.encode())
