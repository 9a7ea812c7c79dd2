"""Unit tests of `lake-main`.

Declared at system.yaml#/services/lake/lake
"""

FUNCTION = "lake-main"


def test_handler(function, aws):
    """It makes a line of each record, whatever it is."""
    answer = function.deliver(b'{"type":"thing-created"}', b'poison')
    assert function.delivered(answer, "main") == [('event', '{"type":"thing-created"}'), ('data', '"cG9pc29u"')]
    assert aws.calls == []
