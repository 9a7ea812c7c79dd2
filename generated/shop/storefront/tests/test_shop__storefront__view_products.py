"""Unit tests of `view-products`.

Declared at services/storefront.yaml#/views/products
"""

import pytest

FUNCTION = "view-products"
MAPPINGS = (
    "product_created_fields",
    "product_created_key",
    "product_removed_key",
    "product_updated_fields",
    "product_updated_key",
    "stock_counted_fields",
    "stock_counted_key",
)


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping(function, name):
    """A mapping makes of an example what its expressions say."""
    function.check(name)


def test_handler(function, aws):
    """It handles a batch."""
    answer = function.handle(function.batch("product-created", "product-removed", "product-updated", "stock-counted"))
    assert answer == {"batchItemFailures": []}
    assert aws.writes == ["dynamodb.update_item"]


def test_throttled(function, aws):
    """What AWS refuses for now is tried again."""
    aws.error = "ThrottlingException"
    answer = function.handle(function.batch("product-created", "product-removed", "product-updated", "stock-counted"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_poison(function, aws):
    """A record that cannot be read holds nothing up."""
    answer = function.handle({"Records": [{"eventID": "poison", "kinesis": {"sequenceNumber": "0"}}]})
    assert answer == {"batchItemFailures": []}
    assert aws.published == ["fault"]
