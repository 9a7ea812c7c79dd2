"""The client's side of the endpoint's control API."""

from __future__ import annotations

import json
from collections.abc import Iterable
from json import JSONDecodeError
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from cncb_compiler.target.problems import Problem

TIMEOUT_SECONDS = 60.0
READY = {"ready": True}


class Control:
    """What can be asked of a running endpoint beside AWS's own APIs."""

    def __init__(self, url: str) -> None:
        self.url = url

    def check(self) -> None:
        """Raises Problem where nothing answers at the URL, or something else than an endpoint of cncb's."""
        try:
            is_ours = self._ask("GET", "ready") == READY
        except (HTTPError, JSONDecodeError):
            is_ours = False
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise Problem(
                f"Nothing answers at {self.url}: {reason}.", "Start an endpoint with `cncb endpoint`."
            ) from None
        if not is_ours:
            raise Problem(
                f"What answers at {self.url} is no endpoint that cncb can run a system on.",
                "Start one with `cncb endpoint`, or leave `--endpoint` out.",
            )

    def register(self, machine: str, functions: Iterable[str]) -> None:
        """Have invocations of these functions sent to a machine."""
        self._ask("PUT", "machines", {"url": machine, "functions": sorted(functions)})

    def throttle(self, resource: str, times: int) -> None:
        """Have the next so many data requests on a table or stream refused."""
        self._ask("PUT", "switches/throttle", {"resource": resource, "times": times})

    def kill(self, function: str, after_calls: int) -> None:
        """Have a function killed when it has finished so many AWS calls from now."""
        self._ask("PUT", "switches/kill", {"function": function, "after_calls": after_calls})

    def effects(self) -> dict[str, Any]:
        """What has become of the trouble that was asked for: `Switches.effects`."""
        found: dict[str, Any] = self._ask("GET", "switches")
        return found

    def clear_switches(self) -> None:
        """End all trouble that was asked for."""
        self._ask("DELETE", "switches")

    def calls(self) -> dict[str, dict[str, dict[str, int]]]:
        """The calls that functions made: `Calls.made`."""
        found: dict[str, dict[str, dict[str, int]]] = self._ask("GET", "calls")
        return found

    def clear_calls(self) -> None:
        """Count the functions' calls anew."""
        self._ask("DELETE", "calls")

    def differences(self, stack: str, region: str) -> list[dict[str, Any]]:
        """What was declared of a stack's resources and is not what their own services' APIs say."""
        return self._of_stack(stack, region, "differences")

    def template_only(self, stack: str, region: str) -> list[dict[str, Any]]:
        """What was declared of a stack and nothing on this machine holds, each with the reason why it is accepted."""
        return self._of_stack(stack, region, "template-only")

    def _of_stack(self, stack: str, region: str, what: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("GET", f"stacks/{quote(stack)}/{what}?region={quote(region)}")
        return found

    def _ask(self, method: str, path: str, content: Any = None) -> Any:
        body = None if content is None else json.dumps(content).encode()
        request = Request(f"{self.url}/_cncb/{path}", body, {"Content-Type": "application/json"}, method=method)
        with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            return json.load(answer)
