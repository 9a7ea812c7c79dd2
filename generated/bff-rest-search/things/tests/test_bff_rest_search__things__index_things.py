"""Unit tests of `index-things`.

Declared at system.yaml#/services/things/views/things
"""

FUNCTION = "index-things"


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.told())
    assert answer == {"batchItemFailures": []}
    assert aws.writes == ["search.bulk"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.told())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"messageId": "0", "body": "poison"}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
