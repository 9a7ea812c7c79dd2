"""Which route answers: by path, then by method."""

from __future__ import annotations

import pytest

from cncb_compiler.local.front.api import Function, Route
from cncb_compiler.local.front.routes import at_path, fitting, values

NOWHERE = Function("none", "2.0", 30)


def routes(*keys: str) -> list[Route]:
    return [
        Route("ANY", None, NOWHERE) if key == "$default" else Route(key.split(" ")[0], key.split(" ")[1], NOWHERE)
        for key in keys
    ]


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/", "/", {}),
        ("/a", "/a", {}),
        ("/a", "/a/", None),
        ("/a", "/b", None),
        ("/a", "/a/b", None),
        ("/a/b", "/a", None),
        ("/{id}", "/7", {"id": "7"}),
        ("/{id}", "/", None),
        ("/a/{id}/b/{n}", "/a/1/b/2", {"id": "1", "n": "2"}),
        ("/a/{id}/b/{n}", "/a/1/c/2", None),
        ("/{proxy+}", "/a/b/c", {"proxy": "a/b/c"}),
        ("/{proxy+}", "/", None),
        ("/a/{proxy+}", "/a", None),
        ("/a/{id}/{rest+}", "/a/1/x/y", {"id": "1", "rest": "x/y"}),
        (None, "/whatever", {}),
    ],
)
def test_values_of_a_path(pattern: str | None, path: str, expected: dict[str, str] | None) -> None:
    assert values(pattern, path) == expected


DOCUMENTED = ("GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/pets/dog/1", "GET /pets/dog/1"),
        ("GET", "/pets/dog/2", "GET /pets/dog/{id}"),
        ("GET", "/pets/cat/1", "GET /pets/{proxy+}"),
        ("POST", "/test/5", "ANY /{proxy+}"),
        ("POST", "/pets/dog/1", "ANY /{proxy+}"),
        ("GET", "/", "$default"),
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_the_precedence_of_routes(method: str, path: str, expected: str, backwards: bool) -> None:
    found = fitting(routes(*DOCUMENTED[:: -1 if backwards else 1]), method, path)
    assert found is not None
    assert found.route.key == expected


@pytest.mark.parametrize("backwards", [False, True])
def test_an_own_method_goes_before_any(backwards: bool) -> None:
    both = routes("ANY /a/{id}", "GET /a/{id}")[:: -1 if backwards else 1]
    found = fitting(both, "GET", "/a/1")
    other = fitting(both, "PUT", "/a/1")
    assert found is not None and found.route.key == "GET /a/{id}"
    assert other is not None and other.route.key == "ANY /a/{id}"


def test_nothing_fits() -> None:
    assert fitting(routes("GET /a"), "POST", "/a") is None


def test_a_resource_is_found_before_its_methods() -> None:
    known = routes("GET /a/{id}", "POST /a/new", "PUT /a/new")
    assert [route.key for route in at_path(known, "/a/new")] == ["POST /a/new", "PUT /a/new"]
    assert at_path(known, "/b") == []
