"""A stream, a lake that lags, a stack and its functions in memory: where a rebuild is tried, cut off, and run again.

What functions do follows from the deployed template: which there are, where they begin to read, and which copy they
keep. Time stands still but for `tick`, which is called whenever the rebuild asks for something.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.compilation import checked_template
from cncb_compiler.deploy.stack import Stack
from cncb_compiler.digests import sha256_of
from cncb_compiler.passes import analyse, has_errors
from cncb_compiler.rebuild import templates
from cncb_compiler.rebuild.asked import asked as asked_of
from cncb_compiler.rebuild.state import StateFile
from cncb_compiler.replay.replaying import Progress
from cncb_compiler.source.discover import systems

SYSTEM = """\
system: shop
events:
  order-submitted: {{entity: order, with: {{order: {{id: uuid, name: string, total: integer}}}}, external: true}}
services:
  lake: {{kind: data-lake}}
  history:
    api: {{auth: none}}
    views:
      orders: {{on: order-submitted, fields: {{total: order.total}}{orders}}}
      pages: {{kind: s3, index: [name], on: order-submitted{pages}}}
      docs: {{kind: opensearch, on: order-submitted{docs}}}
    queries:
      order: {{route: "GET /orders/{{id}}", from: orders}}
      pages: {{route: GET /pages, from: pages, search: {{text: name}}}}
      docs: {{route: GET /docs, from: docs, search: {{text: name}}}}
