"""Packages: reproducible, named by content, uploaded once. The bootstrap template is as strict as the generated ones."""

from __future__ import annotations

import io
import json
import os
import zipfile

import pytest
from deploy_fakes import FakeAws
from deploy_system import stacks

from cncb_compiler.deploy.artifacts import upload, zipped
from cncb_compiler.deploy.bootstrap import bootstrap_template
from cncb_compiler.target.problems import Problem


def test_the_same_files_are_the_same_zip_in_any_order_at_any_time(monkeypatch):
    files = {"handler.py": b"pass\n", "cncb_runtime/aws.py": b"x = 1\n"}
    first = zipped(files)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert zipped(dict(reversed(files.items()))) == first


def test_entries_are_sorted_readable_and_without_a_time():
    archive = zipfile.ZipFile(io.BytesIO(zipped({"b.py": b"b", "a/c.py": b"c"})))
    assert archive.namelist() == ["a/c.py", "b.py"]
    assert {entry.external_attr >> 16 & 0o777 for entry in archive.infolist()} == {0o644}
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert archive.read("a/c.py") == b"c"


def test_each_function_has_the_package_that_its_template_names(tmp_path):
    for stack in stacks(tmp_path):
        named = {
            one["Properties"]["Code"]["S3Key"]
            for one in stack.template["Resources"].values()
            if one["Type"] == "AWS::Lambda::Function"
        }
        assert {artifact.key for artifact in stack.artifacts} == named
        for artifact in stack.artifacts:
            assert "handler.py" in zipfile.ZipFile(io.BytesIO(artifact.content)).namelist()
            assert artifact.key.startswith(f"shop/{stack.service}/{artifact.function}/")
            assert len(artifact.content) < 40_000


def test_code_that_is_overridden_has_no_package(tmp_path):
    own = "    overrides: {CommandNoteFunction: {Properties: {Code: {S3Key: own.zip}}}}\n"
    from deploy_system import SHOP

    (lonely,) = stacks(tmp_path, SHOP + own, services=["lonely"])
    assert lonely.artifacts == ()


def test_only_what_is_absent_is_uploaded():
    aws = FakeAws()
    aws.buckets["b"] = {("there", "1"): b"old"}
    assert upload([("there", b"new"), ("b", b"2"), ("a", b"1")], "b", aws.target()) == ("a", "b")
    assert aws.buckets["b"] == {("there", "1"): b"old", ("a", "1"): b"1", ("b", "1"): b"2"}
    assert upload([("there", b""), ("a", b""), ("b", b"")], "b", aws.target()) == ()


def test_a_missing_bucket_is_one_line_with_its_mend():
    with pytest.raises(Problem) as caught:
        upload([("a", b"")], "gone", FakeAws().target())
    assert "the bucket gone does not exist" in str(caught.value)
    assert "delete-stack --stack-name cncb-bootstrap" in caught.value.mend


def test_the_bootstrap_bucket_is_private_encrypted_versioned_and_reached_by_tls_only():
    resources = bootstrap_template()["Resources"]
    bucket = resources["ArtifactBucket"]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    rules = {key for rule in bucket["LifecycleConfiguration"]["Rules"] for key in rule}
    assert {"NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"} <= rules
    (statement,) = resources["ArtifactBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert resources["ArtifactBucketParameter"]["Properties"]["Name"] == "/cncb/artifact-bucket"


def test_cfn_lint_finds_nothing_in_the_bootstrap_template():
    lint = pytest.importorskip("cfnlint")
    found = lint.lint(json.dumps(bootstrap_template(), indent=2), regions=["us-east-1"])
    assert found == [], os.linesep.join(map(str, found))
