"""Own functions, and the API before them: the escape hatch for logic that a declaration cannot say."""

import keyword
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from cncb_compiler.model.base import Name, Names, Node, distinct
from cncb_compiler.model.command import Auth, Route
from cncb_compiler.model.settings import FunctionSettings, Processing

ORIGIN_PATTERN = r"^(\*|https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?)$"
HEADER_PATTERN = r"^(\*|[A-Za-z0-9][A-Za-z0-9._-]*)$"
HANDLER_PATTERN = r"^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$"
_RATE = r"rate\((1 (minute|hour|day)|([2-9]|[1-9][0-9]{1,4}) (minutes|hours|days))\)"
_CRON = r"cron\([A-Za-z0-9,*?/#-]+( [A-Za-z0-9,*?/#-]+){5}\)"
SCHEDULE_PATTERN = rf"^({_RATE}|{_CRON})$"

Origin = Annotated[str, Field(pattern=ORIGIN_PATTERN, max_length=256)]
Header = Annotated[str, Field(pattern=HEADER_PATTERN, max_length=128)]


def _star_alone(origins: tuple[str, ...]) -> tuple[str, ...]:
    if "*" in origins and len(origins) > 1:
        raise ValueError('says `"*"` beside other origins: it stands for all of them')
    return distinct(origins)


def _one_kind_of_day(schedule: str) -> str:
    """Of the day of the month and the day of the week, one is `?` (Amazon EventBridge: Cron expressions reference)."""
    fields = schedule.removeprefix("cron(").removesuffix(")").split(" ")
    if len(fields) == 6 and (fields[2] == "?") == (fields[4] == "?"):
        raise ValueError("must have `?` for either the day of the month or the day of the week")
    return schedule


def _no_keywords(handler: str) -> str:
    for word in handler.split("."):
        if keyword.iskeyword(word):
            raise ValueError(f"has the word `{word}` of Python, which can be no name")
    return handler


class Cors(Node):
    """Which web pages may call the API (Cross-Origin Resource Sharing)."""

    origins: Annotated[tuple[Origin, ...], Field(min_length=1), AfterValidator(_star_alone)]
    """Origins that may call, such as `https://shop.example.com`, or `"*"` alone."""
    headers: tuple[Header, ...] = ("authorization", "content-type")
    """Request headers that they may send."""


def _cors(value: Any) -> Any:
    if value is True:
        return {"origins": ["*"]}
    return None if value is False else value


class Api(Node):
    """The HTTP interface of the service: every `route` of its commands, queries and functions."""

    kind: Literal["http", "rest"] = "http"
    """An HTTP API, or a REST API of API Gateway."""
    auth: Auth | None = None
    """Who may call its routes, unless a route says otherwise. There is no default: `none` must be said."""
    cors: Annotated[Cors | None, BeforeValidator(_cors, json_schema_input_type=bool | Cors | None)] = None
    """Which web pages may call; `true` for all. Default: none."""


class Function(Node):
    """A Lambda function whose handler the team writes: `hooks/<service>/<module>.py`."""

    description: str = ""
    """What it does."""
    handler: Annotated[str, Field(pattern=HANDLER_PATTERN, max_length=128), AfterValidator(_no_keywords)]
    """`module.function` in the service's hooks folder, called as `function(event, context)`."""
    route: Route | None = None
    """`METHOD /path/{parameter}` that calls it."""
    auth: Auth | None = None
    """Who may call the route. Default: what `api` says; one of both must say it."""
    on: Names = ()
    """Event types that it listens to; its handler gets each event."""
    schedule: (
        Annotated[str, Field(pattern=SCHEDULE_PATTERN, max_length=256), AfterValidator(_one_kind_of_day)] | None
    ) = None
    """When it runs by itself: `rate(5 minutes)`, `cron(0 8 * * ? *)`."""
    reads: Names = ()
    """Stores and views of this service that it may read."""
    writes: Name | None = None
    """The one store of this service that it may write."""
    publishes: Names = ()
    """Event types that it may publish. Instead of `writes`: one function writes one thing."""
    processing: Processing = Field(default_factory=Processing)
    """How the stream is read, where it listens."""
    function: FunctionSettings = Field(default_factory=FunctionSettings)
    """Settings of the function."""
