"""Messages to queues and buses: ten a request, only what was refused again, order and once by FIFO."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from runtime_fakes import event, stream_record

from cncb_compiler.runtime import aws, bulk
from cncb_compiler.runtime.batch import batch
from cncb_compiler.runtime.bulk import Entry
from cncb_compiler.runtime.bus import Bus
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.queue import Queue
from cncb_compiler.runtime.stream_records import from_stream
from cncb_compiler.runtime.unit import Trigger, UnitOfWork

FINE: dict[str, list[Any]] = {"batchItemFailures": []}


class Fake:
    """SQS and EventBridge. `refused` says for each request which of its entries fail, and how."""

    def __init__(self) -> None:
        self.requests: list[list[dict[str, Any]]] = []
        self.refused: list[dict[int, tuple[str, bool]]] = []
        self.faults: list[dict[str, Any]] = []

    def client(self, service: str) -> Fake:
        return self

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        assert QueueUrl == "https://queue"
        refused = self._next(Entries)
        failed = [
            {"Id": Entries[index]["Id"], "Code": code, "SenderFault": fault, "Message": "why"}
            for index, (code, fault) in refused.items()
        ]
        # SQS answers in any order.
        return {"Failed": failed[::-1], "Successful": []} if failed else {"Successful": []}

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        assert {entry["EventBusName"] for entry in Entries} == {"bus"}
        refused = self._next(Entries)
        answers = [{"ErrorCode": refused[i][0]} if i in refused else {"EventId": "1"} for i in range(len(Entries))]
        return {"FailedEntryCount": len(refused), "Entries": answers}

    def put_records(self, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.faults += [json.loads(record["Data"]) for record in Records]
        return {"Records": [{} for _ in Records]}

    def _next(self, entries: list[dict[str, Any]]) -> dict[int, tuple[str, bool]]:
        assert len(entries) <= 10
        self.requests.append(entries)
        return self.refused.pop(0) if self.refused else {}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Fake:
    made = Fake()
    monkeypatch.setattr(aws, "client", made.client)
    monkeypatch.setattr(bulk, "pause", lambda _: None)
    for name, value in {"QUEUE": "https://queue", "BUS": "bus", "MAIN": "main"}.items():
        monkeypatch.setenv(name, value)
    return made


def message(one: dict[str, Any]) -> dict[str, Any]:
    return {"n": one["n"]}


QUEUE = Queue("QUEUE", message)
FIFO = Queue("QUEUE", message, fifo=True)
BUS = Bus("BUS", message, source="shop.orders")


def sent(sink: Queue | Bus, *events: dict[str, Any]) -> Any:
    records = [stream_record(one, index) for index, one in enumerate(events)]
    return run({"Records": records}, None, from_stream, (batch(sink),), faults_to="MAIN")


def numbered(count: int, **more: Any) -> list[dict[str, Any]]:
    return [event("a", id=str(n), n=n, **more) for n in range(count)]


def bodies(requests: list[list[dict[str, Any]]]) -> list[list[int]]:
    return [[json.loads(entry.get("MessageBody", entry.get("Detail")))["n"] for entry in one] for one in requests]


@pytest.mark.parametrize("sink", [QUEUE, BUS])
def test_ten_go_by_a_request(fake: Fake, sink: Queue | Bus) -> None:
    assert sent(sink, *numbered(12)) == FINE
    assert bodies(fake.requests) == [list(range(10)), [10, 11]]


@pytest.mark.parametrize("sink", [QUEUE, BUS])
def test_only_what_was_refused_for_now_is_sent_again(fake: Fake, sink: Queue | Bus) -> None:
    fake.refused = [{1: ("ThrottlingException", False), 3: ("InternalFailure", False)}]
    assert sent(sink, *numbered(5)) == FINE
    assert bodies(fake.requests) == [[0, 1, 2, 3, 4], [1, 3]]
    assert fake.faults == []


@pytest.mark.parametrize(("sink", "code"), [(QUEUE, "InvalidMessageContents"), (BUS, "MalformedDetail")])
def test_what_is_refused_for_good_is_a_fault_and_the_rest_flows(fake: Fake, sink: Queue | Bus, code: str) -> None:
    fake.refused = [{1: (code, True)}]
    assert sent(sink, *numbered(3)) == FINE
    assert bodies(fake.requests) == [[0, 1, 2]]
    (fault,) = fake.faults
    assert code in fault["error"]["message"]


@pytest.mark.parametrize("sink", [QUEUE, BUS])
def test_a_record_that_stays_refused_comes_again(fake: Fake, sink: Queue | Bus) -> None:
    fake.refused = [{2: ("ServiceUnavailable", False)}] + [{0: ("ServiceUnavailable", False)}] * 9
    answer = sent(sink, *numbered(3))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert fake.faults == []


@pytest.mark.parametrize("sink", [QUEUE, BUS])
def test_a_request_never_holds_more_than_a_mebibyte(fake: Fake, sink: Queue | Bus) -> None:
    large = "x" * 400_000
    wide = sink._replace(message=lambda one: {"n": one["n"], "text": large if one["n"] < 3 else "x" * 1_100_000})
    assert sent(wide, *numbered(4)) == FINE
    assert bodies(fake.requests) == [[0, 1], [2]]
    assert "more than a request carries" in fake.faults[0]["error"]["message"]


def test_a_fifo_queue_keeps_the_order_of_a_key_and_takes_an_event_once(fake: Fake) -> None:
    events = [event("a", id=str(n), n=n, partitionKey="one" if n % 2 else "other one") for n in range(4)]
    assert sent(FIFO, *events) == FINE
    assert bodies(fake.requests) == [[0, 1], [2, 3]]
    groups = [entry["MessageGroupId"] for request in fake.requests for entry in request]
    assert groups[1] == groups[3] == "one"
    # A space is none of the characters of a group.
    assert groups[0] == groups[2] and len(groups[0]) == 64
    assert [entry["MessageDeduplicationId"] for request in fake.requests for entry in request] == ["0", "1", "2", "3"]


def test_behind_what_was_refused_the_key_waits(fake: Fake) -> None:
    fake.refused = [{0: ("ServiceUnavailable", False)}] * 10
    assert sent(FIFO, *numbered(3)) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert {one for request in bodies(fake.requests) for one in request} == {0}


def test_a_plain_queue_is_given_no_group(fake: Fake) -> None:
    assert sent(QUEUE, *numbered(1)) == FINE
    assert fake.requests == [[{"Id": "0", "MessageBody": '{"n":0}'}]]


def test_what_json_holds_and_sqs_refuses_is_escaped() -> None:
    entry = Queue("QUEUE", lambda one: one).entry(unit("\uffff\ufffe"))
    assert isinstance(entry, Entry)
    assert entry.content["MessageBody"] == '{"text":"\\uffff\\ufffe"}'


@pytest.mark.parametrize(("said", "shown"), [(None, "parcel-sent"), ("Parcel sent", "Parcel sent")])
def test_an_event_on_a_bus_says_what_happened_when(said: str | None, shown: str) -> None:
    bus = Bus("BUS", lambda one: {"text": one["text"]}, source="shop.orders", detail_type=said)
    assert bus.entry(unit("ä")).content == {
        "Time": datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        "Source": "shop.orders",
        "DetailType": shown,
        "Detail": '{"text":"ä"}',
    }


def unit(text: str) -> UnitOfWork:
    at = 1_700_000_000_000
    value = {"type": "parcel-sent", "text": text} if text == "ä" else {"text": text}
    return UnitOfWork({}, 0, Trigger("id", at, at, "key", "seed"), value)


@pytest.mark.parametrize(
    ("carried", "header"),
    [
        (
            "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        ),
        ("00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-0x", None),
        (None, None),
    ],
)
def test_the_trace_goes_on_in_the_place_that_aws_has_for_it(carried: str | None, header: str | None) -> None:
    event = {"type": "a", "n": 1}
    one = UnitOfWork({}, 0, Trigger("1", 0, 1, "k", "1", traceparent=carried), event)
    of_queue = Queue("QUEUE", message).entry(one).content
    of_bus = Bus("BUS", message, "shop.orders").entry(one).content
    attribute = {"AWSTraceHeader": {"DataType": "String", "StringValue": header}}
    assert of_queue.get("MessageSystemAttributes") == (attribute if header else None)
    assert of_bus.get("TraceHeader") == header
