"""The lines that Lambda itself writes into a function's log.

AWS Lambda: "Lambda Telemetry API Event schema reference", and "Sending Lambda function logs to CloudWatch Logs".
Text or JSON, as the function's LoggingConfig says. System log level WARN leaves out what went well.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cncb_compiler.local.functions.configuration import VERSION, Configuration
from cncb_compiler.local.functions.invocation import Outcome


@dataclass(frozen=True, slots=True)
class Report:
    """What one invocation took: milliseconds, and the most memory seen, in MB. `init` is None where it was warm."""

    request_id: str
    duration: float
    memory: int
    init: float | None
    outcome: Outcome


def init_started(configuration: Configuration) -> Iterator[str]:
    """An environment starts. The version is that of the interpreter that runs it, not the one that is declared."""
    runtime = f"python:{sys.version_info.major}.{sys.version_info.minor}"
    if not configuration.json_logs:
        yield f"INIT_START Runtime Version: {runtime}"
    elif configuration.system_log_level != "WARN":
        record = {"initializationType": "on-demand", "phase": "init", "runtimeVersion": runtime}
        yield _json("initStart", record | {"functionName": configuration.name, "functionVersion": VERSION})


def started(configuration: Configuration, request_id: str) -> Iterator[str]:
    """An invocation begins."""
    if not configuration.json_logs:
        yield f"START RequestId: {request_id} Version: {VERSION}"
    elif configuration.system_log_level != "WARN":
        yield _json("start", {"requestId": request_id, "version": VERSION})


def ended(configuration: Configuration, report: Report) -> Iterator[str]:
    """An invocation ended: what Lambda says about it, and what it took."""
    status = _status(report.outcome)
    billed = math.ceil(report.duration + (report.init or 0))
    if configuration.json_logs:
        if configuration.system_log_level == "WARN" and status == "success":
            return
        metrics: dict[str, Any] = {
            "durationMs": round(report.duration, 3),
            "billedDurationMs": billed,
            "memorySizeMB": configuration.memory,
            "maxMemoryUsedMB": report.memory,
        }
        if report.init is not None:
            metrics["initDurationMs"] = round(report.init, 3)
        record = {"requestId": report.request_id, "metrics": metrics, "status": status}
        yield _json("report", record | ({"errorType": report.outcome.error} if status == "error" else {}))
        return
    if report.outcome.error.startswith(("Sandbox.", "Runtime.ExitError", "Runtime.OutOfMemory")):
        yield str(json.loads(report.outcome.result)["errorMessage"])
    yield f"END RequestId: {report.request_id}"
    parts = [
        f"REPORT RequestId: {report.request_id}",
        f"Duration: {report.duration:.2f} ms",
        f"Billed Duration: {billed} ms",
        f"Memory Size: {configuration.memory} MB",
        f"Max Memory Used: {report.memory} MB",
    ]
    parts += [f"Init Duration: {report.init:.2f} ms"] if report.init is not None else []
    parts += [f"Status: {status}"] if status != "success" else []
    parts += [f"Error Type: {report.outcome.error}"] if status == "error" else []
    yield "\t".join(parts)


def _status(outcome: Outcome) -> str:
    if outcome.error == "Sandbox.Timedout":
        return "timeout"
    return "error" if outcome.error else "success"


def _json(kind: str, record: dict[str, Any]) -> str:
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return json.dumps({"time": moment, "type": f"platform.{kind}", "record": record})
