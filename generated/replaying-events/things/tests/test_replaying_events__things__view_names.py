"""Unit tests of `view-names`.

Declared at system.yaml#/services/things/views/names
"""

import pytest

FUNCTION = "view-names"
MAPPINGS = ("thing_created_fields", "thing_created_key", "thing_renamed_fields", "thing_renamed_key")


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.batch("thing-created", "thing-renamed"))
    assert answer == {"batchItemFailures": []}
    assert aws.writes == ["dynamodb.update_item"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.batch("thing-created", "thing-renamed"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "kinesis": {"sequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
