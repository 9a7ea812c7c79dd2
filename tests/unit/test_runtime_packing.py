"""Large events: compressed, claimed, and as they were again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runtime_fakes import FakeAws, event, refuse, stream_record

from cncb_compiler.runtime import aws, jsons
from cncb_compiler.runtime.emission import Emission
from cncb_compiler.runtime.errors import PoisonError
from cncb_compiler.runtime.packing import Packing, from_packed, unpacked
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.publish import publish_now
from cncb_compiler.runtime.steps import to
from cncb_compiler.runtime.stream import MAX_EVENT_BYTES
from cncb_compiler.runtime.unit import each

BOTH = Packing(compress=1000, claim=True)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAws:
    made = FakeAws()
    monkeypatch.setattr(aws, "client", made.client)
    for name, value in {"MAIN": "main", "SYSTEM": "s", "SERVICE": "svc", "EVENT_CLAIMS": "claims"}.items():
        monkeypatch.setenv(name, value)
    return made


def noise(length: int) -> str:
    """Text that does not compress."""
    import random

    return random.Random(1).randbytes(length // 2).hex()


def test_a_long_field_is_compressed_and_the_envelope_stays_in_clear() -> None:
    whole = event("a", id="1", text="x" * 5000, short="y", tags={"long": "z" * 5000})
    packed = Packing(compress=1000)(whole)
    assert set(packed["text"]) == {"gzip"}
    assert {name: packed[name] for name in packed if name != "text"} == {
        name: whole[name] for name in whole if name != "text"
    }
    assert len(jsons.dumps(packed)) < 6000
    assert packed == Packing(compress=1000)(whole), "the same event is the same bytes"
    assert unpacked(packed) == whole


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text('abé"\\', max_size=300),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["gzip", "a", "b"]), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["one", "two", "claimCheck"]), json_values))
def test_whatever_is_packed_comes_back(fields: dict[str, Any]) -> None:
    whole = {**event("a", id="1"), **fields, "other": 1}
    assert unpacked(jsons.loads(jsons.dumps(Packing(compress=256)(whole)))) == whole


def test_an_event_that_is_too_large_is_claimed(fake: FakeAws) -> None:
    emission = Emission("a", stream="MAIN", fields=lambda _: {"text": noise(2_000_000)}, pack=BOTH)
    answer = publish_now(emission, {})
    (sent,) = fake.events
    assert answer == {"id": sent["id"]}
    assert set(sent) == {"id", "type", "timestamp", "partitionKey", "tags", "claimCheck"}
    assert sent["claimCheck"] == {"bucket": "claims", "key": f"events/svc/{sent['id']}"}
    seen: list[Any] = []
    records = {"Records": [stream_record(sent)]}
    assert run(records, None, from_packed, (each(to(seen.append)),)) == {"batchItemFailures": []}
    assert seen[0]["text"] == noise(2_000_000)
    assert seen[0]["id"] == sent["id"]
    assert "claimCheck" not in seen[0]


def test_what_fits_is_not_claimed(fake: FakeAws) -> None:
    whole = event("a", id="1", text="x" * MAX_EVENT_BYTES)
    assert "claimCheck" not in BOTH(whole), "compressed it fits"
    assert "claimCheck" in Packing(claim=True)(whole)
    assert list(fake.objects) == ["events/svc/1"]
    assert json.loads(fake.objects["events/svc/1"]["Body"]) == whole


def claimed(key: str) -> dict[str, Any]:
    return {**event("a", id="1"), "claimCheck": {"bucket": "of-somebody-else", "key": key}}


def test_a_claim_leads_into_the_systems_own_bucket_and_nowhere_else(fake: FakeAws) -> None:
    for key in ("events/svc/gone", "faults/svc/1", ""):
        with pytest.raises(PoisonError):
            unpacked(claimed(key))
    fake.fail["get_object"] = [refuse("SlowDown")]
    answer = run({"Records": [stream_record(claimed("events/svc/1"))]}, None, from_packed, (), faults_to="MAIN")
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}, "the bucket may answer later"


@pytest.mark.parametrize("text", ["no base64!", "bm8gZ3ppcA==", 5])
def test_what_cannot_be_decompressed_is_poison(text: Any) -> None:
    with pytest.raises(PoisonError):
        unpacked({**event("a", id="1"), "field": {"gzip": text}})


def test_a_bomb_does_not_go_off(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = Packing(compress=1000)(event("a", id="1", text="x" * 100_000))
    monkeypatch.setattr("cncb_compiler.runtime.packing.MOST_BYTES", 10_000)
    with pytest.raises(PoisonError, match="more than"):
        unpacked(packed)


def test_what_is_tagged_skip_is_passed_by(fake: FakeAws) -> None:
    seen: list[Any] = []
    records = [stream_record(event("a", id="1", tags={"skip": True})), stream_record(event("a", id="2"), 1)]
    run({"Records": records}, None, from_packed, (each(to(seen.append)),))
    assert [one["id"] for one in seen] == ["2"]
