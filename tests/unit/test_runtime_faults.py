"""Fault events: what they carry, what they hide, where they keep what does not fit."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from runtime_fakes import FakeAws, event, refuse, stream_record

from cncb_compiler.export.payload import fault_schema
from cncb_compiler.runtime import aws, bulk, stream
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.redaction import CHANGE, REDACTED, Redaction
from cncb_compiler.runtime.steps import only, to
from cncb_compiler.runtime.stream_records import from_stream
from cncb_compiler.runtime.table_records import from_table
from cncb_compiler.runtime.unit import each

FINE: dict[str, list[Any]] = {"batchItemFailures": []}
REDACTION = Redaction({"a": ("person.email", "lines[].price", "labels.*"), CHANGE: ("old.email", "new.email")})


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAws:
    made = FakeAws()
    monkeypatch.setattr(aws, "client", made.client)
    monkeypatch.setattr(bulk, "pause", lambda seconds: None)
    variables = {"MAIN": "main", "SYSTEM": "shop", "SERVICE": "svc", "FUNCTION": "f", "EVENT_CLAIMS": "claims"}
    for name, value in {**variables, "AWS_LAMBDA_FUNCTION_NAME": "shop-svc-dev-f"}.items():
        monkeypatch.setenv(name, value)
    return made


def fault_of(
    fake: FakeAws, record: dict[str, Any], error: Exception | None = None, redaction: Redaction | None = None
) -> dict[str, Any]:
    def fail(event: dict[str, Any]) -> None:
        raise error or ValueError("no")

    decode = from_table if "dynamodb" in record else from_stream
    assert run({"Records": [record]}, None, decode, (each(to(fail)),), faults_to="MAIN", redaction=redaction) == FINE
    return fake.events[-1]


def test_a_fault_carries_the_unit_of_work(fake: FakeAws) -> None:
    record = stream_record(event("a", id="1", n=2))
    fault = fault_of(fake, record, KeyError("sku"))
    assert fault["function"] == "shop-svc-dev-f"
    assert fault["pipeline"] == "f"
    assert fault["error"] == {"name": "KeyError", "message": "'sku'"}
    assert fault["unit"] == {"record": record, "event": event("a", id="1", n=2)}
    assert not {"redacted", "trimmed", "claimCheck"} & set(fault)
    assert fault["tags"]["trigger"] == "1"
    assert fault["partitionKey"] == fault["id"]
    assert fake.objects == {}


def test_a_fault_is_as_exports_describe_it(fake: FakeAws) -> None:
    whole = Draft202012Validator({**fault_schema(), "additionalProperties": False})
    for size in (1, 700_000, 1_100_000):
        whole.validate(fault_of(fake, stream_record(event("a", id="1", text="x" * size))))
    whole.validate(fault_of(fake, stream_record(event("a", person={"email": "a@b.c"})), redaction=REDACTION))


def test_a_record_faults_under_one_id(fake: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    record = stream_record(event("a", id="1"))
    first = fault_of(fake, record)["id"]
    assert fault_of(fake, record, KeyError("other"))["id"] == first
    assert fault_of(fake, stream_record(event("a", id="1"), 1))["id"] != first
    monkeypatch.setenv("FUNCTION", "g")
    assert fault_of(fake, record)["id"] != first


def test_what_cannot_be_parsed_is_a_fault_with_its_record(fake: FakeAws) -> None:
    for record in (stream_record(b"\xff no json"), {"eventID": "1", "kinesis": {"sequenceNumber": "1"}}):
        fault = fault_of(fake, record)
        assert fault["error"]["name"] == "PoisonError"
        assert fault["unit"] == {"record": record}
    broken = {"eventID": "2", "dynamodb": {"SequenceNumber": "2", "NewImage": {"id": {"N": "x"}}, "Keys": {}}}
    assert fault_of(fake, broken)["error"]["name"] == "PoisonError"


def test_what_does_not_fit_is_trimmed_to_the_record(fake: FakeAws) -> None:
    record = stream_record(event("a", id="1", text="x" * 600_000))
    fault = fault_of(fake, record)
    assert fault["trimmed"] is True
    assert fault["unit"] == {"record": record}
    assert "claimCheck" not in fault


def test_a_record_that_does_not_fit_is_kept_in_the_bucket(fake: FakeAws) -> None:
    record = stream_record(event("a", id="1", text="x" * 1_000_000))
    fault = fault_of(fake, record)
    assert fault["claimCheck"] == {"bucket": "claims", "key": f"faults/svc/{fault['id']}"}
    assert json.loads(fake.objects[fault["claimCheck"]["key"]]["Body"]) == record
    assert fault["unit"]["record"] == {"eventID": "shard-0:0", "kinesis": {"sequenceNumber": "0"}}
    assert len(fake.sent[0][0]["Data"]) < stream.MAX_EVENT_BYTES


def test_without_a_bucket_the_fault_says_that_it_is_trimmed(fake: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EVENT_CLAIMS")
    fault = fault_of(fake, stream_record(event("a", id="1", text="x" * 1_000_000)))
    assert fault["trimmed"] is True
    assert fault["unit"]["record"] == {"eventID": "shard-0:0", "kinesis": {"sequenceNumber": "0"}}
    assert fake.objects == {}


def test_an_event_that_a_hook_has_spoiled_leaves_its_record(fake: FakeAws) -> None:
    def spoil(event: dict[str, Any]) -> None:
        event["object"] = object()
        raise ValueError

    record = stream_record(event("a", id="1"))
    assert run({"Records": [record]}, None, from_stream, (each(to(spoil)),), faults_to="MAIN") == FINE
    assert fake.events[0]["unit"] == {"record": record}


def test_a_claim_that_cannot_be_kept_is_no_fault_yet(fake: FakeAws) -> None:
    fake.fail["put_object"] = [refuse("SlowDown")]
    records = [stream_record(event("a", id="0")), stream_record(event("b", id="1"), 1)]

    def fail(event: dict[str, Any]) -> None:
        raise ValueError("no")

    answer = run({"Records": records}, None, from_stream, (each(to(fail)),), faults_to="MAIN", redaction=REDACTION)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


SECRETS = {
    "person": {"email": "ada@example.com", "name": "Ada"},
    "lines": [{"price": 4711}, {"price": None}],
    "labels": {"x": "secret-label"},
}


def test_sensitive_values_are_in_no_fault_and_no_log(fake: FakeAws, caplog: pytest.LogCaptureFixture) -> None:
    record = stream_record(event("a", id="1", **SECRETS))
    error = ValueError("price 4711 of ADA@EXAMPLE.COM, at example, labelled 'secret-label', by Ada")
    with caplog.at_level(logging.ERROR):
        fault = fault_of(fake, record, error, REDACTION)
    told = json.dumps(fault) + caplog.text
    for secret in ("example", "EXAMPLE", "4711", "secret-label"):
        assert secret not in told
    assert fault["redacted"] is True
    assert fault["unit"]["event"]["person"]["email"] == REDACTED
    assert fault["unit"]["event"]["lines"] == [{"price": REDACTED}, {"price": None}]
    assert fault["unit"]["record"] == {"eventID": "shard-0:0", "kinesis": {"sequenceNumber": "0"}}
    assert json.loads(fake.objects[fault["claimCheck"]["key"]]["Body"]) == record


def test_what_has_not_its_shape_hides_the_whole(fake: FakeAws) -> None:
    fault = fault_of(fake, stream_record(event("a", id="1", person="ada@example.com")), None, REDACTION)
    assert fault["unit"]["event"]["person"] == REDACTED


def test_what_may_be_sensitive_and_cannot_be_read_is_only_in_the_bucket(fake: FakeAws) -> None:
    record = stream_record(b'{"person": "ada')
    fault = fault_of(fake, record, None, REDACTION)
    assert set(fault["unit"]) == {"record"}
    assert "data" not in fault["unit"]["record"]["kinesis"]
    assert json.loads(fake.objects[fault["claimCheck"]["key"]]["Body"]) == record


def test_events_of_other_types_stand_in_clear(fake: FakeAws) -> None:
    record = stream_record(event("b", id="1", person={"email": "x"}))
    fault = fault_of(fake, record, None, REDACTION)
    assert fault["unit"]["record"] == record
    assert "redacted" not in fault


def test_changes_of_a_table_are_redacted_too(fake: FakeAws) -> None:
    image = {"id": {"S": "1"}, "email": {"S": "ada@example.com"}}
    change = {"SequenceNumber": "9", "Keys": {"id": {"S": "1"}}, "NewImage": image}
    record = {"eventID": "e", "eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": change}
    fault = fault_of(fake, record, ValueError("ada@example.com"), REDACTION)
    assert "ada" not in json.dumps(fault)
    assert fault["unit"]["event"]["new"] == {"id": "1", "email": REDACTED}
    assert fault["unit"]["record"]["dynamodb"] == {"SequenceNumber": "9"}
    assert fault["unit"]["record"]["eventName"] == "INSERT"


def test_short_words_do_not_blot_out_the_message() -> None:
    redaction = Redaction({"a": ("code",)})
    assert redaction.text("DE: index of undeliverable", {"type": "a", "code": "DE"}) == (
        f"{REDACTED}: index of undeliverable"
    )
    assert redaction.text("as it is", {"type": "a", "code": None}) == "as it is"


def test_only_what_wants_events_of_a_type_sees_poison(fake: FakeAws) -> None:
    record = stream_record({"type": "a", "person": {"email": "ada@example.com"}})
    assert run({"Records": [record]}, None, from_stream, (only("a"),), faults_to="MAIN", redaction=REDACTION) == FINE
    assert "ada" not in json.dumps(fake.events[0])
