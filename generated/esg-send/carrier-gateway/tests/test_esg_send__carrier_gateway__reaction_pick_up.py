"""Unit tests of `reaction-pick-up`.

Declared at system.yaml#/services/carrier-gateway/reactions/pick-up
"""

import pytest

FUNCTION = "reaction-pick-up"
MAPPINGS = ("fields",)


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.batch("parcel-sent"))
    assert answer == {"batchItemFailures": []}
    assert aws.writes == ["dynamodb.update_item", "sqs.send_message_batch"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.batch("parcel-sent"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "kinesis": {"sequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
