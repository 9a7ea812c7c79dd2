"""A hand-made service that holds every kind of handler, with text that tries to get out of where it stands."""

from __future__ import annotations

from typing import Any

from cncb_compiler.mapping.aggregate import Aggregate
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import Constant, Expression, HookCall, Items, Nested, Tree
from cncb_compiler.plan.assets import Asset, Attribute, Table
from cncb_compiler.plan.function import (
    FunctionPlan,
    Grant,
    ReadSettings,
    RouteTrigger,
    ScheduleTrigger,
    Settings,
    StreamTrigger,
    TableTrigger,
)
from cncb_compiler.plan.handlers import (
    CapturedChange,
    ChangesHandler,
    CollectHandler,
    CommandHandler,
    EvaluateHandler,
    Handler,
    JoinHandler,
    Mapped,
    OwnHandler,
    Publish,
    QueryHandler,
    ReactionHandler,
    TransitionsHandler,
    TransitionStep,
    ViewHandler,
    ViewProjection,
    WriteRow,
)
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.schema.types import (
    ANYTHING,
    INTEGER,
    NUMBER,
    STRING,
    TIMESTAMP,
    UUID,
    Enum,
    Field,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Ref,
    Scalar,
    TypeTable,
)
from cncb_compiler.source.location import Location

NASTY = 'Ends """ a docstring\\, {{ braces }} {% raw %}, "quotes", a | pipe, <b>, \u202e and\n\n\ttabs"'
AT = Location("services/every.yaml")
MAIN, OTHER = Asset("stream", "main"), Asset("stream", "audit")
ORDERS, TOTALS, COLLECTED = Asset("table", "orders"), Asset("table", "dailyTotals"), Asset("table", "order-events")
PAGES = Asset("bucket", "pages")

LINE = Record({"sku": Field(STRING), "quantity": Field(INTEGER)})
ORDER = Record(
    {
        "id": Field(UUID),
        "email": Field(Scalar("string", "email"), optional=True),
        "lines": Field(ListOf(Ref("Line"))),
        "total": Field(NUMBER),
        "status": Field(Enum(("submitted", "paid"))),
    }
)
NODE = Record({"name": Field(STRING), "children": Field(ListOf(Ref("Node")), optional=True)})
TYPES = TypeTable({"Line": LINE, "Order": ORDER, "Node": NODE, "Slim": Record({"id": Field(UUID)})})

INPUT = Record(
    {
        "order": Field(Ref("Order")),
        "tree": Field(Ref("Node")),
        "labels": Field(MapOf(STRING)),
        "when": Field(OneOf((Scalar("string", "date-time"), TIMESTAMP))),
        "day": Field(Scalar("string", "date")),
        "site": Field(Scalar("string", "uri")),
        "extra": Field(ANYTHING, optional=True),
        "open": Field(Record({"a": Field(Scalar("boolean"))}, open=True)),
        "class": Field(STRING),
    }
)
EVENT = Record(
    {
        "id": Field(STRING),
        "type": Field(STRING),
        "timestamp": Field(TIMESTAMP),
        "partitionKey": Field(STRING),
        "tags": Field(MapOf(STRING)),
        "order": Field(Ref("Order")),
        "context": Field(ANYTHING, optional=True),
    }
)
COMMANDED = Scope(Record({"input": Field(INPUT), "path": Field(Record({"id": Field(STRING)}))}), "command", "command:x")
REQUESTED = Scope(Record({"path": Field(Record({"id": Field(STRING)}))}), "request", "query:x")
ROW = Scope(ORDER, "row", "store:every.orders")
ON_EVENT = Scope(EVENT, "event", "event:order-submitted", 'event["id"]')
CHANGED = Scope(
    Record(
        {"old": Field(Ref("Order")), "new": Field(Ref("Order")), "timestamp": Field(TIMESTAMP), "id": Field(STRING)}
    ),
    "change",
    "store:every.orders",
    'change["id"]',
)
JOINED = Scope(
    Record({"order-submitted": Field(EVENT), "order-paid": Field(EVENT)}), "events", "events", 'events["id"]'
)
GATHERED = Scope(Record({"events": Field(ListOf(EVENT))}), "events", "events")

SETTINGS = Settings("python3.13", 256, 30, "INFO", 30, 2, 3, {}, None)
READ = ReadSettings(100, 0, 5, None, 1, "TRIM_HORIZON")


def mapped(name: str, tree: Tree, scope: Scope, target: Any = None) -> Mapped:
    return Mapped(name, NASTY, tree, scope, target)


def path(text: str) -> Expression:
    return Expression(text)


