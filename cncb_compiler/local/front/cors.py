"""CORS of HTTP APIs (API Gateway Developer Guide: Configure CORS for HTTP APIs)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cncb_compiler.local.front.server import Answer, Headers, Request


@dataclass(frozen=True, slots=True)
class Cors:
    """Which web pages may read the API's answers. `seconds` is how long a browser may remember a preflight."""

    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    credentials: bool = False
    seconds: int | None = None

    @classmethod
    def read(cls, configuration: Mapping[str, Any] | None) -> Cors | None:
        """From an API's `CorsConfiguration`; None where it has none."""
        if not configuration:
            return None
        return cls(
            origins=tuple(configuration.get("AllowOrigins") or ()),
            methods=tuple(configuration.get("AllowMethods") or ()),
            headers=tuple(configuration.get("AllowHeaders") or ()),
            exposed=tuple(configuration.get("ExposeHeaders") or ()),
            credentials=bool(configuration.get("AllowCredentials")),
            seconds=configuration.get("MaxAge"),
        )

    def preflight(self, request: Request) -> Answer:
        """The answer to an OPTIONS request that `asks`; without headers where its origin is not allowed."""
        headers = self._common(request)
        if headers:
            if self.methods:
                headers.append(("access-control-allow-methods", ",".join(self.methods)))
            if self.headers:
                headers.append(("access-control-allow-headers", ",".join(self.headers)))
            if self.seconds is not None:
                headers.append(("access-control-max-age", str(self.seconds)))
        return Answer(204, tuple(headers))

    def marked(self, answer: Answer, request: Request) -> Answer:
        """The answer to a request with the configured headers; the function's own CORS headers are ignored."""
        kept = tuple(header for header in answer.headers if not header[0].lower().startswith("access-control-"))
        headers = self._common(request)
        if headers and self.exposed:
            headers.append(("access-control-expose-headers", ",".join(self.exposed)))
        return Answer(answer.status, (*kept, *headers), answer.body)

    def _common(self, request: Request) -> list[tuple[str, str]]:
        origin = request.header("origin")
        allowed = self._allowed(origin) if origin else None
        if allowed is None:
            return []
        credentials = [("access-control-allow-credentials", "true")] if self.credentials else []
        return [("access-control-allow-origin", allowed), *credentials]

    def _allowed(self, origin: str) -> str | None:
        """What is said of an origin: itself, `*` where anybody is allowed, or None."""
        if "*" in self.origins:
            return "*"
        schemes = tuple(allowed[:-1] for allowed in self.origins if allowed.endswith("://*"))
        return origin if origin in self.origins or (schemes and origin.startswith(schemes)) else None


def asks(request: Request) -> bool:
    """Whether a request is a preflight: it asks what another request would be allowed."""
    named: Headers = request.headers
    sent = {name.lower() for name, _ in named}
    return request.method == "OPTIONS" and {"origin", "access-control-request-method"} <= sent
