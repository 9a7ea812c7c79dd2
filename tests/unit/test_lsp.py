"""What editors ask, as pure functions over texts: places, names, completion, hover, rename, buffers over files."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from cncb_compiler.diagnostics.fix import by_file, replaced
from cncb_compiler.lsp import navigation, scenarios
from cncb_compiler.lsp.completion import offers
from cncb_compiler.lsp.cursor import cursors
from cncb_compiler.lsp.expressions import declared_at, field_at, mapping_at
from cncb_compiler.lsp.hover import about
from cncb_compiler.lsp.symbols import Symbol
from cncb_compiler.lsp.text import Point, offset, point
from cncb_compiler.lsp.workspace import System, Workspace
from cncb_compiler.patterns.lower import lower
from cncb_compiler.source.lines import LineTable

FILES = {
    "system.yaml": """\
system: shop
owner: shoppers
types: {Order: {id: uuid, customer: string, lines: [Line]}, Line: {sku: string}}
events:
  order-submitted: {entity: order, with: {order: Order}}
  order-packed: {entity: order, with: {order: {id: uuid, weight: number}}}
  order-shipped: {entity: order, with: {order: {id: uuid}}}
""",
    "services/order-bff.yaml": """\
service: order-bff
api: {auth: none}
stores: {orders: {of: Order}}
commands:
  submit:
    route: POST /orders
    input: {customer: string, lines: "[Line]"}
    write: orders
    set: {id: uuid(), customer: input.customer, lines: input.lines}
changes: {orders: {insert: order-submitted}}
""",
    "services/process.yaml": """\
service: process
kind: control
transitions:
  - join: [order-submitted, order-packed]
    by: order.id
    emit: order-shipped
    with: {order: {id: '"order-packed".order.id'}}
""",
    "scenarios/one.yaml": """\
scenario: x
when: [{publish: order-submitted}]
then: {rows: {order-bff.orders: []}}
""",
    "services/history.yaml": """\
service: history
api: {auth: none}
views:
  orders:
    collect: {on: order-submitted, by: order.customer}
    key: {customer: order.customer}
    fields: {count: count(order-submitted)}
queries:
  orders: {route: "GET /orders/{customer}", from: orders}
