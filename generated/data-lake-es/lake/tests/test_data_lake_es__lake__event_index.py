"""Unit tests of `event-index`.

Declared at system.yaml#/services/lake/lake
"""

FUNCTION = "event-index"


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.batch("thing-created"))
    assert answer == {"batchItemFailures": []}
    assert aws.writes == ["search.bulk"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.batch("thing-created"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "kinesis": {"sequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.calls == []
