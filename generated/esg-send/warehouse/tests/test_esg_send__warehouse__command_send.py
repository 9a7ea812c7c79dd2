"""Unit tests of `command-send`.

Declared at system.yaml#/services/warehouse/commands/send
"""

import pytest

FUNCTION = "command-send"
MAPPINGS = ("event", "event_partition_key")


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It writes one thing."""
    function.handle(function.input)
    assert aws.published == ["parcel-sent"]


def test_bad_input(function, aws):
    """What is not valid writes nothing."""
    with pytest.raises(ValueError):
        function.handle([])
    assert aws.calls == []
