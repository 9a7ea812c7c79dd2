"""Each event once: claims, leases, and what a crash leaves."""

from __future__ import annotations

from typing import Any

import pytest
from runtime_fakes import FakeAws, event, refuse, stream_record

from cncb_compiler.runtime import aws, processed
from cncb_compiler.runtime.errors import TransientError
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.processed import Processed
from cncb_compiler.runtime.steps import to
from cncb_compiler.runtime.stream_records import from_stream
from cncb_compiler.runtime.unit import each

FINE: dict[str, list[Any]] = {"batchItemFailures": []}
TABLE = Processed("PROCESSED", lease=30, keep=1000)


class Hook:
    """Notes whom it was called for; does what it is told first."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.errors: list[BaseException] = []

    def __call__(self, event: dict[str, Any]) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.done.append(event["id"])


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAws:
    made = FakeAws()
    made.table("processed", "id")
    monkeypatch.setattr(aws, "client", made.client)
    monkeypatch.setattr(processed, "now", lambda: 1_000_000)
    for name, value in {"PROCESSED": "processed", "MAIN": "main", "SERVICE": "svc", "FUNCTION": "f"}.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def hook() -> Hook:
    return Hook()


def handle(hook: Hook, *records: dict[str, Any]) -> Any:
    return run(
        {"Records": list(records)}, None, from_stream, (TABLE.claim, each(to(hook)), TABLE.done), faults_to="MAIN"
    )


def record(identity: str, sequence: int) -> dict[str, Any]:
    return stream_record(event("a", id=identity), sequence)


def test_an_event_is_handled_once(fake: FakeAws, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        assert handle(hook, record("1", 1), record("1", 2), record("2", 3)) == FINE
    assert handle(hook, record("1", 4)) == FINE
    assert hook.done == ["1", "2"]
    (first, _) = fake.tables["processed"].values()
    assert first == {"id": {"S": "f/1"}, "done": {"BOOL": True}, "expires": {"N": "2000"}}
    monkeypatch.setenv("FUNCTION", "g")
    handle(hook, record("1", 5))
    assert hook.done == ["1", "2", "1"], "another function has its own"


def test_a_crash_between_claim_and_completion_loses_nothing(fake: FakeAws, hook: Hook) -> None:
    hook.errors = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        handle(hook, record("1", 1))
    assert handle(hook, record("1", 1)) == FINE
    assert hook.done == ["1"]


def test_another_record_of_the_event_waits_for_the_lease(
    fake: FakeAws, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook.errors = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        handle(hook, record("1", 1))
    assert handle(hook, record("1", 2)) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert hook.done == []
    monkeypatch.setattr(processed, "now", lambda: 1_000_000 + 30_001)
    assert handle(hook, record("1", 2)) == FINE
    assert handle(hook, record("1", 1)) == FINE
    assert hook.done == ["1"]


@pytest.mark.parametrize("error", [ValueError("bad"), TransientError("later")])
def test_what_has_failed_is_free_again(fake: FakeAws, hook: Hook, error: Exception) -> None:
    hook.errors = [error]
    handle(hook, record("1", 1))
    assert handle(hook, record("1", 2)) == FINE
    assert hook.done == ["1"]


def test_where_the_table_is_away_nothing_is_done(fake: FakeAws, hook: Hook) -> None:
    fake.fail["update_item"] = [refuse("ThrottlingException")]
    assert handle(hook, record("1", 1)) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert hook.done == []
    assert fake.events == [], "a table that is away is no fault of the event"


def test_poison_passes_by(fake: FakeAws, hook: Hook) -> None:
    assert handle(hook, stream_record(b"no json", 1)) == FINE
    assert [one["error"]["name"] for one in fake.events] == ["PoisonError"]
    assert fake.tables["processed"] == {}
