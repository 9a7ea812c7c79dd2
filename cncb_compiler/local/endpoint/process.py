"""Starting the endpoint as a child process of this one."""

from __future__ import annotations

import json
import subprocess
import sys
from types import TracebackType

from cncb_compiler.local.processes import Child, spawn
from cncb_compiler.target.problems import Problem


class EndpointProcess:
    """An endpoint on a free port that runs as long as the `with` block. It takes a second or two until it answers."""

    def __init__(self) -> None:
        self._child: Child
        self._url: str | None = None

    def __enter__(self) -> EndpointProcess:
        self._child = spawn([sys.executable, "-m", "cncb_compiler.local.endpoint"], output=subprocess.PIPE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.stop()

    @property
    def url(self) -> str:
        """Where it answers; waits until it does. Raises Problem where it cannot be started."""
        if self._url is None:
            self._url = self._said()
        return self._url

    def _said(self) -> str:
        assert self._child.output is not None
        said: list[str] = []
        for line in self._child.output:
            text = line.decode(errors="replace").strip()
            if text.startswith('{"url"'):
                return str(json.loads(text)["url"])
            said.append(text)
        raise Problem("The local endpoint did not start: " + " ".join(said[-3:]), "pip install 'cncb[local]'")
