"""What an order costs, and what a return is worth. All amounts are whole cents."""

from __future__ import annotations

from typing import Any

POSTAGE = 4_90
FREE_POSTAGE_FROM = 50_00


def total(event: dict[str, Any]) -> int:
    """The amount to charge for an order: its goods, and postage unless they are worth enough."""
    goods = _value(event["context"]["order"]["lines"])
    return goods if goods >= FREE_POSTAGE_FROM else goods + POSTAGE


def refund(event: dict[str, Any]) -> int:
    """The amount to pay back for an approved return: its goods. Postage stays paid."""
    return _value(event["return"]["lines"])


def _value(lines: list[dict[str, Any]]) -> int:
    return sum(line["price"] * line["quantity"] for line in lines)
