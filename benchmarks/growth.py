"""How time grows with the number of services."""

from __future__ import annotations

import math
from collections.abc import Mapping

LARGER = 10
"""Sizes down to this part of the largest are fitted: below, the start of the process outweighs the work."""


def exponent(seconds: Mapping[int, float]) -> float | None:
    """The growth exponent `b` of the best fit of `a * size ** b` to the `seconds` by size.

    Least squares on logarithms over the larger sizes. The time at the smallest size counts as the start of
    the process and is taken off first: left in, it would make growth look gentler than it is. 1 is linear,
    2 quadratic; None where there are too few sizes, or the larger ones take no more time than the smallest.
    """
    if not seconds:
        return None
    smallest, largest = min(seconds), max(seconds)
    points = [
        (math.log(size), math.log(taken - seconds[smallest]))
        for size, taken in seconds.items()
        if size > smallest and size * LARGER >= largest and taken > seconds[smallest]
    ]
    return slope(points)


def slope(points: list[tuple[float, float]]) -> float | None:
    """The slope of the least-squares line through `points` (x, y); None for fewer than two different x."""
    if len({x for x, _ in points}) < 2:
        return None
    mean_x = math.fsum(x for x, _ in points) / len(points)
    mean_y = math.fsum(y for _, y in points) / len(points)
    spread = math.fsum((x - mean_x) ** 2 for x, _ in points)
    return math.fsum((x - mean_x) * (y - mean_y) for x, y in points) / spread
