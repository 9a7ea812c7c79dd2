"""What holds of every consumer, whatever its settings and whatever becomes of its batches."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cncb_compiler.local.sources.batches import (
    Discard,
    Invoke,
    Lane,
    Outcome,
    Policy,
    concluded,
    next_step,
    received,
    restarted,
)
from cncb_compiler.local.sources.records import Record

policies = st.builds(
    Policy,
    batch_size=st.integers(1, 8),
    window=st.sampled_from([0, 1]),
    retries=st.integers(0, 3),
    max_age=st.sampled_from([-1, 60]),
    bisect=st.booleans(),
    reports=st.just(True),
    payload_limit=st.sampled_from([1000, 6_000_000]),
)


def record(sequence, arrived, size):
    return Record(str(sequence), "k", arrived, {}, {}, size)


def drawn(data, count):
    kind = data.draw(st.sampled_from(["success", "error", "partial", "not invoked"]))
    if kind == "partial":
        return Outcome(data.draw(st.integers(0, count - 1)))
    return {
        "success": Outcome(count),
        "error": Outcome(0, whole=True, error="Unhandled"),
        "not invoked": Outcome(0, invoked=False),
    }[kind]


@settings(max_examples=300, deadline=None)
@given(policies, st.lists(st.tuples(st.integers(0, 3), st.sampled_from([10, 500])), max_size=8), st.data())
def test_every_record_ends_once_in_order_after_a_bounded_number_of_attempts(policy, arrivals, data):
    now, sequence, lane = 0.0, 0, Lane()
    ended, attempts, refusals = [], {}, 0
    groups = iter([*arrivals, None])
    group = next(groups)
    while group is not None or not lane.idle:
        if group is not None and (lane.idle or data.draw(st.booleans())):
            count, size = group
            lane = received(lane, tuple(record(sequence + n, now, size) for n in range(count)), now)
            sequence += count
            group = next(groups)
            continue
        lane, step = next_step(lane, policy, now)
        if isinstance(step, Discard):
            ended += [(int(one.sequence), "given up") for one in step.batch.records]
        elif isinstance(step, Invoke):
            batch = step.batch.records
            assert 1 <= len(batch) <= policy.batch_size
            assert len(batch) == 1 or sum(one.size for one in batch) <= policy.payload_limit
            outcome = drawn(data, len(batch)) if refusals < 5 else Outcome(len(batch))
            refusals += not outcome.invoked
            for one in batch if outcome.invoked else ():
                attempts[one.sequence] = attempts.get(one.sequence, 0) + 1
            lane, discard = concluded(lane, policy, outcome, now)
            ended += [(int(one.sequence), "done") for one in batch[: outcome.done]]
            ended += [(int(one.sequence), "given up") for one in discard.batch.records] if discard else []
        else:
            now = step.until if step.until is not None else now
        now += data.draw(st.sampled_from([0.0, 0.0, 1.0, 30.0]))
    assert [one for one, _ in ended] == list(range(sequence))
    assert all(count <= policy.batch_size + policy.retries + 1 for count in attempts.values())


@settings(max_examples=100, deadline=None)
@given(policies, st.integers(0, 20), st.data())
def test_a_restart_loses_nothing_and_keeps_the_order(policy, count, data):
    lane = received(Lane(), tuple(record(n, 0, 10) for n in range(count)), 0)
    done = 0
    for _ in range(data.draw(st.integers(0, 10))):
        lane, step = next_step(lane, policy, 2.0 + done)
        if isinstance(step, Invoke) and data.draw(st.booleans()):
            outcome = Outcome(data.draw(st.integers(0, len(step.batch.records))))
            lane, discard = concluded(lane, policy, outcome, 2.0)
            done += outcome.done + (len(discard.batch.records) if discard else 0)
        elif isinstance(step, Discard):
            done += len(step.batch.records)
        lane = restarted(lane, 2.0) if data.draw(st.booleans()) else lane
        assert [int(one.sequence) for one in lane.records] == list(range(done, count))
