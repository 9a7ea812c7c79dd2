"""A rebuild in a world of its own: its stages, cut off anywhere, refused, and never in the way of queries."""

from __future__ import annotations

import pytest
from rebuild_world import LAG, Cut, World, analysed

from cncb_compiler.rebuild import templates
from cncb_compiler.rebuild.asked import asked, objection, refuse
from cncb_compiler.rebuild.marking import marked
from cncb_compiler.rebuild.rebuilding import rebuild
from cncb_compiler.rebuild.state import StateFile
from cncb_compiler.target.problems import Problem

CALLS = 40
"""More than a rebuild of five events makes."""


@pytest.fixture(scope="module")
def by_generation(tmp_path_factory):
    return {number: analysed(tmp_path_factory.mktemp("system"), number) for number in (1, 2, 3)}


@pytest.fixture
def file(tmp_path):
    return StateFile(tmp_path / "state" / "shop.json")


def run(world, file, anew=False):
    world.file = file
    rebuild(world, file, anew)


def published(world, events=5):
    """A world with events that the lake holds, its view knows, and its stream has forgotten."""
    for number in range(events):
        world.publish(f"k{number % 3}")
    world.clock += LAG
    world.read("view-orders", events)
    world.forgotten = events
    return world


def finished(world):
    """The world, once its functions have read all."""
    world.read("view-orders", len(world.events))
    return world


def until_done(world, file):
    for _ in range(5):
        try:
            run(world, file)
        except Cut:
            continue
        return
    raise AssertionError("it does not come to an end")


def test_a_rebuilt_view_is_a_clean_one_and_nothing_else_is_left(by_generation, file):
    world = published(World(by_generation))
    run(world, file)
    assert world.queried() == world.clean() != {}
    assert (world.declared, list(world.copies), world.readers) == (
        2,
        [world.physical("")["OrdersTable2"]],
        ["view-orders"],
    )
    plain = world.compiled(None, world.asked().plan).template
    assert {name: {**one, "n": 0} for name, one in plain["Resources"].items()} == {
        name: {**one, "n": 0} for name, one in world.template["Resources"].items()
    }
    assert not list(file.path.parent.iterdir())


@pytest.mark.parametrize("calls", range(1, CALLS))
def test_cut_off_anywhere_it_goes_on(by_generation, file, calls):
    world = published(World(by_generation))
    world.cut_at = calls
    until_done(world, file)
    assert (world.declared, finished(world).queried()) == (2, world.clean())
    assert len(world.copies) == 1


def test_the_cuts_reach_its_end(by_generation, file):
    world = published(World(by_generation))
    run(world, file)
    assert len(world.asked_for) < CALLS


def test_what_is_published_meanwhile_is_not_lost_though_the_filling_function_never_reads(by_generation, file):
    """It is removed with all that it had still to read: the window's replay makes good for it."""

    def tick(world):
        world.publish(f"t{len(world.events)}")
        world.read("view-orders", len(world.events))

    world = published(World(by_generation))
    world.tick = tick
    run(world, file)
    world.tick = lambda world: None
    assert finished(world).queried() == world.clean()


def test_what_is_not_in_the_lake_yet_comes_from_the_stream_before_the_switch(by_generation, file):
    """Or queries would answer without it until the window was replayed."""
    answers = []

    def tick(world):
        for reader in world.readers:
            world.read(reader, len(world.events))
        if world.declared == 2 and world.calls[-1:] == ["deployed"]:
            answers.append((world.queried(), world.clean()))

    world = published(World(by_generation))
    world.publish("late")
    world.tick = tick
    run(world, file)
    assert answers
    assert all(rows == clean for rows, clean in answers)


@pytest.mark.parametrize(
    ("view", "index", "left"),
    [
        (
            "pages",
            "pages-index",
            {
                "PagesBucket2",
                "PagesBucket2Policy",
                "PagesBucket2WordQueue",
                "PagesBucket2WordQueuePolicy",
                "IndexPagesPagesBucket2Mapping",
            },
        ),
        ("docs", "docs", set()),
    ],
)
def test_objects_and_documents_are_rebuilt_by_the_same_stages(by_generation, file, tmp_path, view, index, left):
    """The world looks at each template: nothing refers to what is not there, nobody loses what he still needs."""
    world = World({1: by_generation[1], 2: analysed(tmp_path, 2, view)}, f"history.{view}")
    run(world, file)
    # What an earlier rebuild may have left of the index, and the old one at the end: indexes are no resources.
    assert [one.generation for one in world.cleared if one.name == index] == [2, 1]
    assert {one for one in world.template["Resources"] if "2" in one} == left


# What deployments in between do.


