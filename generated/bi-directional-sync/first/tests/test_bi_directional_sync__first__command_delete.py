"""Unit tests of `command-delete`.

Declared at system.yaml#/services/first/commands/delete
"""

import pytest

FUNCTION = "command-delete"
MAPPINGS = ("key",)


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It writes one thing."""
    function.handle(function.input)
    assert aws.writes == ["dynamodb.put_item"]


def test_bad_input(function, aws):
    """What is not valid writes nothing."""
    with pytest.raises(ValueError):
        function.handle([])
    assert aws.calls == []
