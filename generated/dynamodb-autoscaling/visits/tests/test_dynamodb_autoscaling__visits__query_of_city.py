"""Unit tests of `query-of-city`.

Declared at system.yaml#/services/visits/queries/of-city
"""

import pytest

FUNCTION = "query-of-city"
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
