"""Which order of events a scenario insists on: what a stream promises, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from cncb_compiler.scenarios.findings import Seen, check_events
from cncb_compiler.scenarios.outcome import FailedError
from cncb_compiler.schema.types import TypeTable


def seen(name: str, function: str, trigger: str = "") -> Seen:
    tags = {"service": "s", "function": function, **({"trigger": trigger} if trigger else {})}
    return Seen("main", "k", {"id": f"id-{name}", "type": name, "tags": tags}, False)


def check(expected: Sequence[str], there: Sequence[Seen], whole: bool = True) -> None:
    wanted: list[dict[str, Any]] = [{name: {}} for name in expected]
    check_events(wanted, whole, there, {}, TypeTable({}))


def test_events_of_two_functions_may_come_in_either_order() -> None:
    there = [seen("a", "f"), seen("b", "g")]
    check(["a", "b"], there)
    check(["b", "a"], there)


def test_events_of_one_function_and_key_keep_their_order() -> None:
    there = [seen("a", "f"), seen("b", "f")]
    check(["a", "b"], there)
    with pytest.raises(FailedError):
        check(["b", "a"], there)


def test_an_effect_is_never_expected_before_its_cause() -> None:
    there = [seen("a", "f"), seen("b", "g", "id-a")]
    check(["a", "b"], there)
    with pytest.raises(FailedError):
        check(["b", "a"], there)
    check(["b"], there, whole=False)
