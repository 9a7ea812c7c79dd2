"""SSM: the mock's parameters come without its EC2, whose tables of instance types take a second or two to read."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_EC2 = "moto.ec2"


class _WhenAsked:
    """EC2's backends, imported when somebody asks for one."""

    def __getitem__(self, account: str) -> Any:
        return import_module(_EC2).ec2_backends[account]


def mend() -> None:
    """Import SSM, with EC2 left out where nobody has imported it yet."""
    if _EC2 in sys.modules:
        return
    left_out: Any = ModuleType(_EC2)
    left_out.ec2_backends = _WhenAsked()
    sys.modules[_EC2] = left_out
    try:
        import_module("moto.ssm.models")
    finally:
        del sys.modules[_EC2]
