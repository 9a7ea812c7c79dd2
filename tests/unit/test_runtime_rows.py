"""Values are encoded for DynamoDB exactly as boto3 would."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from cncb_compiler.runtime.rows import decode, encode, encode_value

NUMBERS = st.integers(-(10**37), 10**37) | st.decimals(-1000, 1000, places=3)
SCALARS = st.none() | st.booleans() | st.text(max_size=5) | NUMBERS | st.binary(max_size=3)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


@given(VALUES)
def test_a_value_is_encoded_as_boto3_encodes_it(value: Any) -> None:
    assert encode_value(value) == TypeSerializer().serialize(value)


@given(st.dictionaries(st.text(min_size=1, max_size=3), VALUES.filter(lambda value: not isinstance(value, bytes))))
def test_a_row_comes_back(row: dict[str, Any]) -> None:
    expected = {name: value for name, value in row.items() if value is not None}
    if "Binary" not in repr(decode(encode(row))):
        assert decode(encode(row)) == expected


@pytest.mark.parametrize("value", [float("nan"), 10**40, object()])
def test_what_dynamodb_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(Exception, match=r"Infinity and NaN|Rounded|Unsupported type"):
        encode_value(value)


def test_a_float_is_the_decimal_that_it_is_written_as() -> None:
    assert encode_value(0.1) == {"N": "0.1"}
    assert encode_value({"a": [Decimal("1.50")]}) == {"M": {"a": {"L": [{"N": "1.50"}]}}}
