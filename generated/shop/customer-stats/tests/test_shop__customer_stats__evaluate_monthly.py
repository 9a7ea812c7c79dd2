"""Unit tests of `evaluate-monthly`.

Declared at services/customer-stats.yaml#/views/monthly
"""

import pytest

FUNCTION = "evaluate-monthly"
MAPPINGS = ("order_submitted_key", "payment_refunded_key", "payment_taken_key", "aggregate")


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.collected("order-submitted", "payment-taken", "payment-refunded"))
    assert answer == {"batchItemFailures": []}
    assert aws.writes == ["dynamodb.update_item"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.collected("order-submitted", "payment-taken", "payment-refunded"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "dynamodb": {"SequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
