"""Events published by hand: checked, completed, and put."""

from __future__ import annotations

import json
import random
import uuid

import pytest
from moto import mock_aws
from trace_system import ORDER, ROOT, SYSTEM, analysis_of, target

from cncb_compiler.operate.events import UnfitError, completed, find_event
from cncb_compiler.operate.functions import UnknownNameError, find, functions_of
from cncb_compiler.operate.publish import publish, to_json, to_text
from cncb_compiler.passes import analyse
from cncb_compiler.source.discover import systems
from cncb_compiler.target.problems import Problem
from cncb_compiler.trace.places import Places

GOOD = {"order": {"id": ORDER, "customer": "ada", "amount": 5}}


@pytest.fixture
def analysis(tmp_path):
    return analysis_of(tmp_path)


def made(analysis, data, **more):
    event = find_event(analysis.linked, "order-submitted")
    return completed(analysis.linked, event, data, target(), **more)


def test_the_envelope_is_completed(analysis):
    event = made(analysis, GOOD)
    assert uuid.UUID(event["id"]).version == 4
    assert event.pop("timestamp") > 1_700_000_000_000
    assert event | {"id": ROOT} == {
        **GOOD,
        "id": ROOT,
        "type": "order-submitted",
        "partitionKey": ORDER,
        "tags": {"system": "shop", "stage": "dev", "region": "eu-west-1", "source": "cncb publish"},
    }


def test_key_and_id_may_be_said(analysis):
    event = made(analysis, GOOD, key="mine", event_id=ROOT)
    assert (event["partitionKey"], event["id"]) == ("mine", ROOT)


@pytest.mark.parametrize(
    ("data", "more", "expected"),
    [
        ({}, {}, [("order", "is required")]),
        ([], {}, [("", "the data is not an object")]),
        (GOOD | {"extra": 1}, {}, [("extra", "is not a known field")]),
        (GOOD | {"id": "x"}, {}, [("id", "is part of the envelope, which is completed here")]),
        (GOOD, {"event_id": "x"}, [("id", "is not a UUID")]),
        (
            {"order": {"id": "x", "customer": 1, "amount": "five"}},
            {},
            [
                ("order.amount", "is not an integer"),
                ("order.customer", "is not a string"),
                ("order.id", "is not a UUID"),
            ],
        ),
    ],
)
def test_what_does_not_fit_is_said_with_its_path(analysis, data, more, expected):
    with pytest.raises(UnfitError) as error:
        made(analysis, data, **more)
    assert error.value.violations == expected


def test_an_unknown_event_says_what_was_meant(analysis):
    with pytest.raises(
        UnknownNameError, match=r"shop has no event `order-submited`\. Did you mean `order-submitted`\?"
    ):
        find_event(analysis.linked, "order-submited")
    with pytest.raises(UnknownNameError, match=r"Its events: order-cancelled, "):
        find_event(analysis.linked, "zzz")


def test_it_is_put_on_the_stream_that_ssm_names(analysis):
    with mock_aws():
        here = target()
        here.client("kinesis").create_stream(StreamName="s-main", ShardCount=1)
        here.client("ssm").put_parameter(Name="/shop/dev/streams/main/name", Value="s-main", Type="String")
        published = publish(here, analysis.linked, made(analysis, GOOD, key="k"))
        kinesis = here.client("kinesis")
        at = kinesis.get_shard_iterator(StreamName="s-main", ShardId=published.shard, ShardIteratorType="TRIM_HORIZON")
        (record,) = kinesis.get_records(ShardIterator=at["ShardIterator"])["Records"]
        here.client("ssm").delete_parameter(Name="/shop/dev/streams/main/name")
        with pytest.raises(Problem, match="shop has no stream `main` in stage `dev`"):
            publish(here, analysis.linked, published.event)
    assert json.loads(record["Data"]) == published.event
    assert (record["PartitionKey"], record["SequenceNumber"]) == ("k", published.sequence)
    assert to_json(published)["streamName"] == "s-main"
    assert "  stream    main (s-main)\n" in to_text(published)


@pytest.mark.parametrize("packed", [True, False])
def test_a_large_event_travels_as_its_stream_says(tmp_path, monkeypatch, packed):
    streams = "streams: {main: {claimCheck: true, compress: 1000}}\n" if packed else ""
    (tmp_path / "system.yaml").write_text(SYSTEM + streams)
    analysis = analyse(systems(tmp_path)[0])
    noise = random.Random(1).randbytes(1_000_000).hex()
    whole = made(analysis, {"order": {**GOOD["order"], "customer": noise}})
    monkeypatch.setattr(Places, "stream", lambda self, name: "s-main")
    monkeypatch.setattr(Places, "physical", lambda self, service, asset: "claims" if service == "event-hub" else None)
    with mock_aws():
        here = target()
        here.client("kinesis").create_stream(StreamName="s-main", ShardCount=1)
        here.client("s3").create_bucket(Bucket="claims", CreateBucketConfiguration={"LocationConstraint": here.region})
        if not packed:
            with pytest.raises(
                Problem, match=r"more than a stream holds\. Say `claimCheck: true` of the stream `main`"
            ):
                publish(here, analysis.linked, whole)
            return
        claim = publish(here, analysis.linked, whole).event["claimCheck"]
        kept = here.client("s3").get_object(Bucket="claims", Key=claim["key"])["Body"].read()
        assert (json.loads(kept), claim["key"]) == (whole, f"events/{whole['id']}")
        short = publish(here, analysis.linked, made(analysis, {"order": {**GOOD["order"], "customer": "x" * 9000}}))
        assert set(short.event["order"]) == {"gzip"}


def test_functions_by_planned_and_declared_name(analysis):
    assert find(analysis, "books", "command-drop") == "command-drop"
    assert find(analysis, "books", "drop") == "command-drop"
    assert "reaction-save" in functions_of(analysis, "books")
    with pytest.raises(UnknownNameError, match=r"`save` of books could be `command-save`, `reaction-save`"):
        find(analysis, "books", "save")
    with pytest.raises(UnknownNameError, match=r"books has no function `command-dro`\. Did you mean `command-drop`\?"):
        find(analysis, "books", "command-dro")
    with pytest.raises(UnknownNameError, match=r"shop has no service `book`\. Did you mean `books`\?"):
        functions_of(analysis, "book")
