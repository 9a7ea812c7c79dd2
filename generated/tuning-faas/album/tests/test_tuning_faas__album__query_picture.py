"""Unit tests of `query-picture`.

Declared at system.yaml#/services/album/queries/picture
"""

import pytest

FUNCTION = "query-picture"
MAPPINGS = ("key",)


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It reads, and changes nothing."""
    answer = function.handle({})
    assert answer
    assert aws.calls
    assert aws.writes == []
