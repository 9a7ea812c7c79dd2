"""Unit tests of `command-update`.

Declared at services/catalogue.yaml#/commands/update
"""

import pytest

FUNCTION = "command-update"
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


def test_bad_input(function, aws):
    """What is not valid writes nothing."""
    answer = function.handle({"body": "[]"})
    assert answer["statusCode"] == 400
    assert aws.calls == []
