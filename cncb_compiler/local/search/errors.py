"""What the stand-in refuses, in OpenSearch's words."""

from __future__ import annotations

from typing import Any


class SearchError(Exception):
    """A refusal with its HTTP status, and OpenSearch's name for it."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.kind = kind
        self.reason = reason

    @property
    def cause(self) -> dict[str, Any]:
        """The part of an answer that says why."""
        return {"type": self.kind, "reason": self.reason}

    @property
    def answer(self) -> dict[str, Any]:
        """The whole answer."""
        return {"error": {"root_cause": [self.cause], **self.cause}, "status": self.status}


def bad_request(reason: str, kind: str = "parsing_exception") -> SearchError:
    """A request that OpenSearch refuses too."""
    return SearchError(400, kind, reason)


def unsupported(what: str) -> SearchError:
    """A request that OpenSearch may well answer, but this stand-in does not: it says so, and ignores nothing."""
    return SearchError(501, "unsupported_by_stand_in", f"{what} is not supported by the local search")


def no_index(name: str) -> SearchError:
    """An index that is not there."""
    return SearchError(404, "index_not_found_exception", f"no such index [{name}]")
