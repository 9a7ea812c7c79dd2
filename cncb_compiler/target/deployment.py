"""Telling the `cncb run` of a target what another command has done there."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from cncb_compiler.target.problems import Problem
from cncb_compiler.target.running import Run, live_runs
from cncb_compiler.target.target import Target

DEPLOYED = "/deployed"
"""Where a run is told which service was deployed anew."""
WRITTEN = "/written"
"""Where a run is asked to write what its lake has gathered."""
SECONDS = 60.0
UNKNOWN = 404
"""The answer of a run that knows no such service."""


def deployed(system: str, target: Target, services: Iterable[str]) -> None:
    """Have the run at a target, if there is one, go on with services as they stand now.

    Raises Problem, also where some are new, once the others are told of: a run has those services that it began with.
    """
    run = _run(system, target)
    if run is None:
        return
    new = [service for service in services if _post(run, DEPLOYED, service, but=UNKNOWN) == UNKNOWN]
    if new:
        raise _problem(run, f"began without {', '.join(new)}")


def written(system: str, target: Target) -> bool:
    """Have the run at a target write all that was published into the lake; False where there is none."""
    run = _run(system, target)
    if run is not None:
        _post(run, WRITTEN, "")
    return run is not None


def _run(system: str, target: Target) -> Run | None:
    asked = (system, target.stage, target.endpoint)
    return next((run for run in live_runs() if (run.system, run.stage, run.endpoint) == asked), None)


def _post(run: Run, path: str, body: str, *, but: int | None = None) -> int:
    """The status of the answer. Raises Problem for any that is not success, `but` for this one."""
    try:
        with urlopen(Request(run.control + path, body.encode(), method="POST"), timeout=SECONDS) as answer:
            return int(answer.status)
    except HTTPError as error:
        if error.code == but:
            return but
        raise _problem(run, f"answers {path} with {error.code}") from None
    except OSError as error:
        raise _problem(run, f"does not answer: {error}") from None


def _problem(run: Run, what: str) -> Problem:
    return Problem(f"The run of {run.system} (process {run.pid}) {what}.", "End it and start `cncb run` again.")
