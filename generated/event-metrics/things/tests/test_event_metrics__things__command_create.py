"""Unit tests of `command-create`.

Declared at system.yaml#/services/things/commands/create
"""

import pytest

FUNCTION = "command-create"
MAPPINGS = ("event", "event_partition_key")


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It writes one thing."""
    function.handle(function.input)
    assert aws.published == ["thing-created"]


def test_bad_input(function, aws):
    """What is not valid writes nothing."""
    with pytest.raises(ValueError):
        function.handle([])
    assert aws.calls == []
