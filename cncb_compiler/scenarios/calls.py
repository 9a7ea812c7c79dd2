"""The calls of AWS that functions made, held against what is expected of them."""

from __future__ import annotations

from collections.abc import Mapping

from cncb_compiler.scenarios.findings import FailedError
from cncb_compiler.scenarios.model import ExpectedCalls
from cncb_compiler.scenarios.world import Called

NONE = Called(0, 0)


def check_calls(where: str, expected: Mapping[str, ExpectedCalls], made: Mapping[str, Called]) -> None:
    """Raises FailedError with the first operation that was called too often, too seldom, or too fast."""
    for operation, wanted in expected.items():
        called = made.get(operation, NONE)
        problem = _problem(wanted, called)
        if problem is not None:
            others = ", ".join(f"{name} {one.times}" for name, one in sorted(made.items())) or "none"
            raise FailedError(where, f"{operation}: {problem}\ncalls that were made: {others}")


def _problem(wanted: ExpectedCalls, called: Called) -> str | None:
    if wanted.times is not None and called.times != wanted.times:
        return f"expected {wanted.times} in all, got {called.times}"
    if wanted.at_most is not None and called.times > wanted.at_most:
        return f"expected at most {wanted.at_most} in all, got {called.times}"
    if wanted.per_second is not None and called.busiest > wanted.per_second:
        return f"expected at most {wanted.per_second} in any second, got {called.busiest}"
    return None
