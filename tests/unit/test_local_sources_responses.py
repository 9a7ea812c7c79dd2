"""What a function's answer means for its batch."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from cncb_compiler.local.sources.batches import Outcome
from cncb_compiler.local.sources.responses import failures, outcome


@dataclass
class Answer:
    payload: bytes = b"null"
    error: str | None = None


SEQUENCES = ["7", "8", "9"]


@pytest.mark.parametrize(
    "payload", [b"", b"null", b"{}", b'{"batchItemFailures": []}', b'{"batchItemFailures": null}', b'{"other": 1}']
)
def test_complete_success(payload):
    assert outcome(Answer(payload), SEQUENCES, reports=True) == Outcome(3)


@pytest.mark.parametrize(
    "payload",
    [
        b'{"batchItemFailures": [{"itemIdentifier": ""}]}',
        b'{"batchItemFailures": [{"itemIdentifier": null}]}',
        b'{"batchItemFailures": [{"item": "8"}]}',
        b'{"batchItemFailures": [{"itemIdentifier": "99"}]}',
        b'{"batchItemFailures": [{"itemIdentifier": "8"}, {"itemIdentifier": ""}]}',
        b'{"batchItemFailures": "8"}',
        b'{"batchItemFailures": ["8"]}',
        b'{"batchItemFailures": [{"itemIdentifier": ["8"]}]}',
        b"[1]",
        b"no json",
    ],
)
def test_complete_failure(payload):
    assert outcome(Answer(payload), SEQUENCES, reports=True) == Outcome(0, whole=True)


def test_the_lowest_sequence_number_is_the_checkpoint():
    answer = Answer(b'{"batchItemFailures": [{"itemIdentifier": "9"}, {"itemIdentifier": "8"}]}')
    assert outcome(answer, SEQUENCES, reports=True) == Outcome(1)


def test_reports_mean_nothing_where_they_are_not_declared():
    assert outcome(Answer(b'{"batchItemFailures": [{"itemIdentifier": "8"}]}'), SEQUENCES, reports=False) == Outcome(3)


def test_a_function_error_fails_the_whole_batch():
    assert outcome(Answer(b"{}", "Unhandled"), SEQUENCES, reports=True) == Outcome(0, whole=True, error="Unhandled")


def test_all_failures_are_named_for_queues():
    assert failures(b'{"batchItemFailures": [{"itemIdentifier": "9"}, {"itemIdentifier": "7"}]}', SEQUENCES) == {
        "7",
        "9",
    }
