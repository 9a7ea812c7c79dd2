"""Plans: what would change, who asked for it, and what becomes of data; and that nothing is left behind."""

from __future__ import annotations

import pytest
from deploy_fakes import FakeAws, FakeStack, error
from deploy_system import SHOP, analysis_of, pace, stacks

from cncb_compiler.deploy.changes import plan
from cncb_compiler.deploy.execute import deploy
from cncb_compiler.deploy.progress import silent
from cncb_compiler.deploy.text import plan_lines
from cncb_compiler.source.sources import Sources
from cncb_compiler.target.problems import AccessProblem

WITHOUT_DRAFT = SHOP.replace("      draft: {route: POST /drafts, input: {id: uuid}, write: drafts}\n", "").replace(
    "    stores: {drafts: {of: {id: uuid}}}\n", ""
)
TOTALLED = SHOP.replace("{total: order.total}", "{total: order.total, sum: order.total}")


@pytest.fixture
def aws(tmp_path):
    made = FakeAws()
    assert deploy(stacks(tmp_path), made.target(), silent, pace()).good
    made.calls.clear()
    return made


def planned(aws, made):
    return {one.service: one for one in plan(made, aws.target(), silent, pace())}


def text_of(aws, folder, text, **more):
    made = stacks(folder, text, **more)
    sources = Sources(analysis_of(folder, text).source.files, "topo")
    return "\n".join(plan_lines(plan(made, aws.target(), silent, pace()), sources))


def test_the_first_plan_of_an_empty_account_lists_everything_and_makes_nothing(tmp_path):
    aws = FakeAws()
    changes = plan(stacks(tmp_path), aws.target(), silent, pace())
    assert [one.stack for one in changes][:2] == ["cncb-bootstrap", "shop-event-hub-dev"]
    assert {one.mode for one in changes} == {"create"}
    assert {change.action for one in changes for change in one.resources} == {"add"}
    for stack, told in zip(stacks(tmp_path), changes[1:], strict=True):
        assert {change.logical_id for change in told.resources} == set(stack.template["Resources"])
    assert (aws.stacks, aws.change_sets, aws.buckets) == ({}, {}, {})


def test_nothing_to_do(aws, tmp_path):
    before = {name: stack.status for name, stack in aws.stacks.items()}
    assert {one.mode for one in planned(aws, stacks(tmp_path)).values()} == {"none"}
    assert aws.change_sets == {}
    assert {name: stack.status for name, stack in aws.stacks.items()} == before


def test_what_a_stack_changes_names_its_line_and_its_properties(aws, tmp_path):
    text = text_of(aws, tmp_path, TOTALLED)
    assert (
        "shop-history-dev: is updated\n  modify  ViewOrdersFunction  Lambda::Function  topo/system.yaml:13  (Code)"
        in text
    )
    assert text.endswith("1 stack to update, 3 stacks without changes; resources: 1 modify")


def test_a_plan_shows_all_pages_and_leaves_no_change_set_and_no_shell(aws, tmp_path):
    added = SHOP + "  newcomer: {stores: {pads: {of: {id: uuid}}}}\n"
    added = added.replace(
        "{pads: {of: {id: uuid}}}}",
        "{pads: {of: {id: uuid}}}, api: {auth: none}, commands: {pad: {route: POST /pads, input: {id: uuid}, write: pads}}}",
    )
    told = planned(aws, stacks(tmp_path, added))["newcomer"]
    assert told.mode == "create"
    assert len(told.resources) > 4
    assert "shop-newcomer-dev" in aws.ran("CreateChangeSet")
    assert "shop-newcomer-dev" not in aws.stacks
    assert aws.change_sets == {}


def test_a_shell_with_somebody_elses_change_set_is_left_alone(aws, tmp_path):
    aws.stacks.pop("shop-lonely-dev")
    shell = aws.stacks["shop-lonely-dev"] = FakeStack("shop-lonely-dev", "arn:stack/shell")
    aws.change_sets["theirs"] = {"stack": shell}
    assert planned(aws, stacks(tmp_path))["lonely"].mode == "create"
    assert aws.stacks["shop-lonely-dev"] is shell
    assert list(aws.change_sets) == ["theirs"]


def test_removed_resources_name_where_they_were_and_what_stays(aws, tmp_path):
    text = text_of(aws, tmp_path, WITHOUT_DRAFT)
    assert (
        "  remove  DraftsTable                DynamoDB::Table            topo/system.yaml:5, where services/order-bff/stores/drafts was"
        in text
    )
    assert "    the table shop-order-bff-dev-draftstable and its rows stay, outside of the stack" in text
    assert "DATA LOSS" not in text
    assert "the logs of shop-order-bff-dev-commanddraftloggroup go with it" in text


def test_a_replaced_view_loses_its_rows_and_says_so(aws, tmp_path):
    aws.replacing["OrdersTable"] = "True"
    text = text_of(
        aws,
        tmp_path,
        SHOP.replace("key: order.id", "key: {orderId: order.id}").replace("/orders/{id}", "/orders/{orderId}"),
    )
    assert "replace  OrdersTable" in text
    assert (
        "    DATA LOSS: the rows of the table shop-history-dev-orderstable are lost "
        "(a view: replaying its events fills it again)"
    ) in text
    assert "DATA WOULD BE LOST in 1 resource: OrdersTable" in text


