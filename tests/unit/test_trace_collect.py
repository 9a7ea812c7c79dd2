"""Collecting a trace from streams, tables and buckets: of moto, in process; rows written by the runtime itself."""

from __future__ import annotations

import re

import pytest
from moto import mock_aws
from trace_system import (
    CANCELLED,
    CLOSED,
    ORDER,
    PHYSICAL,
    RESERVED,
    ROOT,
    analysis_of,
    build,
    event,
    put,
    submitted,
    target,
)

from cncb_compiler.plan.assets import Asset
from cncb_compiler.runtime import aws
from cncb_compiler.runtime.micro_event_store import MicroEventStore
from cncb_compiler.runtime.object_view import ObjectView
from cncb_compiler.runtime.projection import Gone, Row
from cncb_compiler.runtime.stamp import Stamp
from cncb_compiler.runtime.stream_records import trigger_of
from cncb_compiler.runtime.table import Table
from cncb_compiler.runtime.unit import UnitOfWork
from cncb_compiler.runtime.view import View
from cncb_compiler.target.problems import Problem
from cncb_compiler.trace.collect import _looked
from cncb_compiler.trace.facts import Arrived, Effect
from cncb_compiler.trace.places import Places
from cncb_compiler.trace.reach import Place, Reach
from cncb_compiler.trace.show import trace_text, traced

AT = 1_700_000_000_000


