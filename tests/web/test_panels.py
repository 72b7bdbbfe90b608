"""Panels: what each is drawn from, and what becomes of a call that fails."""

from typing import cast

import pytest
from django.test import RequestFactory

from dashboard.flowtly import errors
from dashboard.flowtly.resources.records import Record, Reference, parse_moment
from dashboard.upstream.parallel import Result
from dashboard.web import panels
from dashboard.web.formatting import https_url, reference_name
from dashboard.web.panels import Answers, Context, Panel, flag, page_of
from dashboard.web.request import StaffRequest


def _value(request: StaffRequest, answers: Answers) -> Context:
    return {"value": answers["good"].get()}


def _both(request: StaffRequest, answers: Answers) -> Context:
    return {"value": answers["good"].get() + answers["bad"].get()}


PANELS = {
    "one-panel": Panel("One", _value, ("good",)),
    "two-panel": Panel("Two", _both, ("good", "bad")),
    "three-panel": Panel("Three", lambda request, answers: {"value": 3}),
}


def _request() -> StaffRequest:
    return cast(StaffRequest, RequestFactory().get("/o/org_1001/?view=all"))


def test_each_call_is_made_once_and_a_failed_one_stays_in_its_panel() -> None:
    made: list[str] = []

    def good() -> int:
        made.append("good")
        return 1

    def bad() -> int:
        made.append("bad")
        raise errors.GivenUp(request_id="r-1")

    shown = panels.read(_request(), PANELS, tuple(PANELS), {"good": good, "bad": bad})
    assert sorted(made) == ["bad", "good"]
    assert [panel["id"] for panel in shown.values()] == list(PANELS)
    assert shown["one"]["value"] == 1
    assert shown["three"]["value"] == 3
    assert "value" not in shown["two"]
    assert shown["two"]["title"] == "Two"
    assert shown["two"]["error"].title


def test_only_what_the_parts_need_is_asked_for() -> None:
    shown = panels.read(_request(), PANELS, ["three-panel"], {})
    assert shown == {"three": {"id": "three-panel", "title": "Three", "url": "", "value": 3}}


def test_an_answer_gives_its_value_or_raises_its_error() -> None:
    assert Result(value=0).get() == 0
    with pytest.raises(errors.GivenUp):
        Result(error=errors.GivenUp(request_id="r-1")).get()


def test_a_flag_left_out_is_not_the_same_as_no() -> None:
    assert flag(Record.read({"demo": False}), "demo") == "no"
    assert flag(Record.read({"demo": True}), "demo") == "yes"
    assert flag(Record.read({}), "demo") == flag(Record.read({"demo": 1}), "demo") == "Flowtly does not say"


def test_a_page_that_an_id_does_not_fit_is_none() -> None:
    assert page_of(_request(), "no:such-page") == ""
    assert page_of(_request(), "organizations:overview", org="../x") == ""
    assert page_of(_request(), "organizations:overview", org="org_1001").endswith("/org_1001/")


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("https://a.example/x?y=1", "https://a.example/x?y=1"),
        ("HTTPS://a.example/", "HTTPS://a.example/"),
        ("http://a.example/", ""),
        ("https://who@a.example/", ""),
        ("https://a.example:99999/", ""),
        ("https://a.example/\\b", ""),
        ("https://a.example/ b", ""),
        ("https:///path", ""),
        (5, ""),
    ],
)
def test_an_address_to_follow_is_https_and_whole(value: object, url: str) -> None:
    assert https_url(value) == url


def test_a_moment_has_its_offset() -> None:
    moment = parse_moment("2026-01-31T09:30:00+01:00")
    assert moment is not None
    assert moment.isoformat() == "2026-01-31T09:30:00+01:00"
    assert [parse_moment(each) for each in ("2026-01-31T09:30:00", "2026-01-31", "soon", None, 5)] == [
        None
    ] * 5


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"@id": "/users/7", "name": "An"}, "An"),
        ("/users/7", "7"),
        ("basic", "basic"),
        (Reference(None, "", "", [1]), "[1]"),
        ([1], "[1]"),
    ],
)
def test_another_record_is_called_by_the_best_name_it_came_with(value: object, name: str) -> None:
    assert reference_name(value) == name
