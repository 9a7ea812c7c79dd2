"""The soak's checks find what they are for; so does its simulation bring what it says."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from tests.soak import checks, expected
from tests.soak.checks import Fault
from tests.soak.history import KEYS, TYPES, good, parsed, simulate

PUBLISHED = simulate(seed=7, events=4500)


def test_the_simulation_is_the_books_and_everything_goes_wrong_in_it() -> None:
    events = parsed(PUBLISHED)
    assert simulate(seed=7, events=4500) == PUBLISHED
    assert simulate(seed=8, events=4500) != PUBLISHED
    assert Counter(one.poison for one in PUBLISHED if one.poison) == {"unparseable": 23, "dark": 22}
    assert len(events) + 23 == 4500
    assert len(good(PUBLISHED)) + 45 == 4500
    assert {event["type"] for event in events} == {*TYPES}
    assert {event["partitionKey"] for event in events} == {str(key) for key in range(1, KEYS + 1)}
    assert 4850 < len(PUBLISHED) < 5000
    arrived = [one.event["timestamp"] for one in PUBLISHED if one.event]
    assert sum(later < earlier for earlier, later in itertools.pairwise(arrived)) > 400


def test_what_is_expected() -> None:
    def event(kind: str, number: int) -> dict:
        return {"type": kind, "thing": {"id": "1", "number": number, "amount": 5, "window": "1-000", "shade": "light"}}

    events = [event("blue", 1), event("green", 2), event("blue", 3)]
    assert expected.latest(events) == {
        "1": {"id": "1", "blue": 3, "blueShade": "pale", "green": 2, "greenShade": "pale"}
    }
    sums = {"window": "1-000", "blue": 2, "blueAmount": 10, "orange": 0, "orangeAmount": 0}
    assert expected.sums(events) == {"1-000": sums}
    assert expected.seen(events) == {"1-000": {"window": "1-000", "seen": 1, "amount": 5}}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"a": {"n": 1}}, ["view b: expected {'n': 2}, found None"]),
        ({"a": {"n": 1}, "b": {"n": 3}}, ["view b: expected {'n': 2}, found {'n': 3}"]),
        ({"a": {"n": 1}, "b": {"n": 2}, "c": {}}, ["view c: expected None, found {}"]),
        ({"a": {"n": 1}, "b": {"n": 2}}, []),
    ],
)
def test_rows(found, words) -> None:
    assert list(checks.rows("view", {"a": {"n": 1}, "b": {"n": 2}}, found)) == words


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (["x r1", "y r2"], []),
        (["x r1"], ["poison ('view', 'r2') is no fault"]),
        (["x r1", "y r2", "z r3"], ["fault of ('view', 'r3'), which is no poison"]),
        (["x r1", "other r1", "y r2"], ["poison ('view', 'r1') is 2 faults"]),
        (["x r1", "x r1", "y r2"], []),
        (["x r1", "y r2", "y r2"], ["the fault of ('view', 'r2') came 2 times, its record 1 times"]),
    ],
)
def test_faults(found, words) -> None:
    faults = [Fault(identity, "view", record) for identity, record in map(str.split, found)]
    deliveries = {("view", "r1"): 2, ("view", "r2"): 1, ("view", "r3"): 1}
    assert list(checks.faults([("view", "r1"), ("view", "r2")], faults, deliveries)) == words


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (["x r1", "y r2"], []),
        (["x r1"], ["monitor, open: expected 1 of ('view', 'r2'), found 0"]),
        (["x r1", "y r2", "z r3"], ["monitor, open: expected 0 of ('view', 'r3'), found 1"]),
        (["x r1", "other r1", "y r2"], ["monitor, open: expected 1 of ('view', 'r1'), found 2"]),
    ],
)
def test_kept(found, words) -> None:
    faults = [Fault(identity, "view", record) for identity, record in map(str.split, found)]
    assert list(checks.kept("open", [("view", "r1"), ("view", "r2")], faults)) == words


@pytest.mark.parametrize(
    ("streamed", "found", "words"),
    [
        ("aabc", "caab", []),
        ("aabc", "abc", ["put, and not in the lake: b'a'", "on the stream, and not in the lake: b'a'"]),
        ("aabc", "aab", ["on the stream, and not in the lake: b'c'"]),
        ("aabc", "aabcc", ["in the lake, and not on the stream: b'c'"]),
        # What nobody who follows the stream has seen was put all the same.
        ("ab", "ab", ["put, and not in the lake: b'a'"]),
    ],
)
def test_lake(streamed, found, words) -> None:
    def records(text: str) -> list[bytes]:
        return [letter.encode() for letter in text]

    assert list(checks.lake(records("aab"), records(streamed), records(found))) == words


@pytest.mark.parametrize(
    ("effects", "words"),
    [
        (["A a k", "B b k", "C c l"], []),
        (["A a k", "A a k", "B b k", "C c l"], []),
        (["C c l", "A a k", "B b k"], []),
        (["B b k", "A a k", "C c l"], ["key k: effects are not in the order of their causes, or not all there"]),
        (["A a k", "C c l"], ["key k: effects are not in the order of their causes, or not all there"]),
        (["A a k", "B b k", "D b k", "C c l"], ["event b has caused 2 events"]),
    ],
)
def test_order(effects, words) -> None:
    causes = [{"id": name, "partitionKey": key} for name, key in ("ak", "bk", "ak", "cl")]
    caused = [
        {"id": identity, "partitionKey": key, "tags": {"trigger": trigger}}
        for identity, trigger, key in map(str.split, effects)
    ]
    assert list(checks.order(causes, caused)) == words
