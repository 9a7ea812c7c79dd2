"""A replay sends what it is asked for, each record as its stream once did, and goes on wherever it was cut off."""

from __future__ import annotations

import base64
import gzip
import io
import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from replay_fakes import Bucket, Cut, Function, RefusedError, event, line, number_of

from cncb_compiler.replay.batches import batches
from cncb_compiler.replay.counting import counted
from cncb_compiler.replay.lake import START, Lake, Position, hour_of, split, unzipped
from cncb_compiler.replay.lines import Source, UnreadableError, parsed, record
from cncb_compiler.replay.patience import Patience, is_passing
from cncb_compiler.replay.replaying import Progress, replay
from cncb_compiler.replay.selection import Selection
from cncb_compiler.replay.sending import Sender
from cncb_compiler.replay.state import Question, StateFile
from cncb_compiler.target.problems import Problem

SOURCE = Source("arn:aws:kinesis:eu-west-1:111122223333:stream/s", "arn:aws:iam::111122223333:role/r")
MADE = Selection(("made",))
PREFIXES = ("main/",)


def patient(attempts=4):
    return Patience(attempts=attempts, sleep=lambda seconds: None)


def lake_of(bucket, attempts=4):
    return Lake(bucket, "lake", patient(attempts))


def objects(count, each=5, kind=lambda number: "made"):
    return {
        f"main/2026/11/25/{hour:02d}/part.gz": "".join(
            line(number, kind(number)) for number in range(hour * each, hour * each + each)
        )
        for hour in range(count)
    }


def read(bucket, selection=MADE, most=3, at=START, prefixes=PREFIXES):
    return list(batches(lake_of(bucket), prefixes, selection, most, at))


def test_a_record_is_as_lambda_hands_it_to_a_function():
    made = record(parsed(line(7).encode().rstrip()), SOURCE)
    assert made == {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": "k1",
            "sequenceNumber": f"{7:056d}",
            "data": base64.b64encode(json.dumps(event(7)).encode()).decode(),
            "approximateArrivalTimestamp": 1764000000.007,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"shardId-000000000000:{7:056d}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": SOURCE.role_arn,
        "awsRegion": "eu-west-1",
        "eventSourceARN": SOURCE.stream_arn,
    }


@pytest.mark.parametrize(
    "data",
    [
        b'{"type":"made","n":1.50}',
        b' {"n":1e2, "type":"made" }\t',
        b'{"type":"made","a":"\\u00e4"}',
        '{"type":"ä"}'.encode(),
    ],
)
def test_the_bytes_of_an_event_are_those_that_were_put(data):
    head = line(1).encode().partition(b',"event":')[0]
    assert parsed(head + b',"event":' + data + b"}").data == data


