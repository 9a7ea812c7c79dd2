"""Events published by hand: checked, completed, and put."""

from __future__ import annotations

import json
import uuid

import pytest
from moto import mock_aws
from trace_system import ORDER, ROOT, analysis_of, target

from cncb_compiler.operate.events import UnfitError, completed, find_event
from cncb_compiler.operate.functions import UnknownNameError, find, functions_of
from cncb_compiler.operate.publish import publish, to_json, to_text
from cncb_compiler.target.problems import Problem

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
        published = publish(here, "shop", "main", made(analysis, GOOD, key="k"))
        kinesis = here.client("kinesis")
        at = kinesis.get_shard_iterator(StreamName="s-main", ShardId=published.shard, ShardIteratorType="TRIM_HORIZON")
        (record,) = kinesis.get_records(ShardIterator=at["ShardIterator"])["Records"]
        with pytest.raises(Problem, match="shop has no stream `other` in stage `dev`"):
            publish(here, "shop", "other", published.event)
    assert json.loads(record["Data"]) == published.event
    assert (record["PartitionKey"], record["SequenceNumber"]) == ("k", published.sequence)
    assert to_json(published)["streamName"] == "s-main"
    assert "  stream    main (s-main)\n" in to_text(published)


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
