"""The file by which a replay that was cut off goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cncb_compiler.replay.lake import Position
from cncb_compiler.replay.replaying import Progress
from cncb_compiler.replay.selection import Selection
from cncb_compiler.replay.sending import Failed
from cncb_compiler.target.problems import Problem

VERSION = 1


@dataclass(frozen=True, slots=True)
class Question:
    """What is replayed, to whom: the lake's bucket and prefixes, which lines, and the function's physical name."""

    bucket: str
    prefixes: tuple[str, ...]
    selection: Selection
    function: str

    def as_json(self) -> dict[str, Any]:
        """As it stands in the file."""
        told = {"bucket": self.bucket, "prefixes": self.prefixes, "function": self.function}
        read: dict[str, Any] = json.loads(json.dumps({**told, **self.selection._asdict()}))
        return read


class StateFile:
    """A resume file, and beside it `<file>.failed`: the records that failed, a line of JSON each."""

    def __init__(self, path: Path, question: Question) -> None:
        self.path = path
        self.question = question

    @property
    def failures(self) -> Path:
        """The file of records that failed."""
        return self.path.with_name(self.path.name + ".failed")

    def read(self) -> Progress | None:
        """How far it has come; None where there is no such file. Raises Problem where it is of another replay."""
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
            version, question = told["version"], told["question"]
            at = told["progress"].pop("position")
            progress = Progress(position=Position(str(at["key"]), int(at["line"])), **told["progress"])
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Problem(f"{self.path} cannot be read: {error.strerror}.") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Problem(f"{self.path} is not the resume file of a replay.", "Name another one.") from None
        if version != VERSION:
            raise Problem(f"{self.path} was written by another version of cncb.", "Begin anew, with another file.")
        asked = self.question.as_json()
        differs = sorted(name for name in asked if asked[name] != question.get(name))
        if differs:
            raise Problem(
                f"{self.path} is of another replay: {', '.join(differs)} differ.",
                "Ask as before, or begin anew with another file.",
            )
        return progress

    def keep(self, progress: Progress, failed: Sequence[Failed]) -> None:
        """Write how far it has come, so that a power cut leaves the old file or the new one. Raises Problem.

        Failures go first: a record may stand there twice, but none is missing.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if failed:
                with self.failures.open("a", encoding="utf-8") as file:
                    for one in failed:
                        file.write(json.dumps({"error": one.error, "record": one.record}) + "\n")
                    _sync(file)
            told = {**asdict(progress), "position": progress.position._asdict()}
            written = self.path.with_name(self.path.name + ".new")
            with written.open("w", encoding="utf-8") as file:
                json.dump({"version": VERSION, "question": self.question.as_json(), "progress": told}, file, indent=2)
                file.write("\n")
                _sync(file)
            written.replace(self.path)
        except OSError as error:
            raise Problem(f"{self.path} cannot be written: {error.strerror}.", "Name another with --resume.") from None


def _sync(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())
