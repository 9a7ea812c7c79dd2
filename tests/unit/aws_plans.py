"""Hand-made plans that the tests of `aws/` share."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from cncb_compiler.model.function import Cors
from cncb_compiler.model.store import Throughput
from cncb_compiler.plan.assets import Asset, Attribute, Bucket, EventStream, Table, TableIndex
from cncb_compiler.plan.function import (
    FunctionPlan,
    Grant,
    ReadSettings,
    RouteTrigger,
    ScheduleTrigger,
    Settings,
    StreamTrigger,
    TableTrigger,
    Trigger,
)
from cncb_compiler.plan.service import Api, ServicePlan
from cncb_compiler.source.location import Location

AT = Location("services/order-bff.yaml")
MAIN = Asset("stream", "main")
ORDERS = Asset("table", "orders")
PRODUCTS = Asset("table", "products")
PAGES = Asset("bucket", "pages")
UPLOADS = Asset("bucket", "uploads")

SETTINGS = Settings(
    runtime="python3.13",
    memory=256,
    timeout=30,
    log_level="INFO",
    log_retention_days=30,
    call_timeout=2,
    attempts=3,
    environment={},
    concurrency=None,
)
READ = ReadSettings(
    batch_size=100, window=0, attempts=5, max_age=86400, parallelization=1, starting_position="TRIM_HORIZON"
)


def function(name: str, *triggers: Trigger, **changes: Any) -> FunctionPlan:
    """A function that may do nothing yet."""
    plan = FunctionPlan(
        name=name,
        pattern="command",
        description=f"What {name} does",
        at=AT / "functions" / name,
        settings=SETTINGS,
        triggers=triggers,
        grants=(),
        assets=(),
        handler=None,  # type: ignore[arg-type]
    )
    return replace(plan, **changes)


def route(method: str, path: str, auth: Any = "none") -> RouteTrigger:
    """A route, declared somewhere."""
    return RouteTrigger(method, path, auth, AT / "commands" / path.replace("/", "-"))


def table(asset: Asset, **changes: Any) -> Table:
    """A store on demand."""
    plan = Table(
        asset=asset,
        at=AT / "stores" / asset.name,
        purpose="store",
        key=Attribute("id", "S"),
        sort_key=None,
        indexes=(),
        ttl=None,
        capacity="on-demand",
        captured=False,
        rebuildable=False,
    )
    return replace(plan, **changes)


def service(**changes: Any) -> ServicePlan:
    """A service that declares nothing."""
    plan = ServicePlan(
        system="shop",
        service="order-bff",
        kind="bff",
        owner="checkout",
        description="Customers order",
        at=AT,
        stages=("prd", "dev"),
        tags={"cost-center": "42"},
        streams=(),
        tables=(),
        buckets=(),
        functions=(),
        api=None,
        resources={},
        overrides={},
    )
    return replace(plan, **changes)


def order_bff(api: str = "http", cors: Cors | None = None) -> ServicePlan:
    """A service with every kind of asset and trigger."""
    index = TableIndex("by-customer", Attribute("customerId", "S"), Attribute("at", "N"), "keys")
    return service(
        tables=(
            table(
                PRODUCTS,
                purpose="view",
                rebuildable=True,
                ttl="expiresAt",
                capacity=Throughput(read=1, write=2),
            ),
            table(ORDERS, captured=True, indexes=(index,)),
        ),
        buckets=(
            Bucket(PAGES, AT / "views" / "pages", "view", rebuildable=True),
            Bucket(UPLOADS, AT / "stores" / "uploads", "store", rebuildable=False),
        ),
        functions=(
            function(
                "view-products",
                StreamTrigger(MAIN, ("product-updated", "product-created"), READ),
                pattern="view",
                grants=(Grant("update", PRODUCTS), Grant("get", PRODUCTS), Grant("put", PAGES)),
                assets=(PRODUCTS, PAGES),
                faults_to=MAIN,
            ),
            function(
                "change-orders",
                TableTrigger(ORDERS, ("INSERT", "MODIFY"), replace(READ, max_age=3600)),
                pattern="change",
                grants=(Grant("publish", MAIN),),
                assets=(MAIN,),
            ),
            function(
                "command-submit",
                route("POST", "/orders"),
                grants=(Grant("put", ORDERS), Grant("put", UPLOADS), Grant("get", UPLOADS)),
                assets=(ORDERS, UPLOADS),
                settings=replace(
                    SETTINGS,
                    concurrency=5,
                    environment={"URL": "https://${stage}.x/${region}", "RAW": "${x} $y {{z}}"},
                ),
            ),
            function(
                "query-order",
                route("GET", "/orders/{id}", "iam"),
                pattern="query",
                grants=(Grant("get", ORDERS), Grant("query", ORDERS, "by-customer")),
                assets=(ORDERS,),
            ),
            function("nightly", ScheduleTrigger("cron(0 8 * * ? *)"), pattern="function"),
            function("by-name", description="", pattern="function", grants=(Grant("scan", ORDERS),)),
        ),
        api=Api(api, cors, AT / "api"),  # type: ignore[arg-type]
    )


def event_hub() -> ServicePlan:
    """A service that deploys streams, one of them with a customer key, and publishes to it."""
    return service(
        service="event-hub",
        kind="event-hub",
        streams=(
            EventStream(MAIN, AT / "streams" / "main", None, 24, "alias/aws/kinesis"),
            EventStream(Asset("stream", "audit"), AT / "streams" / "audit", 2, 168, "alias/shop/audit"),
        ),
        functions=(
            function(
                "copy",
                StreamTrigger(MAIN, ("a",), READ),
                grants=(Grant("publish", Asset("stream", "audit")),),
                assets=(Asset("stream", "audit"),),
            ),
        ),
    )


def packages(plan: ServicePlan) -> dict[str, str]:
    """A content hash for each function."""
    return {each.name: "0123456789abcdef" * 4 for each in plan.functions}


def everything() -> dict[str, ServicePlan]:
    """Plans that together use every part of `aws/`, by name."""
    listed = Cors(origins=("https://a.example.com", "https://b.example.com"))
    return {
        "http": order_bff("http", Cors(origins=("*",))),
        "rest": order_bff("rest", Cors(origins=("https://shop.example.com",))),
        "rest-origins": order_bff("rest", listed),
        "hub": event_hub(),
        "keyed": replace(
            order_bff(),
            stream_keys={"main": "arn:aws:kms:us-east-1:111111111111:key/abc"},
            stages=(),
            api=None,
        ),
        "empty": service(),
    }
