"""How far a rebuild has come, in a file that outlives the process."""

from __future__ import annotations

import glob
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from cncb_compiler.target.problems import Problem

VERSION = 1


@dataclass(frozen=True, slots=True)
class State:
    """A rebuild from generation `old` to `new`, of which so many stages are `done`.

    It was `begun`, and the old copy was written until `switched` (both in milliseconds since the epoch). `made` is the
    digest of what the fresh copy is made of, code included; `fresh` its physical name.
    """

    old: int
    new: int
    begun: int
    made: str
    done: int = 0
    fresh: str = ""
    switched: int = 0


class StateFile:
    """The file of one view's rebuild; each replay of it has its own beside."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def replay(self, stage: int) -> Path:
        """The resume file of the replay that is a stage."""
        return self.path.with_suffix(f".replay-{stage}")

    def read(self) -> State | None:
        """How far it has come; None where none has begun. Raises Problem where the file is something else."""
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
            if told.pop("version") != VERSION:
                raise Problem(f"{self.path} was written by another version of cncb.", "Remove it, and begin anew.")
            return State(**told)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Problem(f"{self.path} cannot be read: {error.strerror}.") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Problem(f"{self.path} does not tell of a rebuild.", "Remove it, and begin anew.") from None

    def keep(self, state: State) -> None:
        """Write it, so that a power cut leaves the old file or the new one. Raises Problem."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            written = self.path.with_name(f"{self.path.name}.new")
            with written.open("w", encoding="utf-8") as file:
                json.dump({"version": VERSION, **asdict(state)}, file, indent=2)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            written.replace(self.path)
        except OSError as error:
            raise Problem(f"{self.path} cannot be written: {error.strerror}.") from None

    def forget(self) -> None:
        """Remove it, and those of its replays."""
        for path in self.path.parent.glob(f"{glob.escape(self.path.stem)}.replay-*"):
            path.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)
