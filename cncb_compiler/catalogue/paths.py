"""Where everything is in the site: pages by what they are about, anchors in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from hashlib import sha256

from cncb_compiler.graph.network import KINDS
from cncb_compiler.graph.system import Construct, LinkedSystem

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever follows the dot."""
_LONGEST = 120


def file_names(names: Iterable[str]) -> dict[str, str]:
    """A file name, without ending, for each name: readable, and different even where case does not matter.

    >>> file_names(["orders", "Über ../uns", "Orders"])["orders"]
    'orders'
    """
    found: dict[str, str] = {}
    taken = {"index"}
    for name in sorted(names, key=lambda name: (name.casefold(), name.swapcase())):
        plain = _UNSAFE.sub("-", name).strip(".-") or "x"
        unclear = plain != name or len(plain) > _LONGEST or plain.casefold() in taken or _RESERVED.match(plain)
        made = f"{plain[:_LONGEST]}-{sha256(name.encode()).hexdigest()[:8]}" if unclear else plain
        taken.add(made.casefold())
        found[name] = f"_{made}" if _RESERVED.match(made) else made
    return found


def anchor(words: str) -> str:
    """An anchor for a field's path or a name; the marks of lists are left out, what no URL takes is spelt."""
    return _UNSAFE.sub(lambda found: f"~{ord(found[0]):x}", words.replace("[]", ""))


class Paths:
    """The pages of a system. What there is no page of has the empty path."""

    def __init__(self, system: LinkedSystem, owners: Collection[str], processes: Collection[str]) -> None:
        views = [
            f"{service.name}.{view.construct.name}" for service in system.services.values() for view in service.views
        ]
        self._pages = {
            f"{kind}:{name}": f"{kind}/{file}.html"
            for kind, names in (
                ("service", system.services),
                ("event", system.events),
                ("type", system.types.named),
                ("view", views),
                ("process", processes),
                ("owner", owners),
            )
            for name, file in file_names(names).items()
        }
        self._pages |= {f"stream:{name}": f"stream/index.html#{anchor(name)}" for name in system.streams}
        self._parts: dict[str, Construct] = {
            f"{store.purpose}:{service.name}.{store.name}": store.construct
            for service in system.services.values()
            for store in service.tables
            if store.purpose in ("collected", "index")
        }

    def page(self, kind: str, name: str) -> str:
        """The page of a service, event, type, view, process or owner."""
        return self._pages.get(f"{kind}:{name}", "")

    def of(self, node: str) -> str:
        """Where a node of the graph is told of: `event:order-submitted`, `command:orders.submit`, `service:orders`."""
        if node in self._pages:
            return self._pages[node]
        if node in self._parts:
            return self.construct(self._parts[node])
        kind, _, name = node.partition(":")
        service, _, own = name.partition(".")
        page = self._pages.get(f"service:{service}", "")
        if not page or not own:
            return page
        return f"{page}#{anchor(('query' if kind == 'response' else kind) + '-' + own)}"

    def construct(self, construct: Construct) -> str:
        """Where a construct is told of."""
        return self.of(f"{KINDS[construct.section]}:{construct.service}.{construct.name}")
