"""What each pattern makes things for, in a sentence."""

from __future__ import annotations

PATTERNS = {
    "api": "The HTTP interface before the service's routes; made as soon as there is a route.",
    "bus": "Where systems outside get events from, by rules of their own.",
    "change data capture": "Reads the table's stream and publishes an event for each captured change.",
    "claims": "The claim-check bucket: what is too large for a stream, or must not stand on it in clear.",
    "collected": "The micro event store: the events of interest, kept per correlation key.",
    "compensation": "Undoes an earlier step of the process when an event says that a later one failed (saga).",
    "computed view": "Computes the view's row from all collected events of its correlation.",
    "data lake": "Firehose reads the stream, has a function make a line of each record, and writes objects.",
    "database-first command": "Writes one row of the service's own store; `changes` publish what came of it.",
    "event index": "Indexes every event of the data lake for search, in an index for each day.",
    "event orchestration": "On one event emits another: the steps of the service's processes.",
    "event-first command": "Publishes one event and writes nothing else.",
    "event-stream": "An event stream between services, deployed by the event hub.",
    "failure-queue": "Takes the records that a function could not work on, so that its stream moves on.",
    "faults": "The monitor's bucket: each fault as one object, for as long as `keep` says.",
    "join of parallel flows": "Waits until all events of a correlation have come, then emits.",
    "lake": "The data lake's bucket: every record of every stream, for ever.",
    "materialized view": "Keeps rows from events, so that queries need no other service.",
    "micro event store": "Collects the events of interest per correlation key.",
    "monitor": "Keeps every fault as one object, and counts it for the alarm of its service.",
    "object index": "Keeps the search index of an s3 view: S3 tells it of each object that is written or removed.",
    "own function": "A handler of the team's own.",
    "placeholder": "CloudFormation refuses a template without resources; this one does nothing and costs nothing.",
    "processed": "Remembers which events have been handled, so that each is handled once.",
    "query": "Reads one view or store of the service.",
    "queue": "Where a system outside receives messages; what it gives up goes to a queue beside it.",
    "reaction": "On an event writes one row, calls one hook, or sends one message.",
    "resources": "Raw CloudFormation, as the team wrote it.",
    "scaled capacity": "Keeps provisioned capacity in use to the target, within bounds.",
    "search domain": "The OpenSearch domain that holds the service's search indexes.",
    "store": "Data that the service alone owns.",
    "view": "Rows that are kept from events; `cncb rebuild` fills a fresh copy of them.",
}
"""By the name that a resource's metadata carries."""

DETAILS = {
    ("AWS::DynamoDB::Table", "StreamSpecification"): "Its changes are read by a function of the service.",
    ("AWS::DynamoDB::Table", "TimeToLiveSpecification"): "Its rows end.",
    ("AWS::DynamoDB::Table", "PointInTimeRecoverySpecification"): "Every table can be restored to any second.",
    ("AWS::DynamoDB::Table", "SSESpecification"): "Every table is encrypted.",
    ("AWS::Lambda::EventSourceMapping", "FilterCriteria"): "Lets through only what the declaration listens to.",
    ("AWS::Lambda::EventSourceMapping", "BisectBatchOnFunctionError"): (
        "A failing batch is halved, so that one bad record does not hold up the others."
    ),
    ("AWS::Lambda::EventSourceMapping", "FunctionResponseTypes"): (
        "The handler names the records that failed; only those come again."
    ),
    ("AWS::Lambda::EventSourceMapping", "DestinationConfig"): (
        "What still fails after all attempts goes to the failure queue."
    ),
    ("AWS::Lambda::Function", "Architectures"): "Every function runs on arm64.",
    ("AWS::Lambda::Function", "TracingConfig"): "Every function is traced by X-Ray.",
    ("AWS::Lambda::Function", "LoggingConfig"): "Every function logs JSON, into a log group of its own.",
    ("AWS::Lambda::Function", "Role"): "Every function has a role that no other function has.",
    ("AWS::Lambda::Function", "Handler"): "Every generated package has its handler in `handler.py`.",
    ("AWS::Lambda::Function", "Code"): "The package, named by the hash of its content: same code, same template.",
    ("AWS::IAM::Role", "Policies"): "What the function may do; ask for the role to see each permission.",
    ("AWS::DynamoDB::Table", "BillingMode"): "On demand, unless `capacity` asks for provisioned units.",
    ("AWS::SQS::Queue", "SqsManagedSseEnabled"): "Every queue is encrypted.",
    ("AWS::SQS::Queue", "RedrivePolicy"): "What its receivers give up is kept for 14 days.",
    (
        "AWS::DynamoDB::Table",
        "KeySchema",
    ): "The key: `key` of the store (default: `id`), or what the view's events give.",
    ("AWS::Kinesis::Stream", "RetentionPeriodHours"): "24 hours, unless `retention` says otherwise.",
    ("AWS::Kinesis::Stream", "StreamModeDetails"): "On demand, unless `shards` fixes their number.",
    (
        "AWS::Kinesis::Stream",
        "StreamEncryption",
    ): "Every stream is encrypted; with the key that AWS manages, unless `encryption` names another.",
    ("AWS::KinesisFirehose::DeliveryStream", "KinesisStreamSourceConfiguration"): (
        "Firehose reads the stream by itself, from the moment it is there on."
    ),
    ("AWS::KinesisFirehose::DeliveryStream", "ExtendedS3DestinationConfiguration"): (
        "Compressed, by stream and hour; what cannot be delivered goes under `errors/`."
    ),
    ("AWS::CloudWatch::Alarm", "Threshold"): "1 fault, unless `alarms` says otherwise for the service.",
    ("AWS::S3::Bucket", "PublicAccessBlockConfiguration"): "Every bucket is private.",
    ("AWS::S3::Bucket", "BucketEncryption"): "Every bucket is encrypted.",
}
"""Why a property is there, by the resource's type and the property's name: what no declaration has to ask for."""

LIFE: dict[str | int, str] = {
    "DeletionPolicy": "What cannot be rebuilt outlives its stack; what a replay of events brings back goes with it.",
    "UpdateReplacePolicy": "What cannot be rebuilt outlives its replacement; what a replay brings back does not.",
}
"""Why a resource stays or goes: its policies, which stand beside its properties."""
