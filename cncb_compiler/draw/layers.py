"""Layered drawing (Sugiyama): which layer each node is in, and in which order, so that few lines cross.

Source: Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures" (1981); cycles
are broken by Eades, Lin and Smyth, "A fast and effective heuristic for the feedback arc set problem" (1993).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise
from math import ceil

_FULL = 16
"""What a layer may have in any picture."""

Neighbours = Mapping[str, Sequence[str]]


def layers(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The layer of each node: edges lead to a later layer, but for as few as break all cycles.

    `nodes` and `edges` are sorted, each edge once, none from a node to itself.
    """
    place = {node: number for number, node in enumerate(_sequence(nodes, edges))}
    forward = [edge if place[edge[0]] < place[edge[1]] else (edge[1], edge[0]) for edge in edges]
    after: dict[str, list[str]] = defaultdict(list)
    before: dict[str, int] = defaultdict(int)
    for source, target in forward:
        after[source].append(target)
        before[target] += 1
    found = dict.fromkeys(nodes, 0)
    for node in sorted(nodes, key=place.__getitem__):
        for target in after[node]:
            found[target] = max(found[target], found[node] + 1)
    # What nothing leads to stands beside the first that it leads to, not at the far left.
    for node in nodes:
        if not before[node] and after[node]:
            found[node] = min(found[target] for target in after[node]) - 1
    return found


def broadened(layer: dict[str, int], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The layers, none much fuller than the picture is long: what leads nowhere goes on in the next one.

    So the many consumers of one event stand in a block, not in one endless column.
    """
    most = max(_FULL, ceil(1.6 * len(layer) ** 0.5))
    leading = {source for source, _ in edges}
    found = dict(layer)
    inside: dict[int, list[str]] = defaultdict(list)
    for node in sorted(layer):
        inside[layer[node]].append(node)
    number = min(inside, default=0)
    while number in inside:
        surplus = max(0, len(inside[number]) - most)
        moved = [node for node in inside[number] if node not in leading][-surplus:] if surplus else []
        found.update(dict.fromkeys(moved, number + 1))
        if moved:
            inside[number + 1] = [*moved, *inside.get(number + 1, ())]
        number += 1
    return found


def _sequence(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[str]:
    """The nodes in a line such that few edges lead back: sinks last, sources first, then what has more out than in."""
    after: dict[str, set[str]] = {node: set() for node in nodes}
    before: dict[str, set[str]] = {node: set() for node in nodes}
    for source, target in edges:
        after[source].add(target)
        before[target].add(source)
    left = dict.fromkeys(nodes)
    first: list[str] = []
    last: list[str] = []
    ready = sorted(nodes)

    def take(node: str, line: list[str]) -> None:
        line.append(node)
        del left[node]
        for other in sorted(after[node]):
            before[other].discard(node)
            ready.append(other)
        for other in sorted(before[node]):
            after[other].discard(node)
            ready.append(other)

    while left:
        while ready:
            node = ready.pop(0)
            if node not in left:
                continue
            if not after[node]:
                take(node, last)
            elif not before[node]:
                take(node, first)
        if left:
            take(max(left, key=lambda node: len(after[node]) - len(before[node])), first)
    return first + last[::-1]


def ordered(rows: Sequence[Sequence[str]], after: Neighbours, before: Neighbours, sweeps: int = 12) -> list[list[str]]:
    """The nodes of each layer, ordered by the mean place of their neighbours, there and back; the best order seen."""
    current = [list(row) for row in rows]
    best, fewest = [list(row) for row in current], crossings(current, after)
    for sweep in range(sweeps):
        if not fewest:
            break
        down = sweep % 2 == 0
        for number in range(1, len(current)) if down else range(len(current) - 2, -1, -1):
            fixed = current[number - 1 if down else number + 1]
            place = {node: index for index, node in enumerate(fixed)}
            beside = before if down else after
            row = current[number]
            own = {node: index for index, node in enumerate(row)}
            scale = len(fixed) / len(row)

            def mean(
                node: str,
                place: dict[str, int] = place,
                beside: Neighbours = beside,
                own: dict[str, int] = own,
                scale: float = scale,
            ) -> tuple[float, int]:
                places = [place[other] for other in beside.get(node, ()) if other in place]
                return sum(places) / len(places) if places else own[node] * scale, own[node]

            row.sort(key=mean)
        count = crossings(current, after)
        if count < fewest:
            best, fewest = [list(row) for row in current], count
    return best


def centred(row: Sequence[str], after: Neighbours, before: Neighbours) -> list[str]:
    """A layer in which what leads on stands in the middle of many beside it of the same source, which lead nowhere.

    So a block of consumers (`broadened`) is as high above as below the line of arrows to the rest of them.
    """
    found: list[str] = []
    for _, run in groupby(row, lambda node: tuple(sorted(set(before.get(node, ()))))):
        beside = list(run)
        leading = [node for node in beside if after.get(node)]
        others = [node for node in beside if not after.get(node)]
        middle = len(others) // 2
        found += [*others[:middle], *leading, *others[middle:]] if len(others) >= _FULL // 2 else beside
    return found


def crossings(rows: Sequence[Sequence[str]], after: Neighbours) -> int:
    """How many lines between neighbouring layers cross."""
    count = 0
    for row, following in pairwise(rows):
        place = {node: index for index, node in enumerate(following)}
        seen: list[int] = []
        for node in row:
            ends = sorted(place[other] for other in after.get(node, ()) if other in place)
            count += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return count


def spread(desired: Sequence[float], sizes: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Tops of things in a column, as near to the desired ones as their order, sizes and gaps allow.

    Pool adjacent violators: what would overlap is moved together, to the mean of what its parts desire.
    """
    offsets = [0.0]
    for size, gap in zip(sizes, gaps, strict=True):
        offsets.append(offsets[-1] + size + gap)
    blocks: list[tuple[float, int]] = []
    for want, offset in zip(desired, offsets, strict=False):
        total, count = want - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before, many = blocks.pop()
            total, count = total + before, count + many
        blocks.append((total, count))
    starts = [total / count for total, count in blocks for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=False)]
