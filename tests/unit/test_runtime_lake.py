"""The lines of the data lake: nothing refused, nothing changed, never more than Firehose takes."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cncb_compiler.aws.firehose import TRANSFORM_MEGABYTES
from cncb_compiler.runtime.lake import lines

ANSWER_LIMIT = 6 * 1024 * 1024
REQUEST_LIMIT = 6 * 1024 * 1024


def batch(*data: bytes) -> dict[str, Any]:
    records = [
        {
            "recordId": f"49546986683135544286507457936321625675700192471156785154{number:06}",
            "approximateArrivalTimestamp": 1510772160000,
            "data": base64.b64encode(one).decode(),
            "kinesisRecordMetadata": {
                "sequenceNumber": f"4954698668313554428650745793632162567570019{number:012}",
                "subsequenceNumber": 0,
                "partitionKey": "4d1ad2b9-24f8-4b9d-a088-76e9947c317a",
                "shardId": "shardId-000000000000",
                "approximateArrivalTimestamp": 1510772160000,
            },
        }
        for number, one in enumerate(data)
    ]
    stream = "arn:aws:firehose:us-east-1:123456789012:deliverystream/shop-lake-prd-LakeMainDeliveryStream-1A2B3C4D5E6F"
    return {"invocationId": "1", "deliveryStreamArn": stream, "region": "us-east-1", "records": records}


def made(data: bytes) -> bytes:
    (record,) = lines(batch(data), "main")["records"]
    assert record["result"] == "Ok"
    return base64.b64decode(record["data"])


def test_a_line_says_where_it_comes_from_and_holds_the_very_bytes() -> None:
    data = '{"type": "thing-created", "price": 1.10, "name": "K\\u00e4se",  "text": "ä,\\"event\\":"}'.encode()
    line = made(data)
    assert json.loads(line) == {
        "stream": "main",
        "shardId": "shardId-000000000000",
        "sequenceNumber": "4954698668313554428650745793632162567570019000000000000",
        "partitionKey": "4d1ad2b9-24f8-4b9d-a088-76e9947c317a",
        "arrival": 1510772160000,
        "deliveryStream": "shop-lake-prd-LakeMainDeliveryStream-1A2B3C4D5E6F",
        "region": "us-east-1",
        "event": json.loads(data),
    }
    assert line.endswith(b',"event":' + data + b"}\n")


@pytest.mark.parametrize(
    "data",
    [b"poison", b"", b"{", b'{"a": 1}\n', b'{"a":\r1}', b"\xff\xfe", b'\xef\xbb\xbf{"a": 1}', b"NaN", b'{"a": Infinity}',
     b"{} {}", b"[" * 100_000 + b"]" * 100_000, '{"a": 1}'.encode("utf-16")],
)  # fmt: skip
def test_what_is_no_json_on_one_line_is_kept_too(data: bytes) -> None:
    line = json.loads(made(data))
    assert base64.b64decode(line["data"]) == data
    assert "event" not in line


def test_a_record_out_of_an_aggregate_is_told_apart() -> None:
    given_ = batch(b"{}")
    given_["records"][0]["kinesisRecordMetadata"]["subsequenceNumber"] = 3
    (record,) = lines(given_, "main")["records"]
    assert json.loads(base64.b64decode(record["data"]))["subsequenceNumber"] == 3


@given(st.binary(max_size=200) | st.text(max_size=50).map(lambda text: json.dumps(text, ensure_ascii=False).encode()))
def test_any_bytes_come_back(data: bytes) -> None:
    line = made(data)
    assert line.count(b"\n") == 1
    assert line.endswith(b"}\n")
    if "event" in json.loads(line):
        assert line.partition(b',"event":')[2] == data + b"}\n"
    else:
        assert base64.b64decode(json.loads(line)["data"]) == data


@pytest.mark.parametrize(
    "event",
    [
        json.dumps({"id": "0" * 36, "type": "a", "timestamp": 10**12, "partitionKey": "0", "tags": {}}).encode(),
        b"twenty bytes of junk",
    ],
)
def test_the_answer_stays_below_what_firehose_takes(event: bytes) -> None:
    """As many small records as a request may hold, or half of them and the largest."""
    size = int(float(TRANSFORM_MEGABYTES) * 1024 * 1024)
    one = len(json.dumps(batch(event)["records"][0]))
    count = min(size // len(event), REQUEST_LIMIT // one)
    assert len(json.dumps(lines(batch(*[event] * count), "main"))) < ANSWER_LIMIT
    largest = b"\xff" * 1024 * 1024
    assert len(json.dumps(lines(batch(*[event] * (count // 2), largest), "main"))) < ANSWER_LIMIT
