"""Faults of delivery that tests switch on: batches that come twice, records in another order."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a function was delivered since it had a switch: batches, how many twice, how many in another order.

    `largest` is the most records that a batch had.
    """

    batches: int = 0
    twice: int = 0
    disordered: int = 0
    largest: int = 0


@dataclass(slots=True)
class _Switch:
    left: int | None
    order: random.Random | None = None


class Switches:
    """The switches of every function, by name. `times` is for how many batches; None is for all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._twice: dict[str, _Switch] = {}
        self._disorder: dict[str, _Switch] = {}
        self._delivered: dict[str, Delivered] = {}

    def duplicate(self, function: str, times: int | None = None) -> None:
        """Deliver each batch of a function twice."""
        with self._lock:
            self._twice[function] = _Switch(times)

    def shuffle(self, function: str, seed: int, times: int | None = None) -> None:
        """Deliver the records of a batch in another order, the same one for the same seed."""
        with self._lock:
            self._disorder[function] = _Switch(times, random.Random(seed))

    def clear(self) -> None:
        """Deliver as usual."""
        with self._lock:
            self._twice.clear()
            self._disorder.clear()
            self._delivered.clear()

    def delivered(self, function: str) -> Delivered:
        """What a function was delivered since it had its first switch."""
        with self._lock:
            return self._delivered.get(function, Delivered())

    def deliveries(self, function: str) -> int:
        """How often the next batch of a function is delivered."""
        with self._lock:
            if not _used(self._twice, function):
                return 1
            so_far = self._delivered.get(function, Delivered())
            self._delivered[function] = replace(so_far, twice=so_far.twice + 1)
            return 2

    def ordered(self, function: str, records: Sequence[Item]) -> list[Item]:
        """The records of the next batch in the order of their delivery. One record alone has no other order."""
        told = list(records)
        with self._lock:
            if function not in self._twice and function not in self._disorder:
                return told
            if len(told) > 1 and (switch := _used(self._disorder, function)) and switch.order:
                while told == list(records):
                    switch.order.shuffle(told)
            so_far = self._delivered.get(function, Delivered())
            self._delivered[function] = replace(
                so_far,
                batches=so_far.batches + 1,
                disordered=so_far.disordered + (told != list(records)),
                largest=max(so_far.largest, len(told)),
            )
        return told


def _used(switches: dict[str, _Switch], function: str) -> _Switch | None:
    switch = switches.get(function)
    if switch is None or switch.left == 0:
        return None
    if switch.left is not None:
        switch.left -= 1
    return switch
