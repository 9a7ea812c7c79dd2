"""Unit tests of `transitions`.

Declared at system.yaml#/services/process/transitions
"""

import pytest

FUNCTION = "transitions"
MAPPINGS = ("make_reservation", "update_order_status", "update_order_status_partition_key")


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.batch("order-submitted", "reservation-confirmed"))
    assert answer == {"batchItemFailures": []}
    assert sorted(aws.published) == ["make-reservation", "update-order-status"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.batch("order-submitted", "reservation-confirmed"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "kinesis": {"sequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
