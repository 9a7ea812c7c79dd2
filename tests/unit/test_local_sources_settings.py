"""What mappings declare, and what this machine refuses to play."""

from __future__ import annotations

import pytest

from cncb_compiler.local.sources.batches import Policy
from cncb_compiler.local.sources.settings import enabled, mapping_of
from cncb_compiler.target.problems import Problem

TOLD = {
    "UUID": "u",
    "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:shop-orders-local-pay:live",
    "EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/shop-main",
}


def test_everything_declared_is_read():
    mapping = mapping_of(
        TOLD
        | {
            "BatchSize": 7,
            "MaximumBatchingWindowInSeconds": 3,
            "ParallelizationFactor": 2,
            "MaximumRetryAttempts": 0,
            "MaximumRecordAgeInSeconds": 60,
            "BisectBatchOnFunctionError": True,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "FilterCriteria": {"Filters": [{"Pattern": '{"data":{"a":[1]}}'}]},
            "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:q"}},
            "StartingPosition": "AT_TIMESTAMP",
            "StartingPositionTimestamp": 12.5,
        }
    )
    assert mapping.policy == Policy(7, 3, 2, 0, 60, True, True)
    assert mapping.patterns == ({"data": {"a": [1]}},)
    assert mapping.destination == "arn:aws:sqs:us-east-1:123456789012:q"
    assert (mapping.position, mapping.timestamp) == ("AT_TIMESTAMP", 12.5)
    assert (mapping.function, mapping.resource) == ("shop-orders-local-pay", "shop-main")


def test_what_is_not_declared_is_as_aws_documents_it():
    assert mapping_of(TOLD).policy == Policy(batch_size=100, retries=-1, max_age=-1, parallelisation=1)
    assert mapping_of(TOLD | {"EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:q"}).policy.batch_size == 10


@pytest.mark.parametrize(
    "more",
    [
        {"TumblingWindowInSeconds": 30},
        {"EventSourceArn": "arn:aws:kafka:us-east-1:123456789012:cluster/c"},
        {"EventSourceArn": ""},
        {"StartingPosition": "AT_TIMESTAMP"},
        {"FilterCriteria": {"Filters": [{"Pattern": "{"}]}},
    ],
)
def test_refused(more):
    with pytest.raises(Problem):
        mapping_of(TOLD | more)


def test_disabled():
    assert enabled(TOLD)
    assert not enabled(TOLD | {"State": "Disabled"})
