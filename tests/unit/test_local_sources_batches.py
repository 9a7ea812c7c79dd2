"""The state machine of a lane, step by step."""

from __future__ import annotations

from local_sources_fakes import record

from cncb_compiler.local.sources.batches import (
    RETRIES_EXHAUSTED,
    TOO_OLD,
    Discard,
    Invoke,
    Lane,
    Outcome,
    Policy,
    Wait,
    back_off,
    concluded,
    next_step,
    received,
    restarted,
)


def lane(*sequences, now=0.0, **fields):
    return received(Lane(), tuple(record(one, **fields) for one in sequences), now)


def names(records):
    return [int(one.sequence) for one in records]


def invoke(state, policy, now=0.0):
    state, step = next_step(state, policy, now)
    assert isinstance(step, Invoke), step
    return state, names(step.batch.records)


def test_batches_have_the_declared_size():
    state, sent = invoke(lane(1, 2, 3), Policy(batch_size=2))
    assert sent == [1, 2]
    state, _ = concluded(state, Policy(batch_size=2), Outcome(2), 0)
    assert invoke(state, Policy(batch_size=2))[1] == [3]


def test_one_batch_at_a_time():
    state, _ = invoke(lane(1, 2), Policy(batch_size=1))
    assert next_step(state, Policy(batch_size=1), 9)[1] == Wait(None)


def test_a_payload_has_six_megabytes():
    megabytes = 2**20
    state = lane(1, 2, 3, 4, size=2 * megabytes)
    assert invoke(state, Policy())[1] == [1, 2]
    assert invoke(lane(1, 2, size=7 * megabytes), Policy())[1] == [1]


def test_a_window_is_waited_for_unless_the_batch_is_full():
    policy = Policy(batch_size=3, window=2)
    assert next_step(lane(1, now=10.0), policy, 11)[1] == Wait(12.0)
    assert invoke(lane(1, now=10.0), policy, 12)[1] == [1]
    assert invoke(received(lane(1, now=10.0), (record(2), record(3)), 11), policy, 11)[1] == [1, 2, 3]


def test_a_failure_is_retried_with_a_longer_wait_each_time():
    policy = Policy(retries=2)
    state, _ = invoke(lane(1, 2), policy)
    state, given_up = concluded(state, policy, Outcome(0, whole=True, error="Unhandled"), 1)
    assert given_up is None
    assert next_step(state, policy, 1)[1] == Wait(1.05)
    state, sent = invoke(state, policy, 1.05)
    assert sent == [1, 2]
    state, _ = concluded(state, policy, Outcome(0, whole=True), 2)
    assert next_step(state, policy, 2)[1] == Wait(2.1)
    state, _ = invoke(state, policy, 3)
    state, given_up = concluded(state, policy, Outcome(0, whole=True, error="Unhandled"), 3)
    assert given_up and given_up.condition == RETRIES_EXHAUSTED and given_up.batch.invocations == 3
    assert state.idle


def test_the_wait_has_a_bound():
    assert [back_off(one) for one in (0, 1, 2, 3, 4, 5, 500)] == [0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0]


def test_bisecting_isolates_the_bad_record_and_uses_up_no_retry():
    policy = Policy(bisect=True, retries=1)
    state, sent, given_up = lane(1, 2, 3, 4), [], []
    while not state.idle:
        state, step = next_step(state, policy, 99)
        assert isinstance(step, Invoke)
        batch = names(step.batch.records)
        sent.append(batch)
        state, discard = concluded(state, policy, Outcome(0, whole=True) if 3 in batch else Outcome(len(batch)), 0)
        given_up += names(discard.batch.records) if discard else []
    assert sent == [[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]]
    assert given_up == [3]


def test_a_partial_success_moves_the_checkpoint():
    policy = Policy(reports=True, retries=1)
    state, _ = invoke(lane(1, 2, 3), policy)
    state, _ = concluded(state, policy, Outcome(1), 0)
    state, sent = invoke(state, policy, 9)
    assert sent == [2, 3]
    _, given_up = concluded(state, policy, Outcome(0), 9)
    assert given_up and names(given_up.batch.records) == [2, 3]


def test_a_partial_success_with_bisecting_is_a_split():
    policy = Policy(reports=True, bisect=True, retries=0)
    state, _ = invoke(lane(1, 2, 3), policy)
    state, given_up = concluded(state, policy, Outcome(1), 0)
    assert given_up is None
    assert invoke(state, policy, 0)[1] == [2, 3]


def test_records_that_are_too_old_are_given_up():
    policy = Policy(max_age=60)
    state = received(lane(1, 2, arrived=0), (record(3, arrived=50),), 50)
    state, step = next_step(state, policy, 100)
    assert isinstance(step, Discard) and step.condition == TOO_OLD and names(step.batch.records) == [1, 2]
    state, sent = invoke(state, policy, 100)
    assert sent == [3]
    state, _ = concluded(state, policy, Outcome(0, whole=True), 100)
    state, step = next_step(state, policy, 200)
    assert isinstance(step, Discard) and step.batch.invocations == 1 and state.idle


def test_a_function_that_cannot_be_invoked_uses_up_no_retry():
    policy = Policy(retries=0, bisect=True)
    state, _ = invoke(lane(1, 2), policy)
    state, given_up = concluded(state, policy, Outcome(0, invoked=False), 0)
    assert given_up is None
    assert invoke(state, policy, 1)[1] == [1, 2]


def test_a_restart_begins_at_the_checkpoint():
    policy = Policy(batch_size=2, bisect=True)
    state, _ = invoke(lane(1, 2, 3), policy)
    state, _ = concluded(state, policy, Outcome(0, whole=True), 0)
    state, _ = invoke(state, policy)
    assert names(restarted(state, 0).records) == [1, 2, 3]
    assert invoke(restarted(state, 0), policy)[1] == [1, 2]