def test_what_is_no_json_comes_back_too():
    found = parsed(line(1, data=b"\xff\n").encode())
    assert (found.data, found.type) == (b"\xff\n", None)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[1]", b"\xff", b'{"a":1', line(1).encode()[:-3], b"[" * 100_000])
def test_what_is_no_line_of_a_lake_is_said_to_be_none(raw):
    with pytest.raises(UnreadableError):
        parsed(raw)


def test_batches_go_over_objects_but_not_over_streams():
    found = {
        **objects(2, each=2),
        "other/2026/11/25/00/a.gz": line(8, stream="other") + line(9, stream="other"),
        "errors/main/x.gz": "lost",
    }
    made = read(Bucket(found), prefixes=("main/", "other/"))
    assert [[number_of(one) for one in batch.records(lambda stream: SOURCE)] for batch in made] == [
        [0, 1, 2],
        [3],
        [8, 9],
    ]
    assert made[0].position == Position("main/2026/11/25/01/part.gz", 1)
    assert sum(batch.stored for batch in made) == sum(
        len(body) for body in Bucket(found | {"errors/main/x.gz": ""}).objects.values()
    ) - len(gzip.compress(b""))


def test_types_keys_and_times_choose():
    found = {
        "main/2025/11/24/16/a.gz": line(0)
        + line(1, "other")
        + line(2, key="mine")
        + line(3, data=b"no event")
        + line(4, key="mine", arrival=5)
        + line(5, key="mine")
    }
    selection = Selection(("made",), ("mine",), since=1_764_000_000_002, until=1_764_000_000_005)
    made = read(Bucket(found), selection)
    assert [one.number for batch in made for one in batch.chosen] == [3]
    assert sum((batch.passed for batch in made), start=type(made[0].passed)()) == {
        "other types": 1,
        "other keys": 1,
        "no event": 1,
        "another time": 2,
    }


def test_without_types_every_event_is_chosen():
    lines = line(0) + line(1, "other") + line(2, data=b"no event")
    made = read(Bucket({"main/2025/11/24/16/a.gz": lines}), Selection(()))
    assert [one.number for batch in made for one in batch.chosen] == [1, 2]


def test_objects_of_other_hours_are_not_read():
    bucket = Bucket({f"main/2026/11/{day:02d}/12/a.gz": line(day) for day in range(1, 29)}, page=1000)
    at = 1_762_686_000_000 + 8 * 3_600_000  # 2025-11-09T19:00Z
    found = {f"main/2025/11/{day:02d}/12/a.gz": line(day) for day in range(1, 29)}
    bucket = Bucket(found, page=1000)
    read(bucket, Selection(("made",), None, since=at, until=at + 3_600_000))
    assert [call for call in bucket.calls if call != "list"] == ["get main/2025/11/09/12/a.gz"]


def test_several_zips_in_one_object_a_cut_one_and_none():
    two = gzip.compress(b"a\nb") + gzip.compress(b"c\n\nd")
    pieces = (two[at : at + 1] for at in range(len(two)))
    assert list(split(unzipped(pieces))) == [b"a", b"bc", b"", b"d"]
    assert list(split(unzipped(iter([b"x", b"y\nz"])))) == [b"xy", b"z"]
    with pytest.raises(ValueError, match="midst of its zip"):
        list(unzipped(iter([two[:-20]])))


@pytest.mark.parametrize("key", ["main/a.gz", "main/2026/13/01/00/a.gz"])
def test_an_object_without_an_hour(key):
    assert hour_of(key) is None


def test_a_broken_connection_goes_on_behind_the_last_line():
    bucket = Bucket(objects(1, each=40), breaks=[100, 300, 200])
    lines = list(lake_of(bucket).lines("main/2026/11/25/00/part.gz"))
    assert [parsed(one).sequence for one in lines] == [f"{number:056d}" for number in range(40)]


# Sending.


def sender(function, attempts=3, **more):
    return Sender(function, "f", attempts, more.pop("patience", patient()), **more)


def records(count):
    return [record(parsed(line(number).encode()), SOURCE) for number in range(count)]


def test_it_goes_on_from_the_record_that_the_function_asks_for():
    asked = iter([3, 3, 7])

    def answer(given):
        at = next(asked, None)
        return {"batchItemFailures": [{"itemIdentifier": f"{at:056d}"}]} if at is not None else None

    function = Function(answer)
    sent = sender(function).send(records(10))
    assert (sent.handled, sent.failed) == (10, ())
    assert [[number_of(one) for one in batch][:1] for batch in function.batches] == [[0], [3], [3], [7]]


def test_of_several_the_first_one_counts_and_an_unknown_one_fails_all():
    answers = iter([["5", "2"], ["nobody"], []])
    function = Function(
        lambda given: {"batchItemFailures": [{"itemIdentifier": one.zfill(56)} for one in next(answers, [])]}
    )
    assert sender(function).send(records(6)).handled == 6
    assert [number_of(batch[0]) for batch in function.batches] == [0, 2, 2, 4]


def test_a_record_that_always_fails_is_found_and_told_and_the_rest_goes_on():
    def answer(given):
        if any(number_of(one) == 6 for one in given):
            raise ValueError("six")

    function = Function(answer)
    sent = sender(function).send(records(20))
    assert (sent.handled, [(number_of(one.record), one.error) for one in sent.failed]) == (19, [(6, "ValueError: six")])
    assert [number_of(batch[0]) for batch in function.batches if len(batch) == 1].count(6) == 3
    handled = [number_of(one) for batch in function.batches if 6 not in map(number_of, batch) for one in batch]
    assert handled == [number for number in range(20) if number != 6]


def test_faults_that_the_function_names_are_counted_once():
    function = Function(lambda given: {"batchItemFailures": [], "faults": ["a", "b", "a"]})
    assert sender(function).send(records(2)).faults == ("a", "b")


def test_throttling_is_waited_out_with_full_jitter_and_given_up_in_the_end():
    refusals = iter(
        [RefusedError("TooManyRequestsException", 429), RefusedError("ServiceException", 502), ConnectionResetError()]
    )
    waited = []

    def before(operation):
        if operation == "invoke" and (error := next(refusals, None)):
            raise error

    patience = Patience(attempts=5, base=1, sleep=waited.append, jitter=lambda low, high: high)
    assert sender(Function(before=before), patience=patience).send(records(1)).handled == 1
    assert waited == [2, 4, 8]
    assert patience.refused == 3

    def always(operation):
        raise RefusedError("SlowDown", 503)

    with pytest.raises(RefusedError):
        list(lake_of(Bucket({}, before=always)).objects(PREFIXES))


@pytest.mark.parametrize(
    "error", [RefusedError("AccessDenied", 403), ValueError("ours"), RefusedError("NoSuchBucket", 404)]
)
def test_what_does_not_pass_is_not_tried_again(error):
    assert not is_passing(error)


# The whole, cut off anywhere.


def question(function="f"):
    return Question("lake", PREFIXES, MADE, function)


def whole(bucket, function, file, most=3):
    before = file.read() or Progress()
    return replay(
        batches(lake_of(bucket), PREFIXES, MADE, most, before.position),
        sender(function),
        lambda stream: SOURCE,
        before,
        keep=file.keep,
        most_failed=1000,
    )


@settings(max_examples=60, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 25), max_size=6),
    sizes=st.lists(st.integers(0, 9), min_size=1, max_size=5),
    most=st.integers(1, 7),
    poison=st.integers(0, 20),
)
def test_cut_off_after_any_call_it_goes_on_with_nothing_skipped(tmp_path_factory, cuts, sizes, most, poison):
    number = iter(range(1000))
    found = {f"main/{name}.gz": "".join(line(next(number)) for _ in range(size)) for name, size in enumerate(sizes)}
    total = sum(sizes)

    def answer(given):
        if any(number_of(one) == poison for one in given):
            raise ValueError("poison")

    function = Function(answer)
    file = StateFile(tmp_path_factory.mktemp("cut") / "state.json", question())
    begun = []
    for cut in [*cuts, None]:
        left = [cut]

        def before(operation, left=left):
            if left[0] is not None:
                left[0] -= 1
                if left[0] < 0:
                    raise Cut

        bucket = Bucket(found, before=before)
        function.before = before
        begun.append(len(function.batches))
        try:
            outcome = whole(bucket, function, file, most)
        except Cut:
            continue
    good = [one for batch in function.batches if poison not in map(number_of, batch) for one in batch]
    handled = [number_of(one) for one in good]
    assert sorted(set(handled)) == [number for number in range(total) if number != poison]
    # What is sent again is what was sent, but not acknowledged, when it was cut off.
    assert len(handled) - len(set(handled)) <= most * len(cuts)
    # A run begins where the last one ended: order is kept within each.
    for first, last in zip(begun, [*begun[1:], len(function.batches)], strict=True):
        run = [
            number_of(one)
            for batch in function.batches[first:last]
            if poison not in map(number_of, batch)
            for one in batch
        ]
        assert run == sorted(run)
    assert outcome.progress.done
    kept = (
        [json.loads(one)["record"] for one in file.failures.read_text().splitlines()] if file.failures.exists() else []
    )
    assert {number_of(one) for one in kept} == ({poison} if poison < total else set())
    assert file.read().done


