"""Event filtering: the pattern language, and what of each source it is held against."""

from __future__ import annotations

import json

import pytest

from cncb_compiler.local.sources.filters import matches, passes, patterns
from cncb_compiler.target.problems import Problem

EVENT = {
    "type": "order-submitted",
    "n": 5,
    "f": 1.0,
    "none": None,
    "empty": "",
    "yes": True,
    "tags": ["a", "b"],
    "deep": {"er": {"x": 1}},
    "list": [{"x": 1, "y": 2}, {"x": 3, "y": 4}],
}

FITS = [
    {"type": ["order-submitted"]},
    {"type": ["other", "order-submitted"]},
    {"type": ["order-submitted"], "n": [5]},
    {"type": [{"prefix": "order-"}]},
    {"type": [{"suffix": "-submitted"}]},
    {"type": [{"equals-ignore-case": "ORDER-Submitted"}]},
    {"type": [{"anything-but": "other"}]},
    {"type": [{"anything-but": ["other", "another"]}]},
    {"type": [{"anything-but": {"prefix": "x"}}]},
    {"n": [{"anything-but": 4}]},
    {"n": [{"numeric": ["=", 5]}]},
    {"n": [{"numeric": [">", 4, "<=", 5]}]},
    {"f": [1]},
    {"none": [None]},
    {"empty": [""]},
    {"yes": [True]},
    {"tags": ["b"]},
    {"tags": [{"anything-but": "a"}]},
    {"type": [{"exists": True}]},
    {"absent": [{"exists": False}]},
    {"deep": {"er": {"x": [1]}}},
    {"absent": {"er": [{"exists": False}]}},
    {"list": {"x": [3], "y": [4]}},
    {"$or": [{"type": ["no"]}, {"n": [5]}]},
    {"deep": {"$or": [{"er": {"x": [9]}}, {"er": {"x": [1]}}]}},
]

FITS_NOT = [
    {"type": ["other"]},
    {"type": ["order-submitted"], "n": [6]},
    {"type": [{"prefix": "submitted"}]},
    {"type": [{"suffix": "order"}]},
    {"type": [{"anything-but": ["order-submitted", "x"]}]},
    {"type": [{"anything-but": {"suffix": "submitted"}}]},
    {"absent": [{"anything-but": "x"}]},
    {"n": [{"numeric": ["<", 5]}]},
    {"type": [{"numeric": ["=", 5]}]},
    {"yes": [{"numeric": ["=", 1]}]},
    {"yes": [1]},
    {"n": ["5"]},
    {"absent": [None]},
    {"none": [""]},
    {"type": [{"exists": False}]},
    {"absent": [{"exists": True}]},
    {"deep": [{"exists": True}]},
    {"deep": {"er": {"x": [2]}}},
    {"list": {"x": [1], "y": [4]}},
    {"$or": [{"type": ["no"]}, {"n": [6]}]},
    {"type": {"below": ["x"]}},
]


@pytest.mark.parametrize("pattern", FITS, ids=json.dumps)
def test_fits(pattern):
    (read,) = patterns({"Filters": [{"Pattern": json.dumps(pattern)}]}, "dynamodb")
    assert matches(read, EVENT)


@pytest.mark.parametrize("pattern", FITS_NOT, ids=json.dumps)
def test_fits_not(pattern):
    (read,) = patterns({"Filters": [{"Pattern": json.dumps(pattern)}]}, "dynamodb")
    assert not matches(read, EVENT)


@pytest.mark.parametrize(
    "text",
    [
        "{", "[]", "{}", '{"a": "x"}', '{"a": []}', '{"a": [[1]]}', '{"a": [{"cidr": "10.0.0.0/8"}]}', '{"a": [{"numeric": [">"]}]}',
        '{"a": [{"numeric": ["!", 1]}]}', '{"a": [{"prefix": 1}]}', '{"a": [{"exists": "yes"}]}', '{"$or": [{"a": [1]}]}',
        '{"a": [{"prefix": "x", "suffix": "y"}]}', '{"a": [{"anything-but": {"numeric": ["=", 1]}}]}',
    ],
)  # fmt: skip
def test_what_aws_refuses(text):
    with pytest.raises(Problem):
        patterns({"Filters": [{"Pattern": text}]}, "sqs")


@pytest.mark.parametrize(
    "text", ['{"partitionKey": ["1"]}', '{"data": ["x"]}', '{"$or": [{"data": {"a": [1]}}, {"sequenceNumber": ["1"]}]}']
)
def test_kinesis_filters_on_json_data_only(text):
    with pytest.raises(Problem):
        patterns({"Filters": [{"Pattern": text}]}, "kinesis")


def test_one_of_several_filters_is_enough():
    read = patterns(
        {"Filters": [{"Pattern": '{"eventName":["INSERT"]}'}, {"Pattern": '{"eventName":["REMOVE"]}'}]}, "dynamodb"
    )
    assert passes(read, {"eventName": "REMOVE", "dynamodb": {}}, "dynamodb")
    assert not passes(read, {"eventName": "MODIFY", "dynamodb": {}}, "dynamodb")


@pytest.mark.parametrize("criteria", [None, {}, {"Filters": []}])
def test_no_filter_lets_all_pass(criteria):
    assert passes(patterns(criteria, "kinesis"), {}, "kinesis")


def test_data_that_is_no_json_is_dropped_even_where_nothing_must_exist():
    read = patterns({"Filters": [{"Pattern": '{"data":{"x":[{"exists":false}]}}'}]}, "kinesis")
    assert passes(read, {"data": {}}, "kinesis")
    assert not passes(read, {}, "kinesis")