""",
}


@pytest.fixture
def workspace(write):
    folder = write(FILES)
    return folder.resolve(), Workspace()


def system_of(workspace) -> System:
    folder, files = workspace
    system = files.system(folder / "system.yaml")
    assert system is not None
    return system


def said(system: System, buffers: dict[Path, str]) -> list[tuple[str, str]]:
    """What is found in a system and in its scenarios."""
    analysis = system.analyse(buffers)
    plans = [lower(analysis.linked, service) for service in analysis.linked.services.values()]
    found = scenarios.findings(system.scenario_files(buffers), analysis.linked, plans)
    return sorted((one.code, one.at.file) for one in (*system.shown(analysis), *found))


def placed(text: str) -> tuple[str, int]:
    """A text, and where its `^` stands."""
    at = text.index("^")
    return text.replace("^", ""), at


def test_characters_are_counted_in_the_units_of_the_client():
    lines = LineTable("a: 1\r\nname: '\U0001f600é' # x\n")
    at = lines.text.index("#")
    assert point(lines, at, "utf-16") == Point(1, 12)
    assert point(lines, at, "utf-8") == Point(1, 15)
    assert point(lines, at, "utf-32") == Point(1, 11)
    for encoding in ("utf-8", "utf-16", "utf-32"):
        assert all(offset(lines, point(lines, one, encoding), encoding) == one for one in (0, 3, 6, 13, 14, at))
    assert offset(lines, Point(0, 99)) == 4
    assert offset(lines, Point(99, 0)) == len(lines.text)


def test_a_name_is_found_wherever_it_stands(workspace):
    symbols = system_of(workspace).symbols({})
    found = symbols[Symbol("event", "order-submitted")]
    assert [(one.file, FILES[one.file][one.start : one.end], one.declares) for one in found] == [
        ("services/history.yaml", "order-submitted", False),
        ("services/history.yaml", "order-submitted", False),
        ("services/order-bff.yaml", "order-submitted", False),
        ("services/process.yaml", "order-submitted", False),
        ("system.yaml", "order-submitted", True),
        ("scenarios/one.yaml", "order-submitted", False),
    ]
    assert len(symbols[Symbol("type", "Line")]) == 3
    assert len(symbols[Symbol("store", "orders", "order-bff")]) == 4
    assert len(symbols[Symbol("store", "orders", "history")]) == 2


def test_a_rename_leaves_a_system_that_means_the_same(workspace):
    folder, _ = workspace
    system = system_of(workspace)
    before = [(one.code, one.at.file) for one in system.shown(system.analyse({}))]
    buffers = {}
    for symbol, new in (
        (Symbol("event", "order-packed"), "parcel-packed"),
        (Symbol("event", "order-submitted"), "order-placed"),
        (Symbol("type", "Line"), "OrderLine"),
        (Symbol("store", "orders", "order-bff"), "kept"),
        (Symbol("service", "process"), "fulfilment"),
    ):
        for file, wanted in by_file(navigation.renamed(symbol, new, system.symbols(buffers))).items():
            text = buffers.get(folder / file, FILES[file])
            buffers[folder / file] = replaced(text, wanted)
    after = system.analyse(buffers)
    assert [(one.code, one.at.file) for one in system.shown(after)] == before
    assert {"parcel-packed", "order-placed"} < after.linked.events.keys()
    assert "order-packed" not in "".join(buffers.values())
    assert """with: {order: {id: '"parcel-packed".order.id'}}""" in buffers[folder / "services/process.yaml"]


def test_every_name_of_every_example_can_be_changed():
    topologies = Path(__file__).resolve().parents[2] / "topologies"
    files = Workspace()
    found = {files.system(path) for path in topologies.rglob("*.yaml")} - {None}
    assert len(found) > 30
    refused = []
    for system in found:
        before = said(system, {})
        buffers = {system.root / file.name: file.text for file in (*system.disk.files, *system.scenarios)}
        symbols = system.symbols({})
        for symbol in sorted(symbols, key=lambda one: one.kind == "service"):
            try:
                navigation.check_renamable(symbol, symbols, system.root, repeated=system.repeats_services({}))
            except navigation.RenameError:
                refused.append(symbol)
                continue
            dash = "-" if "-" in symbol.name else ""
            new = f"Zz{symbol.name}" if symbol.kind == "type" else f"zz{dash}{symbol.name}"
            wanted = navigation.renamed(symbol, new, system.symbols(buffers))
            for file, replacements in by_file(wanted).items():
                buffers[system.root / file] = replaced(buffers[system.root / file], replacements)
        assert said(system, buffers) == before
    assert len(refused) < 300, "most names can be changed"


@pytest.mark.parametrize(
    ("new", "why"),
    [("Order Packed", "cannot be a name"), ("true", "cannot be a name"), ("order-shipped", "already")],
)
def test_a_name_that_cannot_be_is_refused(workspace, new, why):
    with pytest.raises(navigation.RenameError, match=why):
        navigation.renamed(Symbol("event", "order-packed"), new, system_of(workspace).symbols({}))


def test_a_name_without_quotes_in_an_expression_cannot_get_dashes(workspace):
    folder, _ = workspace
    buffers = {
        folder / file: text.replace("'\"order-packed\".order.id'", "packed.order.id").replace("order-packed", "packed")
        for file, text in FILES.items()
    }
    symbols = system_of(workspace).symbols(buffers)
    with pytest.raises(navigation.RenameError, match="needs quotes"):
        navigation.renamed(Symbol("event", "packed"), "order-packed", symbols)
    assert len(navigation.renamed(Symbol("event", "packed"), "boxed", symbols)) == 3


COMPLETIONS = [
    ("services/order-bff.yaml", "    write: orders", "    wri^", {"write", "update", "publish"}, {"route", "name"}),
    ("services/order-bff.yaml", "    write: orders", "    write: ^", {"orders"}, {"order-submitted"}),
    ("services/order-bff.yaml", "insert: order-submitted", "insert: ord^", {"order-packed"}, {"orders"}),
    ("services/order-bff.yaml", "of: Order", "of: ^", {"Order", "Line", "uuid"}, {"orders"}),
    (
        "services/order-bff.yaml",
        "customer: input.customer",
        "customer: input.^",
        {"customer", "lines"},
        {"now", "input"},
    ),
    ("services/order-bff.yaml", "customer: input.customer", "customer: ^", {"input", "now"}, {"customer"}),
    ("services/order-bff.yaml", "customer: input.customer, ", "c^, ", {"customer"}, {"id", "lines"}),
    ("services/order-bff.yaml", "api: {auth: none}", "api: {auth: ^}", {"none", "iam"}, {"orders"}),
    ("services/process.yaml", "kind: control", "kind: ^", {"bff", "esg", "control"}, {"true"}),
    ("services/process.yaml", "emit: order-shipped", "emit: ^", {"order-shipped"}, {"process"}),
    ("services/history.yaml", "from: orders", "from: ^", {"orders"}, {"order-submitted"}),
    ("services/order-bff.yaml", "{of: Order}", "{of: Order, key: ^}", {"id", "customer"}, {"orders", "submit"}),
    ("services/order-bff.yaml", "api: {auth: none}", "owner: ^", {"shoppers"}, {"none"}),
    ("services/history.yaml", "count: count(order-submitted)", "count: ^", {"count()", "sum()"}, {"orders"}),
    ("services/history.yaml", "api: {auth: none}", "api: {cors: {^}}", {"origins", "headers"}, {"auth"}),
    ("services/history.yaml", "api: {auth: none}", "function: {^}", {"memory", "timeout"}, {"auth"}),
    ("scenarios/one.yaml", "order-submitted", "^", {"order-submitted", "order-packed"}, {"orders"}),
    ("scenarios/one.yaml", "order-bff.orders:", "^:", {"order-bff.orders", "history.orders"}, {"order-packed"}),
    ("scenarios/one.yaml", "then:", "giv^\nthen:", {"given"}, {"when", "service"}),
    ("system.yaml", "system: shop\n", "system: shop\n^\n", {"stages", "streams"}, {"system", "events", "api"}),
]


@pytest.mark.parametrize(("file", "old", "new", "there", "absent"), COMPLETIONS)
def test_what_fits_at_a_cursor_is_offered(workspace, file, old, new, there, absent):
    system = system_of(workspace)
    system.analyse({})
    assert old in FILES[file]
    text, at = placed(FILES[file].replace(old, new, 1))
    folder, _ = workspace
    labels = {one.label for one in offers(text, at, file, system.symbols({folder / file: text}), system.linked)}
    assert there <= labels
    assert not absent & labels


FIELDS = [
    ("services/order-bff.yaml", "input.lin", ("services/order-bff.yaml", "lines", "commands:\n")),
    ("services/process.yaml", '"order-packed".order', ("system.yaml", "order", "order-packed: {entity: order, ")),
    ("services/history.yaml", "key: {customer: order.cus", ("system.yaml", "customer", "types: ")),
]


@pytest.mark.parametrize(("file", "until", "expected"), FIELDS)
def test_a_field_leads_to_its_declaration(workspace, file, until, expected):
    system = system_of(workspace)
    linked = system.analyse({}).linked
    text = FILES[file]
    (cursor,) = cursors(text, text.index(until) + len(until))
    mapping = mapping_at(linked, file, cursor.path)
    path, _ = field_at(cursor.before + cursor.after, len(cursor.before), mapping, linked.types)
    at = declared_at(path, mapping, linked)
    start, end = system.sources({}).index(at.file).span(at)
    where, name, before = expected
    assert (at.file, FILES[at.file][start:end]) == (where, name)
    assert start == FILES[where].index(name, FILES[where].index(before) + len(before))


def test_a_cursor_is_found_in_a_text_that_is_no_yaml_yet():
    text, at = placed("commands:\n  submit:\n    route: POST /x\n    ro^\n  other: [\n")
    assert [(one.path, one.on_key, one.before) for one in cursors(text, at)][-1:] == [
        (("commands", "submit"), True, "ro")
    ]


def test_hover_tells_schema_producers_and_consumers(workspace):
    system = system_of(workspace)
    linked = system.analyse({}).linked
    said = about(Symbol("event", "order-submitted"), linked)
    assert "| order | `Order` |" in said
    assert "producers: `order-bff.changes.orders`" in said
    assert "consumers: `history.views.orders`, `process.transitions.order-shipped`" in said
    assert "| lines | `[Line]` |" in about(Symbol("store", "orders", "order-bff"), linked)
    assert "publishes: `order-shipped`" in about(Symbol("service", "process"), linked)


def test_buffers_lie_over_files_also_those_that_are_not_there_yet(workspace):
    folder, _ = workspace
    system = system_of(workspace)
    file = folder / "services/history.yaml"
    found = system.shown(system.analyse({file: FILES["services/history.yaml"].replace("(order-s", "(ordr-s")}))
    assert ("CNCB201", "services/history.yaml") in {(one.code, one.at.file) for one in found}
    new = {folder / "events/more.yaml": "events: {order-lost: {}}\n", folder / "scenarios/x.yaml": "given: []\n"}
    names = [one.name for one in system.source(new).files]
    assert "events/more.yaml" in names
    assert "scenarios/x.yaml" not in names
    assert not [one for one in system.shown(system.analyse({})) if one.code == "CNCB201"]


def test_an_editor_finds_what_a_check_finds(workspace):
    from cncb_compiler.passes import analyse, check_templates
    from cncb_compiler.source.discover import systems

    folder, _ = workspace
    bad = FILES["services/order-bff.yaml"] + "overrides: {Nothing: {Properties: {}}}\n"
    system = system_of(workspace)
    analysis = system.analyse({folder / "services/order-bff.yaml": bad})
    for _ in system.finish(analysis, {}):
        pass
    (folder / "services/order-bff.yaml").write_text(bad)
    checked = analyse(systems(folder)[0])
    check_templates(checked)
    shown = system.shown(analysis)
    assert [one for one in shown if not one.at.file.startswith("scenarios/")] == checked.shown()
    assert [one.code for one in shown if one.at.file.startswith("scenarios/")] == ["CNCB957"]
    assert "CNCB902" in {one.code for one in checked.shown()}


def test_a_system_inside_another_folder_is_its_own(workspace):
    folder, files = workspace
    (folder / "inner").mkdir()
    (folder / "inner/system.yaml").write_text("system: inner\n")
    outer, inner = files.system(folder / "system.yaml"), files.system(folder / "inner/events.yaml")
    buffers = {folder / "inner/events.yaml": "events: {thing-lost: {}}\n"}
    assert "inner/events.yaml" not in [one.name for one in outer.source(buffers).files]
    assert "events.yaml" in [one.name for one in inner.source(buffers).files]


def test_an_analysis_goes_when_the_next_one_comes(workspace):
    root, files = workspace
    path = root / "services" / "order-bff.yaml"
    system = files.system(path)
    analysis = system.analyse({})
    gc.collect()
    gc.disable()
    try:
        for number in range(3):
            analysis = system.analyse({path: FILES["services/order-bff.yaml"] + f"# {number}\n"})
        assert analysis.linked.services
        assert gc.collect() < 100, "an editor's server would wait for the collector at keystrokes"
    finally:
        gc.enable()
