"""Unit tests of `changes-reservations`.

Declared at services/inventory.yaml#/changes/reservations
"""

import pytest

FUNCTION = "changes-reservations"
MAPPINGS = (
    "insert_reservation_confirmed",
    "insert_reservation_confirmed_partition_key",
    "insert_reservation_confirmed_when",
    "insert_reservation_violation",
    "insert_reservation_violation_partition_key",
    "insert_reservation_violation_when",
    "modify_reservation_released",
    "modify_reservation_released_partition_key",
    "modify_reservation_released_when",
)


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.changes("INSERT", "MODIFY"))
    assert answer == {"batchItemFailures": []}
    assert sorted(aws.published) == ["reservation-confirmed", "reservation-released", "reservation-violation"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.changes("INSERT", "MODIFY"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "dynamodb": {"SequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
