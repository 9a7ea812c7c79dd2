"""Unit tests of `hello`.

Declared at system.yaml#/services/greeter/functions/hello
"""

FUNCTION = "hello"


def test_handler(function, aws):
    """It hands the call to the team's function."""
    assert function.handle({}) == {"hook": "greeting.hello"}
    assert aws.calls == []
