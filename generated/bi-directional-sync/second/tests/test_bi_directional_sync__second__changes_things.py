"""Unit tests of `changes-things`.

Declared at system.yaml#/services/second/changes/things
"""

import pytest

FUNCTION = "changes-things"
MAPPINGS = (
    "insert_thing_saved",
    "insert_thing_saved_partition_key",
    "modify_thing_saved",
    "modify_thing_saved_partition_key",
    "remove_thing_deleted",
    "remove_thing_deleted_partition_key",
)


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.changes("INSERT", "MODIFY", "REMOVE"))
    assert answer == {"batchItemFailures": []}
    assert sorted(aws.published) == ["thing-deleted", "thing-saved", "thing-saved"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.changes("INSERT", "MODIFY", "REMOVE"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "dynamodb": {"SequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
