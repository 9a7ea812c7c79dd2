"""Starting the endpoint as a child process of this one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from cncb_compiler.local.processes import spawn
from cncb_compiler.target.problems import Problem


@contextmanager
def running_endpoint() -> Iterator[str]:
    """An endpoint on a free port, by its URL, that ends with the block. Raises Problem where it cannot be started."""
    child = spawn([sys.executable, "-m", "cncb_compiler.local.endpoint"], output=subprocess.PIPE)
    try:
        assert child.output is not None
        said: list[str] = []
        for line in child.output:
            text = line.decode(errors="replace").strip()
            if text.startswith('{"url"'):
                yield str(json.loads(text)["url"])
                return
            said.append(text)
        raise Problem("The local endpoint did not start: " + " ".join(said[-3:]), "pip install 'cncb[local]'")
    finally:
        child.stop()
