"""Unit tests of `view-latest`.

Declared at system.yaml#/services/things/views/latest
"""

import pytest

FUNCTION = "view-latest"
MAPPINGS = ("fields", "key")


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.batch("thing-named"))
    assert answer == {"batchItemFailures": []}
    assert aws.writes == ["dynamodb.batch_write_item"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.batch("thing-named"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "kinesis": {"sequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
