"""Unit tests of `changes-payments`.

Declared at services/payment-gateway.yaml#/changes/payments
"""

import pytest

FUNCTION = "changes-payments"
MAPPINGS = (
    "insert_payment_refused",
    "insert_payment_refused_partition_key",
    "insert_payment_refused_when",
    "insert_payment_taken",
    "insert_payment_taken_partition_key",
    "insert_payment_taken_when",
)


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.changes("INSERT"))
    assert answer == {"batchItemFailures": []}
    assert sorted(aws.published) == ["payment-refused", "payment-taken"]


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
