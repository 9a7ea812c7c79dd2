"""Telling the `cncb run` of a target what another command has done there."""

from __future__ import annotations

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


def deployed(system: str, target: Target, service: str) -> None:
    """Have the run at a target, if there is one, go on with a service as it stands now.

    Raises Problem, also where the service is new: a run has those services that it began with.
    """
    run = _run(system, target)
    if run is not None:
        _post(run, DEPLOYED, service)


def written(system: str, target: Target) -> bool:
    """Have the run at a target write all that was published into the lake; False where there is none."""
    run = _run(system, target)
    if run is not None:
        _post(run, WRITTEN, "")
    return run is not None


def _run(system: str, target: Target) -> Run | None:
    asked = (system, target.stage, target.endpoint)
    return next((run for run in live_runs() if (run.system, run.stage, run.endpoint) == asked), None)


def _post(run: Run, path: str, body: str) -> None:
    try:
        with urlopen(Request(run.control + path, body.encode(), method="POST"), timeout=SECONDS):
            pass
    except HTTPError as error:
        if error.code == UNKNOWN:
            raise Problem(
                f"The run of {run.system} (process {run.pid}) began without {body}.",
                "End it and start `cncb run` again.",
            ) from None
        raise Problem(f"The run of {run.system} (process {run.pid}) answers {path} with {error.code}.") from None
    except OSError as error:
        raise Problem(f"The run of {run.system} (process {run.pid}) does not answer: {error}.") from None
