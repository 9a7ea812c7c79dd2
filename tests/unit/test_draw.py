"""Pictures as text: within Mermaid's limits, and nothing of what a user wrote is taken for its syntax."""

from __future__ import annotations

import pytest
from scenario_worlds import SYSTEM, analysis

from cncb_compiler.draw import dot, mermaid, services
from cncb_compiler.draw.picture import Arrow, Box, Group, Mark, Picture, made


def wide(services: int, *, mark: str = "") -> Picture:
    """Services that each publish to the next, with a store inside; the one named `mark` is changed."""
    boxes, groups, arrows = [], [], []
    for number in range(services):
        name = f"service-{number:04}"
        groups.append(Group(f"service:{name}", name, "service"))
        boxes.append(Box(f"event:{name}", f"{name}-happened", "event"))
        changed = Mark.CHANGED if name == mark else Mark.NONE
        boxes.append(Box(f"store:{name}.rows", "rows", "store", f"service:{name}", changed))
        boxes.append(Box(f"change:{name}.rows", "rows changes", "change", f"service:{name}"))
        arrows.append(Arrow(f"store:{name}.rows", f"change:{name}.rows", "reads"))
        arrows.append(Arrow(f"change:{name}.rows", f"event:{name}", "publishes"))
        if number:
            arrows.append(Arrow(f"event:service-{number - 1:04}", f"store:{name}.rows", "consumes"))
    return made("wide", "service", groups, boxes, arrows)


@pytest.mark.parametrize(("services", "said"), [(100, ""), (200, "Services are drawn without"), (1000, "left out")])
def test_mermaid_draws_what_it_can_and_says_the_rest(services: int, said: str) -> None:
    text = mermaid.render(wide(services))
    assert len(text) <= mermaid.CHARACTERS
    assert text.count("-->") <= mermaid.EDGES
    assert ("note0" in text) == bool(said)
    assert said in text
    assert ("--format html" in text) == bool(said)


def test_what_differs_is_the_last_to_be_left_out() -> None:
    assert "changed: service-0999" in mermaid.render(wide(1000, mark="service-0999"))


def test_text_of_users_is_no_syntax() -> None:
    picture = made(
        "x", "service", [Group("service:a", "a", "service", 'tea"m <b>#1')], [Box("s", "s", "store", "service:a")], []
    )
    assert 'subgraph s0["a (tea#34;m #60;b#62;#35;1)"]' in mermaid.render(picture)
    assert r'label="a (tea\"m <b>#1)";' in dot.render(picture)


def test_lake_and_monitor_are_groups_of_their_own_without_an_arrow_from_each_event() -> None:
    keeping = f"{SYSTEM}  lake: {{kind: data-lake}}\n  monitor: {{kind: monitor}}\n"
    before, after = services.picture(analysis().linked), services.picture(analysis(keeping).linked)
    assert {(box.group, box.label) for box in set(after.boxes) - set(before.boxes)} == {
        ("service:lake", "every event"),
        ("service:monitor", "every fault"),
    }
    assert after.arrows == before.arrows
