"""What the endpoint's process knows of requests, counts, switches and machines."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from cncb_compiler.local.endpoint import machines
from cncb_compiler.local.endpoint.calls import Calls
from cncb_compiler.local.endpoint.counter import ChangeCounter
from cncb_compiler.local.endpoint.requests import Request, body_of, request_of
from cncb_compiler.local.endpoint.switches import Switches


def sent(service: str, target: str = "", body: Any = None, *, method: str = "POST", agent: str = "Boto3/1") -> Request:
    content = json.dumps(body or {}).encode()
    return request_of(
        {
            "REQUEST_METHOD": method,
            "PATH_INFO": "/",
            "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=local/20261123/eu-west-1/{service}/aws4_request, Signed",
            "HTTP_X_AMZ_TARGET": target,
            "HTTP_USER_AGENT": agent,
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.input": io.BytesIO(content),
        }
    )


@pytest.mark.parametrize(
    ("request_", "changes"),
    [
        (sent("dynamodb", "DynamoDB_20120810.PutItem"), True),
        (sent("dynamodb", "DynamoDB_20120810.GetItem"), False),
        (sent("kinesis", "Kinesis_20131202.PutRecords"), True),
        (sent("kinesis", "Kinesis_20131202.GetRecords"), False),
        (sent("sqs", "AmazonSQS.SendMessage"), True),
        (sent("sqs", "AmazonSQS.ReceiveMessage"), False),
        (sent("s3", method="PUT"), True),
        (sent("s3", method="GET"), False),
        (sent("lambda"), False),
    ],
)
def test_which_requests_change_data(request_: Request, changes: bool) -> None:
    assert request_.changes_data is changes
    assert request_.region == "eu-west-1"


def test_a_presigned_request_names_its_service_in_the_query() -> None:
    query = "X-Amz-Credential=local%2F20261123%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=1"
    assert request_of({"REQUEST_METHOD": "GET", "PATH_INFO": "/b/k", "QUERY_STRING": query}).service == "s3"


def test_a_body_is_still_there_for_the_next_reader() -> None:
    request = sent("dynamodb", body={"TableName": "t"})
    assert body_of(request.environ) == body_of(request.environ) == b'{"TableName": "t"}'


def test_resources_are_named_however_the_request_names_them() -> None:
    arn = "arn:aws:dynamodb:us-east-1:1:table/t"
    assert sent("dynamodb", "D.GetItem", {"TableName": arn}).resources == {"t"}
    assert sent("dynamodb", "D.BatchWriteItem", {"RequestItems": {"a": [], "b": []}}).resources == {"a", "b"}
    assert sent("dynamodb", "D.TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "a"}}]}).resources == {"a"}
    assert sent("kinesis", "K.PutRecords", {"StreamName": "s"}).resources == {"s"}
    assert sent("dynamodb", "D.DescribeTable", {"TableName": "t"}).resources == frozenset()


def test_a_throttled_table_refuses_so_many_data_requests() -> None:
    switches = Switches()
    switches.throttle("t", 2)
    put = sent("dynamodb", "D.PutItem", {"TableName": "t"})
    other = sent("dynamodb", "D.PutItem", {"TableName": "u"})
    assert [switches.refuses(one) for one in (other, put, put, put)] == [False, True, True, False]


def test_a_function_is_killed_after_its_call() -> None:
    switches = Switches()
    name = "a-very-long-name-of-a-function-that-is-longer-than-fifty-characters"
    switches.kill(name, 2)
    call = sent("kinesis", agent=f"Boto3/1 md/x app/{name[:50]}")
    other = sent("kinesis", agent="Boto3/1 app/other")
    assert [switches.dooms(one) for one in (other, call, call, call)] == [None, None, name, None]


def test_no_trouble_after_clearing() -> None:
    switches = Switches()
    switches.throttle("t", 5)
    switches.kill("f", 1)
    switches.clear()
    assert not switches.refuses(sent("dynamodb", "D.PutItem", {"TableName": "t"}))
    assert switches.dooms(sent("kinesis", agent="app/f")) is None


def test_counts_go_up_and_say_which_service() -> None:
    counter = ChangeCounter()
    counter.count("kinesis", {"main"})
    counter.count("dynamodb")
    counter.count("kinesis", {"audit"})
    services = {"kinesis": 3, "kinesis/main": 1, "kinesis/audit": 3, "dynamodb": 2, "dynamodb/*": 2}
    assert counter.wait(0, 0) == {"at": 3, "services": services}
    assert counter.wait(3, 0.01)["at"] == 3


@pytest.mark.parametrize(
    "given",
    ["f", "f:live", "arn:aws:lambda:us-east-1:123456789012:function:f", "123456789012:function:f:$LATEST"],
)
def test_functions_are_known_by_name_and_arn(given: str) -> None:
    machines.register("http://m", ["f"])
    assert machines.url_of(given) == "http://m"


def test_a_machine_that_registers_again_replaces_what_it_ran() -> None:
    machines.register("http://m", ["f", "g"])
    machines.register("http://n", ["h"])
    machines.register("http://m", ["g"])
    assert [machines.url_of(name) for name in "fgh"] == [None, "http://m", "http://n"]


def test_calls_are_counted_by_function_and_operation_and_the_most_in_any_second() -> None:
    clock = iter((0, 600_000_000, 999_999_999, 1_000_000_000, 3_000_000_000, 3_000_000_000))
    calls = Calls(clock=lambda: next(clock))
    put = sent("dynamodb", "DynamoDB_20120810.PutItem", agent="Boto3/1 app/shop-view")
    for _ in range(5):
        calls.count(put)
    calls.count(sent("dynamodb", "DynamoDB_20120810.PutItem"))
    calls.count(sent("s3", method="PUT", agent="Boto3/1 app/shop-view"))
    calls.count(sent("kinesis", "Kinesis_20131202.PutRecords", agent="Boto3/1 app/shop-view"))
    assert calls.made() == {
        "shop-view": {
            "dynamodb.PutItem": {"times": 5, "busiest": 3},
            "kinesis.PutRecords": {"times": 1, "busiest": 1},
        }
    }
    calls.clear()
    assert calls.made() == {}
