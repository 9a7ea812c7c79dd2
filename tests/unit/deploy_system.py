"""A system with a hub, a publisher and a listener: what deploying is tested with."""

from __future__ import annotations

from pathlib import Path

from cncb_compiler.deploy.progress import Pace
from cncb_compiler.deploy.stacks import stacks_of
from cncb_compiler.passes import analyse, has_errors
from cncb_compiler.source.discover import systems

SHOP = """\
system: shop
stages: {dev: {account: "111111111111", regions: [us-east-1, eu-west-1]}}
events: {order-submitted: {entity: order, with: {order: {id: uuid, total: number}}}}
services:
  order-bff:
    api: {auth: none}
    stores: {drafts: {of: {id: uuid}}}
    commands:
      submit: {route: POST /orders, input: {order: {id: uuid, total: number}}, publish: order-submitted}
      draft: {route: POST /drafts, input: {id: uuid}, write: drafts}
  history:
    api: {auth: none}
    views: {orders: {on: order-submitted, key: order.id, fields: {total: order.total}}}
    queries: {order: {route: "GET /orders/{id}", from: orders}}
  lonely:
    api: {auth: none}
    stores: {notes: {of: {id: uuid}}}
    commands:
      note: {route: POST /notes, input: {id: uuid}, write: notes}
"""

AT_ONCE = 0.0
"""Seconds between two questions, where nobody has to be waited for."""


def analysis_of(folder: Path, text: str = SHOP):
    (folder / "system.yaml").write_text(text)
    return analyse(systems(folder)[0])


def stacks(folder: Path, text: str = SHOP, services=(), stage: str = "dev"):
    analysis = analysis_of(folder, text)
    made = stacks_of(analysis, stage, services)
    assert not has_errors(analysis.shown()), analysis.shown()
    return made


def pace() -> Pace:
    return Pace(AT_ONCE, AT_ONCE)
