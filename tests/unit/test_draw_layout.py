"""Where things stand: nothing overlaps, no arrow runs through a card, few arrows cross, the same place every time."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cncb_compiler.draw import fields, services, svg
from cncb_compiler.draw.items import Area
from cncb_compiler.draw.layers import crossings, layers, ordered, spread
from cncb_compiler.draw.layout import Layout, layout
from cncb_compiler.draw.metrics import text_width
from cncb_compiler.draw.picture import Arrow, Box, Group, Picture, collapsed, made
from cncb_compiler.passes import analyse
from cncb_compiler.source.discover import systems

SHOP = analyse(systems(Path(__file__).parents[2] / "topologies" / "shop")[0]).linked
PICTURES = {
    "service": services.picture(SHOP),
    "system": collapsed(services.picture(SHOP)),
    "field": fields.picture(SHOP),
}


def overlap(one: Area, other: Area) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def cards(picture: Picture, placed: Layout) -> dict[str, Area]:
    return placed.groups | {box.id: placed.boxes[box.id] for box in picture.boxes if box.group is None}


@pytest.mark.parametrize("level", PICTURES)
def test_nothing_overlaps_and_everything_is_inside(level: str) -> None:
    picture = PICTURES[level]
    placed = layout(picture)
    areas = cards(picture, placed)
    assert [pair for pair in combinations(areas, 2) if overlap(areas[pair[0]], areas[pair[1]])] == []
    rows = {box.id: placed.boxes[box.id] for box in picture.boxes if box.group}
    assert [pair for pair in combinations(rows, 2) if overlap(rows[pair[0]], rows[pair[1]])] == []
    for area in areas.values():
        assert area.x >= 0 and area.y >= 0
        assert area.x + area.width <= placed.width and area.y + area.height <= placed.height
    for box in picture.boxes:
        if box.group:
            row, card = placed.boxes[box.id], placed.groups[box.group]
            assert card.y < row.y and row.y + row.height <= card.y + card.height
        assert text_width(box.label, 12) + 34 <= placed.boxes[box.id].width


@pytest.mark.parametrize("level", PICTURES)
def test_no_arrow_runs_level_through_a_card(level: str) -> None:
    picture = PICTURES[level]
    placed = layout(picture)
    areas = cards(picture, placed)
    for _, path in placed.paths:
        for x, y, far in re.findall(r"(\d+) (\d+)H(\d+)", path):
            left, right = sorted((int(x), int(far)))
            line = Area(left, int(y), right - left, 1)
            assert [name for name, area in areas.items() if overlap(line, area)] == []
    assert len(placed.paths) == len(picture.arrows)


def test_the_shop_is_drawn_left_to_right_with_few_crossings() -> None:
    picture = PICTURES["service"]
    placed = layout(picture)
    areas = cards(picture, placed)
    card = {box.id: box.group or box.id for box in picture.boxes}
    outer = [(card[one.source], card[one.target]) for one in picture.arrows if card[one.source] != card[one.target]]
    leading = sum(areas[source].x < areas[target].x for source, target in outer)
    assert leading / len(outer) > 0.8


def test_the_same_picture_in_another_order_is_the_same_file() -> None:
    picture = PICTURES["service"]
    other = made(picture.title, "service", picture.groups[::-1], picture.boxes[::-1], picture.arrows[::-1])
    assert svg.render(other) == svg.render(picture)


def test_a_file_is_well_formed_says_itself_and_holds_nothing_of_a_user_unescaped() -> None:
    group = Group("service:a", "<a>&\"'", "service", "<script>")
    picture = made("<t>", "service", [group], [Box("store:a.b", "</svg>", "store", "service:a")], []).noted("a < b")
    text = svg.render(picture)
    root = ElementTree.fromstring(text)
    name = {"svg": "http://www.w3.org/2000/svg"}
    assert root.findtext("svg:title", namespaces=name) == "<t>"
    assert root.findtext("svg:desc", namespaces=name) == "1 service, 1 store. a < b"
    assert "<script>" not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "prefers-color-scheme: dark" in text


edges = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25)


@given(edges)
@settings(max_examples=60, deadline=None)
def test_any_graph_has_layers_in_which_no_edge_stays(pairs: list[tuple[int, int]]) -> None:
    found = sorted({(str(one), str(other)) for one, other in pairs if one != other})
    nodes = sorted({end for edge in found for end in edge})
    layer = layers(nodes, found)
    assert all(layer[source] != layer[target] for source, target in found)
    boxes = [Box(node, f"box {node}", "event") for node in nodes]
    picture = made("any", "system", [], boxes, [Arrow(source, target, "consumes") for source, target in found])
    areas = layout(picture).boxes
    assert not any(overlap(areas[one], areas[other]) for one, other in combinations(areas, 2))


def test_an_acyclic_graph_only_leads_on() -> None:
    found = [("a", "b"), ("a", "d"), ("b", "c"), ("c", "d"), ("e", "d")]
    layer = layers(list("abcde"), found)
    assert all(layer[source] < layer[target] for source, target in found)
    assert layer["e"] == layer["d"] - 1


def test_the_many_consumers_of_one_event_stand_in_a_block() -> None:
    services = [f"service:{number:03}" for number in range(300)]
    boxes = [Box("event:one", "one", "event"), *(Box(name, name, "service") for name in services)]
    arrows = [Arrow("event:one", name, "consumes") for name in services]
    placed = layout(made("star", "system", [], boxes, arrows))
    assert 0.5 < placed.width / placed.height < 4
    assert not [pair for pair in combinations(placed.boxes.values(), 2) if overlap(*pair)]
    assert all(placed.boxes[name].x > placed.boxes["event:one"].x for name in services)


def test_lines_are_uncrossed() -> None:
    after = {"a": ["z"], "b": ["y"], "c": ["x"]}
    before = {"z": ["a"], "y": ["b"], "x": ["c"]}
    assert crossings([["a", "b", "c"], ["x", "y", "z"]], after) == 3
    assert ordered([["a", "b", "c"], ["x", "y", "z"]], after, before) == [["a", "b", "c"], ["z", "y", "x"]]


def test_things_are_spread_without_changing_their_order() -> None:
    assert spread([0, 0, 100], [10, 10, 10], [5, 5, 5]) == [-7.5, 7.5, 100]
