"""A replay for a person: what is asked, shown, sent, and summed up."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import click

from cncb_compiler.cli.advance import advancing
from cncb_compiler.cli.common import FINDINGS, report
from cncb_compiler.passes import Analysis
from cncb_compiler.replay import text
from cncb_compiler.replay.asked import LAKE, Listener, Sources, bucket_of, chosen_types, listener, moment
from cncb_compiler.replay.batches import batches
from cncb_compiler.replay.clients import s3_client, sending_client
from cncb_compiler.replay.counting import counted
from cncb_compiler.replay.idempotence import objection
from cncb_compiler.replay.lake import START, Lake
from cncb_compiler.replay.patience import Patience
from cncb_compiler.replay.replaying import Outcome, Progress
from cncb_compiler.replay.replaying import replay as run
from cncb_compiler.replay.selection import Selection
from cncb_compiler.replay.sending import Failed, Sender
from cncb_compiler.replay.state import Question, StateFile
from cncb_compiler.runtime.envelope import now
from cncb_compiler.runtime.rate import Rate
from cncb_compiler.target.problems import translated
from cncb_compiler.target.target import Target

FOLDER = Path(".cncb", "replay")
"""Where resume files are kept that nobody has named."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user said."""

    bucket: str | None
    to: str
    prefixes: tuple[str, ...]
    since: str | None
    until: str | None
    types: tuple[str, ...]
    keys: tuple[str, ...]
    rate: int | None
    resume: Path | None
    max_failed: int


def replay(analysis: Analysis, target: Target, wanted: Wanted, go: bool, output_format: str) -> bool:
    """Count, or send; whether all was well. Raises Problem, UnknownNameError, ValueError (what was said is wrong)."""
    to = listener(analysis, wanted.to, target.stage)
    question = asked(analysis, target, wanted, to)
    refuse_twice(analysis, to)
    say = _quiet if output_format == "json" else click.echo
    for line in text.head(question, to):
        say(line)
    say("")
    lake = Lake(s3_client(target), question.bucket, Patience())
    most = min(to.batch_size, wanted.rate or to.batch_size)
    if go:
        return send(analysis, target, wanted, to, question, lake, most, output_format)
    with translated(f"reading {question.bucket}"):
        count = counted(batches(lake, question.prefixes, question.selection, most, START))
    for line in text.would_send(count):
        say(line)
    say("\nNothing was sent; --go sends it." if count.events else "")
    if output_format == "json":
        click.echo(json.dumps(text.as_json(question, sent=False, would=text.count_json(count)), indent=2))
    return not count.unreadable


def asked(analysis: Analysis, target: Target, wanted: Wanted, to: Listener) -> Question:
    """The question in full."""
    at = now()
    selection = Selection(
        types=chosen_types(to, wanted.types),
        keys=tuple(sorted(set(wanted.keys))) or None,
        since=None if wanted.since is None else moment(wanted.since, at),
        until=None if wanted.until is None else moment(wanted.until, at),
    )
    bucket = wanted.bucket or bucket_of(analysis, LAKE, target)
    return Question(bucket, apart(wanted.prefixes) or to.prefixes, selection, to.physical)


def apart(prefixes: Sequence[str]) -> tuple[str, ...]:
    """Prefixes without those that others hold, sorted."""
    found: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not any(prefix.startswith(one) for one in found):
            found.append(prefix)
    return tuple(found)


def refuse_twice(analysis: Analysis, to: Listener) -> None:
    """End the command with a finding where the function is not idempotent."""
    found = objection(analysis.linked.services[to.service], to.plan)
    if found is not None:
        click.echo(report([(analysis.source, [found])], "text"), nl=False, err=True)
        raise SystemExit(FINDINGS)


def send(
    analysis: Analysis,
    target: Target,
    wanted: Wanted,
    to: Listener,
    question: Question,
    lake: Lake,
    most: int,
    output_format: str,
    again: str = "",
) -> bool:
    """Send, from where the resume file says; whether all was well. `again` says how to go on, if not by that file."""
    say = _quiet if output_format == "json" else click.echo
    file = StateFile(wanted.resume or default_file(question), question)
    before = (file.read() if wanted.resume else None) or Progress()
    if before.done:
        say(f"{file.path}: all of it was sent already.")
        return not before.failed
    if before.position != START:
        say(f"Goes on from {before.position.key}, line {before.position.line + 1}.")
    patience = Patience()
    rate = Rate(wanted.rate).wait if wanted.rate else lambda count: None
    sender = Sender(sending_client(target), to.physical, to.attempts, patience, rate)
    begun = time.monotonic()
    try:
        outcome = _sent(
            lake, question, sender, Sources(target, analysis.linked.name, to.physical), before, file, most, wanted
        )
    except BaseException:
        say(f"It has not ended. What was sent is known: {again or f'go on with --resume {file.path}'}")
        raise
    took = time.monotonic() - begun
    for line in text.summary(outcome, took, file.failures):
        say(line)
    if patience.refused:
        say(f"AWS made it wait {patience.refused:,} times.")
    if outcome.stopped:
        say(f"Stopped: {outcome.stopped}. {again or f'Go on with --resume {file.path}'}")
    if output_format == "json":
        done = text.progress_json(outcome.progress)
        click.echo(json.dumps(text.as_json(question, sent=True, **done, resume=str(file.path)), indent=2))
    return outcome.progress.done and not (outcome.progress.failed or outcome.progress.unreadable)


def _sent(
    lake: Lake,
    question: Question,
    sender: Sender,
    sources: Sources,
    before: Progress,
    file: StateFile,
    most: int,
    wanted: Wanted,
) -> Outcome:
    selection = question.selection
    with translated(f"replaying {question.bucket}"):
        stored = lake.objects(question.prefixes, START, selection.since, selection.until)
        with advancing(sum(one.size for one in stored), before.handled, before.stored) as advance:

            def keep(progress: Progress, failed: Sequence[Failed]) -> None:
                file.keep(progress, failed)
                advance(progress.handled + progress.failed, progress.stored)

            return run(
                batches(lake, question.prefixes, selection, most, before.position),
                sender,
                sources,
                before,
                keep=keep,
                most_failed=wanted.max_failed,
            )


def default_file(question: Question) -> Path:
    """The resume file of a replay for which none was named: another for each start."""
    told = json.dumps([question.as_json(), now()]).encode()
    return FOLDER / f"{question.function}-{sha256(told).hexdigest()[:8]}.json"


def _quiet(_text: str) -> None:
    """Say nothing: the answer is one JSON document."""
