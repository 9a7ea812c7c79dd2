"""What a check remembers may save work; it may never change a result."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cncb_compiler.cache.checking import findings
from cncb_compiler.cache.services import keys
from cncb_compiler.cli.common import report
from cncb_compiler.passes import Analysis, analyse
from cncb_compiler.patterns.lower import lower
from cncb_compiler.rules.registry import run_services
from cncb_compiler.source.discover import read_whole

SYSTEM = "system: shop\nstages: {dev: {account: '111111111111', regions: [us-east-1]}}\n"
VIEW = "views: {orders: {on: placed, key: order.id, fields: {id: order.id, note: order.note}}}\n"
FLOW = "transitions: [{on: placed, emit: paid, with: {order: order}}]\n"
SEVERAL = SYSTEM + "services: {inner: {api: {auth: none}}, other: {api: {auth: none}}}\n"
TEXTS: dict[str, tuple[str, ...]] = {
    "system.yaml": (
        SYSTEM,
        SYSTEM + "streams: {main: {claimCheck: true}}\n",
        SYSTEM + "defaults: {timeout: 5s}\n",
        SYSTEM.replace("shop", "store"),
        SEVERAL,
        "system: [shop\n",
    ),
    "events.yaml": (
        "types: {Order: {id: uuid, note: string?}}\nevents:\n  placed: {entity: order, with: {order: Order}}\n"
        "  paid: {entity: order, context: true, with: {order: Order}}\n",
        "types: {Order: {id: uuid, note: {type: string, sensitive: true}}}\nevents:\n"
        "  placed: {entity: order, with: {order: Order}}\n  paid: {entity: order, with: {order: Order}}\n",
        "events: {placed: {entity: order, external: true, with: {order: {id: uuid, total: number}}}}\n",
    ),
    "services/one.yaml": (
        "service: one\napi: {auth: none}\ncommands: {place: {route: POST /orders, input: {order: Order}, publish: placed}}\n",
        "service: one\napi: {auth: none}\ncommands: {place: {route: POST /orders, input: {order: Ordr}, publish: plced}}\n",
        "service: one\nresources: {Wide: {Type: AWS::IAM::Role, Properties: {Policies: [{PolicyName: p, PolicyDocument: "
        "{Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}}]}}}\n",
        f"service: one\n{FLOW}",
        "service: one\nfunctions: {own: {on: placed, handler: own.handle}}\n",
    ),
    "services/two.yaml": (
        f"service: two\n{VIEW}",
        f"service: two\n{VIEW}{FLOW}",
        f"service: two\n{VIEW.replace('order.note', 'order.nte')}",
        f"# cncb: ignore[CNCB402] later\nservice: two\n{VIEW}# a comment\n",
        f"service: one\n{VIEW}",
        "service: two\nviews: {paid: {on: paid, key: order.id, fields: {note: context.order.note}}}\n",
        "",
    ),
    "services/three.yaml": (
        "service: three\nkind: monitor\nmonitor: {alarms: {faults: 3}}\n",
        "service: three\nkind: event-hub\n",
        f"service: three\n{VIEW}function: {{timeout: 20m}}\n",
    ),
    "cncb.toml": ('[rules]\nCNCB402 = "error"\n', '[ignore]\n"services/*" = ["CNCB402"]\n', "[rules\n"),
    "hooks/one/own.py": ("def handle(event, context):\n    return 1\n", "def handle(:\n"),
}
MOVED = "services/moved.yaml"

edits = st.sampled_from(
    [(name, text) for name, texts in TEXTS.items() for text in texts]
    + [(name, None) for name in TEXTS if name != "system.yaml"]
    + [(name, MOVED) for name in TEXTS if name.startswith("services/")]
)
damages = st.sampled_from(["none", "cut", "flipped", "emptied", "older", "another's", "gone"])


def rendered(folder: Path) -> tuple[str, ...]:
    """What every format says of the system in a folder."""
    source = read_whole(folder)
    found = findings(source)
    return tuple(report([(source, found)], format_) for format_ in ("text", "json"))


def edit(folder: Path, name: str, text: str | None) -> None:
    path = folder / name
    if text == MOVED:
        if path.exists():
            path.rename(folder / MOVED)
    elif text is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def damage(cache: Path, how: str, older: bytes | None) -> None:
    for file in list(cache.glob("*.json")):
        content = file.read_bytes()
        match how:
            case "cut":
                file.write_bytes(content[: len(content) // 2])
            case "flipped":
                file.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
            case "emptied":
                file.write_bytes(b"")
            case "older" if older is not None:
                file.write_bytes(older)
            case "another's":
                file.write_bytes(b"0" * 64 + b"\n" + content.partition(b"\n")[2].replace(b"[", b"{"))
            case "gone":
                file.unlink()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(edits, damages), min_size=1, max_size=8))
@example(steps=[(("system.yaml", SEVERAL), "none")])
def test_a_check_that_remembers_says_what_one_that_does_not_says(
    monkeypatch: pytest.MonkeyPatch, steps: list[tuple[tuple[str, str | None], str]]
) -> None:
    plans: dict[str, str] = {}
    with TemporaryDirectory() as temporary:
        folder, cache = Path(temporary).resolve() / "shop", Path(temporary) / "cache"
        for name, texts in TEXTS.items():
            if not name.startswith(("cncb.toml", "hooks/", "services/three")):
                edit(folder, name, texts[0])
        older = None
        for (name, text), how in steps:
            monkeypatch.setenv("CNCB_CACHE", str(cache))
            edit(folder, name, text)
            remembering = rendered(folder)
            again = rendered(folder)
            monkeypatch.setenv("CNCB_CACHE", "")
            assert remembering == again == rendered(folder)
            (content,) = (file.read_bytes() for file in cache.iterdir())
            damage(cache, how, older)
            older = content
            same_key_same_plan(analyse(read_whole(folder)), plans)


def same_key_same_plan(analysis: Analysis, plans: dict[str, str]) -> None:
    for service, key in keys(analysis).items():
        linked = analysis.linked.services[service]
        # Parsed expressions are equal only to themselves, so plans are compared as they are shown.
        made = repr((lower(analysis.linked, linked), run_services(analysis.linked, (linked,))))
        assert plans.setdefault(key, made) == made
