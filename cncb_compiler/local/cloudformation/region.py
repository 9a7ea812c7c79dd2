"""What all stacks of one region share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cncb_compiler.local.cloudformation.resource import Clients, ResourceType


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the account. `lock` guards the records of its stacks; it is never held over an API call.

    `exports` gives the outputs that its stacks export, by their export name.
    """

    name: str
    account: str
    clients: Clients
    types: Mapping[str, ResourceType]
    lock: threading.RLock
    exports: Callable[[], Mapping[str, str]]