def deployed_by_somebody(world):
    """The service, plainly, as it is declared."""
    world._stand(world.compiled(None, world._asked().plan).template)


def test_a_fresh_copy_that_somebody_has_deployed_away_is_never_switched_to(by_generation, file):
    world = published(World(by_generation))

    def replayed(world):
        if world.calls[-1:] == ["indexed"]:
            deployed_by_somebody(world)
            world.tick = lambda world: None

    world.tick = replayed
    with pytest.raises(Problem, match="no longer what it was"):
        run(world, file)
    assert (world.declared, world.queried()) == (1, world.clean())
    run(world, file)
    assert any("Begins anew" in one for one in world.calls)
    assert (world.declared, finished(world).queried()) == (2, world.clean())


def test_a_view_that_is_declared_differently_meanwhile_gets_another_fresh_copy(by_generation, file, tmp_path):
    world = published(World(by_generation))
    world.cut_at = 12
    with pytest.raises(Cut):
        run(world, file)
    before = world.physical("")["OrdersTable2"]
    for number in (1, 2):
        (folder := tmp_path / str(number)).mkdir()
        changed = analysed(folder, number, change=lambda text: text.replace("{total: order.total}", "{id: order.id}"))
        world.by_generation = {**world.by_generation, number: changed}
    run(world, file)
    assert world.physical("")["OrdersTable2"] != before
    assert finished(world).queried() == world.clean()


def test_a_view_that_is_declared_differently_after_the_switch_is_to_be_rebuilt_once_more(by_generation, file, tmp_path):
    world = published(World(by_generation))

    def switched(world):
        if world.calls[-1:] == ["delivered"]:
            changed = analysed(tmp_path, 2, change=lambda text: text.replace("{total: order.total}", "{id: order.id}"))
            world.by_generation = {**world.by_generation, 2: changed}

    world.tick = switched
    run(world, file)
    assert "say history.orders was declared differently meanwhile: rebuild it once more." in world.calls


def test_until_the_switch_nothing_else_that_is_declared_is_deployed(by_generation, file, tmp_path):
    """A key that is declared otherwise by now would replace the table from which queries answer."""
    changed = {}
    for number in (1, 2):
        (folder := tmp_path / str(number)).mkdir()
        changed[number] = analysed(
            folder,
            number,
            change=lambda text: text.replace(
                "orders: {on: order-submitted,",
                "orders: {on: order-submitted, key: {name: order.name, id: order.id},",
            ).replace("GET /orders/{id}", "GET /names/{name}"),
        )
    world = published(World(by_generation))
    deployed = world.template["Resources"]
    world.by_generation = changed
    seen = []

    def look(world):
        if world.declared == 1 and world.calls[-1:] == ["send"]:
            seen.append({name: one for name, one in world.template["Resources"].items() if name in deployed})
        if world.declared == 2 and world.calls[-1:] == ["send"]:
            assert world.template["Resources"]["OrdersTable"] == deployed["OrdersTable"]

    world.tick = look
    run(world, file)
    assert seen
    assert all(one == deployed for one in seen)
    keys = [one["AttributeName"] for one in world.template["Resources"]["OrdersTable2"]["Properties"]["KeySchema"]]
    assert keys == ["name", "id"]


def test_a_fresh_copy_of_a_rebuild_elsewhere_is_left_alone_unless_told(by_generation, file, tmp_path):
    world = published(World(by_generation))
    world.cut_at = 12
    with pytest.raises(Cut):
        run(world, file)
    before, here = world.physical("")["OrdersTable2"], StateFile(tmp_path / "here" / "shop.json")
    with pytest.raises(Problem, match="--anew"):
        run(world, here)
    assert world.physical("")["OrdersTable2"] == before
    run(world, here, anew=True)
    assert world.physical("")["OrdersTable2"] != before
    assert world.queried() == world.clean()


@pytest.mark.parametrize("view", ["orders", "pages", "docs"])
@pytest.mark.parametrize("anew", [False, True])
def test_a_revision_that_is_not_the_deployed_one_never_empties_the_current_copy(
    by_generation, file, tmp_path, view, anew
):
    """The next generation of an older revision is the current one."""
    world = World({1: by_generation[1], 2: analysed(tmp_path, 2, view)}, f"history.{view}")
    world.declared = 2
    deployed_by_somebody(world)
    world.declared = 1
    with pytest.raises(Problem, match="declared as generation 1, but deployed as 2"):
        run(world, file, anew)
    assert world.cleared == []


