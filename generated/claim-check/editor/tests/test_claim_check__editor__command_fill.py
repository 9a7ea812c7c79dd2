"""Unit tests of `command-fill`.

Declared at system.yaml#/services/editor/commands/fill
"""

import pytest

FUNCTION = "command-fill"
MAPPINGS = ("event", "event_partition_key")


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It writes one thing."""
    function.handle(function.input)
    assert aws.published == ["page-written"]


def test_bad_input(function, aws):
    """What is not valid writes nothing."""
    with pytest.raises(ValueError):
        function.handle([])
    assert aws.calls == []
