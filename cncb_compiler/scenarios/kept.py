"""What the data lake and the monitor have kept, held against what was on the streams."""

from __future__ import annotations

import base64
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cncb_compiler.scenarios.deployed_data import decoded
from cncb_compiler.scenarios.findings import FailedError, check_each
from cncb_compiler.scenarios.match import shown
from cncb_compiler.scenarios.pairing import Candidate
from cncb_compiler.scenarios.words import Bindings
from cncb_compiler.schema.types import TypeTable


def lake_records(objects: Iterable[bytes]) -> list[bytes]:
    """The records in objects of a lake, byte by byte; each once, for a lake may have it twice."""
    found: dict[tuple[str, str, int], bytes] = {}
    for zipped in objects:
        for line in gzip.decompress(zipped).split(b"\n")[:-1]:
            told = json.loads(line)
            place = (told["shardId"], told["sequenceNumber"], told.get("subsequenceNumber", 0))
            found[place] = line.partition(b',"event":')[2][:-1] if "event" in told else base64.b64decode(told["data"])
    return list(found.values())


def check_lake(
    stream: str,
    expected: Sequence[Any],
    records: Sequence[bytes],
    kept: Sequence[bytes],
    bindings: Bindings,
    types: TypeTable,
) -> Bindings:
    """Every record of the stream is in the lake, byte by byte, and nothing else; they are the expected ones."""
    where = f"then.lake {stream}"
    lines = [f"on the stream, and not in the lake: {one}" for one in _more(records, kept)]
    lines += [f"in the lake, and not on the stream: {one}" for one in _more(kept, records)]
    if lines:
        raise FailedError(where, "\n".join(lines))
    found = [Candidate(decoded(data), shown(decoded(data))) for data in kept]
    return check_each(where, "kept record", expected, found, bindings, types)


def _more(some: Sequence[bytes], than: Sequence[bytes]) -> Iterator[str]:
    for data in (Counter(some) - Counter(than)).elements():
        yield shown(data.decode("utf-8", "backslashreplace"))
