"""A search domain of the endpoint, from OpenSearch's own client, and from a function's signed requests."""

from __future__ import annotations

import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConflictError, NotFoundError, TransportError
from opensearchpy.helpers import bulk

MAPPINGS = {
    "dynamic": "strict",
    "properties": {"name": {"type": "text"}, "price": {"type": "long"}, "kind": {"type": "keyword"}},
}


@pytest.fixture
def client(session):
    control = session.target.client("opensearch")
    host = control.create_domain(DomainName="search-by-client")["DomainStatus"]["Endpoint"]
    yield OpenSearch(session.target.endpoint, headers={"Host": host}, max_retries=0)
    control.delete_domain(DomainName="search-by-client")


def test_what_opensearchs_own_client_says_is_understood(client):
    assert client.info()["version"]["distribution"] == "opensearch"
    client.indices.put_index_template(
        name="things", body={"index_patterns": ["things-*"], "template": {"mappings": MAPPINGS}}
    )
    documents = [{"_index": "things-1", "_id": str(at), "name": f"thing number {at}", "price": at} for at in range(50)]
    assert bulk(client, documents) == (50, [])
    client.indices.update_aliases(body={"actions": [{"add": {"index": "things-1", "alias": "things"}}]})
    assert client.count(index="things")["count"] == 50
    query = {"multi_match": {"query": "thing 7", "fields": ["name"], "operator": "and"}}
    assert [hit["_id"] for hit in client.search(index="things", body={"query": query})["hits"]["hits"]] == ["7"]
    page = client.search(index="things", body={"sort": [{"price": "desc"}], "size": 2, "search_after": [10]})
    assert [hit["sort"] for hit in page["hits"]["hits"]] == [[9], [8]]
    version = {"version": 3, "version_type": "external_gte"}
    client.index(index="things-1", id="x", body={"price": 1}, **version)
    with pytest.raises(ConflictError):
        client.index(index="things-1", id="x", body={"price": 1}, **(version | {"version": 2}))
    assert client.get(index="things-1", id="x")["_version"] == 3
    client.delete(index="things-1", id="x", **version)
    with pytest.raises(NotFoundError):
        client.get(index="things-1", id="x")
    client.indices.delete(index="things-1")
    assert not client.indices.exists(index="things")


def test_what_is_not_known_is_refused_and_not_passed_over(client):
    client.indices.create(index="things", body={"mappings": MAPPINGS})
    for wrong in (
        lambda: client.search(index="things", body={"aggs": {"kinds": {"terms": {"field": "kind"}}}}),
        lambda: client.search(index="things", body={"query": {"script": {"script": "true"}}}),
        lambda: client.indices.put_mapping(index="things", body={"properties": {"at": {"type": "geo_point"}}}),
        lambda: client.cat.indices(),
    ):
        with pytest.raises(TransportError) as refused:
            wrong()
        assert refused.value.status_code == 501
        assert "not supported by the local search" in str(refused.value.info)
