"""Unit tests of `transitions`.

Declared at services/order-process.yaml#/transitions
"""

import pytest

FUNCTION = "transitions"
MAPPINGS = (
    "make_reservation",
    "make_reservation_partition_key",
    "pack_order",
    "pack_order_partition_key",
    "refund_payment",
    "refund_payment_partition_key",
    "release_reservation",
    "release_reservation_partition_key",
    "take_payment",
    "take_payment_partition_key",
)


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(
        function.batch("order-submitted", "payment-refused", "reservation-confirmed", "return-approved"),
    )
    assert answer == {"batchItemFailures": []}
    assert sorted(aws.published) == [
        "make-reservation",
        "pack-order",
        "refund-payment",
        "release-reservation",
        "take-payment",
    ]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(
        function.batch("order-submitted", "payment-refused", "reservation-confirmed", "return-approved"),
    )
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "kinesis": {"sequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