def test_a_replaced_store_is_kept_beside_the_new_empty_one(aws, tmp_path):
    aws.replacing["DraftsTable"] = "Conditional"
    changed = SHOP.replace("{drafts: {of: {id: uuid}}}", "{drafts: {of: {id: uuid, kind: string}, key: kind}}").replace(
        "POST /drafts, input: {id: uuid}", "POST /drafts, input: {id: uuid, kind: string}"
    )
    text = text_of(aws, tmp_path, changed)
    assert "may replace  DraftsTable" in text
    assert (
        "    if it is replaced, the table shop-order-bff-dev-draftstable and its rows stay, outside of the stack; "
        "the new table begins empty"
    ) in text
    assert "DATA" not in text


def test_a_stack_that_needs_a_stream_which_is_not_there_yet_is_read_from_the_templates(aws, tmp_path):
    for name in [name for name in aws.parameters if "/streams/" in name]:
        del aws.parameters[name]
    told = planned(aws, stacks(tmp_path, TOTALLED))["history"]
    assert told.mode == "update"
    assert [(one.action, one.logical_id, one.details) for one in told.resources] == [
        ("modify", "ViewOrdersFunction", ("Code",))
    ]
    assert "once event-hub stands" in told.note
    assert "shop-history-dev" not in aws.ran("CreateChangeSet")


def test_outputs_alone_are_a_change(aws, tmp_path):
    aws.stacks["shop-lonely-dev"].template = {**aws.stacks["shop-lonely-dev"].template, "Outputs": {}}
    told = planned(aws, stacks(tmp_path))["lonely"]
    assert (told.mode, told.resources) == ("update", ())
    assert "  modify  the outputs" in text_of(aws, tmp_path, SHOP)


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"])
def test_a_stack_whose_creation_failed_is_made_anew(aws, tmp_path, status):
    aws.stacks["shop-lonely-dev"].status = status
    told = planned(aws, stacks(tmp_path))["lonely"]
    assert told.mode == "recreate"
    assert {one.action for one in told.resources} == {"add"}


@pytest.mark.parametrize(
    ("status", "line"),
    [
        ("UPDATE_IN_PROGRESS", "another operation holds shop-lonely-dev (UPDATE_IN_PROGRESS)"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name shop-lonely-dev"),
        ("DELETE_FAILED", "Finish it with `cncb remove`"),
    ],
)
def test_a_stack_that_cannot_be_changed_now_is_one_clear_line(aws, tmp_path, status, line):
    aws.stacks["shop-lonely-dev"].status = status
    told = planned(aws, stacks(tmp_path))
    assert told["lonely"].mode == "refused"
    assert line.lower() in told["lonely"].note.lower()
    assert told["history"].mode == "none"


def test_a_template_that_cloudformation_refuses_is_refused_with_its_words(tmp_path, aws):
    aws.raises["CreateChangeSet"] = error("CreateChangeSet", "ValidationError", "Template format error:\n unresolved")
    told = planned(aws, stacks(tmp_path, services=["lonely"]))["lonely"]
    assert told.note == "Making the change set of shop-lonely-dev: Template format error: unresolved (ValidationError)"


def test_without_access_there_is_no_plan(tmp_path):
    aws = FakeAws()
    aws.raises["GetParameters"] = error("GetParameters", "ExpiredToken", "The security token is expired")
    with pytest.raises(AccessProblem, match="expired"):
        plan(stacks(tmp_path), aws.target(), silent, pace())


def test_large_templates_go_through_the_bucket(aws, tmp_path, monkeypatch):
    monkeypatch.setattr("cncb_compiler.deploy.changeset.INLINE_LIMIT", 1000)
    assert {one.mode for one in planned(aws, stacks(tmp_path)).values()} == {"none"}
    keys = [key for key in aws.ran("PutObject") if "/templates/" in key]
    assert len(keys) == 4
    assert {one.mode for one in planned(aws, stacks(tmp_path)).values()} == {"none"}
    assert [key for key in aws.ran("PutObject") if "/templates/" in key] == keys


def test_each_policy_is_asked_for_its_own_occasion(aws, tmp_path):
    policies = "    overrides: {NotesTable: {DeletionPolicy: Delete, UpdateReplacePolicy: Retain}}\n"
    assert deploy(stacks(tmp_path, SHOP + policies), aws.target(), silent, pace()).good
    aws.replacing["NotesTable"] = "True"
    other = policies.replace("Retain}", "Retain, Properties: {TableClass: STANDARD_INFREQUENT_ACCESS}}")
    replaced = planned(aws, stacks(tmp_path, SHOP + other))
    assert [one.fate for one in replaced["lonely"].resources if one.logical_id == "NotesTable"] == ["kept"]
    removed = planned(aws, stacks(tmp_path, SHOP.split("    stores: {notes")[0]))
    assert [one.fate for one in removed["lonely"].resources if one.logical_id == "NotesTable"] == ["lost"]
