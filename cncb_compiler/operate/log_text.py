"""Log lines for people: Lambda's JSON lines by their level, message and exception; all else as it stands.

AWS Lambda: "Log and monitor Python Lambda functions", "Lambda Telemetry API Event schema reference".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from cncb_compiler.operate.logs import Line

_QUIET = frozenset({"platform.initStart", "platform.start", "platform.initRuntimeDone", "platform.runtimeDone"})
"""What Lambda says about each invocation beside its report."""


def shown(line: Line, width: int = 0) -> Iterator[str]:
    """A log event in one or several lines, in none where it says nothing. `width` is that of the functions' names."""
    told = _json(line.message)
    if told is None:
        texts: list[str] = line.message.rstrip().splitlines() or [""]
    elif isinstance(told.get("record"), dict) and "type" in told:
        if told["type"] in _QUIET:
            return
        texts = [_platform(str(told["type"]), told["record"])]
    else:
        texts = list(_logged(told))
    at = datetime.fromtimestamp(line.at / 1000, UTC).astimezone().strftime("%H:%M:%S.%f")[:-3]
    for number, text in enumerate(texts):
        yield f"{at}  {line.function:<{width}}  {'' if number == 0 else '    '}{text}"


def _logged(told: Mapping[str, Any]) -> Iterator[str]:
    """A line of the function's own logger, or the error that it ended with."""
    level = str(told.get("level") or told.get("log_level") or "")
    error = ": ".join(str(told[name]) for name in ("errorType", "errorMessage") if told.get(name))
    message = told.get("message")
    first, *rest = (str(message) if message not in (None, "") else error).splitlines() or [""]
    yield f"{level:<7} {first}" if level else first
    yield from rest
    for entry in _entries(told.get("stackTrace")):
        yield from entry.rstrip().splitlines()
    if error and message not in (None, ""):
        yield error


def _entries(trace: Any) -> Iterable[str]:
    if isinstance(trace, str):
        return trace.splitlines()
    return [str(entry) for entry in trace] if isinstance(trace, list) else []


def _platform(kind: str, record: Mapping[str, Any]) -> str:
    """What Lambda itself says: of a report, how long, how much memory, and how it ended."""
    metrics = record.get("metrics")
    if kind != "platform.report" or not isinstance(metrics, dict):
        return f"{kind.removeprefix('platform.')}  {json.dumps(record)}"
    said = [f"{metrics.get('durationMs')} ms"]
    if "initDurationMs" in metrics:
        said.append(f"init {metrics['initDurationMs']} ms")
    said.append(f"{metrics.get('maxMemoryUsedMB')} of {metrics.get('memorySizeMB')} MB")
    if record.get("status") not in (None, "success"):
        said.append(" ".join(str(record[name]) for name in ("status", "errorType") if record.get(name)))
    return f"{'report':<7} {', '.join(said)}"


def _json(message: str) -> dict[str, Any] | None:
    if not message.startswith("{"):
        return None
    try:
        told = json.loads(message)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
