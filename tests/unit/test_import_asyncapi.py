"""AsyncAPI documents as topologies: what cncb exported comes back; what others wrote is understood, or noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from export_examples import parts

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.export import asyncapi as export
from cncb_compiler.export.part import communicating, of_service
from cncb_compiler.export.text import to_yaml
from cncb_compiler.fmt.layout import format_text
from cncb_compiler.graph.system import LinkedEvent, LinkedSystem
from cncb_compiler.importing import asyncapi
from cncb_compiler.importing.mend import checked
from cncb_compiler.importing.read import UnfitError, UnreadableError, load
from cncb_compiler.importing.values import Notes
from cncb_compiler.passes import Analysis, analyse
from cncb_compiler.schema.types import TypeTable
from cncb_compiler.schema.walk import fields, render_type
from cncb_compiler.source.discover import SystemSource
from cncb_compiler.source.files import SourceFile


def imported(*texts: str) -> tuple[Analysis, list[str], dict[str, str]]:
    """The system of documents, what was noted, and the files; it has no errors, and is laid out."""
    notes = Notes()
    named = [(f"{number}.yaml", text) for number, text in enumerate(texts, 1)]
    draft = asyncapi.draft([(file, load(text, file, notes)) for file, text in named], notes)
    made, _ = checked(draft, Path("made"), notes)
    yaml = {name: text for name, text in made.items() if name.endswith(".yaml")}
    analysis = analyse(SystemSource(Path("made"), tuple(SourceFile(name, text) for name, text in sorted(yaml.items()))))
    assert [one for one in analysis.shown() if one.severity is Severity.ERROR] == []
    assert {name: format_text(text, name)[0] for name, text in yaml.items()} == yaml
    return analysis, [str(note) for note in notes], yaml


def shape(event: LinkedEvent, table: TypeTable) -> Any:
    own = sorted(
        (path, render_type(table.resolve(field.type)) if "." not in path else "", field.optional, field.sensitive)
        for path, field in fields(event.own, table)
    )
    return own, event.stream, event.decl.context, event.decl.entity, event.decl.partition_key, event.decl.stability


def flows(system: LinkedSystem) -> set[tuple[str, str, str]]:
    from cncb_compiler.export.part import part_of

    return {(flow.service, flow.action, flow.event) for flow in part_of(system).flows}


@pytest.mark.parametrize("name", sorted(parts()))
def test_what_was_exported_comes_back(name: str) -> None:
    part = parts()[name]
    analysis, _, _ = imported(to_yaml(export.document(part, "1.0.0")))
    before, after = part.system, analysis.linked
    assert after.name == before.name
    expected = {event: shape(linked, before.types) for event, linked in before.events.items() if event != "fault"}
    assert {event: shape(linked, after.types) for event, linked in after.events.items()} == expected
    assert flows(after) == {flow for flow in flows(before) if flow[2] != "fault"}
    assert {service: set(one.outlets) for service, one in after.services.items() if one.outlets} == {
        service: {send.outlet.name for send in part.sends if send.construct.service == service}
        for service in {send.construct.service for send in part.sends}
    }


def test_documents_of_services_together_are_the_system() -> None:
    part = parts()["shop"]
    texts = [to_yaml(export.document(of_service(part, name), "1.0.0")) for name in communicating(part)]
    analysis, notes, _ = imported(*texts)
    assert flows(analysis.linked) == flows(part.system)
    assert all("`fault`" in note for note in notes)


STREETLIGHTS = """
asyncapi: 2.6.0
info: {title: Streetlights Kafka API, version: 1.0.0, description: "Controls\\nlights."}
channels:
  lighting.measured.{id}:
    publish:
      operationId: receiveLight
      message: {$ref: "#/components/messages/lightMeasured"}
  lighting.turn.on:
    subscribe:
      message:
        oneOf:
          - {$ref: "#/components/messages/turnOn"}
          - {name: dimLight, payload: {type: object, properties: {percentage: {type: integer, minimum: 0}, lamp: {$ref: "#/components/schemas/lamp"}}, required: [percentage]}}
  log:
    subscribe: {message: {messageId: logged, payload: {type: string}}}
