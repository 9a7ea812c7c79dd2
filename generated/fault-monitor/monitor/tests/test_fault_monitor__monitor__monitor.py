"""Unit tests of `monitor`.

Declared at system.yaml#/services/monitor/monitor
"""

FUNCTION = "monitor"


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.batch("fault"))
    assert answer == {"batchItemFailures": []}
    assert aws.writes == ["s3.put_object"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.batch("fault"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "kinesis": {"sequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
