"""Pairing what is expected with what there is: each expectation with one of several, the rest left over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cncb_compiler.scenarios.match import Difference, match
from cncb_compiler.scenarios.words import Bindings
from cncb_compiler.schema.types import TypeTable

SEARCH_LIMIT = 20_000
"""How many matches one pairing tries: enough for any readable scenario."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that there is. `known`: it need not be expected. `label` is what it is called in messages.

    `own` are the names of a row's own fields, for those that look at rows. `after` is the `id` of the candidate that
    caused this one, and so comes first.
    """

    value: Any
    label: str
    known: bool = False
    own: frozenset[str] = frozenset()
    id: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Pairing:
    """The outcome: names as bound; the first expectation (its number) that nothing fits, with the nearest and why."""

    bindings: Bindings
    missing: int | None = None
    nearest: Candidate | None = None
    difference: Difference | None = None
    left: tuple[Candidate, ...] = ()


def pair(
    expected: Sequence[Any], lanes: Sequence[Sequence[Candidate]], bindings: Bindings, types: TypeTable
) -> Pairing:
    """Give each expectation a candidate of its own.

    Within a lane candidates are taken in their order, and none before the one that it comes `after`. A known candidate
    may be passed over. What is left over are the others that no expectation took.
    """
    search = _Search(expected, lanes, types)
    found = search.from_(0, tuple(0 for _ in lanes), (), bindings)
    if found is not None:
        return found
    return search.best


class _Search:
    """One pairing, by backtracking; `best` is how far it came."""

    def __init__(self, expected: Sequence[Any], lanes: Sequence[Sequence[Candidate]], types: TypeTable) -> None:
        self.expected = expected
        self.lanes = lanes
        self.types = types
        self.needed = frozenset(one.id for lane in lanes for one in lane if one.id and not one.known)
        self.tries = 0
        self.best = Pairing({}, 0)
        self._best_rank = (-1, -1, -1)

    def from_(
        self, number: int, heads: tuple[int, ...], taken: tuple[Candidate, ...], bindings: Bindings
    ) -> Pairing | None:
        if number == len(self.expected):
            left = tuple(
                one for lane, head in zip(self.lanes, heads, strict=True) for one in lane[head:] if not one.known
            )
            if not left:
                return Pairing(bindings)
            self._note(Pairing(bindings, None, left=left), (number, 0, -len(left)))
            return None
        tried = False
        before = {one.id for one in taken}
        for index, lane in enumerate(self.lanes):
            for position in range(heads[index], len(lane)):
                candidate = lane[position]
                if candidate.after in self.needed and candidate.after not in before:
                    break
                self.tries += 1
                tried = True
                outcome = match(self.expected[number], candidate.value, bindings, self.types)
                if outcome.difference is None:
                    ahead = (*heads[:index], position + 1, *heads[index + 1 :])
                    found = self.from_(number + 1, ahead, (*taken, candidate), outcome.bindings)
                    if found is not None or self.tries > SEARCH_LIMIT:
                        return found
                else:
                    near = Pairing(bindings, number, candidate, outcome.difference)
                    self._note(near, (number, outcome.difference.depth, 0))
                if not candidate.known:
                    break
        if not tried:
            self._note(Pairing(bindings, number), (number, -1, 0))
        return None

    def _note(self, pairing: Pairing, rank: tuple[int, int, int]) -> None:
        if rank > self._best_rank:
            self._best_rank, self.best = rank, pairing
