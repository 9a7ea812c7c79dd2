"""The hooks of the tour do what their docstrings say. Nothing is called over the network."""

from __future__ import annotations

import importlib.util
import io
import json
from email.message import Message
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

import pytest

HOOKS = Path(__file__).parents[2] / "topologies" / "shop" / "hooks"
LINES = [{"sku": "mug", "quantity": 2, "price": 1200}, {"sku": "pen", "quantity": 1, "price": 300}]
ADDRESS = {"name": "A", "street": "B", "postcode": "C", "city": "D", "country": "E"}
ORDER = {"id": "o1", "customerId": "c1", "email": "a@shop.example", "address": ADDRESS, "lines": LINES}
RETURN = {
    "id": "r1",
    "orderId": "o1",
    "customerId": "c1",
    "email": "a@shop.example",
    "lines": LINES[:1],
    "reason": "chipped",
}


def load(service: str, module: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"shop_{module}", HOOKS / service / f"{module}.py")
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


class Outside:
    """The other system: keeps the requests, answers each with `answer` or fails with `status`."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answer: dict[str, Any] = {}
        self.status = 200

    def __call__(self, request: Request, timeout: float) -> io.BytesIO:
        assert 0 < timeout <= 5
        self.requests.append(request)
        body = io.BytesIO(json.dumps(self.answer).encode())
        if self.status != 200:
            raise HTTPError(request.full_url, self.status, "", Message(), body)
        return body

    def sent(self) -> tuple[str, str, str | None, Any]:
        (request,) = self.requests
        data = json.loads(request.data) if isinstance(request.data, bytes) else None
        return request.get_method(), request.full_url, request.get_header("Idempotency-key"), data


def outside(module: ModuleType, variable: str, monkeypatch: pytest.MonkeyPatch) -> Outside:
    double = Outside()
    monkeypatch.setenv(variable, "http://outside")
    monkeypatch.setattr(module, "urlopen", double)
    return double


@pytest.mark.parametrize(("quantity", "amount"), [(2, 2 * 1200 + 300 + 490), (4, 4 * 1200 + 300)])
def test_total_adds_postage_to_small_orders(quantity: int, amount: int) -> None:
    lines = [{**LINES[0], "quantity": quantity}, LINES[1]]
    assert load("order-process", "pricing").total({"context": {"order": {**ORDER, "lines": lines}}}) == amount


def test_refund_is_the_goods_alone() -> None:
    assert load("order-process", "pricing").refund({"return": RETURN}) == 2400


def test_hold_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = load("inventory", "warehouse")
    double = outside(warehouse, "WAREHOUSE_URL", monkeypatch)
    assert warehouse.hold({"id": "e1", "reservation": {"id": "o1", "lines": LINES}}) == {
        "accepted": True,
        "reason": "",
    }
    wanted = [{"sku": "mug", "quantity": 2}, {"sku": "pen", "quantity": 1}]
    assert double.sent() == ("PUT", "http://outside/holds/o1", "e1", {"lines": wanted})


def test_hold_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = load("inventory", "warehouse")
    double = outside(warehouse, "WAREHOUSE_URL", monkeypatch)
    double.status, double.answer = 409, {"message": "no mugs"}
    answer = warehouse.hold({"id": "e1", "reservation": {"id": "o1", "lines": LINES}})
    assert answer == {"accepted": False, "reason": "no mugs"}


@pytest.mark.parametrize("status", [200, 404])
def test_release_holds_whether_or_not_it_was_held(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = load("inventory", "warehouse")
    double = outside(warehouse, "WAREHOUSE_URL", monkeypatch)
    double.status = status
    assert warehouse.release({"id": "e2", "reservation": {"id": "o1"}}) is True
    assert double.sent() == ("DELETE", "http://outside/holds/o1", "e2", None)


def test_charge_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = load("payment-gateway", "provider")
    double = outside(provider, "PROVIDER_URL", monkeypatch)
    double.answer = {"id": "ch_1"}
    event = {"id": "e3", "payment": {"id": "o1", "customerId": "c1", "amount": 3190}}
    assert provider.charge(event) == {"accepted": True, "reference": "ch_1", "reason": ""}
    assert double.sent() == (
        "POST",
        "http://outside/charges",
        "e3",
        {"customer": "c1", "cents": 3190, "order": "o1"},
    )


def test_charge_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = load("payment-gateway", "provider")
    double = outside(provider, "PROVIDER_URL", monkeypatch)
    double.status, double.answer = 402, {"message": "card expired"}
    event = {"id": "e3", "payment": {"id": "o1", "customerId": "c1", "amount": 3190}}
    assert provider.charge(event) == {"accepted": False, "reference": "", "reason": "card expired"}


def test_refund_gives_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = load("payment-gateway", "provider")
    double = outside(provider, "PROVIDER_URL", monkeypatch)
    double.answer = {"id": "re_1"}
    event = {"id": "e4", "refund": {"id": "r1", "orderId": "o1", "customerId": "c1", "amount": 2400}}
    assert provider.refund(event) == "re_1"
    assert double.sent() == (
        "POST",
        "http://outside/refunds",
        "e4",
        {"customer": "c1", "cents": 2400, "order": "o1"},
    )


@pytest.mark.parametrize(
    ("service", "module", "variable", "function", "event"),
    [
        ("inventory", "warehouse", "WAREHOUSE_URL", "hold", {"reservation": {"id": "o1", "lines": LINES}}),
        ("inventory", "warehouse", "WAREHOUSE_URL", "release", {"reservation": {"id": "o1"}}),
        (
            "payment-gateway",
            "provider",
            "PROVIDER_URL",
            "charge",
            {"payment": {"id": "o1", "customerId": "c1", "amount": 1}},
        ),
        ("shipping", "carrier", "CARRIER_URL", "book", {"parcel": {"id": "o1"}, "context": {"order": ORDER}}),
        ("notifications", "mail", "MAIL_URL", "order_submitted", {"order": ORDER}),
    ],
)
def test_an_outage_raises_so_that_the_event_is_tried_again(
    service: str,
    module: str,
    variable: str,
    function: str,
    event: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hook = load(service, module)
    outside(hook, variable, monkeypatch).status = 503
    with pytest.raises(HTTPError):
        getattr(hook, function)({"id": "e5", **event})


def test_book_gives_the_tracking_code(monkeypatch: pytest.MonkeyPatch) -> None:
    carrier = load("shipping", "carrier")
    double = outside(carrier, "CARRIER_URL", monkeypatch)
    double.answer = {"tracking": "T1"}
    assert carrier.book({"id": "e6", "parcel": {"id": "o1", "weight": 900}, "context": {"order": ORDER}}) == "T1"
    assert double.sent() == (
        "POST", "http://outside/collections", "e6", {"reference": "o1", "grams": 900, "address": ADDRESS}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("function", "event", "told"),
    [
        ("order_submitted", {"order": ORDER}, "2 x mug"),
        ("order_cancelled", {"order": {**ORDER, "reason": "no mugs"}}, "no mugs"),
        ("order_cancelled", {"order": ORDER}, "withdrawn"),
        ("parcel_dispatched", {"parcel": {"id": "o1", "tracking": "T1"}, "context": {"order": ORDER}}, "T1"),
        ("parcel_dispatched", {"parcel": {"id": "o1"}, "context": {"order": ORDER}}, "carrier"),
        ("return_refused", {"return": RETURN}, "cannot take"),
        (
            "payment_refunded",
            {"refund": {"id": "r1", "amount": 2405}, "context": {"return": RETURN}},
            "24.05",
        ),
    ],
)
def test_mail_tells_the_customer(
    function: str, event: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = load("notifications", "mail")
    double = outside(mail, "MAIL_URL", monkeypatch)
    getattr(mail, function)({"id": "e7", **event})
    method, url, key, body = double.sent()
    assert (method, url, key, body["to"]) == ("POST", "http://outside/messages", "e7", "a@shop.example")
    assert told in body["text"]


def test_timeline_tells_steps_and_reasons() -> None:
    events = [
        {"type": "order-submitted", "timestamp": 1, "order": ORDER},
        {"type": "payment-refused", "timestamp": 2, "payment": {}, "reason": "card expired"},
        {"type": "order-cancelled", "timestamp": 3, "order": {**ORDER, "reason": "card expired"}},
        {"type": "return-requested", "timestamp": 4, "return": RETURN},
    ]
    assert load("support", "timeline").tell(events) == {
        "latest": "return-requested",
        "steps": [
            {"at": 1, "what": "The customer ordered."},
            {"at": 2, "what": "The provider would not charge the customer.", "reason": "card expired"},
            {"at": 3, "what": "The order was cancelled.", "reason": "card expired"},
            {"at": 4, "what": "The customer wants to give goods back.", "reason": "chipped"},
        ],
    }


def test_timeline_has_words_for_every_event_it_collects() -> None:
    from ruamel.yaml import YAML

    support = YAML(typ="safe").load((HOOKS.parent / "services" / "support.yaml").read_text())
    assert set(support["views"]["timelines"]["collect"]["on"]) == set(load("support", "timeline").WORDS)