def test_a_resume_file_of_another_replay_is_refused_and_a_broken_one(tmp_path):
    file = StateFile(tmp_path / "s.json", question())
    file.keep(Progress(), ())
    with pytest.raises(Problem, match="of another replay: function differ"):
        StateFile(tmp_path / "s.json", question("g")).read()
    (tmp_path / "s.json").write_text("{")
    with pytest.raises(Problem, match="not the resume file"):
        file.read()


def test_it_stops_behind_too_many_failures(tmp_path):
    def answer(given):
        raise ValueError("down")

    file = StateFile(tmp_path / "s.json", question())
    bucket = Bucket(objects(4))
    outcome = replay(
        batches(lake_of(bucket), PREFIXES, MADE, 3, START),
        sender(Function(answer), attempts=1),
        lambda stream: SOURCE,
        Progress(),
        keep=file.keep,
        most_failed=4,
    )
    assert (outcome.progress.failed, outcome.progress.done) == (6, False)
    assert "more than 4" in outcome.stopped


def test_a_dry_run_counts_and_sends_nothing():
    bucket = Bucket(objects(3, kind=lambda number: "other" if number % 5 == 0 else "made") | {"main/z.gz": "no line\n"})
    count = counted(batches(lake_of(bucket), PREFIXES, MADE, 5, START))
    assert (count.events, count.batches, dict(count.types), dict(count.passed)) == (
        12,
        3,
        {"made": 12},
        {"other types": 3},
    )
    assert dict(count.hours) == {"2026-11-25T00": 4, "2026-11-25T01": 4, "2026-11-25T02": 4}
    assert (count.unreadable, json.loads(count.sample)["n"]) == (1, 1)


class Many(Bucket):
    """A lake of so many equal objects."""

    def __init__(self, count, body):
        super().__init__({})
        self.keys = [f"main/{number:06d}.gz" for number in range(count)]
        self.body = body

    def list_objects_v2(self, Bucket, Prefix, StartAfter="", ContinuationToken=""):  # noqa: N803
        first = int(ContinuationToken or 0)
        found = [{"Key": key, "Size": len(self.body)} for key in self.keys[first : first + 5]]
        more = first + 5 < len(self.keys)
        return {"Contents": found, "IsTruncated": more, "NextContinuationToken": str(first + 5)}

    def get_object(self, Bucket, Key):  # noqa: N803
        return {"Body": io.BytesIO(self.body)}


def test_memory_does_not_grow_with_the_lake():
    body = gzip.compress("".join(line(number) for number in range(1000)).encode(), 1)

    def peak(count):
        tracemalloc.start()
        try:
            lines = sum(
                batch.passed.total()
                for batch in batches(lake_of(Many(count, body)), PREFIXES, Selection(("nothing",)), 9, START)
            )
            return lines, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)
    (few, low), (many, high) = peak(3), peak(30)
    assert (few, many) == (3000, 30_000)
    assert high < low * 1.1 + 20_000