"""
LAG = 300_000
FIRST = 1_000_000_000
COMPILED: dict[str, Stack] = {}
"""Stacks by what they are of: compiled once for all worlds."""


class Cut(BaseException):
    """The process is killed here."""


def analysed(folder, generation=1, view="orders", change=lambda text: text):
    """The system, one of whose views is of a generation."""
    said = dict.fromkeys(("orders", "pages", "docs"), "")
    said |= {view: f", generation: {generation}"} if generation > 1 else {}
    (folder / "system.yaml").write_text(change(SYSTEM.format(**said)))
    analysis = analyse(systems(folder)[0])
    assert not has_errors(analysis.shown()), analysis.shown()
    return analysis


@dataclass(frozen=True)
class Event:
    """An event of a key, in the order of its timestamps."""

    arrival: int
    key: str
    timestamp: int


class World:
    """`by_generation` holds the system as it is declared with each; of `copies` each row is its newest event."""

    def __init__(self, by_generation, view="history.orders", tick=lambda world: None):
        self.by_generation = by_generation
        self.view = view
        self.tick = tick
        self.declared = 1
        self.clock = FIRST
        self.events: list[Event] = []
        self.copies: dict[str, dict[str, int]] = {}
        self.positions: dict[str, int] = {}
        self.file: StateFile
        self.calls: list[str] = []
        self.forgotten = 0
        self.cut_at = 0
        self.most_faults = 0
        self.faults = 0
        self.cleared: list[Any] = []
        self.template: dict[str, Any] = {"Resources": {}}
        plan = self._asked().plan
        self._stand(self._stack(plan).template)

    # What happens by itself.

    def publish(self, key):
        self.clock += 1
        self.events.append(Event(self.clock, key, len(self.events)))

    def read(self, function, count):
        """Let a function of the stack go on by so many events."""
        copy = self._copy_of(self.template, function)
        for event in self.events[self.positions[function] : self.positions[function] + count]:
            self._keep(copy, event)
            self.positions[function] += 1

    @property
    def asked_for(self):
        """What the rebuild has asked for, in order."""
        return [one for one in self.calls if not one.startswith("say")]

    @property
    def readers(self):
        return sorted(self.positions)

    def queried(self):
        """The rows of the copy from which queries answer."""
        return self.copies[self._copy_of(self.template, "query-order")]

    def clean(self):
        """The rows that a view has which never was another."""
        rows: dict[str, int] = {}
        for event in self.events:
            rows[event.key] = max(rows.get(event.key, -1), event.timestamp)
        return rows

    # What the rebuild asks for.

    def now(self):
        return self.clock

    def asked(self):
        self._called("asked")
        return self._asked()

    def _asked(self):
        return asked_of(self.by_generation[self.declared], self.view)

    def lag(self, asked):
        return LAG

    def compiled(self, asked, plan):
        return self._stack(plan)

    def _stack(self, plan):
        key = repr(plan)
        if key not in COMPILED:
            code = {one.name: sha256_of(repr(one.handler).encode())[:16] for one in plan.functions}
            template, found = checked_template(plan, code)
            assert not has_errors(found), found
            COMPILED[key] = Stack("shop-history-dev", plan, template, (), ())
        return COMPILED[key]

    def deployed(self, service):
        return self.template

    def physical(self, service):
        return {name: f"{name}-{self.template['Resources'][name]['n']}" for name in self.template["Resources"]}

    def deploy(self, asked, stack):
        self._called("deploy")
        self._stand(stack.template)
        self._called("deployed")

    def _stand(self, template):
        """CloudFormation: roles and policies first, then functions, at last what is to go."""
        old, new = self.template["Resources"], template["Resources"]
        known = {*new, *template.get("Parameters", {})}
        assert templates.references(new) <= known, templates.references(new) - known
        assert templates.references(template.get("Outputs", {})) <= known
        for name, resource in old.items():
            if resource["Type"] == "AWS::Lambda::Function" and name in new:
                role = resource["Properties"]["Role"]["Fn::GetAtt"][0]
                lost = _allowed(self.template, role) - _allowed(template, role)
                assert not {one for one in lost if one in new}, f"{name} could not go on while it is changed: {lost}"
        under_way = {name: self._copy_of(self.template, name) for name in self.positions}
        made = {name: {**one, "n": old[name]["n"] if name in old else len(self.calls)} for name, one in new.items()}
        self.template = {**template, "Resources": made}
        for name in (name for name, one in made.items() if one["Type"] == "AWS::DynamoDB::Table"):
            self.copies.setdefault(self.physical("")[name], {})
        functions = {one: naming.function_id(one) for one in ("view-orders", "view-orders-2")}
        there = {one for one, name in functions.items() if name in made}
        for one in there - set(self.positions):
            (mapping,) = [
                each for name, each in made.items() if name.startswith(f"{functions[one][:-8]}Main") and "n" in each
            ]
            at = mapping["Properties"]["StartingPosition"]
            self.positions[one] = self.forgotten if at == "TRIM_HORIZON" else len(self.events)
        for one in set(self.positions) - there:
            del self.positions[one]
        # A batch that was under way is finished by the code from before.
        for name in self.positions.keys() & under_way.keys():
            for event in self.events[self.positions[name] :][:1]:
                self._keep(under_way[name], event)
                self.positions[name] += 1
        for gone in set(self.copies) - set(self.physical("").values()):
            del self.copies[gone]

    def _copy_of(self, template, function):
        resource = template["Resources"][naming.function_id(function)]
        return self.physical("")[resource["Properties"]["Environment"]["Variables"]["ORDERS_TABLE"]["Ref"]]

    def _keep(self, copy, event):
        if copy in self.copies:
            self.copies[copy][event.key] = max(self.copies[copy].get(event.key, -1), event.timestamp)

    def replay(self, asked, to, window, stage):
        if self.asked().keeper.handler.store.kind != "table":
            return Progress(done=True)
        question, path = [to.name, window.since, window.until], self.file.replay(stage)
        before, position = json.loads(path.read_text()) if path.exists() else (question, 0)
        assert before == question, "a replay that was cut off goes on as it began"
        for event in self.events[position:]:
            self._called("send")
            in_window = (window.since or 0) <= event.arrival and (window.until is None or event.arrival < window.until)
            if event.arrival <= self.clock - LAG and in_window:
                self._keep(self._copy_of(self.template, to.name), event)
            position += 1
            path.write_text(json.dumps([question, position]))
        self._called("replayed")
        return Progress(handled=position, faulted=self.faults if stage == 2 else 0, done=True)

    def indexed(self, asked, copy):
        self._called("indexed")

    def delivered(self, asked, until):
        self._called("delivered")
        self.clock = max(self.clock, until + LAG)

    def mark(self, asked, generation):
        self._called("mark")
        self.declared = generation
        self._called("marked")

    def clear(self, asked, assets):
        query = self.template["Resources"][naming.function_id("query-order")]
        assert query["Properties"]["Environment"]["Variables"]["ORDERS_TABLE"]["Ref"] not in map(
            naming.asset_id, assets
        )
        self.cleared += assets

    def say(self, text):
        self.calls.append(f"say {text}")

    def _called(self, what):
        self.tick(self)
        self.calls.append(what)
        if self.cut_at and len(self.asked_for) >= self.cut_at:
            self.cut_at = 0
            raise Cut


def _allowed(template, role):
    """What a role may reach, itself or by an access policy."""
    said = templates._statements(template["Resources"].get(role, {}))
    domain = templates._statements(template["Resources"].get(naming.SEARCH_DOMAIN, {}))
    said += [one for one in domain if role in templates.references(one["Principal"])]
    return templates.references([one["Resource"] for one in said]) | {
        word for one in said for word in _paths(one["Resource"])
    }


def _paths(resources):
    for one in resources if isinstance(resources, list) else ():
        if isinstance(one, dict) and isinstance(one.get("Fn::Sub"), list):
            yield one["Fn::Sub"][0]
