"""Queues: messages for another system, which receives them when it can (Amazon SQS)."""

from cncb_compiler.model.base import Flag, Node, TypeNotation


class Queue(Node):
    """A queue of the service, for a system outside to receive from."""

    of: TypeNotation
    """The type of a message, which is JSON."""
    fifo: Flag = False
    """Messages of one partition key in their order, and of one event id once (within five minutes)."""
    description: str = ""
    """What its messages are for, and who receives them."""