components:
  messages:
    lightMeasured:
      summary: A lamp was measured.
      headers: {type: object}
      payload: {$ref: "#/components/schemas/lightMeasuredPayload"}
    turnOn: {payload: {$ref: "other.yaml#/turnOn"}}
    unused: {payload: {type: object, properties: {id: {type: integer}, at: {type: string, format: date-time}, type: {type: string}}}}
    binary: {schemaFormat: "application/vnd.apache.avro;version=1.9.0", payload: {type: record}}
  schemas:
    lightMeasuredPayload:
      type: object
      required: [lumens]
      properties:
        lumens: {type: integer, minimum: 0, description: Light intensity.}
        lamp: {$ref: "#/components/schemas/lamp"}
        first-seen: {type: string, format: hostname}
    lamp:
      type: object
      required: [id, mode]
      properties:
        id: {type: string, format: uuid}
        mode: {enum: [on, off, "a, b"]}
        near: {type: array, items: {$ref: "#/components/schemas/lamp"}}
        owner: {type: [object, "null"], properties: {name: {type: string}}, x-sensitive: true}
        either: {oneOf: [{type: string}, {type: integer}]}
"""


def test_a_document_of_version_2_is_understood_the_right_way_round() -> None:
    analysis, notes, texts = imported(STREETLIGHTS)
    system = analysis.linked
    assert flows(system) == {
        ("streetlights-kafka", "receive", "lightMeasured"),
        ("streetlights-kafka", "send", "turnOn"),
        ("streetlights-kafka", "send", "dimLight"),
        ("streetlights-kafka", "send", "logged"),
    }
    assert {name for name, event in system.events.items() if event.decl.external} == {
        "lightMeasured",
        "unused",
        "binary",
    }
    assert "# Message of the same name on channel `lighting.measured.{id}`." in texts["events.yaml"]
    own = dict(fields(system.events["lightMeasured"].own, system.types))
    assert render_type(own["lamp.mode"].type) == "enum(on, off, a, b)"
    assert (own["lumens"].description, own["lumens"].optional, own["lamp"].optional) == (
        "Light intensity.",
        False,
        True,
    )
    assert (own["lamp.owner"].optional, own["lamp.owner"].sensitive) == (True, True)
    assert render_type(own["lamp.either"].type) == "string | integer"
    assert set(system.events["unused"].own.fields) == {"at"}
    assert set(system.events["logged"].own.fields) == {"payload"}
    assert system.declared.description == "Controls lights."
    said = "\n".join(notes)
    for part in (
        "`other.yaml#/turnOn` is in another file",
        "`minimum` (2 times) restricts values further",
        "`headers` of messages are left out",
        "`format` is `hostname` of string",
        "the field `first-seen` becomes `first_seen`",
        "a payload that is no object becomes the field `payload`",
        "a payload in Avro is not read",
        "`id` of payloads is left out",
        "`type` of payloads is left out",
    ):
        assert part in said, part
    assert all(note.startswith("1.yaml:") and note.split(":")[1] not in ("", "0") for note in notes)


ACCOUNTS = """
asyncapi: 3.0.0
info: {title: aws account service, version: 1.0.0}
channels:
  signedUp:
    address: user/signedup
    messages:
      UserSignedUp: {payload: {type: object, properties: {user: {allOf: [{$ref: "#/components/schemas/base"}, {properties: {name: {type: string}}}]}}}}
operations:
  onSignedUp: {action: receive, channel: {$ref: "#/channels/signedUp"}, reply: {}}
  broken: {action: shout, channel: {$ref: "#/channels/signedUp"}}
  lost: {action: send, channel: {$ref: "#/channels/nowhere"}}
components:
  schemas:
    base: {type: object, required: [id], properties: {id: {type: string}, self: {$ref: "#/components/schemas/base"}}}
"""


def test_a_document_of_version_3_with_mistakes_is_understood_as_far_as_it_goes() -> None:
    analysis, notes, _ = imported(ACCOUNTS)
    assert analysis.linked.name == "on-aws-account"
    assert flows(analysis.linked) == {("aws-account-service", "receive", "user-signed-up")}
    assert [path for path, _ in fields(analysis.linked.events["user-signed-up"].own, analysis.linked.types)][:2] == [
        "user",
        "user.id",
    ]
    said = "\n".join(notes)
    assert "a reply is not imported" in said
    assert said.count("has no action or no channel") == 2
    assert "`#/channels/nowhere` is not in the file" in said


def test_one_name_for_different_types_is_two_types() -> None:
    text = """
