"""What stands beside a system's YAML and is judged with it, where that is not read from the disk."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Beside(Struct, frozen=True):
    """Files by their path from the system's folder.

    `hooks` are the Python files of its services (`hooks/orders/rates.py`). `settings` are the files in which a team may
    set the rules, in its folder and those around it: the nearest first.
    """

    hooks: Mapping[str, bytes]
    settings: Mapping[str, bytes]
