"""What is left of the invocation, and what is not begun because of it."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from runtime_fakes import event, stream_record

from cncb_compiler.runtime import aws, deadline
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.steps import only, to
from cncb_compiler.runtime.stream_records import from_stream
from cncb_compiler.runtime.unit import each


class Clock:
    """Time that passes only when told to."""

    now = 0.0

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: made.now)
    return made


def context(seconds: float) -> Any:
    return SimpleNamespace(get_remaining_time_in_millis=lambda: int(seconds * 1000))


def worked(clock: Clock, seconds: float, given: int, left: float) -> tuple[int, Any]:
    """How many of `given` events are worked on, each for `seconds`, and the answer."""
    done: list[str] = []

    def work(one: dict[str, Any]) -> None:
        done.append(one["id"])
        clock.pass_by(seconds)

    batch = {"Records": [stream_record(event("a", id=str(number)), number) for number in range(given)]}
    answer = run(batch, context(left), from_stream, (only("a"), each(to(work))))
    return len(done), answer["batchItemFailures"]


def test_a_record_that_may_not_be_finished_is_returned_with_all_behind_it(clock: Clock) -> None:
    assert aws.patience() == 9
    assert worked(clock, 5, 10, left=30) == (5, [{"itemIdentifier": "5"}])


def test_what_fits_is_done(clock: Clock) -> None:
    assert worked(clock, 2, 10, left=30) == (10, [])


def test_the_first_record_is_always_begun_so_that_a_batch_ends(clock: Clock) -> None:
    assert worked(clock, 1, 3, left=5) == (1, [{"itemIdentifier": "1"}])


def test_outside_of_an_invocation_there_is_no_end(clock: Clock) -> None:
    worked(clock, 1, 1, left=5)
    deadline.ensure(1e9)
    with (
        pytest.raises(deadline.DeadlineError, match=r"4\.0s are left .* fewer than the 4\.5s"),
        deadline.Invocation(context(4), 9),
    ):
        deadline.ensure(4.5)


def test_patience_is_attempts_and_the_pauses_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALL_TIMEOUT_SECONDS", "3")
    monkeypatch.setenv("CALL_ATTEMPTS", "7")
    assert aws.patience() == 7 * 3 + (1 + 2 + 4 + 8 + 16 + 20)


def test_no_attempt_begins_that_may_not_end_before_the_function(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """By botocore itself: its retries are asked for time before each attempt."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "us-east-1")
    attempts: list[float] = []

    def throttled(request: Any, **_: Any) -> AWSResponse:
        attempts.append(clock.now)
        clock.pass_by(0.5)
        raw = SimpleNamespace(stream=lambda: [b'{"__type": "ThrottlingException"}'])
        return AWSResponse(request.url, 400, {}, raw)

    monkeypatch.setattr(time, "sleep", lambda _: clock.pass_by(1))
    aws.client.cache_clear()
    client = aws.client("dynamodb")
    client.meta.events.register("before-send", throttled)
    with deadline.Invocation(context(6), 9), pytest.raises(deadline.DeadlineError):
        client.list_tables()
    assert attempts == [0, 1.5], "another one and the pause after it may take 4s, of which 3s are left"
    aws.client.cache_clear()
