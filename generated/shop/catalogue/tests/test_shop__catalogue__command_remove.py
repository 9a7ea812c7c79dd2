"""Unit tests of `command-remove`.

Declared at services/catalogue.yaml#/commands/remove
"""

import pytest

FUNCTION = "command-remove"
MAPPINGS = ("key",)


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It writes one thing."""
    answer = function.handle(function.request())
    assert answer["statusCode"] == 204
    assert aws.writes == ["dynamodb.delete_item"]
