"""The stage guard: a stage goes to its own account and regions, and nowhere else."""

from __future__ import annotations

import re
from difflib import get_close_matches

from cncb_compiler.model.declared import DeclaredSystem
from cncb_compiler.target.problems import Problem
from cncb_compiler.target.resolve import account_of, open_target
from cncb_compiler.target.target import Target

_STAGE = re.compile(r"[a-z][A-Za-z0-9-]{0,63}")
"""What a stage may be called where the system declares none; the templates allow the same."""


def guarded(system: DeclaredSystem, stage: str, region: str | None = None, profile: str | None = None) -> Target:
    """The target of a stage, once it is sure that it is the one that the system declares.

    Raises Problem where the stage, the region or the account of the credentials is another.
    """
    target = open_target(stage, _region(system, stage, region), profile)
    if system.stages:
        expected, found = system.stages[stage].value.account, account_of(target)
        if found != expected:
            raise Problem(
                f"The credentials are of account {found}, but stage `{stage}` of {system.name} is account {expected}.",
                "Use that account's --profile.",
            )
    return target


def _region(system: DeclaredSystem, stage: str, region: str | None) -> str | None:
    """The region to use: the stage's first where none is asked for; None leaves it to the environment."""
    if not system.stages:
        if not _STAGE.fullmatch(stage):
            raise Problem(
                f"`{stage}` is no name of a stage.", "It begins with a small letter: letters, digits and `-`."
            )
        return region
    if stage not in system.stages:
        raise Problem(f"{system.name} has no stage `{stage}`.", _hint(stage, sorted(system.stages), "Its stages"))
    regions = system.stages[stage].value.regions
    if region is None:
        return regions[0]
    if region not in regions:
        raise Problem(
            f"Stage `{stage}` of {system.name} does not run in {region}.", _hint(region, list(regions), "Its regions")
        )
    return region


def _hint(name: str, known: list[str], listed: str) -> str:
    close = get_close_matches(name, known, 1, 0.6)
    return f"Did you mean `{close[0]}`?" if close else f"{listed}: {', '.join(known)}."
