"""What happens in a scenario, as it is written: its steps, the events that it publishes, and trouble on purpose."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, WithJsonSchema

from cncb_compiler.model.base import PLACE_PATTERN, REQUEST_PATTERN, Duration, Flag, Integer, Name, Node
from cncb_compiler.model.settings import ENVIRONMENT_PATTERN
from cncb_compiler.scenarios.words import NAME_PATTERN

Place = Annotated[str, StringConstraints(pattern=PLACE_PATTERN)]
"""`<service>.<store, view or function>`."""

Request = Annotated[str, StringConstraints(pattern=REQUEST_PATTERN)]
"""`METHOD /path`."""

Variable = Annotated[str, StringConstraints(pattern=ENVIRONMENT_PATTERN)]
Bound = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
"""A name that something is bound to."""

Data = Annotated[Any, WithJsonSchema({"description": "A value; `$NAME` stands for what was bound to NAME."})]
Pattern = Annotated[
    Any,
    WithJsonSchema(
        {
            "description": "A value to be matched: maps as subsets, lists whole. Matchers: `{is: TYPE}`, "
            "`{matches: REGEX}`, `{as: NAME}`, `{gone: true}`, `{any: true}`, `{exactly: VALUE}`; "
            "`$NAME` is what was bound."
        }
    ),
]
Count = Annotated[Integer, Field(ge=1, le=1000)]


class Event(Node):
    """An event that is published: checked against its schema, its envelope completed."""

    publish: Name
    """The event type."""
    data: dict[str, Data] = Field(default_factory=dict)
    """Its fields beside the envelope."""
    id: Data = None
    """Its id; by default a new one."""
    timestamp: Data = None
    """When it happened, in milliseconds since the epoch; by default now."""
    partition_key: Data = None
    """Its partition key; by default as the event declares it."""
    as_: Bound | None = Field(default=None, alias="as")
    """Names the whole event: `$NAME.id`."""
    times: Count = 1
    """The very same event so often."""


class Step(Node):
    """What every step has."""

    settle: Flag = True
    """Wait until everything that it causes is done."""


class Publish(Event, Step):
    """Publish an event."""


class RawRecord(Node):
    """A record as it is: no event, or one that nobody has checked."""

    raw: Data
    """A text, or a value that is put as JSON."""
    stream: Name | None = None
    """The stream; by default the only one, or `main`."""
    partition_key: str = "raw"
    """The partition key of the record."""


class PublishRaw(Step):
    """Put a record on a stream that may be no event at all."""

    publish: RawRecord
    """The record."""
    times: Count = 1
    """So often."""


class Answer(Node):
    """What a route answers."""

    status: Pattern = None
    """The HTTP status."""
    body: Pattern = None
    """The JSON value, or the text."""
    headers: dict[str, Pattern] = Field(default_factory=dict)
    """Headers, by name in any case."""


class Call(Step):
    """Call a route of one of the system's APIs."""

    call: Request
    """The route as declared: `POST /orders/{id}`."""
    service: Name | None = None
    """Whose route it is, where several services have the same."""
    path: dict[str, Data] = Field(default_factory=dict)
    """The values of the path's parameters."""
    query: dict[str, Data] = Field(default_factory=dict)
    """The query parameters."""
    headers: dict[str, Data] = Field(default_factory=dict)
    """Further headers."""
    body: Data = None
    """The JSON value, or the text, that is sent."""
    returns: Answer | None = None
    """What it must answer; by default anything below 400."""


class Fetch(Step):
    """Get what is at a URL that the system has given: without any rights but the URL."""

    fetch: Data
    """The URL: `$url`, as `returns` of a call has named it."""
    returns: Answer | None = None
    """What it must answer; by default anything below 400."""


class Invoke(Step):
    """Invoke a function, as an operator would."""

    invoke: Place
    """The function, as declared or as planned: `orders.submit`, `orders.command-submit`."""
    payload: Data = None
    """What it is given."""
    returns: Pattern = None
    """What it must give back."""
    fails: Pattern = None
    """The error that it must end with: `{errorType: ...}`. By default it must not fail."""


class Put(Step):
    """Write a row by hand."""

    put: Place
    """The store or view."""
    row: dict[str, Data]
    """The whole row."""


