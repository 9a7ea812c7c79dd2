"""Unit tests of `lake-audit`.

Declared at system.yaml#/services/lake/lake
"""

FUNCTION = "lake-audit"


def test_handler(function, aws):
    """It makes a line of each record, whatever it is."""
    answer = function.deliver(b'{"type":"thing-created"}', b'poison')
    assert function.delivered(answer, "audit") == [('event', '{"type":"thing-created"}'), ('data', '"cG9pc29u"')]
    assert aws.calls == []
