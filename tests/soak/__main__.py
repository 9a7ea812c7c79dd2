"""`python -m tests.soak`: the soak under many seeds, one after the other; ends with status 1 where anything is wrong."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import click

from cncb_compiler.local.session import Session
from tests.soak import trial


@click.command()
@click.option("--seeds", default=20, show_default=True, type=click.IntRange(1), help="How many runs.")
@click.option("--first", default=1, show_default=True, help="The seed of the first.")
@click.option("--events", default=4500, show_default=True, type=click.IntRange(100), help="Events of a run.")
def main(seeds: int, first: int, events: int) -> None:
    """Publish simulated events to a system in trouble, and look whether any is lost, or counts twice."""
    wrong = 0
    for seed in range(first, first + seeds):
        begun = time.monotonic()

        def say(text: str, seed: int = seed) -> None:
            click.echo(f"seed {seed}: {text}", err=True)

        with tempfile.TemporaryDirectory(prefix="cncb-soak-") as folder, Session() as session:
            outcome = trial.run(session, Path(folder), seed, events, say)
        happened = ", ".join(f"{kind} {times}" for kind, times in sorted(outcome.trouble.items()))
        verdict = f"{len(outcome.wrong)} wrong" if outcome.wrong else "nothing lost, nothing doubled"
        seconds = time.monotonic() - begun
        click.echo(f"seed {seed}: {outcome.records} records, {happened}: {verdict}, {seconds:.0f} s")
        for words in outcome.wrong:
            click.echo(f"  {words}")
        wrong += len(outcome.wrong)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(prog_name="python -m tests.soak")