class Remove(Step):
    """Remove a row by hand."""

    remove: Place
    """The store or view."""
    key: dict[str, Data]
    """The whole key of the row."""


class Upload(Step):
    """Write an object by hand."""

    upload: Place
    """The store or view that is a bucket."""
    object: str
    """The key of the object."""
    content: Data
    """A value that is stored as JSON, or a text."""


class Expire(Step):
    """Let rows expire: DynamoDB removes what its time to live lets go."""

    expire: Place
    """The store or view."""
    after: Duration
    """How far from now: `91d`."""


class Replay(Step):
    """Replay the data lake to a function, as `cncb replay --go` does."""

    replay: Place
    """The function."""
    types: tuple[Name, ...] = ()
    """Only these event types; by default all that it listens to."""
    returns: Pattern = None
    """What has become of the events: `{handled: 3, faulted: 1, failed: 0}`. By default some, all of them handled."""


class Resubmit(Step):
    """Resubmit the faults of a function that the monitor keeps, as `cncb faults resubmit --go` does."""

    resubmit: Place
    """The function."""
    returns: Pattern = None
    """What has become of them: `{handled: 1, faulted: 0, failed: 0}`. By default some, all of them handled."""


class Duplicate(Node):
    """Each batch to a function is delivered twice."""

    duplicate: Place
    """The function."""
    times: Count | None = None
    """So many batches; by default all."""


class Shuffle(Node):
    """The records of each batch to a function come in another order."""

    shuffle: Place
    """The function."""
    seed: Integer = 1
    """Another seed is another order."""
    times: Count | None = None
    """So many batches; by default all."""


class Kill(Node):
    """A function dies in the midst of its work."""

    kill: Place
    """The function."""
    after_calls: Count = 1
    """After so many of its calls to AWS."""
    times: Count = 1
    """So often."""


class Throttle(Node):
    """Requests to a table or stream are refused for a while."""

    throttle: str
    """The store or view, `<service>.<name>`, or the name of a stream."""
    times: Count = 3
    """So many requests."""


class Restart(Node):
    """Consumers are stopped and started again, from where they were, after each step."""

    restart: Literal["sources"]
    """`sources`."""


STEPS: dict[str, type[Step]] = {
    "publish": Publish,
    "raw": PublishRaw,
    "call": Call,
    "fetch": Fetch,
    "invoke": Invoke,
    "put": Put,
    "remove": Remove,
    "upload": Upload,
    "expire": Expire,
    "replay": Replay,
    "resubmit": Resubmit,
}
"""Each kind of step; the key that tells it is in it (of `raw` in its `publish`)."""

SWITCHES: dict[str, type[Node]] = {
    "duplicate": Duplicate,
    "shuffle": Shuffle,
    "kill": Kill,
    "throttle": Throttle,
    "restart": Restart,
}


def step_kind(value: Any) -> str | None:
    """Which kind of step a value is meant to be."""
    if isinstance(value, Step):
        return next(kind for kind, model in STEPS.items() if type(value) is model)
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("publish"), dict):
        return "raw"
    return next((kind for kind in STEPS if kind in value), None)


def switch_kind(value: Any) -> str | None:
    """Which kind of switch a value is meant to be."""
    if isinstance(value, Node):
        return next(kind for kind, model in SWITCHES.items() if type(value) is model)
    return next((kind for kind in SWITCHES if kind in value), None) if isinstance(value, dict) else None


AnyStep = Annotated[
    Annotated[Publish, Tag("publish")]
    | Annotated[PublishRaw, Tag("raw")]
    | Annotated[Call, Tag("call")]
    | Annotated[Fetch, Tag("fetch")]
    | Annotated[Invoke, Tag("invoke")]
    | Annotated[Put, Tag("put")]
    | Annotated[Remove, Tag("remove")]
    | Annotated[Upload, Tag("upload")]
    | Annotated[Expire, Tag("expire")]
    | Annotated[Replay, Tag("replay")]
    | Annotated[Resubmit, Tag("resubmit")],
    Discriminator(step_kind),
]
AnySwitch = Annotated[
    Annotated[Duplicate, Tag("duplicate")]
    | Annotated[Shuffle, Tag("shuffle")]
    | Annotated[Kill, Tag("kill")]
    | Annotated[Throttle, Tag("throttle")]
    | Annotated[Restart, Tag("restart")],
    Discriminator(switch_kind),
]
