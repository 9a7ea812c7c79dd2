"""Unit tests of `join-ship-order`.

Declared at services/order-process.yaml#/transitions/3
"""

import pytest

FUNCTION = "join-ship-order"
MAPPINGS = ("ship_order", "ship_order_partition_key")


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.collected("payment-taken", "parcel-packed"))
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["ship-order"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.collected("payment-taken", "parcel-packed"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "dynamodb": {"SequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
