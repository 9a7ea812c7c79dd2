"""Unit tests of `changes-parcels`.

Declared at services/shipping.yaml#/changes/parcels
"""

import pytest

FUNCTION = "changes-parcels"
MAPPINGS = (
    "modify_parcel_delivered",
    "modify_parcel_delivered_partition_key",
    "modify_parcel_delivered_when",
    "modify_parcel_dispatched",
    "modify_parcel_dispatched_partition_key",
    "modify_parcel_dispatched_when",
    "modify_parcel_packed",
    "modify_parcel_packed_partition_key",
    "modify_parcel_packed_when",
)


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.changes("MODIFY"))
    assert answer == {"batchItemFailures": []}
    assert sorted(aws.published) == ["parcel-delivered", "parcel-dispatched", "parcel-packed"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.changes("MODIFY"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "dynamodb": {"SequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
