"""The part of a comparison that a selector means, and the nodes that a comparison says have changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cncb_compiler.compare.change import Change
from cncb_compiler.compare.compare import Differences
from cncb_compiler.graph.network import Node
from cncb_compiler.select.grammar import NothingNamedError
from cncb_compiler.select.selection import Selection, nothing, select

_KINDS = frozenset(
    {"service", "stream", "event", "command", "query", "view", "store", "reaction", "transition", "change", "function"}
)


def node_named(name: str) -> Node | None:
    """The node of the graph that a subject, or one who is affected, is or belongs to; None where it is none."""
    kind, _, owner = name.partition("#")[0].partition(":")
    if kind == "response":
        return "query", owner
    return (kind, owner) if kind in _KINDS and owner else None


def changed_nodes(differences: Differences) -> frozenset[Node]:
    """What differs, as nodes of the graph after: for `changed` in selectors, and for pictures."""
    return frozenset(node for change in differences.changes if (node := node_named(change.subject)) is not None)


def selected(differences: Differences, chosen: Sequence[str], excluded: Sequence[str]) -> Differences:
    """The changes of what is selected, and those that affect it. Raises SelectorError.

    A selector is looked up in both revisions, for what it names may be gone; NothingNamedError where neither has it.
    """
    if not chosen and not excluded:
        return differences
    nodes: set[Node] = set()
    unknown: list[NothingNamedError] = []
    for side in (differences.after, differences.before):
        try:
            found: Selection = select(side.system, chosen, excluded, changed=lambda: changed_nodes(differences))
        except NothingNamedError as error:
            unknown.append(error)
            found = nothing(side.system)
        nodes |= found.nodes
    if len(unknown) == 2:
        raise unknown[0]
    return replace(differences, changes=tuple(one for one in differences.changes if _concerns(one, nodes)))


def _concerns(change: Change, nodes: set[Node]) -> bool:
    return any(_is_of(name, nodes) for name in (change.subject, *(hit.node for hit in change.affected)))


def _is_of(name: str, nodes: set[Node]) -> bool:
    node = node_named(name)
    if node is not None and node in nodes:
        return True
    # A resource or a planned function is told by its service.
    kind, _, owner = name.partition(":")
    return kind in ("resource", "function") and ("service", owner.partition(".")[0]) in nodes
