"""Trouble on purpose, by chance: functions that die, tables throttled, batches twice and in disorder, restarts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from cncb_compiler.operate.names import FunctionName
from cncb_compiler.scenarios.live import LiveWorld

KINDS = ("kill", "throttle", "duplicate", "shuffle", "restart")
MOST_CALLS = 15
"""A function dies after one to so many of its calls to AWS; the first of a run after one, so that it surely does."""
REFUSED = (4, 6)
"""A client tries a call three times, so with fewer nothing would fail; and a mapping a batch six times, so with many
more, records would be given up."""


class Trouble:
    """Makes trouble for one system. `happened` counts what really did, by kind.

    `functions` may die and get batches twice; those of them that are `orderless` get them in disorder, too.
    """

    def __init__(
        self, world: LiveWorld, functions: Sequence[FunctionName], orderless: Sequence[FunctionName], seed: int
    ) -> None:
        self._world = world
        self._chance = random.Random(seed)
        self._functions = functions
        self._orderless = orderless
        self._made: list[tuple[str, Any]] = []
        self.happened: Counter[str] = Counter()

    def begin(self) -> None:
        """Have a function die, others get batches twice or in disorder, and some tables or the stream be throttled."""
        killed, doubled = self._chance.sample(self._functions, 2)
        mixed = self._chance.choice(self._orderless)
        throttled = self._chance.sample([*self._world.names.stores.values(), self._world.names.stream], 4)
        calls = self._chance.randint(1, MOST_CALLS) if self.happened["kill"] else 1
        self._world.kill(killed, calls, 1)
        self._world.duplicate(doubled, self._chance.randint(1, 3))
        self._world.shuffle(mixed, self._chance.randint(1, 1000), self._chance.randint(1, 3))
        for one in throttled:
            self._world.throttle(one, self._chance.randint(*REFUSED))
        self._made = [("kill", killed), ("duplicate", doubled), ("shuffle", mixed)]
        self._made += [("throttle", one) for one in throttled]

    def restart(self) -> None:
        """Have all consumers begin again from where they were."""
        self._world.restart_sources()
        self.happened["restart"] += 1

    def end(self) -> None:
        """Have no more trouble, and count what there was."""
        for kind, of in self._made:
            self.happened[kind] += self._world.effect(kind, of).times
        self._made = []
        self._world.calm()
