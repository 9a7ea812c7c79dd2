"""Unit tests of `query-products`.

Declared at services/catalogue.yaml#/queries/products
"""

FUNCTION = "query-products"


def test_handler(function, aws):
    """It reads, and changes nothing."""
    answer = function.handle({})
    assert answer["statusCode"] == 200
    assert aws.calls
    assert aws.writes == []
