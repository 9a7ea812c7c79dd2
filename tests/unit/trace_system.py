"""A system that runs on moto in process: its stream, its stores, and what its functions would have left there."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import boto3
from botocore.config import Config

from cncb_compiler.passes import analyse, has_errors
from cncb_compiler.source.discover import systems
from cncb_compiler.target.target import Target

SYSTEM = """\
system: shop
stages: {dev: {account: "123456789012", regions: [eu-west-1]}}
events:
  order-submitted: {entity: order, with: {order: {id: uuid, customer: string, amount: integer}}, external: true}
  order-reserved: {entity: order, with: {order: {id: uuid}}}
  order-closed: {entity: order, with: {order: {id: uuid}}}
  order-cancelled: {entity: order, with: {order: {id: uuid}}, external: true}
services:
  process:
    transitions: [{on: order-submitted, emit: order-reserved, with: {order: {id: order.id}}}]
  front:
    api: {auth: none}
    views:
      orders:
        on: {order-submitted: {when: order.amount > `0`}, order-cancelled: {delete: true}}
        fields: {id: order.id, customer: order.customer}
      pages: {kind: s3, on: order-submitted, fields: {id: order.id, customer: order.customer}}
      sums:
        collect: {on: order-submitted, by: order.customer}
        key: {customer: order.customer}
        fields: {count: count(order-submitted)}
    queries:
      order: {route: "GET /orders/{id}", from: orders}
      page: {route: "GET /pages/{id}", from: pages}
      sum: {route: "GET /sums/{customer}", from: sums}
  books:
    api: {auth: none}
    stores: {entries: {of: {id: uuid, status: string}}}
    commands:
      save: {route: POST /entries, input: {id: uuid}, write: entries, set: {id: input.id, status: {const: mine}}}
      drop: {input: {id: uuid}, delete: entries}
    reactions:
      save: {on: order-reserved, write: entries, set: {id: order.id, status: {const: booked}}}
    changes: {entries: {insert: {event: order-closed, with: {order: {id: new.id}}}, latch: true}}
    queries: {entry: {route: "GET /entries/{id}", from: entries}}
"""

ORDER = "11111111-1111-4111-8111-111111111111"
ROOT, RESERVED, CLOSED, CANCELLED = (f"{n * 8}-0000-4000-8000-000000000000" for n in "abcd")
PHYSICAL = {
    "front": {
        "OrdersTable": "t-orders",
        "PagesBucket": "b-pages",
        "SumsTable": "t-sums",
        "SumsEventsTable": "t-sums-events",
    },
    "books": {"EntriesTable": "t-entries"},
}
KEYS = {
    "t-orders": ("id",),
    "t-sums": ("customer",),
    "t-sums-events": ("correlation", "sequence"),
    "t-entries": ("id",),
}


def analysis_of(folder: Path):
    (folder / "system.yaml").write_text(SYSTEM)
    analysis = analyse(systems(folder)[0])
    assert not has_errors(analysis.shown()), analysis.shown()
    return analysis


@cache
def target() -> Target:
    """One for all tests: making clients takes most of their time. Buckets are in the path, as at an endpoint.

    Its credentials are its own: what a session finds for itself depends on whether moto is at work when it looks.
    """
    made = Target("dev", "eu-west-1")
    made._session = boto3.Session("testing", "testing", region_name=made.region)
    made._clients["s3"] = made.session().client("s3", config=Config(s3={"addressing_style": "path"}))
    return made


def build(here: Target) -> None:
    """The stream with its parameter, and the stores."""
    here.client("kinesis").create_stream(StreamName="s-main", ShardCount=2)
    here.client("ssm").put_parameter(Name="/shop/dev/streams/main/name", Value="s-main", Type="String")
    for table, names in KEYS.items():
        here.client("dynamodb").create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
            KeySchema=[
                {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=False)
            ],
        )
    here.client("s3").create_bucket(Bucket="b-pages", CreateBucketConfiguration={"LocationConstraint": here.region})


def event(kind: str, event_id: str, trigger: str | None = None, by: str | None = None, **more):
    service, _, function = (by or "").partition(".")
    tags = {"system": "shop", "service": service, "function": function, "stage": "dev"} if by else {"source": "test"}
    if trigger:
        tags["trigger"] = trigger
    return {"id": event_id, "type": kind, "timestamp": 1_700_000_000_000, "partitionKey": ORDER, "tags": tags, **more}


def submitted(event_id: str = ROOT, amount: int = 5):
    return event("order-submitted", event_id, order={"id": ORDER, "customer": "ada", "amount": amount})


def put(here: Target, *events) -> None:
    for one in events:
        data = one if isinstance(one, bytes) else json.dumps(one).encode()
        here.client("kinesis").put_record(StreamName="s-main", PartitionKey="k", Data=data)
