"""Unit tests of `command-deliver`.

Declared at services/shipping.yaml#/commands/deliver
"""

import pytest

FUNCTION = "command-deliver"
MAPPINGS = ("fields", "key")


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It writes one thing."""
    answer = function.handle(function.request())
    assert answer["statusCode"] == 200
    assert aws.writes == ["dynamodb.update_item"]
