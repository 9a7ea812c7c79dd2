"""The page as a file: what it lets in, that it is the same every time, and what it knows; its use is tests/browser's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from cncb_compiler.compare.side import side_of_values
from cncb_compiler.draw.items import Area
from cncb_compiler.draw.layout import layout
from cncb_compiler.draw.page import render
from cncb_compiler.draw.page_data import Content, data
from cncb_compiler.draw.picture import Arrow, Box, made
from cncb_compiler.draw.services import picture

ROOT = Path(__file__).parents[2]
SYSTEM = {
    "system": "shop",
    "types": {"Order": {"id": "uuid", "status": "enum(open, paid, late)", "paidAt": "timestamp?"}},
    "events": {
        name: {"entity": "order", "with": {"order": "Order"}} for name in ("order-opened", "order-paid", "order-late")
    },
    "services": {
        "orders": {
            "owner": "checkout",
            "api": {"auth": "iam"},
            "function": {"timeout": "20s"},
            "stores": {"orders": {"of": "Order"}},
            "commands": {
                "open": {"input": {}, "write": "orders", "set": {"id": "uuid()", "status": {"const": "open"}}},
                "pay": {
                    "route": "POST /orders/{id}/pay",
                    "update": "orders",
                    "key": "path.id",
                    "set": {"status": {"const": "paid"}},
                },
            },
            "changes": {
                "orders": {
                    "insert": "order-opened",
                    "modify": [
                        {"event": "order-paid", "when": "new.status == 'paid' && old.status != 'paid'"},
                        {"event": "order-late", "when": "new.status == 'late'"},
                    ],
                }
            },
        },
        "mails": {
            "api": {"auth": "iam"},
            "views": {"orders": {"on": "order-paid", "key": {"id": "order.id"}, "fields": {"status": "order.status"}}},
        },
    },
}


@pytest.fixture(scope="module")
def content() -> Content:
    side = side_of_values("", [("system.yaml", SYSTEM)], "shop")
    assert not side.wrong
    return Content(picture(side.system), "service", side)


def node(content: Content, name: str) -> dict:
    return next(one for one in json.loads(data(content))["nodes"] if one["id"] == name)


def test_nothing_runs_but_what_the_policy_names(content: Content) -> None:
    page = render(content)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "http" not in policy
    for source, element in (("script-src", r"<script>(.*?)</script>"), ("style-src", r"<style[^>]*>(.*?)</style>")):
        digests = [b64encode(sha256(text.encode()).digest()).decode() for text in re.findall(element, page, re.DOTALL)]
        (said,) = re.findall(rf"{source} ([^;]*)", policy)
        assert digests and said.split() == [f"'sha256-{digest}'" for digest in digests]
    assert not re.search(r"<[^>]* (on\w+|style|href|src)=", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))


def test_no_data_ends_its_element(content: Content) -> None:
    for inside in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', render(content), re.DOTALL):
        assert "<" not in inside and json.loads(inside)


def test_the_same_bytes_under_another_hash_seed(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from hashlib import sha256; from click.testing import CliRunner\n"
        "from cncb_compiler.cli.main import cli\n"
        "for form in ('html', 'svg', 'mermaid'):\n"
        "    out = CliRunner().invoke(cli, ['graph', 'topologies/shop', '--format', form]).stdout_bytes\n"
        "    print(form, len(out) > 1000, sha256(out).hexdigest())\n"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    first, second = (run.communicate()[0] for run in runs)
    assert first == second and first.count("True") == 3


def test_what_is_known_of_a_node(content: Content) -> None:
    pay = node(content, "command:orders.pay")
    assert pay["owner"] == "checkout"
    assert ["route", "POST /orders/{id}/pay"] in pay["facts"]
    assert ["timeout", "20 s"] in pay["settings"]
    assert ["CommandPayFunction", "AWS::Lambda::Function"] in pay["resources"]
    assert ["OrdersTable", "AWS::DynamoDB::Table"] in node(content, "store:orders.orders")["resources"]
    event = node(content, "event:order-paid")
    assert (event["owner"], event["stream"], event["schema"]) == ("checkout", "main", "event:order-paid")


def test_what_brings_about_which_event(content: Content) -> None:
    known = json.loads(data(content))
    names = [one["id"] for one in known["nodes"]]
    found = {(names[by], names[event]): guard for event, by, _, _, _, guard in known["causes"]}
    assert found == {
        ("command:orders.open", "event:order-opened"): "",
        ("command:orders.pay", "event:order-paid"): "new.status == 'paid' && old.status != 'paid'",
    }


def test_fields_lead_where_lineage_says(content: Content) -> None:
    known = json.loads(data(content))
    fields = [f"{name}#{path}" for name, _, _, _, pairs in known["carriers"] for path in pairs[::2]]
    steps = known["steps"]
    found = {(fields[source], fields[target]) for source, target in zip(steps[::3], steps[1::3], strict=True)}
    assert ("store:orders.orders#status", "event:order-paid#order.status") in found
    assert ("event:order-paid#order.status", "view:mails.orders#status") in found
    assert ("event:order-late#order.status", "view:mails.orders#status") not in found


def test_a_long_chain_is_folded() -> None:
    boxes = [Box(f"event:{number:03}", f"happened-{number:03}", "event") for number in range(120)]
    arrows = [Arrow(one.id, other.id, "publishes") for one, other in pairwise(boxes)]
    arrows.append(Arrow(boxes[-1].id, boxes[0].id, "publishes"))
    placed = layout(made("chain", "service", [], boxes, arrows))
    assert placed.width < 3 * placed.height
    areas = placed.boxes
    assert not [pair for pair in combinations(areas, 2) if _meet(areas[pair[0]], areas[pair[1]])]
    for arrow, path in placed.paths:
        source, target = areas[arrow.source], areas[arrow.target]
        assert path.startswith(f"M{source.x + source.width} {source.y + 13}") or path.startswith(f"M{source.x} ")
        for line in _levels(path):
            assert line.x >= 0 and line.x + line.width <= placed.width
            assert not [name for name, area in areas.items() if area not in (source, target) and _meet(area, line)]
        assert path.endswith(
            (f"H{target.x}", f"{target.x} {target.y + 13}", f"{target.x + target.width} {target.y + 13}")
        )


def _levels(path: str) -> list[Area]:
    """The level parts of a path."""
    found, x, y = [], 0, 0
    for letter, rest in re.findall(r"([MCHV])([^MCHV]*)", path):
        numbers = [int(number) for number in rest.split()]
        if letter == "H":
            found.append(Area(min(x, numbers[0]), y, abs(numbers[0] - x), 1))
            x = numbers[0]
        elif letter == "V":
            y = numbers[0]
        else:
            x, y = numbers[-2:]
    return found


def _meet(one: Area, other: Area) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )
