"""Deploying and removing: order, failures beside their YAML, continuing, and what stays behind."""

from __future__ import annotations

import json
import threading

import pytest
from deploy_fakes import FakeAws, FakeStack, error
from deploy_system import SHOP, analysis_of, pace, stacks

from cncb_compiler.deploy.execute import deploy, ensure_bucket
from cncb_compiler.deploy.leftovers import Store, deletion
from cncb_compiler.deploy.order import in_order, reversed_needs
from cncb_compiler.deploy.progress import Pace, StoppedError, pace_of, silent
from cncb_compiler.deploy.remove import empty, removals, remove
from cncb_compiler.deploy.standing import published
from cncb_compiler.deploy.text import outcome_lines, removal_lines, removed_lines
from cncb_compiler.deploy.watch import first_failure
from cncb_compiler.source.sources import Sources
from cncb_compiler.target.problems import AccessProblem, Problem
from cncb_compiler.target.target import Target


@pytest.fixture
def aws():
    return FakeAws()


def deployed(aws, folder, text=SHOP, report=silent, **more):
    return deploy(stacks(folder, text, **more), aws.target(), report, pace())


def sources_of(folder, text=SHOP):
    return Sources(analysis_of(folder, text).source.files, "topo")


def test_everything_stands_with_outputs_and_physical_ids(aws, tmp_path):
    outcome = deployed(aws, tmp_path)
    assert outcome.good
    assert {one.name: aws.stacks[one.name].status for one in outcome.deployed} == dict.fromkeys(
        ["shop-event-hub-dev", "shop-history-dev", "shop-lonely-dev", "shop-order-bff-dev"], "CREATE_COMPLETE"
    )
    lonely = next(one for one in outcome.deployed if one.service == "lonely")
    assert lonely.physical == aws.stacks["shop-lonely-dev"].physical
    assert lonely.outputs["ApiUrl"] == "shop-lonely-dev/ApiUrl"
    bucket = aws.parameters["/cncb/artifact-bucket"]
    assert {key for key, _ in aws.buckets[bucket]} == {
        artifact.key for stack in stacks(tmp_path) for artifact in stack.artifacts
    }


def test_what_publishes_streams_stands_before_those_who_use_them_begin(aws, tmp_path):
    deployed(aws, tmp_path)
    executed = aws.ran("ExecuteChangeSet")
    assert executed[0] == "cncb-bootstrap"
    assert executed.index("shop-event-hub-dev") < executed.index("shop-history-dev")
    assert executed.index("shop-event-hub-dev") < executed.index("shop-order-bff-dev")


def test_the_templates_are_those_that_compile_writes(aws, tmp_path, cncb):
    deployed(aws, tmp_path)
    assert cncb("compile", cwd=tmp_path).returncode == 0
    written = json.loads((tmp_path / "generated/shop/order-bff/template.json").read_bytes())
    assert aws.stacks["shop-order-bff-dev"].template == written
    assert aws.stacks["shop-order-bff-dev"].parameters == {"Stage": "dev"}


def test_a_second_deploy_changes_nothing_and_uploads_nothing(aws, tmp_path):
    deployed(aws, tmp_path)
    aws.calls.clear()
    outcome = deployed(aws, tmp_path)
    assert outcome.good
    assert outcome.unchanged == {"event-hub", "history", "lonely", "order-bff"}
    assert {one.service: one.outputs for one in outcome.deployed}["history"]
    assert aws.ran("ExecuteChangeSet") == aws.ran("PutObject") == []


def test_progress_counts_the_resources(aws, tmp_path):
    told = []
    deployed(aws, tmp_path, report=told.append, services=["lonely"])
    mine = [(one.state, one.done, one.total) for one in told if one.stack == "shop-lonely-dev"]
    assert mine == [("uploading", 0, 1), ("planning", 0, 0), ("running", 0, 10), ("running", 10, 10), ("done", 0, 0)]


def test_a_failure_shows_the_first_failing_resource_beside_its_yaml_and_leaves_the_others(aws, tmp_path):
    aws.fails["DraftsTable"] = "Subscriber limit exceeded: too many tables"
    outcome = deployed(aws, tmp_path)
    assert [one.service for one in outcome.deployed] == ["event-hub", "lonely", "history"]
    (failure,) = outcome.failed
    assert (failure.service, failure.logical_id, failure.status) == ("order-bff", "DraftsTable", "ROLLBACK_COMPLETE")
    text = "\n".join(outcome_lines(outcome, sources_of(tmp_path)))
    assert (
        "shop-order-bff-dev: failed (ROLLBACK_COMPLETE)\n"
        "  DraftsTable: Subscriber limit exceeded: too many tables\n"
        "  topo/system.yaml:7\n"
        "      7 |     stores: {drafts: {of: {id: uuid}}}\n"
        "        |              ^^^^^^\n"
    ) in text
    assert "cancelled" not in text


def test_run_again_it_continues_and_makes_the_failed_stack_anew(aws, tmp_path):
    aws.fails["DraftsTable"] = "no"
    deployed(aws, tmp_path)
    first = aws.stacks["shop-order-bff-dev"].id
    aws.fails.clear()
    aws.calls.clear()
    outcome = deployed(aws, tmp_path)
    assert outcome.good
    assert aws.ran("ExecuteChangeSet") == ["shop-order-bff-dev"]
    assert aws.ran("DeleteStack") == ["shop-order-bff-dev"]
    assert aws.stacks["shop-order-bff-dev"].id != first


def test_what_needs_a_failed_stack_is_not_begun(aws, tmp_path):
    aws.fails["MainStream"] = "no shards left"
    outcome = deployed(aws, tmp_path)
    assert outcome.waiting == {"history": ("event-hub",), "order-bff": ("event-hub",)}
    assert [one.service for one in outcome.deployed] == ["lonely"]
    assert "shop-history-dev" not in aws.stacks
    text = "\n".join(outcome_lines(outcome, sources_of(tmp_path)))
    assert "history: not begun, waits for event-hub" in text


def test_a_failed_update_is_told_from_its_own_events_alone(aws, tmp_path):
    changed = SHOP.replace("POST /notes, input: {id: uuid}", "POST /notes, input: {id: uuid, more: string}")
    deployed(aws, tmp_path)
    for failure in ("an old failure", "a new failure"):
        aws.fails["CommandNoteFunction"] = failure
        outcome = deployed(aws, tmp_path, changed)
    (failed,) = outcome.failed
    assert (failed.logical_id, failed.message) == ("CommandNoteFunction", "a new failure")
    assert failed.status == "UPDATE_ROLLBACK_COMPLETE"


def test_a_cancelled_resource_is_never_the_cause():
    def event(name, reason):
        return {
            "LogicalResourceId": name,
            "ResourceType": "T",
            "ResourceStatus": "CREATE_FAILED",
            "StackId": "s",
            "ResourceStatusReason": reason,
        }

    events = [event("A", "Resource creation cancelled"), event("B", "its own fault"), event("C", "later")]
    assert first_failure(events)["LogicalResourceId"] == "B"
    assert first_failure(events[:1]) is None


def test_parameters_are_read_ten_at_a_time(aws):
    aws.parameters = {f"/p/{number}": str(number) for number in range(25)}
    assert published(aws.target(), (*aws.parameters, "/not/there")) == aws.parameters


def test_one_service_without_the_stream_that_it_needs_says_what_to_deploy_first(aws, tmp_path):
    outcome = deployed(aws, tmp_path, services=["history"])
    (failure,) = outcome.failed
    assert "/shop/dev/streams/main/" in failure.message
    assert failure.mend == "Deploy event-hub first."


def test_a_held_stack_is_one_line_and_the_others_go_on(aws, tmp_path):
    deployed(aws, tmp_path)
    aws.stacks["shop-lonely-dev"].status = "UPDATE_IN_PROGRESS"
    outcome = deployed(aws, tmp_path)
    (failure,) = outcome.failed
    assert (
        "another operation holds shop-lonely-dev" in failure.message.lower()
        or "holds shop-lonely-dev" in failure.message
    )
    assert len(outcome.deployed) == 3


def test_expired_credentials_end_it_at_once(aws, tmp_path):
    deployed(aws, tmp_path, services=["lonely"])
    aws.raises["CreateChangeSet"] = error("CreateChangeSet", "ExpiredToken", "expired")
    with pytest.raises(AccessProblem, match="expired"):
        deployed(aws, tmp_path)


