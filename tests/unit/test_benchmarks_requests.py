"""Batching and grouping take as few requests as they promise, for the book's simulation."""

from __future__ import annotations

from math import ceil

from benchmarks import requests
from benchmarks.requests import ENTRIES, WRITTEN


def test_requests_of_the_books_simulation() -> None:
    single, batched, grouped = requests.counted()
    purple = [[event for event in events if event["type"] == WRITTEN] for events in requests.simulated()]
    assert single.events == 4500
    assert single.requests == single.written == sum(map(len, purple))
    assert batched.requests == sum(ceil(len(events) / ENTRIES) for events in purple)
    assert grouped.requests == sum(len({event["partitionKey"] for event in events}) for events in purple) == 50


def test_the_table() -> None:
    heading, single, *_ = requests.rows(requests.counted())
    assert heading[3] == "requests"
    assert single[:2] == ("one by one", "4,500")
