"""Deploying to the machine, again and away: what is declared is held, and nothing else happens."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest

from cncb_compiler.deploy.remove import removals, remove
from cncb_compiler.deploy.text import outcome_lines, removed_lines
from cncb_compiler.local.session import UndeployedError
from cncb_compiler.source.sources import Sources

SECONDS = 20
TOPOLOGIES = Path(__file__).parents[2] / "topologies"

SMALL = """\
system: {name}
services:
  notes:
    stores: {{notes: {{of: {{id: uuid, text: string}}}}}}
    commands:
      write:
        input: {{id: uuid, text: string}}
        write: notes
        set: {{id: input.id, text: {{hook: words.said}}}}
    queries:
      note: {{input: {{id: uuid}}, from: notes}}
"""
