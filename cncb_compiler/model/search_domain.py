"""The search domain of a service: the machines that hold its search indexes."""

from typing import Annotated

from pydantic import Field, StringConstraints

from cncb_compiler.model.base import Integer, Node

INSTANCE_PATTERN = r"^[a-z0-9-]+\.[a-z0-9-]+\.search$"


class SearchDomain(Node):
    """The OpenSearch domain of a service, one however many of its views are searched."""

    instance_type: Annotated[str, StringConstraints(pattern=INSTANCE_PATTERN)] = "t3.small.search"
    """The type of its machines, as AWS names them."""
    instances: Annotated[Integer, Field(ge=1, le=80)] = 1
    """How many machines. Two or more stand in two availability zones, multiples of three in three."""
    storage: Annotated[Integer, Field(ge=10, le=3000)] = 10
    """The volume of each machine in GiB."""
