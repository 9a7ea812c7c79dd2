"""Unit tests of `collect-timelines`.

Declared at services/support.yaml#/views/timelines
"""

import pytest

FUNCTION = "collect-timelines"
MAPPINGS = (
    "order_cancelled_correlation",
    "order_submitted_correlation",
    "parcel_delivered_correlation",
    "parcel_dispatched_correlation",
    "parcel_packed_correlation",
    "payment_refunded_correlation",
    "payment_refused_correlation",
    "payment_taken_correlation",
    "reservation_confirmed_correlation",
    "reservation_released_correlation",
    "return_requested_correlation",
)


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(
        function.batch(
            "order-submitted",
            "reservation-confirmed",
            "reservation-released",
            "payment-taken",
            "payment-refused",
            "payment-refunded",
            "parcel-packed",
            "parcel-dispatched",
            "parcel-delivered",
            "order-cancelled",
            "return-requested",
        ),
    )
    assert answer == {"batchItemFailures": []}
    assert aws.writes == ["dynamodb.put_item"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(
        function.batch(
            "order-submitted",
            "reservation-confirmed",
            "reservation-released",
            "payment-taken",
            "payment-refused",
            "payment-refunded",
            "parcel-packed",
            "parcel-dispatched",
            "parcel-delivered",
            "order-cancelled",
            "return-requested",
        ),
    )
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "kinesis": {"sequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
