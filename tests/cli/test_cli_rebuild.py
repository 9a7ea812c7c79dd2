"""`cncb rebuild`: what is said beforehand, what is done, and how it goes on; AWS, lake and function are fakes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from deploy_fakes import FakeAws
from deploy_system import SHOP, pace, stacks
from replay_fakes import Bucket, Function, line

from cncb_compiler.cli import rebuild, rebuilding, reindex, replaying
from cncb_compiler.deploy.execute import deploy
from cncb_compiler.deploy.progress import silent
from cncb_compiler.replay.lines import Source

SYSTEM = SHOP.replace("services:\n", "services:\n  lake: {kind: data-lake}\n")
STACK = "shop-history-dev"
OBJECTS = {f"main/2026/11/25/17/{n}.gz": line(n, "order-submitted") for n in range(3)}


@pytest.fixture
def shop(monkeypatch, tmp_path):
    """The system, deployed; `before(operation)` is called at each call of the lake and the function."""
    monkeypatch.chdir(tmp_path)
    made = SimpleNamespace(aws=FakeAws(), lake=Bucket(OBJECTS), function=Function(), file=tmp_path / "system.yaml")
    deploy(stacks(tmp_path, SYSTEM), made.aws.target(), silent, pace())
    monkeypatch.setattr(rebuilding, "target_of", lambda *_: made.aws.target())
    for module in (rebuilding, replaying):
        monkeypatch.setattr(module, "s3_client", lambda target: made.lake)
    monkeypatch.setattr(replaying, "sending_client", lambda target: made.function)
    monkeypatch.setattr(replaying, "Sources", lambda *_: lambda stream: Source("arn:s", "arn:r"))
    monkeypatch.setattr(rebuilding.deployment, "written", lambda *_: True)
    made.template = lambda: made.aws.stacks[STACK].template
    return made


def run(*arguments, command=rebuild.command, view="history.orders"):
    return CliRunner().invoke(command, [view, "--lake", "the-lake", *arguments], prog_name="cncb")


def test_without_go_it_says_what_it_would_do_and_does_nothing(shop):
    before, calls = shop.template(), len(shop.aws.calls)
    done = run()
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(
        "1. deploy a fresh copy beside the current one, and view-orders-2 to fill it\n"
        "2. replay the lake to view-orders-2\n"
        "3. write `generation: 2` into system.yaml, and deploy history as declared: the fresh copy is current\n"
        "4. replay to view-orders what arrived since the rebuild began\n"
        "5. deploy without the old copy and view-orders-2\n"
        "\n"
        "lake    the-lake, main/\n"
        "to      history.view-orders-2 (shop-history-dev-view-orders-2), 100 at a time\n"
        "events  order-submitted\n"
        "Would send 3 events ("
    )
    assert done.stdout.endswith("\nNothing was done; --go does it.\n")
    assert (shop.template(), shop.function.batches) == (before, [])
    assert {name for name, _ in shop.aws.calls[calls:]} <= {"DescribeStacks"}
    assert shop.file.read_text() == SYSTEM
    assert not (shop.file.parent / ".cncb").exists()


@pytest.mark.parametrize("command", [rebuild.command, reindex.command])
def test_it_rebuilds(shop, command):
    done = run("--go", command=command)
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith("history.orders is rebuilt: generation 2 is current.\n")
    # The lake's arrivals are long ago: the window has none of them.
    assert shop.function.numbers == [0, 1, 2]
    resources = shop.template()["Resources"]
    assert {name for name in resources if "Orders" in name and "Query" not in name and "Lambda" not in name} >= {
        "OrdersTable2",
        "ViewOrdersFunction",
    }
    assert not {"OrdersTable", "ViewOrders2Function"} & resources.keys()
    assert "generation: 2" in shop.file.read_text()
    assert "3. write `generation: 3`" in run().stdout


def test_killed_in_the_replay_it_goes_on_where_it_was(shop):
    def before(operation):
        if operation == "invoke" and shop.function.batches:
            raise KeyboardInterrupt

    shop.function.before = before
    cut = run("--go", "--rate", "1")
    assert (cut.exit_code, "call it again, and it goes on" in cut.stdout) == (1, True)
    assert "A rebuild has begun and is behind stage 1; --go goes on." in run().stdout
    shop.function.before = lambda operation: None
    done = run("--go", "--rate", "1000")
    assert done.exit_code == 0, done.output
    assert "Goes on behind stage 1 of 5." in done.stdout
    assert shop.function.numbers == [0, 1, 2]


def test_records_that_the_function_refuses_keep_it_from_switching(shop, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)

    def answer(records):
        raise ValueError("no")

    shop.function.answer = answer
    done = run("--go")
    assert (done.exit_code, "3 records were refused" in done.stderr) == (1, True), done.output
    assert shop.file.read_text() == SYSTEM
    shop.function.answer = lambda records: {"batchItemFailures": []}
    assert run("--go").exit_code == 0


def test_a_second_view_of_the_service_waits_for_the_first(shop):
    def before(operation):
        raise KeyboardInterrupt

    text = SYSTEM.replace("    queries: {order", "      others: {on: order-submitted}\n    queries: {order").replace(
        "    views: {orders: {on: order-submitted, key: order.id, fields: {total: order.total}}}\n",
        "    views:\n      orders: {on: order-submitted, key: order.id, fields: {total: order.total}}\n",
    )
    deploy(stacks(shop.file.parent, text), shop.aws.target(), silent, pace())
    shop.function.before = before
    assert run("--go").exit_code == 1
    done = run("--go", view="history.others")
    assert (done.exit_code, "The rebuild of history.orders is not done." in done.stderr) == (1, True), done.output


@pytest.mark.parametrize(
    ("view", "code", "said"),
    [
        ("orders", 2, "say SERVICE.VIEW"),
        ("history.ordres", 2, "Did you mean `orders`?"),
        ("historie.orders", 2, "Did you mean `history`?"),
    ],
)
def test_wrong_usage(shop, view, code, said):
    done = run(view=view)
    assert (done.exit_code, said in done.stderr) == (code, True), done.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("key: order.id,", "key: order.id, processing: {idempotence: none},"), "CNCB616"),
        (
            (
                "{on: order-submitted, key: order.id, fields: {total: order.total}}",
                "{collect: {on: order-submitted, by: order.id}, key: {id: order.id}, fields: {n: count(order-submitted)}}",
            ),
            "only views with `on` are rebuilt",
        ),
    ],
)
def test_what_cannot_be_rebuilt_is_refused_with_its_reason(shop, change, said):
    shop.file.write_text(SYSTEM.replace(*change))
    done = run("--go")
    assert (done.exit_code, said in done.stderr) == (1, True), done.output
    assert shop.function.batches == []


def test_what_is_not_deployed_cannot_be_rebuilt(shop):
    del shop.aws.stacks[STACK]
    done = run("--go")
    assert (done.exit_code, "history is not deployed in stage `dev`" in done.stderr) == (1, True), done.output


def test_a_view_that_is_not_deployed_yet_is_deployed_first(shop):
    shop.file.write_text(SYSTEM.replace("views: {orders:", "views: {others: {on: order-submitted}, orders:"))
    done = run("--go", view="history.others")
    assert (done.exit_code, "history.others is not deployed, though history is. Deploy it first." in done.stderr) == (
        1,
        True,
    )
