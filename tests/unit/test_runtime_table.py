"""The service's own stores: commands, reactions, the latch, reads and cursors, and what change capture sees."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from runtime_fakes import FakeAws, event, refuse, stream_record

from cncb_compiler.runtime import aws, envelope, jsons, reaction
from cncb_compiler.runtime.cursor import from_cursor, to_cursor
from cncb_compiler.runtime.emission import Emission
from cncb_compiler.runtime.errors import InvalidInputError, NotFoundError, TransientError
from cncb_compiler.runtime.objects import Bucket
from cncb_compiler.runtime.pipeline import run
from cncb_compiler.runtime.publish import publish
from cncb_compiler.runtime.stamp import Lock, Stamp, sequence_of
from cncb_compiler.runtime.steps import for_operations, only
from cncb_compiler.runtime.stream_records import from_stream
from cncb_compiler.runtime.table import Table
from cncb_compiler.runtime.table_records import from_table, unlatched
from cncb_compiler.runtime.unit import each

NOW = 1_700_000_000_000
TABLE = Table("T", ("id",))
LATCHED = Table("T", ("id",), latch=True)
KEY = {"id": "1"}


def by(at: int, lock: str | None = "asOf", origin: str = "other") -> Stamp:
    return Stamp(at, f"e{at}", None if lock is None else Lock(lock, at), origin)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAws:
    made = FakeAws()
    made.table("t", "id")
    monkeypatch.setattr(aws, "client", made.client)
    monkeypatch.setattr("cncb_compiler.runtime.table.now", lambda: NOW)
    monkeypatch.setattr(envelope, "now", lambda: NOW)
    for name, value in {"T": "t", "MAIN": "main", "SYSTEM": "shop", "SERVICE": "svc", "FUNCTION": "f"}.items():
        monkeypatch.setenv(name, value)
    return made


def stored(fake: FakeAws) -> dict[str, Any]:
    (row,) = fake.tables["t"].values()
    return row


def test_a_row_comes_back_as_it_was_written(fake: FakeAws) -> None:
    row = {"id": "1", "price": Decimal("19.99"), "count": 3, "ratio": 0.5, "tags": ["a", {"b": None}], "none": None}
    assert TABLE.put(row) == row
    assert TABLE.get(KEY) == {
        "id": "1", "price": Decimal("19.99"), "count": 3, "ratio": Decimal("0.5"), "tags": ["a", {"b": None}],
    }  # fmt: skip
    assert isinstance(TABLE.get(KEY)["count"], int)  # type: ignore[index]


def test_update_and_delete(fake: FakeAws) -> None:
    TABLE.put({"id": "1", "name": "a", "note": "x"})
    assert TABLE.update(KEY, {"id": "1", "name": "b", "note": None}) == {"id": "1", "name": "b"}
    TABLE.delete(KEY)
    TABLE.delete(KEY)
    assert TABLE.get(KEY) is None
    with pytest.raises(NotFoundError):
        TABLE.update(KEY, {"name": "c"})


@pytest.mark.parametrize("value", [None, ""])
def test_a_key_is_needed(fake: FakeAws, value: object) -> None:
    for act in (TABLE.get, TABLE.delete, TABLE.put, lambda key: TABLE.query(key, limit=1)):
        with pytest.raises(InvalidInputError, match="id is required"):
            act({"id": value})


def test_a_reaction_never_goes_behind_a_newer_one(fake: FakeAws) -> None:
    TABLE.put({"id": "1", "status": "submitted"})
    TABLE.update(KEY, {"status": "paid"}, by(20))
    assert TABLE.update(KEY, {"status": "reserved"}, by(10))["status"] == "paid"
    TABLE.put({"id": "1", "status": "old"}, by(10))
    TABLE.delete(KEY, by(10))
    assert TABLE.get(KEY) == {"id": "1", "status": "paid"}
    assert TABLE.update(KEY, {"status": "again"}, by(20))["status"] == "again"
    TABLE.update(KEY, {"status": "free"}, by(1, None))
    assert TABLE.get(KEY) == {"id": "1", "status": "free"}


def test_a_compensation_is_not_held_up_by_the_services_own_writes(fake: FakeAws) -> None:
    TABLE.put({"id": "1", "status": "submitted"})
    TABLE.update(KEY, {"note": "edited later"})
    assert TABLE.update(KEY, {"status": "cancelled"}, by(NOW - 60_000))["status"] == "cancelled"


def test_both_sides_of_a_synchronization_agree_on_the_last_change(fake: FakeAws) -> None:
    LATCHED.put({"id": "1", "name": "mine"})
    assert stored(fake)["latched"] == {"BOOL": False}
    LATCHED.put({"id": "1", "name": "theirs, older"}, by(NOW - 1))
    assert LATCHED.get(KEY) == {"id": "1", "name": "mine"}
    LATCHED.put({"id": "1", "name": "theirs"}, by(NOW + 1))
    assert stored(fake)["latched"] == {"BOOL": True}
    assert LATCHED.get(KEY) == {"id": "1", "name": "theirs"}


def test_what_is_deleted_is_not_brought_back(fake: FakeAws) -> None:
    for table in (LATCHED, TABLE):
        fake.tables["t"].clear()
        table.put({"id": "1", "name": "theirs"}, by(10))
        table.delete(KEY, by(30))
        assert table.get(KEY) is None
        assert set(stored(fake)) >= {"id", "deletedAt", "asOf", "asOf:expires"}
        assert "name" not in stored(fake)
        table.put({"id": "1", "name": "late"}, by(20))
        assert table.get(KEY) is None
        assert table.update(KEY, {"name": "late"}, by(20)) == {"id": "1"}
        with pytest.raises(NotFoundError):
            table.update(KEY, {"name": "later"}, by(40))
        with pytest.raises(NotFoundError):
            table.update(KEY, {"name": "mine"})
        table.put({"id": "1", "name": "again"}, by(40))
        assert table.get(KEY) == {"id": "1", "name": "again"}


def test_a_deletion_that_comes_first_is_remembered(fake: FakeAws) -> None:
    LATCHED.delete(KEY, by(30))
    LATCHED.put({"id": "1", "name": "late"}, by(20))
    assert LATCHED.get(KEY) is None


def test_an_own_delete_is_newer_than_what_is_there(fake: FakeAws) -> None:
    LATCHED.delete(KEY)
    assert fake.tables["t"] == {}
    LATCHED.put({"id": "1", "name": "of a clock that is ahead"}, by(NOW + 500))
    LATCHED.delete(KEY)
    assert stored(fake)["asOf"] == {"N": str(NOW + 502)}
    LATCHED.put({"id": "1", "name": "again"}, by(NOW + 500))
    assert LATCHED.get(KEY) is None
    LATCHED.delete(KEY)
    assert stored(fake)["asOf"] == {"N": str(NOW + 502)}
    LATCHED.put({"id": "1", "name": "mine"})
    assert stored(fake)["asOf"] == {"N": str(NOW + 503)}


def test_an_own_update_is_newer_than_what_is_there(fake: FakeAws) -> None:
    LATCHED.put({"id": "1", "name": "ahead"}, by(NOW + 500))
    assert LATCHED.update(KEY, {"name": "mine"}) == {"id": "1", "name": "mine"}
    LATCHED.put({"id": "1", "name": "ahead"}, by(NOW + 500))
    assert LATCHED.get(KEY) == {"id": "1", "name": "mine"}


def test_of_two_in_one_millisecond_both_sides_keep_the_same(fake: FakeAws) -> None:
    LATCHED.put({"id": "1", "name": "of svc"})
    LATCHED.put({"id": "1", "name": "of a"}, by(NOW, origin="a"))
    assert LATCHED.get(KEY) == {"id": "1", "name": "of svc"}
    LATCHED.put({"id": "1", "name": "of z"}, by(NOW, origin="z"))
    assert LATCHED.get(KEY) == {"id": "1", "name": "of z"}


def test_a_table_has_its_own_time_to_live(fake: FakeAws) -> None:
    Table("T", ("id",), latch=True, ttl="until").delete(KEY, by(30))
    assert "until" in stored(fake)
    assert "asOf:expires" not in stored(fake)


def numbered(value: str) -> str:
    return sequence_of({"kinesis": {"sequenceNumber": value}})


def test_sequence_numbers_sort_as_numbers() -> None:
    numbers = ["0", "9", "10", "49590338271490256608559692538361571095921575989136588898", "5" * 60, "1" + "0" * 120]
    assert sorted(map(numbered, reversed(numbers))) == [numbered(number) for number in numbers]
    assert numbered("007") == numbered("7")


def test_by_sequence_the_same_record_is_applied_once(fake: FakeAws) -> None:
    def record(sequence: int) -> Stamp:
        return Stamp(1, "e", Lock("asOf:sequence", numbered(str(sequence))))

    TABLE.put({"id": "1", "n": 9}, record(9))
    for late in (8, 9):
        TABLE.put({"id": "1", "n": 0}, record(late))
    TABLE.update(KEY, {"n": 0}, record(9))
    TABLE.delete(KEY, record(9))
    assert TABLE.get(KEY) == {"id": "1", "n": 9}
    TABLE.put({"id": "1", "n": 10}, record(10))
    assert TABLE.get(KEY) == {"id": "1", "n": 10}


def test_a_reaction_to_a_row_that_is_not_there_is_a_fault(fake: FakeAws) -> None:
    given = {"Records": [stream_record(event("a", row="1")), stream_record(event("a", row="2"), 1)]}
    TABLE.put({"id": "2", "n": 0})
    step = reaction.update(TABLE, lambda one: {"id": one["row"]}, lambda one: {"n": 1}, idempotence="oplock")
    assert run(given, None, from_stream, (only("a"), each(step)), faults_to="MAIN") == {"batchItemFailures": []}
    assert TABLE.get({"id": "2"}) == {"id": "2", "n": 1}
    assert [one["error"]["name"] for one in fake.events] == ["NotFoundError"]


def test_reactions_write_and_delete(fake: FakeAws) -> None:
    given = {"Records": [stream_record(event("a", 5))]}
    run(given, None, from_stream, (only("a"), each(reaction.put(TABLE, lambda one: {"id": "1"}, idempotence="oplock"))))
    assert stored(fake)["asOf"] == {"N": "5"}
    run(given, None, from_stream, (only("a"), each(reaction.delete(TABLE, lambda one: KEY, idempotence="oplock"))))
    assert TABLE.get(KEY) is None
    run(given, None, from_stream, (only("a"), each(reaction.delete(TABLE, lambda one: KEY, idempotence="none"))))
    assert fake.tables["t"] == {}


def test_pages_go_on_where_the_last_one_ended(fake: FakeAws) -> None:
    for number in range(5):
        TABLE.put({"id": str(number), "group": "g"})
    page, seen = TABLE.scan(limit=2), []
    while True:
        seen += [row["id"] for row in page["items"]]
        if page["cursor"] is None:
            break
        page = TABLE.scan(limit=2, cursor=page["cursor"])
    assert seen == ["0", "1", "2", "3", "4"]
    assert TABLE.query({"group": "g"}, limit=9, index="by-group")["items"][4] == {"id": "4", "group": "g"}
    assert TABLE.find({"group": "g"}, "by-group") == {"id": "0", "group": "g"}
    assert TABLE.find({"group": "h"}, "by-group") is None


@pytest.mark.parametrize(
    "cursor",
    ["%", "zzz", "e30", "bnVsbA", "W10", to_cursor({"id": {"S": 1}}), to_cursor({"id": {"SS": ["1"]}}), "é",
     to_cursor({"other": {"S": "1"}}), to_cursor({"id": {"S": "1"}, "group": {"S": "another"}})],
)  # fmt: skip
def test_a_cursor_of_anyone_elses_making_is_refused(fake: FakeAws, cursor: str) -> None:
    with pytest.raises(InvalidInputError, match="cursor"):
        TABLE.query({"group": "g"}, limit=2, index="by-group", cursor=cursor)


def test_cursors_round_trip() -> None:
    key = {"id": {"S": "ä/?"}, "n": {"N": "1"}}
    assert from_cursor(to_cursor(key)) == key
    assert from_cursor(None) is None
    assert to_cursor({}) is None


def test_what_does_not_fit_the_table_is_the_callers_error(fake: FakeAws) -> None:
    fake.fail["query"] = [refuse("ValidationException"), refuse("ThrottlingException")]
    with pytest.raises(InvalidInputError):
        TABLE.query({"group": 1}, limit=1)
    with pytest.raises(Exception, match="Throttling"):
        TABLE.query({"group": 1}, limit=1)


def change(fake: FakeAws, operation: str, old: Any = None, new: Any = None) -> dict[str, Any]:
    images = {**({"OldImage": old} if old else {}), **({"NewImage": new} if new else {})}
    detail = {"Keys": {"id": {"S": "1"}}, "SequenceNumber": "7", "ApproximateCreationDateTime": NOW / 1000, **images}
    return {"eventID": "e1", "eventName": operation, "dynamodb": detail}


def captured(fake: FakeAws, record: dict[str, Any], latch: bool = False) -> list[dict[str, Any]]:
    fake.sent.clear()
    made = Emission("x", stream="MAIN", fields=lambda one: {key: one[key] for key in ("old", "new") if key in one})
    steps = (for_operations(dict.fromkeys(("INSERT", "MODIFY", "REMOVE"), made)), publish)
    assert run({"Records": [record]}, None, from_table, (unlatched, *steps) if latch else steps, faults_to="MAIN") == {
        "batchItemFailures": []
    }
    return fake.events


def test_a_row_says_which_event_wrote_it_and_so_do_the_changes_that_it_makes(fake: FakeAws) -> None:
    given = {"Records": [stream_record(event("a", 5))]}
    run(given, None, from_stream, (only("a"), each(reaction.put(TABLE, lambda one: {"id": "1"}, idempotence="oplock"))))
    cause = stored(fake)["asOf:trigger"]
    assert cause == {"S": event("a", 5)["id"]}
    (made,) = captured(fake, change(fake, "INSERT", new=stored(fake)))
    assert (made["id"], made["tags"]["trigger"]) == ("e1", cause["S"])
    old = stored(fake)
    TABLE.update(KEY, {"n": 1})
    assert "asOf:trigger" not in stored(fake), "the service's own write is caused by no event"
    (made,) = captured(fake, change(fake, "MODIFY", old=old, new=stored(fake)))
    assert made["tags"]["trigger"] == "e1"
    TABLE.update(KEY, {"n": 2}, Stamp(9, "e9"))
    (made,) = captured(fake, change(fake, "MODIFY", old=stored(fake), new={**stored(fake), "n": {"N": "3"}}))
    assert made["tags"]["trigger"] == "e1", "an unchanged mark says nothing of this change"


def test_a_change_is_captured_without_what_the_runtime_keeps(fake: FakeAws) -> None:
    TABLE.put({"id": "1", "price": Decimal("1.5"), "expires": 9}, by(5))
    (made,) = captured(fake, change(fake, "INSERT", new=stored(fake)))
    assert made["new"] == {"id": "1", "price": 1.5, "expires": 9}
    assert (made["id"], made["timestamp"], made["partitionKey"]) == ("e1", NOW, "1")
    assert made["tags"]["trigger"] == "e5"


def test_changes_of_one_row_are_never_older_than_what_was_before(fake: FakeAws) -> None:
    TABLE.put({"id": "1", "n": 1}, by(NOW + 500, None))
    first = stored(fake)
    (inserted,) = captured(fake, change(fake, "INSERT", new=first))
    assert inserted["timestamp"] == NOW + 501
    (removed,) = captured(fake, change(fake, "REMOVE", old=first))
    assert removed["timestamp"] == NOW + 502
    by_hand = {**first, "n": {"N": "2"}}
    (modified,) = captured(fake, change(fake, "MODIFY", old=first, new=by_hand))
    assert modified["timestamp"] == NOW + 502


def test_a_write_that_changes_nothing_is_no_change(fake: FakeAws) -> None:
    LATCHED.put({"id": "1"})
    old = stored(fake)
    LATCHED.update(KEY, {}, by(NOW + 5, None))
    assert stored(fake) != old
    assert captured(fake, change(fake, "MODIFY", old=old, new=stored(fake))) == []


def test_the_latch_leaves_out_what_a_reaction_wrote(fake: FakeAws) -> None:
    own = {"id": {"S": "1"}, "n": {"N": "1"}, "latched": {"BOOL": False}}
    theirs = {"id": {"S": "1"}, "n": {"N": "2"}, "latched": {"BOOL": True}}
    assert captured(fake, change(fake, "MODIFY", old=own, new=theirs), latch=True) == []
    assert len(captured(fake, change(fake, "MODIFY", old=theirs, new=own), latch=True)) == 1
    assert captured(fake, change(fake, "REMOVE", old=theirs), latch=True) == []
    assert len(captured(fake, change(fake, "REMOVE", old=own), latch=True)) == 1
    assert len(captured(fake, change(fake, "MODIFY", old=own, new=theirs))) == 1


def test_a_tombstone_is_no_row(fake: FakeAws) -> None:
    row = {"id": {"S": "1"}, "n": {"N": "1"}}
    stone = {"id": {"S": "1"}, "deletedAt": {"N": "5"}, "asOf:written": {"N": "7"}}
    (removed,) = captured(fake, change(fake, "MODIFY", old=row, new=stone))
    assert ("old" in removed, "new" in removed) == (True, False)
    (inserted,) = captured(fake, change(fake, "MODIFY", old=stone, new=row))
    assert ("old" in inserted, "new" in inserted) == (False, True)
    for operation, images in (("INSERT", {"new": stone}), ("MODIFY", {"old": stone, "new": stone})):
        assert captured(fake, change(fake, operation, **images)) == []
    assert captured(fake, change(fake, "REMOVE", old=stone)) == []


def test_a_record_that_is_no_change_is_poison(fake: FakeAws) -> None:
    for record in ({"eventID": "x", "dynamodb": {"SequenceNumber": "1"}}, change(fake, "INSERT", new={"id": "1"})):
        fake.sent.clear()
        assert run({"Records": [record]}, None, from_table, (), faults_to="MAIN") == {"batchItemFailures": []}
        assert [one["error"]["name"] for one in fake.events] == ["PoisonError"]


def test_objects(fake: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket("T", ("id",))
    assert bucket.put({"id": "1", "n": Decimal("1.5")}) == {"id": "1", "n": Decimal("1.5")}
    assert fake.calls == ["put_object"]
    assert bucket.update(KEY, {"m": 2}, by(20)) == {"id": "1", "n": Decimal("1.5"), "m": 2}
    assert bucket.update(KEY, {"m": 1}, by(10))["m"] == 2
    bucket.put({"id": "1", "m": 0}, by(10))
    bucket.delete(KEY, by(10))
    assert bucket.get(KEY) == {"id": "1", "n": Decimal("1.5"), "m": 2}
    bucket.delete(KEY)
    assert bucket.get(KEY) is None
    with pytest.raises(NotFoundError):
        bucket.update(KEY, {})
    with pytest.raises(InvalidInputError):
        bucket.get({})


def test_an_object_that_changes_meanwhile_is_read_again(fake: FakeAws) -> None:
    bucket = Bucket("T", ("id",))
    bucket.put({"id": "1", "n": 1})
    fake.fail["put_object"] = [refuse("PreconditionFailed")]
    assert bucket.update(KEY, {"m": 2}) == {"id": "1", "n": 1, "m": 2}
    fake.fail["put_object"] = [refuse("ConditionalRequestConflict")] * 3
    with pytest.raises(TransientError):
        bucket.update(KEY, {"m": 3})
    fake.fail["get_object"] = [refuse("SlowDown")]
    with pytest.raises(Exception, match="SlowDown"):
        bucket.get(KEY)


def test_json_keeps_numbers(fake: FakeAws) -> None:
    text = '{"a":1,"b":19.99,"c":1e400,"d":[true,null,"ä"]}'
    value = jsons.loads(text)
    assert value == {"a": 1, "b": Decimal("19.99"), "c": Decimal("1E+400"), "d": [True, None, "ä"]}
    assert jsons.dumps({"a": 1, "b": Decimal("19.99"), "c": Decimal("2.0")}) == '{"a":1,"b":19.99,"c":2}'
    assert jsons.with_decimals({"a": 0.1}) == {"a": Decimal("0.1")}
    for bad in ("NaN", "[Infinity]", "{"):
        with pytest.raises(ValueError):
            jsons.loads(bad)
