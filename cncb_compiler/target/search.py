"""The search domain of a deployed service, as operators and scenarios reach it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from cncb_compiler.runtime.search_client import JSON, Answer, Domain, exchange
from cncb_compiler.runtime.search_index import FLAGS
from cncb_compiler.target.problems import Problem
from cncb_compiler.target.target import Target

PAGE = 1000


class SearchDomain:
    """A domain at a target, by its name."""

    def __init__(self, target: Target, name: str) -> None:
        endpoint = target.client("opensearch").describe_domain(DomainName=name)["DomainStatus"]["Endpoint"]
        self._domain = Domain(endpoint, target.region, target.endpoint)
        self._credentials = target.session().get_credentials()

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        """One request. Raises Problem where nobody answers."""
        data = b"" if body is None else json.dumps(body).encode()
        try:
            return exchange(self._domain, self._credentials, (method, path, data, JSON))
        except OSError as error:
            raise Problem(f"The search domain {self._domain.host} does not answer: {error}.", "Try again.") from None

    def done(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON value that answers a request. Raises Problem where it is refused."""
        answer = self.ask(method, path, body)
        if answer.status >= 300:
            raise Problem(f"{method} {path} was refused: {answer.status} {answer.reason}.", "Look at the domain.")
        return answer.content

    def document(self, index: str, identity: str) -> dict[str, Any] | None:
        """A document; None where there is none."""
        answer = self.ask("GET", f"/{index}/_doc/{quote(identity, safe='')}")
        return answer.content["_source"] if answer.status == 200 else None

    def found(self, indexes: str, words: str, fields: Sequence[str]) -> list[dict[str, Any]]:
        """The documents, at most PAGE, that have all of the words in any of the fields."""
        said = {"query": words, "fields": list(fields), "default_operator": "and", "flags": FLAGS}
        body = {"size": PAGE, "query": {"simple_query_string": said}}
        hits = self.done("POST", f"/{indexes}/_search?ignore_unavailable=true", body)["hits"]["hits"]
        return [hit["_source"] for hit in hits]

    def empty(self, indexes: str) -> None:
        """Remove all documents."""
        everything: dict[str, Any] = {"query": {"match_all": {}}}
        self.done("POST", f"/{indexes}/_delete_by_query?ignore_unavailable=true", everything)

    def documents(self, index: str, order: list[str]) -> Iterator[dict[str, Any]]:
        """All documents of an index, sorted by fields that tell each from the others; none where there is no index."""
        sort = [{field: "asc"} for field in order]
        body: dict[str, Any] = {"size": PAGE, "sort": sort, "query": {"match_all": {}}}
        while True:
            hits = self.done("POST", f"/{index}/_search?ignore_unavailable=true", body)["hits"]["hits"]
            yield from (hit["_source"] for hit in hits)
            if len(hits) < PAGE:
                return
            body["search_after"] = hits[-1]["sort"]
