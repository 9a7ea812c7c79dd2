"""One run of the soak: a system that is deployed, published to, troubled, mended, and read back."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cncb_compiler.faults.reach import reach
from cncb_compiler.faults.store import OPEN, RESUBMITTED
from cncb_compiler.local.session import Running, Session
from cncb_compiler.operate.names import FunctionName, Names
from cncb_compiler.passes import Analysis, analyse, has_errors
from cncb_compiler.runtime.rows import public
from cncb_compiler.scenarios.live import LiveWorld
from cncb_compiler.source.discover import systems
from tests.soak import checks, expected
from tests.soak.checks import Fault
from tests.soak.history import Poison, Published, good, parsed, simulate
from tests.soak.trouble import KINDS, Trouble

HERE = Path(__file__).parent
CHUNK = 150
"""Records that are published at a time, beside one trouble of each kind."""
REQUEST = 500
"""The most entries of a PutRecords."""
PATIENCE_SECONDS = 300.0
VIEWS = {"board.latest": expected.latest, "books.sums": expected.sums, "echoes.seen": expected.seen}
FAULTY = FunctionName("board", "view-latest")
"""What hears of every record, and cannot handle poison."""
MONITOR = FunctionName("monitor", "monitor")
ORDERLESS = (
    FAULTY,
    MONITOR,
    FunctionName("books", "collect-sums"),
    FunctionName("books", "evaluate-sums"),
    FunctionName("echoes", "collect-seen"),
    FunctionName("echoes", "evaluate-seen"),
)
"""What leaves the same rows in any order."""
ORDERED = FunctionName("process", "transitions")
"""What publishes in the order in which it is told."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What a run has found wrong, in words, and how often each trouble happened."""

    seed: int
    records: int
    wrong: tuple[str, ...]
    trouble: Mapping[str, int]


def run(session: Session, folder: Path, seed: int, events: int, say: Say = lambda text: None) -> Outcome:
    """Run the soak once, in an empty folder: in trouble, then mended, then once more without any trouble."""
    shutil.copytree(HERE / "system", folder, dirs_exist_ok=True)
    trial = _Trial(session, folder, simulate(seed, events))
    try:
        say(f"{len(trial.published)} records, in trouble")
        trouble = Trouble(trial.world, (*ORDERLESS, ORDERED), ORDERLESS, seed)
        trial.publish(trouble)
        wrong = [f"in trouble: {words}" for words in trial.wrong(mended=False)]
        wrong += [f"no trouble by {kind}" for kind in KINDS if not trouble.happened[kind]]
        say("mended, and the faults resubmitted")
        trial.mend()
        wrong += [f"resubmitted: {words}" for words in trial.resubmit()]
        wrong += [f"mended: {words}" for words in trial.wrong(mended=True)]
        found = trial.raw()
        say("once more, without trouble")
        trial.world.reset()
        trial.publish()
        wrong += [
            f"beside a clean run: {words}"
            for view in VIEWS
            for words in checks.rows(view, trial.raw()[view], found[view])
        ]
        return Outcome(seed, len(trial.published), tuple(wrong), trouble.happened)
    finally:
        trial.close()


