"""A rebuilt view is a clean one, whatever is published, read and cut off meanwhile."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from rebuild_world import LAG, Cut, World, analysed

from cncb_compiler.rebuild.rebuilding import rebuild
from cncb_compiler.rebuild.state import StateFile

KEYS = st.sampled_from("abc")
HAPPENINGS = st.one_of(
    st.tuples(st.just("publish"), KEYS),
    st.tuples(st.just("read"), st.integers(0, 1), st.integers(1, 5)),
    st.tuples(st.just("wait"), st.sampled_from([1, LAG // 3, LAG * 2])),
)
"""An event is published, a function of the stack goes on by some, or time passes."""


@cache
def by_generation():
    made = {}
    for number in (1, 2):
        with tempfile.TemporaryDirectory(prefix="shop") as folder:
            made[number] = analysed(Path(folder), number)
    return made


@given(
    before=st.lists(HAPPENINGS, max_size=12),
    meanwhile=st.lists(st.lists(HAPPENINGS, max_size=3), max_size=30),
    cuts=st.lists(st.integers(1, 30), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_no_event_is_lost_and_none_goes_back(before, meanwhile, cuts):
    world = World(by_generation())
    for one in before:
        happen(world, one)
    # What the stream has forgotten, the lake holds, and the view knows.
    known = sum(event.arrival <= world.clock - LAG for event in world.events)
    world.forgotten = min(known, *world.positions.values())
    left = iter(meanwhile)
    world.tick = lambda world: [happen(world, one) for one in next(left, ())]
    with tempfile.TemporaryDirectory() as folder:
        world.file = StateFile(Path(folder, "state.json"))
        for cut in [*cuts, 0]:
            world.cut_at = cut and len(world.asked_for) + cut
            try:
                rebuild(world, world.file)
            except Cut:
                continue
            break
    world.tick = lambda world: None
    assert world.readers == ["view-orders"]
    world.read("view-orders", len(world.events))
    assert world.queried() == world.clean()


def happen(world, one):
    match one:
        case "publish", key:
            world.publish(key)
        case "read", number, count:
            world.read(world.readers[number % len(world.readers)], count)
        case "wait", milliseconds:
            world.clock += milliseconds
