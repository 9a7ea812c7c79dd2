"""Unit tests of `evaluate-timelines`.

Declared at services/support.yaml#/views/timelines
"""

import pytest

FUNCTION = "evaluate-timelines"
MAPPINGS = (
    "evaluate",
    "order_cancelled_key",
    "order_submitted_key",
    "parcel_delivered_key",
    "parcel_dispatched_key",
    "parcel_packed_key",
    "payment_refunded_key",
    "payment_refused_key",
    "payment_taken_key",
    "reservation_confirmed_key",
    "reservation_released_key",
    "return_requested_key",
)


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(
        function.collected(
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
    assert aws.writes == ["dynamodb.update_item"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(
        function.collected(
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
    answer = function.handle({"Records": [{"eventID": "poison", "dynamodb": {"SequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