class _Trial:
    """A deployed system and what was published to it; `ids` are those that the records got on the stream."""

    def __init__(self, session: Session, root: Path, published: Sequence[Published]) -> None:
        self.session = session
        self.root = root
        self.published = published
        self.ids: list[str] = []
        self.running = self._deployed()
        self.world = LiveWorld(self.running, Names(self.running.analysis.linked, self.running.analysis.plans))

    def close(self) -> None:
        """Run the system no longer."""
        self.world.close()
        for stack in self.running.stacks:
            self.session.machine.forget(stack.name)

    def publish(self, trouble: Trouble | None = None) -> None:
        """Put all records on the stream, chunk by chunk; consumers restart in every other chunk that has trouble."""
        self.ids.clear()
        step = CHUNK if trouble else REQUEST
        for number, start in enumerate(range(0, len(self.published), step)):
            self._put(self.published[start : start + step])
            if trouble:
                trouble.begin()
                if number % 2:
                    trouble.restart()
            self.world.settle(PATIENCE_SECONDS)
            if trouble:
                trouble.end()

    def mend(self) -> None:
        """Put the hook that knows all shades in place of the one that does not, and deploy it."""
        shutil.copytree(HERE / "mended", self.root, dirs_exist_ok=True)
        self.running = self._deployed()

    def resubmit(self) -> Iterator[str]:
        """Resubmit all faults that the monitor has kept; what has not become of them as it must, in words."""
        outcome = self.world.resubmit(FAULTY)
        self.world.settle(PATIENCE_SECONDS)
        poison = Counter(one.poison for one in self.published if one.poison)
        wanted = {"handled": poison["dark"], "faulted": poison["unparseable"], "failed": 0}
        if outcome != wanted:
            yield f"expected {wanted}, found {outcome}"

    def wrong(self, *, mended: bool) -> Iterator[str]:
        """What is not as it must be before or after the hook is mended and the faults are resubmitted, in words."""
        everything = parsed(self.published)
        known = {} if mended else {"board.latest": good(self.published)}
        for view, wanted in VIEWS.items():
            found = {key: public(row) for key, row in self.raw()[view].items()}
            yield from checks.rows(view, wanted(known.get(view, everything)), found)
        yield from checks.faults(self._poison("unparseable", "dark"), self._faults(), self._deliveries())
        settled = self._poison("dark") if mended else []
        still_open = self._poison("unparseable") if mended else self._poison("unparseable", "dark")
        yield from checks.kept("open", still_open, self._kept_faults(OPEN))
        yield from checks.kept("resubmitted", settled, self._kept_faults(RESUBMITTED))
        put = [one.data for one in self.published]
        yield from checks.lake(put, [record.data for record in self.world.records()], self.world.lake("main"))
        green = [one.event for one in self.published if one.event is not None and one.event["type"] == "green"]
        yield from checks.order(green, self._events("green-seen"))
        for service in self.world.names.system.services:
            yield from (f"{service} gave up {message}" for message in self.world.failed(service))

    def raw(self) -> dict[str, dict[str, dict[str, Any]]]:
        """The rows of each view by their key, with all that is stored in them."""
        found = {}
        for view in VIEWS:
            store = self.world.names.stores[view]
            (name,) = store.key_names
            found[view] = {row[name]: row for row in self.world.rows(store)}
        return found

    def _poison(self, *kinds: Poison) -> list[tuple[str, str]]:
        """The poison of these kinds: of which function, and the record's id."""
        pairs = zip(self.published, self.ids, strict=True)
        return [(FAULTY.function, record) for one, record in pairs if one.poison in kinds]

    def _faults(self) -> list[Fault]:
        """The faults on the stream."""
        return [_fault(event) for event in self._events("fault")]

    def _kept_faults(self, prefix: str) -> list[Fault]:
        """The faults that the monitor has kept under a prefix."""
        faults = reach(self.running.analysis, self.session.target, None, None, ())
        return [_fault(faults.store.event(one)) for one in faults.kept(prefix)]

    def _deliveries(self) -> Counter[tuple[str, str]]:
        """How often each function was given each record."""
        return Counter(
            (self.world.function_of(one).function, record["eventID"])
            for one in self.world.invoked()
            for record in json.loads(one.event).get("Records", ())
        )

    def _events(self, kind: str) -> list[dict[str, Any]]:
        """The events of a type, in the order of the stream."""
        found = []
        for record in self.world.records():
            try:
                event = json.loads(record.data)
            except ValueError:
                continue
            if event["type"] == kind:
                found.append(event)
        return found

    def _put(self, records: Sequence[Published]) -> None:
        entries = [{"PartitionKey": one.key, "Data": one.data} for one in records]
        stream = self.running.deployed["event-hub"].outputs["MainStreamName"]
        answer = self.world.target.client("kinesis").put_records(StreamName=stream, Records=entries)
        assert answer["FailedRecordCount"] == 0, answer
        self.ids += [f"{one['ShardId']}:{one['SequenceNumber']}" for one in answer["Records"]]

    def _deployed(self) -> Running:
        analysis: Analysis = analyse(systems(self.root)[0])
        assert not has_errors(analysis.shown()), analysis.shown()
        return self.session.deploy(analysis)


def _fault(event: Mapping[str, Any]) -> Fault:
    return Fault(event["id"], event["pipeline"], event["unit"]["record"]["eventID"])
