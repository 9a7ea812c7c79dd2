"""What the pool and the zygote say to each other: JSON with a length before it, over a socket of this machine."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Sequence
from typing import Any

LENGTH = struct.Struct("!I")


def send(connection: socket.socket, message: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
    """Send one message; open files go with it. Raises OSError where the other side is gone."""
    body = json.dumps(message).encode()
    head = LENGTH.pack(len(body))
    if descriptors:
        socket.send_fds(connection, [head], list(descriptors))
    else:
        connection.sendall(head)
    connection.sendall(body)


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The next message and the files that came with it; None where the other side is gone."""
    head, descriptors, _, _ = socket.recv_fds(connection, LENGTH.size, 1)
    head += _exactly(connection, LENGTH.size - len(head)) if head else b""
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = _exactly(connection, length)
    return (json.loads(body), descriptors) if len(body) == length else None


def _exactly(connection: socket.socket, length: int) -> bytes:
    read = bytearray()
    while len(read) < length and (chunk := connection.recv(length - len(read))):
        read += chunk
    return bytes(read)