def test_a_system_without_functions_needs_no_bucket(aws, tmp_path):
    assert deployed(aws, tmp_path, services=["event-hub"]).good
    assert list(aws.stacks) == ["shop-event-hub-dev"]


def test_the_bootstrap_stack_is_waited_for_where_another_command_makes_it(aws):
    other = aws.stacks["cncb-bootstrap"] = FakeStack("cncb-bootstrap", "arn:stack/b", "CREATE_IN_PROGRESS")
    paused = []

    class Finishing(Pace):
        def pause(self, asked):
            paused.append(1)
            other.status = "CREATE_COMPLETE"
            from cncb_compiler.deploy.bootstrap import bootstrap_template

            other.template = bootstrap_template()
            aws.parameters["/cncb/artifact-bucket"] = "made-by-another"

    assert ensure_bucket(aws.target(), silent, Finishing(0.0, 0.0)) == "made-by-another"
    assert paused
    assert aws.ran("ExecuteChangeSet") == []


def test_a_lost_parameter_of_the_bootstrap_stack_is_one_line(aws, tmp_path):
    deployed(aws, tmp_path)
    del aws.parameters["/cncb/artifact-bucket"]
    with pytest.raises(Problem, match="its parameter /cncb/artifact-bucket is gone"):
        deployed(aws, tmp_path)


