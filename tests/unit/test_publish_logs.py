"""Reading logs, showing them, and invoking: against moto, and a Lambda that is a fake."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from itertools import islice

import pytest
from moto import mock_aws
from trace_system import target

from cncb_compiler.operate import invoke as invoking
from cncb_compiler.operate.invoke import Answer, invoke
from cncb_compiler.operate.log_text import shown
from cncb_compiler.operate.logs import Line, follow, read
from cncb_compiler.runtime.envelope import now
from cncb_compiler.target.problems import Problem

AT = now() - 3_600_000
"""An hour ago: CloudWatch takes no line that is much older, or much newer, than its clock."""
GROUPS = {"/aws/lambda/a": "a", "/aws/lambda/b": "b", "/aws/lambda/gone": "gone"}


@pytest.fixture
def logs(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = target().client("logs")
        for group in ("/aws/lambda/a", "/aws/lambda/b"):
            client.create_log_group(logGroupName=group)
            client.create_log_stream(logGroupName=group, logStreamName="s")

        def put(group: str, *lines: tuple[int, str]) -> None:
            events = [{"timestamp": AT + at, "message": message} for at, message in lines]
            client.put_log_events(logGroupName=f"/aws/lambda/{group}", logStreamName="s", logEvents=events)

        yield put


def test_lines_of_several_functions_are_merged_by_time(logs):
    logs("a", (1, "first"), (3, "third"))
    logs("b", (-5, "too early"), (2, "second"))
    assert [(line.function, line.message) for line in read(target(), GROUPS, AT)] == [
        ("a", "first"),
        ("b", "second"),
        ("a", "third"),
    ]


def test_following_shows_each_line_once_those_that_come_late_too(logs):
    steps = follow(target(), GROUPS, AT)
    logs("a", (10, "one"))
    assert [line.message for line in next(steps)] == ["one"]
    assert next(steps) == []
    logs("b", (5, "late"))
    logs("a", (40_000, "two"))
    assert [line.message for line in next(steps)] == ["late", "two"]
    assert list(islice(steps, 2)) == [[], []]


def test_no_group_at_all_is_a_problem(logs):
    assert read(target(), {}, AT) == []
    with pytest.raises(Problem, match="There is no log group /aws/lambda/gone"):
        read(target(), {"/aws/lambda/gone": "gone"}, AT)


def text(message) -> list[str]:
    line = Line(AT, "fn", message if isinstance(message, str) else json.dumps(message), "1")
    return [one.split("  ", 1)[1] for one in shown(line, 4)]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("plain\n", ["fn    plain"]),
        ("", ["fn    "]),
        ("{no json", ["fn    {no json"]),
        ({"level": "INFO", "message": "hello", "logger": "x"}, ["fn    INFO    hello"]),
        (
            {
                "level": "ERROR",
                "message": "fault 1",
                "errorType": "ValueError",
                "errorMessage": "bad",
                "stackTrace": ["  File x\n    y\n"],
            },
            ["fn    ERROR   fault 1", "fn          File x", "fn            y", "fn        ValueError: bad"],
        ),
        (
            {"log_level": "ERROR", "errorType": "KeyError", "errorMessage": "'id'", "stackTrace": []},
            ["fn    ERROR   KeyError: 'id'"],
        ),
        ({"type": "platform.start", "record": {}}, []),
        (
            {
                "type": "platform.report",
                "record": {
                    "metrics": {"durationMs": 1.5, "initDurationMs": 100, "maxMemoryUsedMB": 40, "memorySizeMB": 128},
                    "status": "error",
                    "errorType": "KeyError",
                },
            },
            ["fn    report  1.5 ms, init 100 ms, 40 of 128 MB, error KeyError"],
        ),
        ({"type": "platform.fault", "record": "no record"}, ["fn    "]),
        ({"type": "platform.fault", "record": {"a": 1}}, ['fn    fault  {"a": 1}']),
    ],
)
def test_json_lines_are_rendered_readably(message, expected):
    assert text(message) == expected


class Lambda:
    """Answers with what it is told."""

    class exceptions:  # noqa: N801 - as boto3 names it
        class ResourceNotFoundException(Exception):  # noqa: N818
            pass

    def __init__(self, payload: bytes = b"null", **more) -> None:
        self.answer = {"Payload": io.BytesIO(payload), **more}
        self.asked: list[dict] = []

    def invoke(self, **request):
        self.asked.append(request)
        if request["FunctionName"] == "none":
            raise self.exceptions.ResourceNotFoundException
        return self.answer


def test_invoking_gives_the_answer_or_the_error_with_the_end_of_the_log(monkeypatch):
    good = Lambda(b'{"a": 1.5}')
    monkeypatch.setattr(invoking, "_client", lambda _: good)
    assert invoke(target(), "fn", {"x": 1}) == Answer({"a": 1.5}, False, "")
    assert good.asked == [{"FunctionName": "fn", "LogType": "Tail", "Payload": b'{"x":1}'}]
    bad = Lambda(b'{"errorType": "E"}', FunctionError="Unhandled", LogResult=b64encode(b"line").decode())
    monkeypatch.setattr(invoking, "_client", lambda _: bad)
    assert invoke(target(), "fn", {}) == Answer({"errorType": "E"}, True, "line")
    with pytest.raises(Problem, match="There is no function none"):
        invoke(target(), "none", {})


def test_an_invocation_is_never_tried_again():
    config = invoking._client(target()).meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.read_timeout > 900
