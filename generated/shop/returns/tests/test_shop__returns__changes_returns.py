"""Unit tests of `changes-returns`.

Declared at services/returns.yaml#/changes/returns
"""

import pytest

FUNCTION = "changes-returns"
MAPPINGS = (
    "insert_return_requested",
    "insert_return_requested_partition_key",
    "modify_return_approved",
    "modify_return_approved_partition_key",
    "modify_return_approved_when",
    "modify_return_refused",
    "modify_return_refused_partition_key",
    "modify_return_refused_when",
)


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.changes("INSERT", "MODIFY"))
    assert answer == {"batchItemFailures": []}
    assert sorted(aws.published) == ["return-approved", "return-refused", "return-requested"]


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
