"""Bringing events back in a scenario: by the very code of `cncb replay` and `cncb faults resubmit`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from cncb_compiler.faults.reach import reach
from cncb_compiler.operate.names import FunctionName
from cncb_compiler.passes import Analysis
from cncb_compiler.replay.asked import LAKE, Sources, bucket_of, chosen_types, listener
from cncb_compiler.replay.batches import batches
from cncb_compiler.replay.clients import s3_client, sending_client
from cncb_compiler.replay.lake import START, Lake
from cncb_compiler.replay.patience import Patience
from cncb_compiler.replay.replaying import Progress, replay
from cncb_compiler.replay.selection import Selection
from cncb_compiler.replay.sending import Sender
from cncb_compiler.target.target import Target


def replayed(analysis: Analysis, target: Target, function: FunctionName, types: Sequence[str]) -> Mapping[str, int]:
    """Replay the data lake to a function; how many events were `handled`, `faulted`, and `failed`."""
    to = listener(analysis, str(function), target.stage)
    lake = Lake(s3_client(target), bucket_of(analysis, LAKE, target), Patience())
    selection = Selection(types=chosen_types(to, types))
    outcome = replay(
        batches(lake, to.prefixes, selection, to.batch_size, START),
        Sender(sending_client(target), to.physical, to.attempts, Patience()),
        Sources(target, analysis.linked.name, to.physical),
        Progress(),
        keep=lambda progress, failed: None,
        most_failed=0,
    )
    done = outcome.progress
    return {"handled": done.handled - done.faulted, "faulted": done.faulted, "failed": done.failed}


def resubmitted(analysis: Analysis, target: Target, function: FunctionName) -> Mapping[str, int]:
    """Resubmit a function's faults; how many were `handled`, `faulted`, and `failed`."""
    found = Counter(one.state for one in reach(analysis, target, str(function), None, ()).resubmitted())
    return {"handled": found["handled"], "faulted": found["faulted"], "failed": found["failed"]}
