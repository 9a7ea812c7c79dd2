"""Unit tests of `query-parcels`.

Declared at services/shipping.yaml#/queries/parcels
"""

import pytest

FUNCTION = "query-parcels"
MAPPINGS = ("key",)


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It reads, and changes nothing."""
    answer = function.handle({})
    assert answer["statusCode"] == 200
    assert aws.calls
    assert aws.writes == []