def key(scope: Scope, text: str, name: str = "key") -> Mapped:
    return mapped(name, Nested({"id": path(text)}), scope)


def publish(name: str, scope: Scope, source: str, step: str | None, **more: Any) -> Publish:
    tree = Nested({"order": path(source), "slim": path(source), "note": Constant('a "quoted" \\ constant')})
    target = Record({"order": Field(Ref("Order")), "slim": Field(Ref("Slim")), "note": Field(STRING)})
    partition_key = mapped(f"{name}_partition_key", path("order.id"), Scope(EVENT, "event", "event:order-paid"))
    return Publish(
        more.pop("stream", MAIN),
        more.pop("event", "order-paid"),
        mapped(name, tree, scope, target),
        partition_key,
        step,
        **more,
    )


FIELDS = mapped(
    "fields",
    Nested(
        {
            "id": path("uuid()"),
            "email": path("input.order.email"),
            "skus": path("input.order.lines[*].sku"),
            "many": path("length(input.order.lines[?quantity > `1`])"),
            "at": path("iso(now())"),
            "price": HookCall("pricing", "total"),
            "pair": Items((path("input.order.total"), Constant(None))),
            "status": Constant("submitted"),
        }
    ),
    COMMANDED,
)
ROUTE = (RouteTrigger("POST", "/orders/{id}", "none", AT),)
LISTENING = (StreamTrigger(MAIN, ("order-paid", "order-submitted"), READ),)


def write(verb: Any, store: Asset, scope: Scope, source: str, **more: Any) -> WriteRow:
    fields = {"status": path(f"{source}.status"), **({"id": path(f"{source}.id")} if verb == "write" else {})}
    return WriteRow(
        verb,
        store,
        ("id",),
        None if verb == "write" else key(scope, f"{source}.id"),
        None if verb == "delete" else mapped("fields", Nested(fields), scope),
        **more,
    )


def projection(event: str, lock: str, *fields: str, when: bool = False) -> ViewProjection:
    name = event.replace("-", "_")
    tree = Nested({"id": path("order.id"), **{field: path(f"order.{field}") for field in fields}})
    return ViewProjection(
        event,
        key(ON_EVENT, "order.id", f"{name}_key"),
        mapped(f"{name}_fields", tree, ON_EVENT) if fields else None,
        mapped(f"{name}_when", path("order.status == 'paid' || length(order.lines) > `0`"), ON_EVENT) if when else None,
        lock,
    )


VIEW = (
    projection("order-submitted", "asOf:a", "email", when=True),
    projection("order-paid", "asOf:b", "status"),
    projection("order-removed", "asOf"),
)
KEYS = tuple((event, key(ON_EVENT, "order.id", event.replace("-", "_"))) for event in ("order-submitted", "order-paid"))
TOTAL = mapped("total_argument", path("order.total"), ON_EVENT)

