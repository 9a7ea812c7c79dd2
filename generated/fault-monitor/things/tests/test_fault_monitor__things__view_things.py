"""Unit tests of `view-things`.

Declared at system.yaml#/services/things/views/things
"""

import pytest

FUNCTION = "view-things"
MAPPINGS = ("fields", "key")


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.batch("thing-created"))
    assert answer == {"batchItemFailures": []}
    assert aws.writes == ["dynamodb.update_item"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.batch("thing-created"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "kinesis": {"sequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
