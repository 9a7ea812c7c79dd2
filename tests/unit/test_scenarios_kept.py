"""What scenarios say of the data lake and the monitor."""

from __future__ import annotations

import base64
import gzip
from typing import Any

import pytest
from scenario_worlds import SYSTEM, FakeWorld, names, playing, ran

from cncb_compiler.runtime.lake import lines
from cncb_compiler.scenarios.check import check
from cncb_compiler.scenarios.kept import lake_records
from cncb_compiler.scenarios.read import parsed
from cncb_compiler.source.files import SourceFile

KEEPING = f"{SYSTEM}  lake: {{kind: data-lake}}\n  monitor: {{kind: monitor}}\n"
POISON = "scenario: Poison\nwhen: [{publish: {raw: not json}}]\nthen: "
FAULT = {"tags": {"service": "front"}, "pipeline": "view-orders", "error": {"name": "PoisonError", "message": "no"}}


def written(number: int, data: bytes) -> bytes:
    record = {
        "recordId": "1",
        "data": base64.b64encode(data).decode(),
        "approximateArrivalTimestamp": 1,
        "kinesisRecordMetadata": {"shardId": "s", "sequenceNumber": str(number), "partitionKey": ',"event":'},
    }
    made = lines({"region": "us-east-1", "deliveryStreamArn": "a/b", "records": [record]}, "main")
    return base64.b64decode(made["records"][0]["data"])


def test_records_are_read_as_the_lake_writes_them_each_once() -> None:
    data = [b'{"a":  1, "event":{}}', b"poison", b"{\n}", "\u2028".encode()]
    texts = [written(number, one) for number, one in enumerate(data)]
    assert lake_records([gzip.compress(b"".join(texts[:3])), gzip.compress(texts[1] + texts[3])]) == data


def keeping(*kept: bytes, faults: tuple[dict[str, Any], ...] = ()) -> FakeWorld:
    world = playing()
    world.kept["main"] = list(kept)
    world.faults = list(faults)
    return world


def test_what_is_kept_is_compared_where_it_is_named() -> None:
    assert ran(POISON + "{}", keeping(), KEEPING).problem == ""
    assert ran(POISON + "{lake: {main: [not json]}}", keeping(b"not json"), KEEPING).problem == ""
    monitor = "{monitor: [{function: front.view-orders, error: {name: PoisonError}}]}"
    assert ran(POISON + monitor, keeping(faults=(FAULT,)), KEEPING).problem == ""


@pytest.mark.parametrize(
    ("then", "world", "problem"),
    [
        ("{lake: {main: [not json]}}", keeping(), 'on the stream, and not in the lake: "not json"'),
        ("{lake: {main: [not json]}}", keeping(b"not json "), 'in the lake, and not on the stream: "not json "'),
        ("{lake: {main: [not json]}}", keeping(b"not json", b"not json"), "in the lake, and not on the stream"),
        ("{lake: {main: []}}", keeping(b"not json"), 'unexpected kept record: "not json"'),
        ("{lake: {main: [other]}}", keeping(b"not json"), "other"),
        ("{monitor: []}", keeping(faults=(FAULT,)), "unexpected kept fault: front.view-orders: PoisonError: no"),
        ("{monitor: [{error: {name: PoisonError}}]}", keeping(), "missing kept fault"),
    ],
)
def test_the_first_difference(then: str, world: FakeWorld, problem: str) -> None:
    result = ran(POISON + then, world, KEEPING)
    assert problem in result.problem
    assert result.where in ("then.lake main", "then.monitor")


@pytest.mark.parametrize(
    ("then", "system", "code", "message"),
    [
        ("{lake: {main: []}}", SYSTEM, "CNCB957", "no data lake keeps `main`"),
        ("{lake: {mian: []}}", KEEPING, "CNCB204", "mian"),
        ("{monitor: []}", SYSTEM, "CNCB957", "nobody keeps the faults"),
        ("{monitor: [{function: front.view-order}]}", KEEPING, "CNCB956", "view-order"),
    ],
)
def test_what_there_is_not(then: str, system: str, code: str, message: str) -> None:
    (one,) = check(parsed("x", SourceFile("scenarios/x.yaml", POISON + then)), names(system))
    assert one.code == code
    assert message in one.message
