"""The monitor's store: one object for each fault, counted once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from runtime_fakes import FakeAws, refuse, stream_record

from cncb_compiler.runtime import aws
from cncb_compiler.runtime.fault_store import FaultStore, object_name
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.steps import only
from cncb_compiler.runtime.stream_records import from_stream

PIPELINE = (only("fault"), FaultStore("FAULTS_BUCKET").keep)
FINE: dict[str, list[Any]] = {"batchItemFailures": []}
ARRIVED = 1_767_225_599.5
NAME = "faults/things/view-things/2025/12/31/23/fault-1.json"


def fault(**more: Any) -> dict[str, Any]:
    return {
        "id": "fault-1",
        "type": "fault",
        "timestamp": 1_767_225_700_000,
        "partitionKey": "fault-1",
        "tags": {"system": "shop", "service": "things"},
        "pipeline": "view-things",
        "unit": {"record": {"kinesis": {"approximateArrivalTimestamp": ARRIVED}}},
        **more,
    }


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAws:
    made = FakeAws()
    monkeypatch.setattr(aws, "client", made.client)
    for name, value in {"FAULTS_BUCKET": "faults", "SYSTEM": "shop", "STAGE": "prd", "SERVICE": "monitor"}.items():
        monkeypatch.setenv(name, value)
    return made


def kept(*events: dict[str, Any]) -> dict[str, Any]:
    records = [stream_record(event) for event in events]
    return run({"Records": records}, None, from_stream, PIPELINE)


def counted(text: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in text.splitlines()]
    return [line for line in lines if line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"] == "faults"]


def test_a_fault_is_an_object(fake: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    assert kept(fault()) == FINE
    assert list(fake.objects) == [NAME]
    assert json.loads(fake.objects[NAME]["Body"]) == fault()
    (line,) = counted(capsys.readouterr().out)
    assert line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["system", "stage", "service"]]
    assert (line["system"], line["stage"], line["service"], line["faults"]) == ("shop", "prd", "things", 1)
    assert line["level"]


def test_a_fault_that_comes_again_is_the_one_that_is_there(fake: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    kept(fault())
    again = fault(timestamp=1_767_239_999_000, error={"name": "Another"})
    assert kept(fault(), again) == FINE
    assert list(fake.objects) == [NAME]
    assert json.loads(fake.objects[NAME]["Body"]) == fault()
    assert len(counted(capsys.readouterr().out)) == 1


def test_what_cannot_be_kept_is_tried_again(fake: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    fake.fail["put_object"] = [refuse("SlowDown")]
    assert kept(fault(), fault(id="fault-2")) != FINE
    assert counted(capsys.readouterr().out) == []


def test_other_events_are_left_alone(fake: FakeAws) -> None:
    assert kept({**fault(), "type": "thing-created"}) == FINE
    assert fake.objects == {}


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"unit": {"record": {"dynamodb": {"ApproximateCreationDateTime": ARRIVED}}}}, NAME),
        ({"unit": {"record": {}}}, NAME.replace("2025/12/31/23", "2026/01/01/00")),
        ({"unit": None}, NAME.replace("2025/12/31/23", "2026/01/01/00")),
        ({"tags": {}}, NAME.replace("/things/", "/-/")),
        ({"tags": "no map"}, NAME.replace("/things/", "/-/")),
        ({"pipeline": "../../else"}, NAME.replace("view-things", "..%2F..%2Felse")),
        ({"id": "a/b"}, NAME.replace("fault-1", "a%2Fb")),
    ],
)
def test_names_of_objects(more: dict[str, Any], name: str) -> None:
    assert object_name(fault(**more)) == name