def test_work_is_done_side_by_side_and_in_order():
    both = threading.Barrier(2, timeout=10)
    done = []

    def work(name):
        if name in "bc":
            both.wait()
        done.append(name)
        return name

    results = in_order({"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}, work, lambda _: True, pace())
    assert done[0] == "a"
    assert done[-1] == "d"
    assert not results.waiting


def test_what_is_not_good_holds_up_all_behind_it_and_nothing_else():
    results = in_order({"a": (), "b": ("a",), "c": ("b",), "d": ()}, str.upper, lambda made: made != "A", pace())
    assert results.made == {"a": "A", "d": "D"}
    assert results.waiting == {"b": ("a",), "c": ("b",)}


def test_an_error_stops_the_waits_of_the_others():
    slow = Pace(5.0, 5.0)
    begun = threading.Event()
    stopped = []

    def work(name):
        if name == "a":
            begun.wait(10)
            raise AccessProblem("gone")
        begun.set()
        try:
            slow.pause(0)
        except StoppedError:
            stopped.append(name)

    with pytest.raises(AccessProblem):
        in_order({"a": (), "b": ()}, work, lambda _: True, slow)
    assert stopped == ["b"]


def test_the_pace_is_quick_on_this_machine_and_polite_to_aws():
    assert pace_of(Target("dev", "us-east-1", "http://localhost:1")).most <= 0.5
    assert pace_of(Target("dev", "us-east-1")).seconds >= 2


def test_waits_grow_to_their_bound():
    waited = []

    class Watched(threading.Event):
        def wait(self, timeout=None):
            waited.append(timeout)
            return False

    pace = Pace(1.0, 4.0, Watched())
    for asked in range(6):
        pace.pause(asked)
    assert waited == [1.0, 1.5, 2.25, 3.375, 4.0, 4.0]
    pace.pause(100_000)


def test_removal_goes_backwards_and_tells_what_stays_and_how_to_delete_it(aws, tmp_path):
    deployed(aws, tmp_path)
    wanted = removals(stacks(tmp_path), (), aws.target())
    before = "\n".join(removal_lines(wanted))
    assert "    DATA LOSS: table shop-history-dev-orderstable and its rows" in before
    assert "    stays: table shop-lonely-dev-notestable and its rows" in before
    removed = remove(wanted, aws.target(), silent, pace())
    assert removed.good
    assert aws.ran("DeleteStack")[-1] == "shop-event-hub-dev"
    assert list(aws.stacks) == ["cncb-bootstrap"]
    after = "\n".join(removed_lines(removed, sources_of(tmp_path), aws.target(profile="it's me")))
    assert (
        "aws --region us-east-1 --profile 'it'\"'\"'s me' dynamodb delete-table --table-name shop-lonely-dev-notestable"
        in after
    )
    assert "kinesis delete-stream --enforce-consumer-deletion --stream-name shop-event-hub-dev-mainstream" in after
    assert "orderstable" not in after


def test_what_others_need_is_not_removed_from_under_them(aws, tmp_path):
    deployed(aws, tmp_path)
    with pytest.raises(Problem, match="event-hub is needed by history, order-bff"):
        removals(stacks(tmp_path), ["event-hub"], aws.target())
    assert [one.stack.service for one in removals(stacks(tmp_path), ["history"], aws.target())] == ["history"]


def test_a_stack_that_cannot_be_removed_keeps_those_that_it_needs(aws, tmp_path):
    deployed(aws, tmp_path)
    aws.fails["OrdersTable"] = "is protected"
    removed = remove(removals(stacks(tmp_path), (), aws.target()), aws.target(), silent, pace())
    (failure,) = removed.failed
    assert (failure.logical_id, failure.message, failure.at.path[-1]) == ("OrdersTable", "is protected", "orders")
    assert removed.waiting == {"event-hub": ("history",)}
    assert "shop-event-hub-dev" in aws.stacks


def test_a_busy_stack_is_not_removed(aws, tmp_path):
    deployed(aws, tmp_path)
    aws.stacks["shop-lonely-dev"].status = "UPDATE_IN_PROGRESS"
    with pytest.raises(Problem, match=r"(?i)another operation holds shop-lonely-dev"):
        removals(stacks(tmp_path), (), aws.target())


def test_buckets_that_go_are_emptied_in_all_versions(aws, tmp_path):
    text = (
        SHOP
        + "    resources: {Box: {Type: 'AWS::S3::Bucket', DeletionPolicy: Delete, Properties: {}}, Safe: {Type: 'AWS::S3::Bucket', DeletionPolicy: Retain, Properties: {}}}\n"
    )
    deployed(aws, tmp_path, text)
    aws.buckets["shop-lonely-dev-box"] = {
        (f"key-{number}", str(version)): b"" for number in range(3) for version in range(2)
    }
    aws.buckets["shop-lonely-dev-safe"] = {("kept", "1"): b""}
    removed = remove(removals(stacks(tmp_path, text), ["lonely"], aws.target()), aws.target(), silent, pace())
    assert removed.good, removed
    assert aws.buckets["shop-lonely-dev-box"] == {}
    assert aws.buckets["shop-lonely-dev-safe"] == {("kept", "1"): b""}


def test_a_bucket_that_is_gone_already_is_empty(aws):
    empty(aws.client("s3"), "gone")


def test_a_bucket_is_deleted_with_all_its_versions():
    versions, bucket = deletion(Store("s", "Box", "AWS::S3::Bucket", "my-box"), Target("dev", "eu-west-1"))
    assert "list-object-versions --bucket my-box --query '[Versions, DeleteMarkers][].[Key, VersionId]'" in versions
    assert bucket == "aws --region eu-west-1 s3api delete-bucket --bucket my-box"


def test_other_types_are_deleted_by_the_cloud_control_api():
    (command,) = deletion(Store("s", "Db", "AWS::RDS::DBInstance", "db"), Target("dev", "eu-west-1"))
    assert (
        command
        == "aws --region eu-west-1 cloudcontrol delete-resource --type-name AWS::RDS::DBInstance --identifier db"
    )


def test_reversed_needs():
    assert reversed_needs({"a": ("hub",), "b": ("hub", "gone"), "hub": ()}) == {"a": (), "b": (), "hub": ("a", "b")}


def test_the_shell_of_a_stack_is_removed_too(aws, tmp_path):
    aws.stacks["shop-lonely-dev"] = FakeStack("shop-lonely-dev", "arn:stack/shell")
    removed = remove(removals(stacks(tmp_path), (), aws.target()), aws.target(), silent, pace())
    assert removed.good
    assert aws.stacks == {}


def test_an_interrupted_deployment_leaves_no_change_set_behind(aws, tmp_path):
    stopped = pace()
    stopped.stop()
    with pytest.raises(StoppedError):
        deploy(stacks(tmp_path, services=["event-hub"]), aws.target(), silent, stopped)
    assert (aws.change_sets, aws.stacks) == ({}, {})
