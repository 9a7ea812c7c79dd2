"""Mapping templates: the part that is played, and that the rest is refused."""

from __future__ import annotations

import pytest

from cncb_compiler.aws.rest_api import _allow_listed_origin
from cncb_compiler.local.front.velocity import Rendering, Template, TemplateError


def rendered(source: str, **parameters: str) -> Rendering:
    return Template.read(source).render(lambda name: parameters.get(name, ""), {"requestId": "r-1"})


def text(source: str, **parameters: str) -> str:
    return "".join(rendered(source, **parameters).text)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{"statusCode": 204}', '{"statusCode": 204}'),
        ("costs 5$ or #1", "costs 5$ or #1"),
        ("$context.requestId!", "r-1!"),
        ("${context.requestId}x $!context.unknown.", "r-1x ."),
        ("$input.params('who') $input.params(\"who\")", "ann ann"),
        ("{$input.params('who')}${input.params('who')}", "{ann}ann"),
        ("#set($a = 'x')#set( $b.c = $a )[$b.c]", "[x]"),
        ("#set($a = 1)#if($a == 1)one#{else}other#end", "one"),
        ("#if($input.params('who') == 'bob')b#elseif($input.params('who') == 'ann')a#else-#end", "a"),
        ("#if($input.params('none'))yes#{else}no#end", "no"),
        ("#if('a' == 'b' || 'a' == 'a' && 'b' != 'b')yes#{else}no#end", "no"),
        ("#if(('a' == 'b' || 'a' == 'a') && 'b' == 'b')yes#end", "yes"),
        ("#if('a' == 'a')#if('b' == 'c')1#{else}2#end#end", "2"),
    ],
)
def test_what_is_played(source: str, expected: str) -> None:
    assert text(source, who="ann") == expected


@pytest.mark.parametrize(
    "source",
    [
        "#foreach($a in $b)x#end",
        "$util.urlDecode('x')",
        "$input.json('$.a')",
        "$input.params().header",
        "$stageVariables.x",
        "$a.b(1)",
        "$a[0]",
        "#macro(x)#end",
        "#if('a' == 'a')never closed",
        "closed #end",
        "#set(a = 1)",
        "#set($a 1)",
        '#set($a = "$b")',
        "#if()x#end",
        "## a comment",
        "#*x*#",
    ],
)
def test_what_is_refused(source: str) -> None:
    with pytest.raises(TemplateError):
        Template.read(source)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"origin": "https://a.example"}, {"header.Access-Control-Allow-Origin": "https://a.example"}),
        ({"Origin": "https://b.example"}, {"header.Access-Control-Allow-Origin": "https://b.example"}),
        ({"origin": "https://c.example"}, {}),
        ({}, {}),
    ],
)
def test_the_template_of_a_list_of_origins(parameters: dict[str, str], expected: dict[str, str]) -> None:
    made = rendered(_allow_listed_origin(["https://a.example", "https://b.example"]), **parameters)
    assert made.overrides == expected
