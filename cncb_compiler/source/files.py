"""The text of a system's files, as every later pass sees it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file: its name relative to the system's folder, with `/`, and its text."""

    name: str
    text: str
