"""Unit tests of `query-receipt`.

Declared at services/receipts.yaml#/queries/receipt
"""

import pytest

FUNCTION = "query-receipt"
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
