"""Unit tests of `changes-refunds`.

Declared at services/payment-gateway.yaml#/changes/refunds
"""

import pytest

FUNCTION = "changes-refunds"
MAPPINGS = ("insert_payment_refunded", "insert_payment_refunded_partition_key")


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.changes("INSERT"))
    assert answer == {"batchItemFailures": []}
    assert sorted(aws.published) == ["payment-refunded"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.changes("INSERT"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "dynamodb": {"SequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
