"""Unit tests of `query-search`.

Declared at system.yaml#/services/things/queries/search
"""

FUNCTION = "query-search"


def test_handler(function, aws):
    """It reads, and changes nothing."""
    answer = function.handle({})
    assert answer["statusCode"] == 200
    assert aws.calls
    assert aws.writes == []
