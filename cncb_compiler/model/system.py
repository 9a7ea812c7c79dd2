"""The system: who owns it, where it runs, its streams, and what its services share."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from cncb_compiler.model.acceptance import Acceptance
from cncb_compiler.model.base import (
    AccountId,
    Duration,
    Flag,
    Integer,
    Name,
    Node,
    Owner,
    Region,
    SystemName,
    TypeName,
    TypeNotation,
)
from cncb_compiler.model.event import Event
from cncb_compiler.model.service import Service
from cncb_compiler.model.settings import Memory

LOG_RETENTION_DAYS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
"""The retentions that CloudWatch Logs accepts, in days (AWS: PutRetentionPolicy)."""


DERIVED_TAGS = ("owner", "service", "stage", "system")
"""The tags that every resource gets. IAM knows no case in tag keys, so neither do we (AWS IAM: Tagging rules)."""


def _not_reserved(key: str) -> str:
    if key.lower().startswith("aws:"):
        raise ValueError("begins with `aws:`, which is reserved by AWS")
    if key.lower() in DERIVED_TAGS:
        raise ValueError(f"is the tag `{key.lower()}`, which every resource gets already")
    return key


TAG_KEY_PATTERN = r"^[A-Za-z0-9 _.:/=+@-]{1,128}$"
TAG_VALUE_PATTERN = r"^[A-Za-z0-9 _.:/=+@-]{0,256}$"
ENCRYPTION_PATTERN = r"^(alias/[A-Za-z0-9/_-]+|arn:aws[a-z-]*:kms:[A-Za-z0-9:/-]+)$"

TagKey = Annotated[str, Field(pattern=TAG_KEY_PATTERN), AfterValidator(_not_reserved)]
TagValue = Annotated[str, Field(pattern=TAG_VALUE_PATTERN)]


LOCAL_STAGE = "local"
"""The stage that every system has without declaring it: the machine of whoever works on it."""


class Stage(Node):
    """One place the whole system is deployed to: an account and its regions."""

    account: AccountId
    """The 12-digit AWS account id."""
    regions: Annotated[tuple[Region, ...], Field(min_length=1)]
    """The regions it runs in, the first being the primary."""


class Defaults(Node):
    """Settings of every function, unless its service or itself says otherwise."""

    runtime: Literal["python3.11", "python3.12", "python3.13", "python3.14"] = "python3.13"
    """The Lambda runtime of generated handlers."""
    memory: Memory = 256
    """Memory of a function in MB."""
    timeout: Duration = "30s"
    """The longest an invocation may take; functions behind a route get `29s` at most."""
    log_retention: Duration = "30d"
    """How long log lines are kept. Whole days that CloudWatch Logs accepts: `7d`, `30d`, `90d`, `365d`, ..."""
    log_level: Literal["DEBUG", "INFO", "WARN", "ERROR"] = "INFO"
    """The least severe log line that is kept."""


class Stream(Node):
    """An event stream that services share."""

    kind: Literal["kinesis"] = "kinesis"
    """What carries it."""
    shards: Annotated[Integer, Field(ge=1, le=500)] | None = None
    """A fixed number of shards. Default: on demand."""
    retention: Duration = "24h"
    """How long events stay readable: `24h` to `365d`."""
    encryption: Annotated[str, Field(pattern=ENCRYPTION_PATTERN, max_length=512)] = "alias/aws/kinesis"
    """The KMS key: an alias or a key ARN. There is no unencrypted stream."""
    claim_check: Flag = False
    """Events that are too large for it are kept in the system's claim-check bucket, and their envelope travels."""
    compress: Annotated[Integer, Field(ge=256, le=1_000_000)] | None = None
    """Compress fields whose JSON has more bytes than this. Default: never."""
    description: str = ""
    """What it is for."""


class System(Node):
    """A file of the system. Files merge by name; each key below may be spread over several files."""

    system: SystemName | None = None
    """The system's name, said in one file only."""
    owner: Owner | None = None
    """The team that answers for the system."""
    description: str = ""
    """What the system is for."""
    stages: dict[Name, Stage] = Field(default_factory=dict)
    """Where the system is deployed, by stage name."""
    defaults: Defaults = Field(default_factory=Defaults)
    """Settings of every function, unless its service or itself says otherwise."""
    tags: dict[TagKey, TagValue] = Field(default_factory=dict)
    """AWS tags on every resource, beside `system`, `service`, `stage` and `owner`."""
    streams: dict[Name, Stream] = Field(default_factory=dict)
    """The event streams between services. Default: one, `main`, as soon as there are events."""
    types: dict[TypeName, TypeNotation] = Field(default_factory=dict)
    """Named types, for events, stores and inputs."""
    events: dict[Name, Event] = Field(default_factory=dict)
    """The closed vocabulary of event types."""
    accept: tuple[Acceptance, ...] = ()
    """Changes that `cncb diff` is to take as safe for a while."""
    services: dict[Name, Service] = Field(default_factory=dict)
    """Services, where one file holds them all; usually each has a file of its own (`service: NAME`)."""