@pytest.mark.parametrize("view", ["orders", "pages", "docs"])
def test_the_next_stage_is_rebuilt_to_what_is_declared_since_the_first_one(by_generation, file, tmp_path, view):
    world = published(World({1: by_generation[1], 2: analysed(tmp_path, 2, view)}, f"history.{view}"))
    world.declared = 2
    run(world, file)
    assert "mark" not in world.calls
    assert (world.declared, world.readers) == (2, ["view-orders"])
    assert any("say 3/5 deploy history as declared: the fresh copy is current" in one for one in world.calls)
    if view == "orders":
        assert list(world.copies) == [world.physical("")["OrdersTable2"]]
        assert world.queried() == world.clean()


def test_a_generation_that_was_changed_by_hand_is_not_guessed_about(by_generation, file):
    world = published(World(by_generation))
    world.cut_at = 12
    with pytest.raises(Cut):
        run(world, file)
    world.declared = 3
    with pytest.raises(Problem, match="is of generation 3, but its rebuild from 1 to 2 is not done"):
        run(world, file)


# What is refused.


def test_events_that_became_faults_keep_it_from_switching(by_generation, file):
    world = published(World(by_generation))
    world.faults = 2
    for _ in range(2):
        with pytest.raises(Problem, match=r"2 events became faults.*--max-faults 2"):
            run(world, file)
    assert world.declared == 1
    world.most_faults = 2
    run(world, file)
    assert world.declared == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("      docs: {k", "      orders-2: {on: order-submitted}\n      docs: {k"),
            "needs the name ViewOrders2Function",
        ),
        (
            ("    queries:", "    overrides: {OrdersTable: {Properties: {TableClass: STANDARD}}}\n    queries:"),
            "name OrdersTable, which the next generation of history.orders is not called",
        ),
        (
            (
                "services:\n  lake: {kind: data-lake",
                "streams: {other: {}, main: {}}\nservices:\n  lake: {kind: data-lake, lake: {streams: [other]}",
            ),
            "No data lake keeps the stream `main`",
        ),
    ],
)
def test_what_a_next_generation_cannot_have_is_said_beforehand(tmp_path, change, message):
    analysis = analysed(tmp_path, change=lambda text: text.replace(*change))
    with pytest.raises(Problem, match=message):
        refuse(asked(analysis, "history.orders"), "dev", lakes=True)


def test_a_name_that_gets_too_long(by_generation):
    with pytest.raises(Problem, match=r"shop-history-d+-view-orders-2, .* has a name of 65 characters; 64 are allowed"):
        refuse(asked(by_generation[1], "history.orders"), "d" * 38, lakes=True)


@pytest.mark.parametrize("said", ["none", "id"])
def test_a_view_that_takes_older_events_over_newer_ones_is_refused(tmp_path, said):
    text = "orders: {on: order-submitted,", f"orders: {{processing: {{idempotence: {said}}}, on: order-submitted,"
    found = objection(asked(analysed(tmp_path, change=lambda whole: whole.replace(*text)), "history.orders"))
    assert (found.code, f"Remove `idempotence: {said}`" in found.mend, found.at.path[-1]) == (
        "CNCB616",
        True,
        "idempotence",
    )
    assert objection(asked(analysed(tmp_path), "history.orders")) is None


# The parts.


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("orders: {on: order-submitted, fields: {total: order.total}}", "generation: 2"),
        ("orders: {on: order-submitted, generation: 1, fields: {total: order.total}}", "generation: 2, fields:"),
    ],
)
def test_the_generation_is_written_where_the_view_is_declared(tmp_path, view, expected):
    whole = "orders: {on: order-submitted, fields: {total: order.total}}"
    analysis = analysed(tmp_path, change=lambda text: text.replace(whole, view) + "# its end\n")
    (text,) = marked(analysis, asked(analysis, "history.orders").view, 2).texts.values()
    assert expected in text
    assert text.endswith("# its end\n")


def test_what_a_template_refers_to():
    template = {
        "A": {"DependsOn": ["B", "C"], "Properties": {"x": {"Ref": "D"}, "y": {"Fn::GetAtt": "E.Arn"}}},
        "F": [{"Fn::GetAtt": ["G", "Arn"]}, {"Fn::Sub": "${H}/${I.Arn}/${AWS::Region}"}, {"Ref": "AWS::StackId"}],
        "J": {"Fn::Sub": ["${K}${L}", {"K": {"Ref": "M"}}]},
        "N": {"DependsOn": "O"},
    }
    assert templates.references(template) == set("BCDEGHILMO")


@pytest.mark.parametrize("text", ["[]", "{", '{"version": 0}', '{"version": 1, "old": 1}'])
def test_a_file_that_is_none_of_its_own_is_not_guessed_about(file, text):
    file.path.parent.mkdir()
    file.path.write_text(text)
    with pytest.raises(Problem, match="Remove it, and begin anew"):
        file.read()