HANDLERS: dict[str, tuple[Any, Handler]] = {
    "submit": (ROUTE, CommandHandler(INPUT, True, WriteRow("write", ORDERS, ("id",), None, FIELDS))),
    "save-page": (ROUTE, CommandHandler(None, True, write("update", PAGES, COMMANDED, "input.order"))),
    "withdraw": (ROUTE, CommandHandler(None, True, write("delete", ORDERS, COMMANDED, "path", latched=False))),
    "handler": ((), CommandHandler(INPUT, False, publish("event", COMMANDED, "input.order", None))),
    "order": (ROUTE, QueryHandler(ORDERS, "one", ("id",), None, key(REQUESTED, "path.id"), None, 25, True)),
    "raw-order": (
        (),
        QueryHandler(ORDERS, "one", ("id",), None, key(REQUESTED, "path.id"), mapped("row", path("@"), ROW), 25, False),
    ),
    "page": (ROUTE, QueryHandler(PAGES, "one", ("id",), None, key(REQUESTED, "path.id"), None, 25, True)),
    "orders": (
        ROUTE,
        QueryHandler(
            ORDERS,
            "page",
            ("id",),
            "by-status",
            mapped("key", Nested({"status": path("path.id")}), REQUESTED),
            mapped("item", Nested({"id": path("id"), "total": path("total")}), ROW),
            10,
            True,
        ),
    ),
    "totals": ((), QueryHandler(TOTALS, "all", ("id",), None, None, None, 25, False)),
    "view-totals": (LISTENING, ViewHandler(TOTALS, ("id",), VIEW, "oplock", 60, None)),
    "view-unlocked": (LISTENING, ViewHandler(TOTALS, ("id",), VIEW[1:2], "none", None, None)),
    "view-pages": (LISTENING, ViewHandler(PAGES, ("id",), VIEW, "oplock", None, "max-age=5")),
    "collect": (
        LISTENING,
        CollectHandler(
            COLLECTED, tuple((event, mapped(f"by_{one.name}", path("order.id"), ON_EVENT)) for event, one in KEYS), 60
        ),
    ),
    "evaluate": (
        (TableTrigger(COLLECTED, ("INSERT",), READ),),
        EvaluateHandler(
            COLLECTED,
            TOTALS,
            ("id",),
            KEYS,
            (
                *tuple(
                    (name, Aggregate(name, "order-submitted", path("order.total")), TOTAL)
                    for name in ("sum", "min", "max", "avg", "first", "last")
                ),
                ("count", Aggregate("count", "order-paid"), None),
            ),
            None,
            60,
        ),
    ),
    "evaluate-page": (
        (TableTrigger(COLLECTED, ("INSERT",), READ),),
        EvaluateHandler(
            COLLECTED, PAGES, ("id",), KEYS, (), mapped("whole", HookCall("pricing", "all"), GATHERED), None
        ),
    ),
    "cancel": (
        LISTENING,
        ReactionHandler(
            ("order-submitted", "order-paid"),
            mapped("when", path("context.ok || order.email"), ON_EVENT),
            write("update", ORDERS, ON_EVENT, "order", idempotence="oplock"),
        ),
    ),
    "mirror": (
        LISTENING,
        ReactionHandler(
            ("order-paid",), None, write("write", ORDERS, ON_EVENT, "order", idempotence="oplock", latched=True)
        ),
    ),
    "forget": (
        LISTENING,
        ReactionHandler(("order-paid",), None, write("delete", ORDERS, ON_EVENT, "order", latched=True)),
    ),
    "notify": (LISTENING, ReactionHandler(("order-paid",), None, mapped("call", HookCall("mail", "send"), ON_EVENT))),
    "transitions": (
        LISTENING,
        TransitionsHandler(
            (
                TransitionStep(("order-submitted",), publish("first", ON_EVENT, "order", "first")),
                TransitionStep(
                    ("order-submitted", "order-paid"),
                    publish(
                        "second",
                        ON_EVENT,
                        "order",
                        "second",
                        stream=OTHER,
                        when=mapped("second_when", path("order.status == 'paid'"), ON_EVENT),
                    ),
                ),
            )
        ),
    ),
    "join": (
        (TableTrigger(COLLECTED, ("INSERT",), READ),),
        JoinHandler(
            COLLECTED, ("order-submitted", "order-paid"), publish("joined", JOINED, '"order-paid".order', "joined")
        ),
    ),
    "changes": (
        (TableTrigger(ORDERS, ("INSERT", "MODIFY", "REMOVE"), READ),),
        ChangesHandler(
            (
                CapturedChange("INSERT", publish("inserted", CHANGED, "new", None)),
                CapturedChange(
                    "MODIFY",
                    publish(
                        "modified",
                        CHANGED,
                        "new",
                        "modified",
                        when=mapped("modified_when", path("old.status != new.status"), CHANGED),
                    ),
                ),
                CapturedChange("MODIFY", publish("also", CHANGED, "new", "also", event="order-seen")),
                CapturedChange("REMOVE", publish("removed", CHANGED, "old", "removed")),
            ),
            True,
        ),
    ),
    "report": ((ScheduleTrigger("rate(5 minutes)"),), OwnHandler("reports", "daily", ())),
    "listen": (LISTENING, OwnHandler("handler", "on_event", ("order-paid",))),
}

HOOKS = {
    "pricing": "from cncb_runtime.errors import TransientError\n\nfrom . import rates\n",
    "rates": "import no_such_module_at_test_time\n",
    "mail": "",
    "reports": "",
    "handler": "",
    "unused": "",
}


def every_kind(service: str = "every-kind", system: str = "tests") -> ServicePlan:
    """The service."""
    functions = tuple(
        FunctionPlan(
            name=name,
            pattern="pattern",
            description=NASTY,
            at=AT / "functions" / name,
            settings=SETTINGS,
            triggers=triggers,
            grants=(Grant("put", ORDERS), Grant("publish", MAIN)),
            assets=(ORDERS, TOTALS, COLLECTED, PAGES, MAIN, OTHER),
            handler=handler,
            faults_to=None if name in ("notify", "evaluate-page") else MAIN,
        )
        for name, (triggers, handler) in HANDLERS.items()
    )
    table = Table(TOTALS, AT, "view", Attribute("id", "S"), None, (), "expires", "on-demand", False, True)
    return ServicePlan(
        system, service, "bff", NASTY, NASTY, AT, ("dev",), {}, (), (table,), (), functions, None, {}, {}
    )
