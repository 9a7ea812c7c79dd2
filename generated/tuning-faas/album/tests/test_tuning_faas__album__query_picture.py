"""Unit tests of `query-picture`.

Declared at system.yaml#/services/album/queries/picture
"""

FUNCTION = "query-picture"


def test_handler(function, aws):
    """It reads, and changes nothing."""
    answer = function.handle({})
    assert answer
    assert aws.calls
    assert aws.writes == []
