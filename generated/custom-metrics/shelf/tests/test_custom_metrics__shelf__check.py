"""Unit tests of `check`.

Declared at system.yaml#/services/shelf/functions/check
"""

FUNCTION = "check"


def test_handler(function, aws):
    """It hands the call to the team's function."""
    assert function.handle({}) == {"hook": "check.run"}
    assert aws.calls == []
