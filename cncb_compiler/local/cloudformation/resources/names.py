"""The names that CloudFormation makes up for resources that a template does not name."""

from __future__ import annotations

from cncb_compiler.local.cloudformation.resource import Place


def generated(place: Place, longest: int = 255) -> str:
    """The generated name, cut in its middle (never the random part) to what the service allows."""
    if len(place.generated_name) <= longest:
        return place.generated_name
    head, _, unique = place.generated_name.rpartition("-")
    return f"{head[: longest - len(unique) - 1].rstrip('-')}-{unique}"
