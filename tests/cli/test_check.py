"""`cncb check`: exit codes, both output formats, one file of a system."""

from __future__ import annotations

import json

GOOD = """\
system: shop
events: {order-submitted: {entity: order, with: {order: {id: uuid, total: number}}}}
services:
  order-bff:
    api: {auth: none}
    commands:
      submit: {route: POST /orders, input: {order: {id: uuid, total: number}}, publish: order-submitted}
  history:
    api: {auth: none}
    views: {orders: {on: order-submitted, key: order.id, fields: {total: order.total}}}
    queries: {order: {route: "GET /orders/{id}", from: orders}}
"""


def test_clean_is_exit_code_0(cncb, write):
    result = cncb("check", ".", cwd=write({"system.yaml": GOOD}))
    assert (result.returncode, result.stdout) == (0, "no findings in 1 file\n")


def test_findings_are_exit_code_1_with_place_cause_and_mend(cncb, write):
    result = cncb("check", cwd=write({"system.yaml": GOOD.replace("order.total", "order.totl")}))
    assert result.returncode == 1
    assert result.stdout.startswith("system.yaml:10:")
    assert "error CNCB304 unknown-field" in result.stdout
    assert "mend: Did you mean `order.total`?" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr


def test_no_system_is_exit_code_2(cncb, tmp_path):
    result = cncb("check", tmp_path / "nowhere", cwd=tmp_path)
    assert result.returncode == 2
    assert "does not exist" in result.stderr


def test_json_names_the_range(cncb, write):
    result = cncb(
        "check", "--output-format", "json", cwd=write({"system.yaml": GOOD.replace("order.total", "order.totl")})
    )
    (found,) = json.loads(result.stdout)["diagnostics"]
    assert (found["code"], found["file"]) == ("CNCB304", "system.yaml")
    assert found["range"]["line"] == 10


def test_one_file_shows_its_own_findings_checked_against_the_whole(cncb, write):
    folder = write(
        {
            "system.yaml": "system: shop\nevents: {a: {with: {id: uuid}, partitionKey: id}}\n",
            "services/one.yaml": "service: one\nviews: {v: {on: [a, missing], key: id, fields: {id: id}}}\n",
            "services/two.yaml": "service: two\ncommands: {c: {publish: other}}\n",
        }
    )
    result = cncb("check", folder / "services" / "one.yaml", cwd=folder)
    assert "services/one.yaml" in result.stdout
    assert "CNCB201" in result.stdout
    assert "services/two.yaml" not in result.stdout


def test_several_systems_are_one_json_document(cncb, write):
    folder = write({"a/system.yaml": "system: a\nevents: {x: {unknown: 1}}\n", "b/system.yaml": GOOD})
    result = cncb("check", folder, "--output-format", "json", cwd=folder)
    document = json.loads(result.stdout)
    assert document["summary"]["files"] == 2
    assert {found["file"] for found in document["diagnostics"]} == {"a/system.yaml"}


def test_a_selection_shows_the_findings_of_its_part(cncb, write):
    wrong = GOOD.replace("order.total", "order.totl").replace("publish: order-submitted", "publish: order-submited")
    folder = write({"system.yaml": wrong})
    assert cncb("check", "--select", "history", cwd=folder).stdout.count("error CNCB") == 1
    assert cncb("check", "--select", "event:order-submitted", cwd=folder).returncode == 1
    assert "CNCB304" not in cncb("check", "--exclude", "history", cwd=folder).stdout
    unknown = cncb("check", "--select", "histry", cwd=folder)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "Did you mean `history`?" in unknown.stderr


def test_several_formats_at_once(cncb, write):
    folder = write({".git/HEAD": "", "deep/system.yaml": GOOD.replace("order.total", "order.totl")})
    arguments = ("check", "--output-format", "sarif=out.sarif", "--output-format", "gitlab=quality.json")
    result = cncb(*arguments, "--output-format", "concise", cwd=folder / "deep")
    assert (result.returncode, result.stdout.splitlines()[0][:28]) == (1, "system.yaml:10:74: error CNC")
    uri = json.loads((folder / "deep/out.sarif").read_text())["runs"][0]["results"][0]["locations"][0]
    assert uri["physicalLocation"]["artifactLocation"]["uri"] == "deep/system.yaml"
    assert json.loads((folder / "deep/quality.json").read_text())[0]["location"]["path"] == "deep/system.yaml"
    assert "mend:" in cncb(*arguments, cwd=folder / "deep").stdout


def test_annotations_and_the_step_summary(cncb, write):
    folder = write({"system.yaml": GOOD.replace("order.total", "order.totl"), "summary.md": "before\n"})
    result = cncb("check", "--output-format", "github", cwd=folder, GITHUB_STEP_SUMMARY=str(folder / "summary.md"))
    assert result.stdout.startswith("::error file=system.yaml,line=10")
    assert (folder / "summary.md").read_text().startswith("before\n### cncb: 1 error")
    done = cncb("check", "--output-format", "github", cwd=folder, GITHUB_STEP_SUMMARY=str(folder / "no" / "summary.md"))
    assert (done.returncode, done.stderr.count("cannot be written")) == (2, 1)


def test_formats_that_cannot_be_had_are_wrong_usage(cncb, write):
    folder = write({"system.yaml": GOOD})
    for wrong in (["xml"], ["sarif="], ["sarif=no/such/folder"], ["github", "json"]):
        arguments = [part for one in wrong for part in ("--output-format", one)]
        assert cncb("check", *arguments, cwd=folder).returncode == 2