asyncapi: 3.0.0
info: {title: NAME, version: "1"}
channels: {c: {messages: {done-NAME: {payload: {type: object, properties: {a: {$ref: "#/components/schemas/A"}, b: {$ref: "#/components/schemas/B"}}}}}}}
operations: {o: {action: send, channel: {$ref: "#/channels/c"}}}
components: {schemas: {A: {type: object, properties: {b: {$ref: "#/components/schemas/B"}}}, B: {type: TYPE, description: NAME}}}
"""
    texts = [
        text.replace("NAME", name).replace("TYPE", type_)
        for name, type_ in (("x", "string"), ("y", "integer"), ("z", "string"))
    ]
    system = imported(*texts)[0].linked
    assert set(system.types.named) == {"A", "B", "A2", "B2"}
    assert {event: render_type(linked.own) for event, linked in system.events.items()} == {
        "done-x": "{a: A?, b: B?}",
        "done-y": "{a: A2?, b: B2?}",
        "done-z": "{a: A?, b: B?}",
    }


def test_one_name_for_different_messages_is_told() -> None:
    message = "{{asyncapi: 3.0.0, info: {{title: {0}, version: '1'}}, channels: {{c: {{messages: {{done: {{payload: {{properties: {{{1}: {{type: string}}}}}}}}}}}}}}, operations: {{o: {{action: send, channel: {{$ref: '#/channels/c'}}}}}}}}"
    analysis, notes, _ = imported(message.format("one", "a"), message.format("two", "a"), message.format("three", "b"))
    assert flows(analysis.linked) == {("one", "send", "done"), ("two", "send", "done"), ("three", "send", "done-2")}
    assert "has other fields than before" in "\n".join(notes)


@pytest.mark.parametrize(
    "text",
    [
        "asyncapi: 3.0.0\ninfo: []\nchannels: 5\noperations: [a]\ncomponents: text",
        "asyncapi: 2.0.0\nchannels: {a: {publish: {message: {oneOf: 3}}, subscribe: []}, b: null}",
        "asyncapi: 3.0.0\nchannels: {a: {messages: {b: {payload: {$ref: '#/channels/a/messages/b/payload'}}}}}\noperations: {o: {action: send, channel: {$ref: '#/channels/a'}}}",
        "asyncapi: 3.0.0\ncomponents: {messages: {a: {payload: {allOf: [{$ref: '#/components/schemas/x'}]}}}, schemas: {x: {allOf: [{$ref: '#/components/schemas/x'}]}}}",
        "asyncapi: 3.0.0\ncomponents: {messages: {'': {payload: {properties: {'': {}, 'ünï': {}, a: 3, tags: {}}, required: 5, additionalProperties: true}}, '🙂': {name: 7}}}",
        "asyncapi: 3.0.0\ncomponents: {messages: {a: {$ref: '#/components/messages/a'}, b: {$ref: '#'}, c: {payload: {type: [], enum: [{}]}}}}",
        "asyncapi: 3.0.0\ncomponents: {messages: {a: {payload: " + "{properties: {a: " * 45 + "{}" + "}}" * 45 + "}}}",
        "asyncapi: 3.0.0\ninfo: {title: ssm, x-cncb: {service: 5, system: [a]}}\nx: &a {b: 1}\n<<: *a\nasyncapi: 3.0.0",
        "asyncapi: 3.0.0\ncomponents: {messages: {a: {payload: {properties: {type: {enum: ['x)', ' y', '']}, properties: {properties: {b: {}}}, description: {type: string, description: 'a\\n# b: {c'}}}}}}",
    ],
)
def test_wrong_shapes_are_borne(text: str) -> None:
    imported(text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("openapi: 3.0.0", UnfitError),
        ("asyncapi: 1.2.0", UnfitError),
        ("[1, 2]", UnfitError),
        ("just text", UnfitError),
        ("", UnreadableError),
        ("a: [", UnreadableError),
        ("a: &a [*a]", UnreadableError),
        ("a: *b", UnreadableError),
        ("[" * 200 + "]" * 200, UnreadableError),
        ("x: " + "y" * 4_200_000, UnreadableError),
        (
            "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(8)),
            UnreadableError,
        ),
    ],
)
def test_hostile_files_are_refused(text: str, error: type[Exception]) -> None:
    notes = Notes()
    with pytest.raises(error):
        asyncapi.draft([("a.yaml", load(text, "a.yaml", notes))], notes)


def test_json_and_tags_are_read() -> None:
    notes = Notes()
    assert load('{\n\t"a": ["\\ud83d\\ude42", 1.5, null]}', "a.json", notes) == {"a": ["🙂", 1.5, None]}
    assert load(
        "a: !Ref B\nb: !GetAtt C.D.E\nc: !Sub ['${x}', {x: !If [a, b, c]}]\nd: !odd 5\ne: !!str 7", "a.yaml", notes
    ) == {
        "a": {"Ref": "B"},
        "b": {"Fn::GetAtt": ["C", "D.E"]},
        "c": {"Fn::Sub": ["${x}", {"x": {"Fn::If": ["a", "b", "c"]}}]},
        "d": "5",
        "e": "7",
    }
    assert [str(note) for note in notes] == ["a.yaml:4: the tag `!odd` is not known; its value is taken."]
