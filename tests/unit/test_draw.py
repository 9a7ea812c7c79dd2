"""The picture of a system: what has no arrows is there too."""

from __future__ import annotations

from scenario_worlds import SYSTEM, analysis

from cncb_compiler.draw.picture import picture

KEEPING = f"{SYSTEM}  lake: {{kind: data-lake}}\n  monitor: {{kind: monitor}}\n"


def test_lake_and_monitor_are_groups_of_their_own_without_an_arrow_from_each_event() -> None:
    before, after = picture(analysis().linked), picture(analysis(KEEPING).linked)
    assert set(after.groups) - set(before.groups) == {("lake", ""), ("monitor", "")}
    assert {(one.group, one.label) for one in set(after.nodes) - set(before.nodes)} == {
        ("lake", "every event"),
        ("monitor", "every fault"),
    }
    assert after.arrows == before.arrows