@pytest.fixture
def here(monkeypatch):
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    names = {
        "ORDERS": "t-orders",
        "SUMS": "t-sums",
        "EVENTS": "t-sums-events",
        "PAGES": "b-pages",
        "ENTRIES": "t-entries",
    }
    for name, value in {**names, "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        made = target()
        monkeypatch.setattr(aws, "client", made.client)
        build(made)
        yield made


@pytest.fixture
def analysis(tmp_path):
    return analysis_of(tmp_path)


def handle(*, trigger: str = ROOT, at: int = AT) -> None:
    """What the functions that hear of the submitted order do."""
    fields = {"id": ORDER, "customer": "ada"}
    View("ORDERS", ("id",)).set(Row({"id": ORDER}, fields, at, trigger=trigger))
    ObjectView("PAGES", ("id",)).set(Row({"id": ORDER}, fields, at, trigger=trigger))
    one = submitted(trigger) | {"timestamp": at}
    list(MicroEventStore("EVENTS", None).collect(UnitOfWork({}, 0, trigger_of(one), one, "ada")))
    View("SUMS", ("customer",), locked=False).set(Row({"customer": "ada"}, {"count": 1}, at, trigger=trigger))


def book(trigger: str | None = RESERVED) -> None:
    Table("ENTRIES", ("id",)).put({"id": ORDER, "status": "booked"}, Stamp(AT, trigger))


def lines(analysis, here, *ids: str, **more) -> list[str]:
    """The text without latencies, which depend on the machine."""
    text = trace_text(analysis, here, ids, physical=PHYSICAL, **more)
    return re.sub(r"  [+-]\d+ ms", "", text).splitlines()


def reserved() -> dict:
    return event("order-reserved", RESERVED, ROOT, "process.transitions", order={"id": ORDER})


def closed() -> dict:
    return event("order-closed", CLOSED, RESERVED, "books.changes-entries", order={"id": ORDER})


def test_the_whole_tree_down_to_what_changes_of_rows_caused(analysis, here):
    put(here, submitted(), reserved(), closed(), b"no event", b"[]", event("order-cancelled", CANCELLED))
    handle()
    book()
    got = lines(analysis, here, ROOT)
    assert got[0].startswith(f"order-submitted  {ROOT}  by test  20")
    assert got[0].endswith(" on main")
    assert got[1:] == [
        "├─ front.collect-sums",
        f"│  └─ row sums-events correlation=ada, sequence=00{AT}-{ROOT}  collected",
        "│     └─ front.evaluate-sums",
        "│        └─ row sums customer=ada  written",
        "├─ front.view-orders",
        f"│  └─ row orders id={ORDER}  written",
        "├─ front.view-pages",
        f"│  └─ object pages {ORDER}  written",
        "└─ process.transitions",
        f"   └─ order-reserved  {RESERVED}",
        "      └─ books.reaction-save",
        f"         └─ row entries id={ORDER}  written",
        "            └─ books.changes-entries",
        f"               └─ order-closed  {CLOSED}",
    ]


def test_the_chain_of_causes_stands_above(analysis, here):
    put(here, submitted(), reserved(), closed())
    got = lines(analysis, here, CLOSED)
    assert got[:2] == [
        f"caused by  order-submitted  {ROOT}  by test",
        f"caused by  order-reserved  {RESERVED}  by process.transitions",
    ]
    assert got[2].startswith(f"order-closed  {CLOSED}  by books.changes-entries  20")


def test_a_cause_that_no_stream_holds_is_named(analysis, here):
    put(here, reserved(), event("order-closed", CLOSED, "f" * 32, "books.changes-entries", order={"id": ORDER}))
    assert lines(analysis, here, RESERVED)[0] == f"caused by  {ROOT}, which is no event that the streams still hold"
    assert lines(analysis, here, CLOSED)[0] == f"caused by  {'f' * 32}, which is a change that no event caused"
    by_change = lines(analysis, here, "f" * 32)
    assert by_change[1].startswith(f"order-closed  {CLOSED}")


def test_rows_say_who_has_overwritten_them_since(analysis, here):
    later = "99999999-0000-4000-8000-000000000000"
    put(here, submitted(), reserved())
    handle()
    handle(trigger=later, at=AT + 1)
    book(None)
    got = "\n".join(lines(analysis, here, ROOT))
    assert f"row orders id={ORDER}  since overwritten by {later}" in got
    assert f"object pages {ORDER}  since overwritten by {later}" in got
    assert f"row sums customer=ada  since overwritten by {later}" in got
    assert f"sequence=00{AT}-{ROOT}  collected" in got
    assert f"row entries id={ORDER}  since overwritten by no event (a command)" in got


def test_a_deletion_is_seen_from_both_sides(analysis, here):
    put(here, submitted(), event("order-cancelled", CANCELLED, order={"id": ORDER}))
    handle()
    View("ORDERS", ("id",), locks={"asOf": ("customer",)}).remove(Gone({"id": ORDER}, AT + 1, CANCELLED))
    assert f"└─ row orders id={ORDER}  deleted" in "\n".join(lines(analysis, here, CANCELLED))
    assert f"row orders id={ORDER}  since overwritten by {CANCELLED}" in "\n".join(lines(analysis, here, ROOT))


def test_what_is_not_there_is_said_and_what_a_guard_leaves_out_is_not(analysis, here):
    put(here, submitted(amount=0))
    got = "\n".join(lines(analysis, here, ROOT))
    assert "view-orders" not in got
    assert f"object pages {ORDER}  not there (not yet, failed, or gone since)" in got


def test_an_event_published_twice_stands_once(analysis, here):
    put(here, submitted(), reserved(), reserved())
    got = lines(analysis, here, ROOT)
    assert [line for line in got if RESERVED in line] == [f"   └─ order-reserved  {RESERVED}  (published 2 times)"]


def test_faults_stand_under_what_failed(analysis, here):
    error = {"name": "ValueError", "message": "no\nway"}
    put(here, submitted(), event("fault", CLOSED, ROOT, "front.view-orders", error=error))
    got = lines(analysis, here, ROOT)
    assert f"│  └─ fault  {CLOSED}  ValueError: no way" in got


def test_without_the_stack_the_events_remain(analysis, here):
    put(here, submitted(), reserved())
    got = trace_text(analysis, here, [ROOT])
    assert f"row orders id={ORDER}  (its stack is not deployed)" in got
    assert RESERVED in got


def test_an_unknown_id_says_how_far_the_streams_reach_back(analysis, here):
    with pytest.raises(Problem, match=r"^There is no event `x`: the streams of shop in stage `dev` hold nothing\.$"):
        traced(analysis, here, ["x"])
    put(here, submitted())
    with pytest.raises(Problem, match=r"reaches back to 20\d\d-\d\d-\d\dT.*Z: 1 events\.$"):
        traced(analysis, here, ["x"])
    assert trace_text(analysis, here, ["x"]).startswith("There is no event `x` on the streams of shop")


def test_a_system_that_is_not_deployed_is_a_problem(analysis, here):
    here.client("ssm").delete_parameter(Name="/shop/dev/streams/main/name")
    with pytest.raises(Problem, match="shop has no stream `main` in stage `dev`"):
        traced(analysis, here, [ROOT])


def test_at_a_local_endpoint_a_row_is_found_by_its_mark_where_a_hook_makes_its_key(analysis, here):
    class Local:
        local = True
        client = here.client

    place = Place(("books", "reaction-save"), "set", Asset("table", "entries"), ("id",), note="a hook makes it")
    unseen = Effect(place.function, place.asset, None, "unseen", note="a hook makes it")
    assert _looked(Local, Places(here, "shop", PHYSICAL), place, Arrived(reserved(), "main", "", "", 1.0)) == unseen
    book()
    found = Effect(place.function, place.asset, {"id": ORDER}, "written")
    assert _looked(Local, Places(here, "shop", PHYSICAL), place, Arrived(reserved(), "main", "", "", 1.0)) == found
    assert _looked(here, Places(here, "shop", PHYSICAL), place, Arrived(reserved(), "main", "", "", 1.0)) == unseen


def test_a_latched_reaction_hears_nothing_of_its_own_service(analysis):
    reach = Reach(analysis.linked.types, analysis.plans)
    own = event("order-reserved", RESERVED, ROOT, "books.changes-entries", order={"id": ORDER})
    assert [place.key for place in reach.places(reserved())] == [{"id": ORDER}]
    assert reach.places(own) == ()
